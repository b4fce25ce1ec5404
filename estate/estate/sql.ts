import { DATABASES, type DatabaseRole } from "../catalogue";
import type { Topology } from "../documents";
import type { SqlBackup } from "../jobs/sql-declaration";
import { isAtLeast, type Release } from "../sql";
import { databasesOf } from "../topology/databases";
import { instanceIndex, type Store } from "../topology/stores";
import { ownPart, SqlLog, type Entry, type JobOptions } from "./schema";

/** What the topology says of a SQL Server instance: who is behind it, how old it is, and what lies there. */

export type SqlOwn = Omit<Entry<"sql">, keyof JobOptions | "hosts" | "release" | "log" | "databases"> & {
  release: Release;
  databases: SqlBackup["databases"];
  log?: Exclude<Entry<"sql">["log"], false>;
};

export interface SqlPlace {
  name: string;
  instance: string;
}

/** Each partner and replica on its own computer, or on all nodes of its cluster. */
export function sqlPlaces(topology: Topology, stores: readonly Store[], instance: string): SqlPlace[] {
  const known = instanceIndex(topology);
  const replicas = new Set<string>();
  for (const { sql } of stores) {
    replicas.add(sql.instance);
    if (sql.mirror !== undefined) replicas.add(sql.mirror);
    if (sql.listener === undefined) continue;
    const groups = known.get(sql.instance)?.availabilityGroups ?? [];
    for (const replica of groups.flatMap((group) => group.replicas)) replicas.add(replica);
  }
  if (replicas.size === 0) replicas.add(instance);
  return [...replicas].flatMap((replica) =>
    (known.get(replica)?.nodes ?? [replica.split("\\")[0] ?? replica]).map((name) => ({ name, instance: replica })),
  );
}

export function sqlOwn(
  topology: Topology,
  stores: readonly Store[],
  entry: Entry<"sql">,
  places: readonly SqlPlace[],
): SqlOwn {
  const { hosts: _hosts, release, log: saidLog, ...own } = ownPart(entry);
  const there = databasesOf(topology, stores);
  const databases = own.databases ?? { roles: rolesIn(there.map(({ row }) => row.role)), names: [] };
  const wanted = new Set<string | undefined>(databases.roles);
  const names = new Set(databases.names.map((name) => name.toLowerCase()));
  const isFull = there.some(
    ({ row, recovery }) => recovery === "full" && (wanted.has(row.role) || names.has(row.name.toLowerCase())),
  );
  const log = saidLog ?? (isFull && !own.copyOnly ? SqlLog.parse({}) : false);
  return {
    ...own,
    release: release ?? oldestOf(topology, places) ?? UNRECORDED,
    databases,
    ...(log === false ? {} : { log }),
  };
}

/** The rules of the estate refuse an instance of which nobody has said how old it is. */
const UNRECORDED = "2008R2";

const ROLES = [...new Set(DATABASES.flatMap(({ role }) => role ?? []))];
const rolesIn = (roles: readonly (DatabaseRole | undefined)[]): DatabaseRole[] =>
  ROLES.filter((role) => roles.includes(role));

/** Of several replicas the oldest, because the same statements go to all of them. */
function oldestOf(topology: Topology, places: readonly SqlPlace[]): Release | undefined {
  const known = instanceIndex(topology);
  const releases = places.flatMap(({ instance }) => known.get(instance)?.release ?? []);
  return releases.sort((a, b) => (isAtLeast(a, b) ? 1 : -1))[0];
}
