import { poolOf, type Pool, type Product } from "../documents";
import { fileStoresOf, instanceOf, productOf, storesOf, type Store } from "../topology/stores";
import { nameOfPlace, shortName } from "./names";
import { ownPart, type Entry, type EstateParts, type JobKind, type JobOptions } from "./schema";
import { sqlOwn, sqlPlaces, type SqlOwn, type SqlPlace } from "./sql";

/** What each kind of job takes from the topology, so that nobody need say it twice. */

/** Where a job is placed, and what its resource must know of it there. */
export type Place<Kind extends JobKind> = Kind extends "sql" ? SqlPlace : { name: string; pool?: string | undefined };

interface PoolOwn {
  pool: string;
  partner: string | undefined;
}
interface Owns {
  configuration: Pick<Entry<"configuration">, "onChange">;
  userData: PoolOwn & { branches: string[] };
  responseGroups: PoolOwn;
  persistentChat: Omit<Entry<"persistentChat">, keyof JobOptions | "hosts"> & {
    pool: string;
    mirror: string | undefined;
  };
  fileStores: Omit<Entry<"fileStores">, keyof JobOptions | "host"> & {
    callParkPools: string[];
    announcementPools: string[];
  };
  sql: SqlOwn;
}
export type Own<Kind extends JobKind> = Owns[Kind];

export interface Reading {
  estate: EstateParts;
  stores: readonly Store[];
  pools: ReadonlyMap<string, Pool>;
  fileStores: ReadonlyMap<string, readonly Pool[]>;
  /** The name of the target of an entry; empty where nothing says it. */
  target: (entry: Pick<JobOptions, "target">) => string;
}

export function readingOf(estate: EstateParts): Reading {
  const { topology, defaults, targets } = estate;
  const only = targets.length === 1 ? targets[0]?.name : undefined;
  return {
    estate,
    stores: storesOf(topology),
    pools: new Map(topology.pools.map((pool) => [pool.fqdn, pool])),
    fileStores: new Map(fileStoresOf(topology).map(({ path, pools }) => [path, pools])),
    target: (entry) => entry.target ?? defaults.target ?? only ?? "",
  };
}

interface Made<Kind extends JobKind> {
  /** What it is called where the entry gives it no name. */
  name: string;
  hosts: Place<Kind>[];
  product: Product;
  own: Own<Kind>;
}

export const KINDS: { [Kind in JobKind]: (entry: Entry<Kind>, reading: Reading) => Made<Kind> } = {
  configuration: ({ hosts, onChange }, reading) => ({
    name: "configuration",
    hosts: exportPlaces(hosts, reading),
    product: reading.estate.topology.product,
    own: { onChange },
  }),

  userData: ({ pool, hosts }, reading) => ({
    name: `users-${shortName(pool)}`,
    hosts: exportPlaces(hosts, reading),
    product: productIn(pool, reading),
    own: {
      pool,
      partner: reading.pools.get(pool)?.pairedWith,
      branches: reading.estate.topology.pools.filter(({ registrar }) => registrar === pool).map(({ fqdn }) => fqdn),
    },
  }),

  responseGroups: ({ pool, hosts }, reading) => ({
    name: `response-groups-${shortName(pool)}`,
    hosts: exportPlaces(hosts, reading),
    product: productIn(pool, reading),
    own: { pool, partner: reading.pools.get(pool)?.pairedWith },
  }),

  persistentChat: (entry, reading) => {
    const { hosts, ...own } = ownPart(entry);
    const store = reading.stores.find(
      ({ sql, holder }) => holder === "persistent-chat" && instanceOf(sql) === own.instance,
    );
    const pool = store?.pools[0]?.fqdn ?? own.instance;
    return {
      name: `chat-${shortName(pool)}`,
      hosts: exportPlaces(hosts, reading),
      product: productIn(pool, reading),
      own: { ...own, pool, mirror: store?.sql.mirror },
    };
  },

  fileStores: (entry, reading) => {
    const { host, callParkPools, announcementPools, ...own } = ownPart(entry);
    const pools = reading.fileStores.get(own.store) ?? [];
    const withRole = (role: "call-park" | "announcement"): string[] =>
      pools.filter(({ roles }) => roles.includes(role)).map(({ fqdn }) => fqdn);
    const copier = host ?? reading.estate.targets.find(({ name }) => name === reading.target(entry))?.host;
    return {
      name: `files-${nameOfPlace(own.store.slice(2))}`,
      hosts: copier === undefined ? [] : [{ name: copier }],
      product: reading.estate.topology.product,
      own: {
        ...own,
        callParkPools: callParkPools ?? withRole("call-park"),
        announcementPools: announcementPools ?? withRole("announcement"),
      },
    };
  },

  sql: (entry, reading) => {
    const { instance } = entry;
    const { topology } = reading.estate;
    const stores = reading.stores.filter(({ sql }) => instanceOf(sql) === instance);
    const hosts = entry.hosts ?? sqlPlaces(topology, stores, instance);
    const product = stores[0]?.product ?? topology.product;
    return { name: `sql-${nameOfPlace(instance)}`, hosts, product, own: sqlOwn(topology, stores, entry, hosts) };
  },
};

function exportPlaces(hosts: readonly string[] | undefined, { estate }: Reading): Place<"configuration">[] {
  const names = hosts ?? estate.defaults.hosts ?? [];
  return names.map((name) => ({ name, pool: poolOf(estate.topology, name)?.fqdn }));
}

function productIn(name: string, { pools, estate }: Reading): Product {
  const pool = pools.get(name);
  return pool ? productOf(estate.topology, pool) : estate.topology.product;
}
