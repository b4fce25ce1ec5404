import { serversOf, type Pool, type Product, type SqlInstance } from "../documents";
import { fileStoresOf, instanceIndex, instanceOf, productOf, storesOf, type Store } from "../topology/stores";
import type { EstateParts, JobOptions } from "./schema";

/** An estate with its topology read once: large ones have hundreds of pools, and each job asks for its own. */
export interface Reading {
  estate: EstateParts;
  stores: readonly Store[];
  storesIn: (instance: string) => readonly Store[];
  instances: ReadonlyMap<string, SqlInstance>;
  pools: ReadonlyMap<string, Pool>;
  /** The pool that a computer is in. */
  poolOfHost: ReadonlyMap<string, string>;
  branchesOf: (pool: string) => string[];
  productIn: (pool: string) => Product;
  fileStores: ReadonlyMap<string, readonly Pool[]>;
  /** The name of the target of an entry; empty where nothing says it. */
  target: (entry: Pick<JobOptions, "target">) => string;
}

export function readingOf(estate: EstateParts): Reading {
  const { topology, defaults, targets } = estate;
  const only = targets.length === 1 ? targets[0]?.name : undefined;
  const stores = storesOf(topology);
  const byInstance = grouped(stores, ({ sql }) => instanceOf(sql));
  const byRegistrar = grouped(topology.pools, ({ registrar }) => registrar);
  const pools = new Map(topology.pools.map((pool) => [pool.fqdn, pool]));
  return {
    estate,
    stores,
    storesIn: (instance) => byInstance.get(instance) ?? [],
    instances: instanceIndex(topology),
    pools,
    poolOfHost: new Map(topology.pools.flatMap((pool) => serversOf(pool).map((server) => [server, pool.fqdn]))),
    branchesOf: (name) => (byRegistrar.get(name) ?? []).map(({ fqdn }) => fqdn),
    productIn: (name) => {
      const pool = pools.get(name);
      return pool ? productOf(topology, pool) : topology.product;
    },
    fileStores: new Map(fileStoresOf(topology).map(({ path, pools: users }) => [path, users])),
    target: (entry) => entry.target ?? defaults.target ?? only ?? "",
  };
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
