import type { Holder } from "../catalogue";
import { FRONT_END_POOLS, type Pool, type Product, type SqlInstance, type SqlStore, type Topology } from "../documents";

/** Where a topology keeps its data: SQL stores with the instances behind them, and file stores. */

/** A store of the topology, and the pools that keep something in it. */
export interface Store {
  holder: Holder;
  sql: SqlStore;
  product: Product;
  pools: Pool[];
}

export const isFrontEnd = (pool: Pool): boolean => FRONT_END_POOLS.includes(pool.kind);
export const productOf = (topology: Topology, pool: Pool): Product => pool.product ?? topology.product;

/** The instance by which a store is known, whichever partner or replica is active: a failover changes no scope. */
export const instanceOf = (store: SqlStore): string => store.listener ?? store.instance;

/** Every store once, however many pools keep something there, in the order of the topology. */
export function storesOf(topology: Topology): Store[] {
  const stores = new Map<string, Store>();
  const add = (holder: Holder, pool: Pool, sql: SqlStore | undefined): void => {
    if (!sql) return;
    const key = `${holder} ${instanceOf(sql)}`;
    const known = stores.get(key);
    if (!known) stores.set(key, { holder, sql, product: productOf(topology, pool), pools: [pool] });
    else if (!known.pools.includes(pool)) known.pools.push(pool);
  };
  for (const pool of topology.pools) {
    const own = ownStore(pool);
    if (isFrontEnd(pool)) add("back-end", pool, own);
    // A role without a store of its own is collocated.
    add("archiving", pool, pool.archivingStore ?? (archivesHere(topology, pool) ? own : undefined));
    const monitoring = pool.monitoringStore ?? (pool.roles.includes("monitoring") ? own : undefined);
    add("monitoring", pool, monitoring);
    if (monitoring?.reports) add("reports", pool, monitoring);
    const chats = pool.kind === "persistent-chat" || pool.roles.includes("persistent-chat");
    add("persistent-chat", pool, pool.persistentChatStore ?? (chats ? own : undefined));
    add("compliance", pool, pool.complianceStore);
  }
  const { active, standby, store } = topology.centralManagement;
  for (const pool of topology.pools) {
    if (pool.fqdn === active) add("central-management", pool, store ?? ownStore(pool));
    if (pool.fqdn === standby) add("central-management", pool, ownStore(pool));
  }
  return [...stores.values()];
}

/** The pool's own SQL Server: its Back End, or the Express instance that comes with a Standard Edition server. */
function ownStore(pool: Pool): SqlStore | undefined {
  if (pool.kind === "standard") return { instance: `${pool.fqdn}\\rtc`, reports: false };
  return pool.backEnd;
}

const archivesHere = (topology: Topology, pool: Pool): boolean =>
  pool.roles.includes("archiving") && topology.archiving?.toExchange !== true;

/** Every SQL Server instance behind the stores: partners and replicas are installations of their own. */
export function instancesOf(topology: Topology, stores: readonly Store[]): string[] {
  const known = instanceIndex(topology);
  const found = new Set<string>();
  for (const { sql } of stores) {
    found.add(sql.instance);
    if (sql.mirror !== undefined) found.add(sql.mirror);
    if (sql.listener === undefined) continue;
    for (const { replicas } of known.get(sql.instance)?.availabilityGroups ?? []) {
      for (const replica of replicas) found.add(replica);
    }
  }
  return [...found];
}

export const instanceIndex = (topology: Topology): Map<string, SqlInstance> =>
  new Map(topology.sql.map((instance) => [instance.instance, instance]));

/** The file stores of the pools, and those that the topology names besides. */
export function fileStoresOf(topology: Topology): { path: string; pools: Pool[] }[] {
  const stores = new Map<string, Pool[]>(topology.fileStores.map(({ path }) => [path, []]));
  for (const pool of topology.pools) {
    const path = fileStoreOf(pool);
    if (path === undefined) continue;
    const pools = stores.get(path);
    if (pools) pools.push(pool);
    else stores.set(path, [pool]);
  }
  return [...stores].map(([path, pools]) => ({ path, pools }));
}

/** Assumed where a Standard Edition server names none: see the assumption standard-edition-share. */
export function fileStoreOf(pool: Pool): string | undefined {
  return pool.fileStore ?? (pool.kind === "standard" ? `\\\\${pool.fqdn}\\share` : undefined);
}
