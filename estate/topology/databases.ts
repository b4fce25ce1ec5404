import { DATABASES, isIn, type Database, type Holder } from "../catalogue";
import type { SqlInstance, Topology } from "../documents";
import { instanceIndex, instanceOf, type Store } from "./stores";

/** Which databases lie in the stores of a topology, and in which recovery model, as far as that is known. */

export interface StoredDatabase {
  row: Database;
  /** Of the scope: the declared principal or the listener. */
  instance: string;
  store: Store;
  recovery: "full" | "simple" | "unknown";
}

const BY_HOLDER = new Map<Holder, Database[]>();
for (const row of DATABASES) BY_HOLDER.set(row.holder, [...(BY_HOLDER.get(row.holder) ?? []), row]);

export function databasesOf(topology: Topology, stores: readonly Store[]): StoredDatabase[] {
  const instances = instanceIndex(topology);
  return stores.flatMap((store) =>
    (BY_HOLDER.get(store.holder) ?? []).flatMap((row) => {
      const found = recordOf(row, instances.get(store.sql.instance));
      if (!isIn(row, store.product) || (row.onlyWhereFound && !found)) return [];
      return [{ row, instance: instanceOf(store.sql), store, recovery: recoveryOf(store, found) }];
    }),
  );
}

type DatabaseRecord = NonNullable<SqlInstance["databases"]>[number];

/** What discovery has recorded of it; SQL Server does not tell upper from lower case in these names. */
function recordOf(row: Database, instance: SqlInstance | undefined): DatabaseRecord | undefined {
  return instance?.databases?.find(({ name }) => name.toLowerCase() === row.name.toLowerCase());
}

/**
 * Mirrored is always full, whatever was recorded; then what discovery has recorded; and what is in an availability
 * group is full where it has not.
 */
function recoveryOf({ sql, holder }: Store, found: DatabaseRecord | undefined): StoredDatabase["recovery"] {
  if (sql.mirror !== undefined && holder !== "reports") return "full";
  if (found?.recovery !== undefined) return found.recovery === "simple" ? "simple" : "full";
  if (sql.listener !== undefined && holder !== "reports") return "full";
  return "unknown";
}
