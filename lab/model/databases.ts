import type { Holder } from "../../estate/catalogue";
import type { Pool, SqlStore, Topology } from "../../estate/documents";
import { databasesOf } from "../../estate/topology/databases";
import { instanceIndex, instanceOf, storesOf } from "../../estate/topology/stores";
import type { World } from "../world";
import { emptyConfiguration, type Configuration } from "./configuration";
import { emptyLocations, type LocationStore } from "./locations";
import { emptyChat, type PersistentChat } from "./persistent-chat";
import { emptyRecords, type Records } from "./records";
import { emptyGroups, type ResponseGroups } from "./response-groups";
import { emptyDirectories, emptyUsers, type ConferenceDirectories, type UserStore } from "./users";

/**
 * The databases of a deployment, each a section of the world: where its copies are, and its rows as plain data. SQL
 * Server itself (editions, backups, logs) is in lab/sql.
 */

export interface Contents {
  xds: Configuration;
  lis: LocationStore;
  rtcxds: UserStore;
  rtcshared: ConferenceDirectories;
  rgsconfig: ResponseGroups;
  LcsLog: Records;
  LcsCDR: Records;
  QoEMetrics: Records;
  mgc: PersistentChat;
  mgccomp: Records;
}
export type DatabaseName = keyof Contents;

/** What a database holds when it was just made. One that is not listed keeps nothing that is worth keeping. */
const EMPTY: { [N in DatabaseName]: () => Contents[N] } = {
  xds: emptyConfiguration,
  lis: emptyLocations,
  rtcxds: emptyUsers,
  rtcshared: emptyDirectories,
  rgsconfig: emptyGroups,
  LcsLog: emptyRecords,
  LcsCDR: emptyRecords,
  QoEMetrics: emptyRecords,
  mgc: emptyChat,
  mgccomp: emptyRecords,
};
export const emptyContents = (name: string): unknown =>
  Object.hasOwn(EMPTY, name) ? EMPTY[name as DatabaseName]() : {};

export interface Database<N extends DatabaseName = DatabaseName> {
  name: N;
  holder: Holder;
  /** The store that it belongs to, as the topology names it: the declared principal, or the listener. */
  store: string;
  /** Instances that have a copy, all alike. */
  copies: string[];
  /** The one that serves: principal of a mirror, primary of a group. Where it is lost, the others do not serve yet. */
  serving: string;
  /** The schema that was installed. */
  version: string;
  /** Null: it is lost, or was never made. */
  contents: Contents[N] | null;
}

const PREFIX = "database-";
const keyOf = (store: string, name: string): string => `${store}~${name}`.replaceAll("\\", "~").toLowerCase();
const partOf = (store: string, name: string): string => PREFIX + keyOf(store, name);
/** What SQL Server itself keeps of a database: see lab/sql/log.ts. It goes with the database. */
export const LOG_PREFIX = "sqllog-";
export const logPartOf = (store: string, name: string): string => LOG_PREFIX + keyOf(store, name);

export function findDatabase<N extends DatabaseName>(world: World, store: string, name: N): Database<N> | undefined {
  return world.part(partOf(store, name)) as Database<N> | undefined;
}

export const allDatabases = (world: World): Database[] =>
  world.parts(PREFIX).map((part) => world.part(part) as Database);

/** Those that may have a copy in this instance: of large deployments the others are not even read. */
export function databasesFor(world: World, instance: string): Database[] {
  const { topology } = world.deployment;
  const stores = storesOf(topology).filter(({ sql }) => copiesOf(topology, sql).includes(instance));
  const keys = new Set([instance, ...stores.map(({ sql }) => instanceOf(sql))].map((store) => partOf(store, "")));
  return world
    .parts(PREFIX)
    .filter((part) => [...keys].some((key) => part.startsWith(key)))
    .map((part) => world.part(part) as Database);
}

/** Those with a copy in this instance. */
export const databasesIn = (world: World, instance: string): Database[] =>
  databasesFor(world, instance).filter(({ copies }) => copies.includes(instance));

/** Makes it, empty; one of its name in that store is dropped. */
export function installDatabase(world: World, made: Omit<Database, "contents">): void {
  const contents = emptyContents(made.name) as Contents[DatabaseName];
  putDatabase(world, { ...made, contents });
  world.keepPart(logPartOf(made.store, made.name), undefined);
}

/** With what it holds. */
export function putDatabase(world: World, database: Database): void {
  world.keepPart(partOf(database.store, database.name), database);
}

export function dropDatabase(world: World, { store, name }: Database): void {
  world.keepPart(partOf(store, name), undefined);
  world.keepPart(logPartOf(store, name), undefined);
}

/** The databases that a topology asks for, all empty: as sections of the world. */
export function databaseParts(topology: Topology, version: string): Record<string, Database> {
  const made = databasesOf(topology, storesOf(topology)).map(({ row, store }) => {
    const name = row.name as DatabaseName;
    const database = { name, holder: store.holder, store: instanceOf(store.sql), version };
    const contents = emptyContents(name) as Contents[DatabaseName];
    const copies = copiesOf(topology, store.sql);
    return [partOf(database.store, name), { ...database, copies, serving: store.sql.instance, contents }] as const;
  });
  return Object.fromEntries(made);
}

/** Where the topology wants the copies of a store. */
export function copiesOf(topology: Topology, sql: SqlStore): string[] {
  if (sql.listener === undefined) return [sql.instance, ...(sql.mirror === undefined ? [] : [sql.mirror])];
  const groups = instanceIndex(topology).get(sql.instance)?.availabilityGroups ?? [];
  return [...new Set([sql.instance, ...groups.flatMap(({ replicas }) => replicas)])];
}

/** The name of the store in which a pool keeps this, as the topology has it. */
export function storeOfPool(topology: Topology | null, pool: Pool, holder: Holder): string | undefined {
  if (!topology) return undefined;
  const store = storesOf(topology).find(
    (one) => one.holder === holder && one.pools.some(({ fqdn }) => fqdn === pool.fqdn),
  );
  return store && instanceOf(store.sql);
}

export const serverOf = (instance: string): string => instance.split("\\")[0] ?? instance;

/** Instances whose service does not run. */
const stoppedInstances = (world: World): readonly string[] => (world.part(STOPPED) ?? []) as string[];
const STOPPED = "sql-stopped";

export const isStopped = (world: World, instance: string): boolean => stoppedInstances(world).includes(instance);

export function stopInstance(world: World, instance: string, stopped: boolean): void {
  const others = stoppedInstances(world).filter((one) => one !== instance);
  world.keepPart(STOPPED, stopped ? [...others, instance] : others);
}

/** The node on which an instance runs: a failover cluster answers by a name of its own. */
export function answers(world: World, instance: string): boolean {
  if (isStopped(world, instance)) return false;
  const server = serverOf(instance);
  const nodes = world.deployment.topology.sql.find((one) => one.instance === instance)?.nodes ?? [server];
  return nodes.some((node) => world.find(node)?.reachable === true);
}

/**
 * The copy that serves. Where it does not answer, the next takes its place by itself only if a witness sees to it, or an
 * availability group; else somebody has to say so.
 */
export function servingCopy(world: World, database: Database): string | undefined {
  const { copies, serving, store } = database;
  if (copies.includes(serving) && answers(world, serving)) return serving;
  const next = isAutomatic(world, store) ? copies.find((copy) => answers(world, copy)) : undefined;
  if (next !== undefined) database.serving = next;
  return next;
}

function isAutomatic(world: World, store: string): boolean {
  const found = storesOf(world.deployment.topology).find(({ sql }) => instanceOf(sql) === store)?.sql;
  return found?.listener !== undefined || (found?.witness !== undefined && answers(world, found.witness));
}
