import type { Topology } from "../documents";
import { databasesOf } from "../topology/databases";
import { fileStoresOf, isFrontEnd, storesOf, type Store } from "../topology/stores";
import { ENTRIES, type Entry, type EstateParts, type JobKind } from "./schema";

/** What is declared, and where the estate says it: that is where its problems are reported. */
export interface Found<Kind extends JobKind> {
  entry: Entry<Kind>;
  /** Without it the entry follows from `everything`. */
  path?: readonly PropertyKey[];
}
export type Entries = { [Kind in JobKind]: Found<Kind>[] };

/** What the estate names, and if it wants everything, what the topology stores besides. */
export function entriesOf(estate: EstateParts): Entries {
  const named: Entries = {
    configuration: estate.configuration ? [{ entry: estate.configuration, path: ["configuration"] }] : [],
    userData: found("userData", estate.userData),
    responseGroups: found("responseGroups", estate.responseGroups),
    persistentChat: found("persistentChat", estate.persistentChat),
    fileStores: found("fileStores", estate.fileStores),
    sql: found("sql", estate.sql),
  };
  if (!estate.everything) return named;
  const all = everythingIn(estate.topology);
  return {
    configuration: named.configuration.length > 0 ? named.configuration : all.configuration,
    userData: completed(named.userData, all.userData, ({ pool }) => pool),
    responseGroups: completed(named.responseGroups, all.responseGroups, ({ pool }) => pool),
    persistentChat: completed(named.persistentChat, all.persistentChat, ({ instance }) => instance),
    fileStores: completed(named.fileStores, all.fileStores, ({ store }) => store),
    sql: completed(named.sql, all.sql, ({ instance }) => instance),
  };
}

const found = <Kind extends JobKind>(kind: Kind, entries: readonly Entry<Kind>[]): Found<Kind>[] =>
  entries.map((entry, index) => ({ entry, path: [kind, index] }));

function completed<Kind extends JobKind>(
  named: readonly Found<Kind>[],
  all: readonly Found<Kind>[],
  keyOf: (entry: Entry<Kind>) => string,
): Found<Kind>[] {
  const known = new Set(named.map(({ entry }) => keyOf(entry)));
  return [...named, ...all.filter(({ entry }) => !known.has(keyOf(entry)))];
}

/** One entry for each thing that a kind of job backs up; what one more pool brings adds entries and changes none. */
function everythingIn(topology: Topology): Entries {
  const stores = storesOf(topology);
  const frontEnds = topology.pools.filter(isFrontEnd);
  return {
    configuration: [{ entry: ENTRIES.configuration.parse({}) }],
    userData: frontEnds.map(({ fqdn }) => ({ entry: ENTRIES.userData.parse({ pool: fqdn }) })),
    responseGroups: frontEnds
      .filter(({ roles }) => roles.includes("response-group"))
      .map(({ fqdn }) => ({ entry: ENTRIES.responseGroups.parse({ pool: fqdn }) })),
    persistentChat: chatInstancesOf(topology, stores).map((instance) => ({
      entry: ENTRIES.persistentChat.parse({ instance }),
    })),
    fileStores: fileStoresOf(topology).map(({ path }) => ({ entry: ENTRIES.fileStores.parse({ store: path }) })),
    sql: instancesWithDatabases(topology, stores).map((instance) => ({ entry: ENTRIES.sql.parse({ instance }) })),
  };
}

/** Where the database is: products without Persistent Chat have none. */
const chatInstancesOf = (topology: Topology, stores: readonly Store[]): string[] =>
  databasesOf(topology, stores).flatMap(({ row, instance }) => (row.role === "persistentChat" ? [instance] : []));

const instancesWithDatabases = (topology: Topology, stores: readonly Store[]): string[] => [
  ...new Set(databasesOf(topology, stores).flatMap(({ row, instance }) => (row.role ? [instance] : []))),
];
