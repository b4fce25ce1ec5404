import type { Cover } from "../documents";
import { wantedDatabases, wantedLogs, type SqlBackup, type WantedDatabase } from "./sql-declaration";
import type { ScheduledKind } from "./sql-steps";

/** A database as a topology or a discovery knows it. */
export interface KnownDatabase {
  name: string;
  recovery?: "simple" | "full" | "bulk-logged" | undefined;
}

/**
 * What the sets of each job hold, for databases that are known to be there. Scopes are of the declared principal or
 * listener, whichever replica acts; the installation is each replica's own. A log counts unless it is known to be none.
 */
export function sqlCovers(declared: SqlBackup, known: readonly KnownDatabase[]): Record<ScheduledKind, Cover[]> {
  const there = new Map(known.map((database) => [database.name.toLowerCase(), database]));
  const recoveryOf = ({ name }: WantedDatabase): KnownDatabase["recovery"] => there.get(name.toLowerCase())?.recovery;
  const cover = (datum: string, database: string): Cover => ({
    datum,
    scope: { of: "database", instance: declared.instance, database },
  });
  const isThere = ({ name }: WantedDatabase): boolean => there.has(name.toLowerCase());
  const databases = wantedDatabases(declared)
    .filter(isThere)
    .map(({ data, name }) => cover(data, name));
  const instances = [...new Set(declared.placement.map(({ instance }) => instance))];
  return {
    full: [
      ...instances.map((instance): Cover => ({ datum: "sql-instance", scope: { of: "instance", instance } })),
      ...databases,
    ],
    differential: declared.differential ? databases : [],
    log: wantedLogs(declared)
      .filter((database) => isThere(database) && recoveryOf(database) !== "simple")
      .map(({ log, name }) => cover(log, name)),
  };
}
