import type { Product } from "../documents";
import { nameOfPlace, shortName } from "./names";
import type { Reading } from "./reading";
import { ownPart, type Entry, type JobKind, type JobOptions } from "./schema";
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
    product: reading.productIn(pool),
    own: {
      pool,
      partner: reading.pools.get(pool)?.pairedWith,
      branches: reading.branchesOf(pool),
    },
  }),

  responseGroups: ({ pool, hosts }, reading) => ({
    name: `response-groups-${shortName(pool)}`,
    hosts: exportPlaces(hosts, reading),
    product: reading.productIn(pool),
    own: { pool, partner: reading.pools.get(pool)?.pairedWith },
  }),

  persistentChat: (entry, reading) => {
    const { hosts, ...own } = ownPart(entry);
    const store = reading.storesIn(own.instance).find(({ holder }) => holder === "persistent-chat");
    const pool = store?.pools[0]?.fqdn ?? own.instance;
    return {
      name: `chat-${shortName(pool)}`,
      hosts: exportPlaces(hosts, reading),
      product: reading.productIn(pool),
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
    const hosts = entry.hosts ?? sqlPlaces(instance, reading);
    const product = reading.storesIn(instance)[0]?.product ?? reading.estate.topology.product;
    return { name: `sql-${nameOfPlace(instance)}`, hosts, product, own: sqlOwn(entry, hosts, reading) };
  },
};

function exportPlaces(hosts: readonly string[] | undefined, { estate, poolOfHost }: Reading): Place<"configuration">[] {
  const names = hosts ?? estate.defaults.hosts ?? [];
  return names.map((name) => ({ name, pool: poolOfHost.get(name) }));
}
