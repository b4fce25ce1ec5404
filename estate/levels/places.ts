import type { Pool, Scope, Topology } from "../documents";
import { databasesOf, type StoredDatabase } from "../topology/databases";
import { storesOf } from "../topology/stores";

/** What the topology says about the places of obligations. */
export interface Places {
  topology: Topology;
  pools: ReadonlyMap<string, Pool>;
  databaseIn(scope: Scope): StoredDatabase | undefined;
}

export function placesOf(topology: Topology): Places {
  const key = (instance: string, database: string): string => `${instance} ${database.toLowerCase()}`;
  const found = databasesOf(topology, storesOf(topology));
  const databases = new Map(found.map((database) => [key(database.instance, database.row.name), database]));
  return {
    topology,
    pools: new Map(topology.pools.map((pool) => [pool.fqdn, pool])),
    databaseIn: (scope) => (scope.of === "database" ? databases.get(key(scope.instance, scope.database)) : undefined),
  };
}
