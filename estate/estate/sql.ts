import { DATABASES, type DatabaseRole } from "../catalogue";
import type { SqlBackup } from "../jobs/sql-declaration";
import { isAtLeast, type Release } from "../sql";
import { databasesOf } from "../topology/databases";
import type { Reading } from "./reading";
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
export function sqlPlaces(instance: string, { storesIn, instances }: Reading): SqlPlace[] {
  const replicas = new Set<string>();
  for (const { sql } of storesIn(instance)) {
    replicas.add(sql.instance);
    if (sql.mirror !== undefined) replicas.add(sql.mirror);
    if (sql.listener === undefined) continue;
    const groups = instances.get(sql.instance)?.availabilityGroups ?? [];
    for (const replica of groups.flatMap((group) => group.replicas)) replicas.add(replica);
  }
  if (replicas.size === 0) replicas.add(instance);
  return [...replicas].flatMap((replica) =>
    (instances.get(replica)?.nodes ?? [replica.split("\\")[0] ?? replica]).map((name) => ({ name, instance: replica })),
  );
}

export function sqlOwn(entry: Entry<"sql">, places: readonly SqlPlace[], reading: Reading): SqlOwn {
  const { hosts: _hosts, release, log: saidLog, ...own } = ownPart(entry);
  const there = databasesOf(reading.estate.topology, reading.storesIn(entry.instance));
  const databases = own.databases ?? { roles: rolesIn(there.map(({ row }) => row.role)), names: [] };
  const wanted = new Set<string | undefined>(databases.roles);
  const names = new Set(databases.names.map((name) => name.toLowerCase()));
  const isFull = there.some(
    ({ row, recovery }) => recovery === "full" && (wanted.has(row.role) || names.has(row.name.toLowerCase())),
  );
  const log = saidLog ?? (isFull && !own.copyOnly ? SqlLog.parse({}) : false);
  return {
    ...own,
    release: release ?? oldestOf(places, reading) ?? UNRECORDED,
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
function oldestOf(places: readonly SqlPlace[], { instances }: Reading): Release | undefined {
  const releases = places.flatMap(({ instance }) => instances.get(instance)?.release ?? []);
  return releases.sort((a, b) => (isAtLeast(a, b) ? 1 : -1))[0];
}
