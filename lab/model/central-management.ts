import { poolOf, serversOf, type Pool, type Topology } from "../../estate/documents";
import type { World } from "../world";
import type { Configuration } from "./configuration";
import { findDatabase, storeOfPool, type Database, type DatabaseName } from "./databases";

/** The Central Management store at work: the master that the directory points to, replicas, and a standby. */

/** What replication has brought to the servers: to all the same, but for those that it did not reach. */
export interface Replicas {
  shared: Configuration;
  /** By server. */
  differing: Record<string, Configuration>;
}

const REPLICAS = "replicas";
export const replicasOf = (world: World): Replicas => world.part(REPLICAS) as Replicas;
export const keepReplicas = (configuration: Configuration): Record<string, Replicas> => ({
  [REPLICAS]: { shared: structuredClone(configuration), differing: {} },
});

export const replicaOf = (world: World, server: string): Configuration => {
  const { shared, differing } = replicasOf(world);
  return differing[server] ?? shared;
};

/** The database that the pointer in the directory leads to; it need not be there any more. */
export function masterOf(world: World): Database<"xds"> | undefined {
  return findDatabase(world, world.deployment.store.location, "xds");
}

/** A change in the store, and what follows by itself. Nothing where the store is lost. */
export function changeConfiguration(world: World, change: (contents: Configuration) => void): void {
  const contents = masterOf(world)?.contents;
  if (!contents) return;
  change(contents);
  contents.serial++;
  // Two changes are never made at the same moment, though the clock may stand still.
  const atLeast = Date.parse(contents.changedAt ?? world.clock.now) + (contents.changedAt === undefined ? 0 : 1);
  contents.changedAt = new Date(Math.max(Date.parse(world.clock.now), atLeast)).toISOString();
  replicate(world);
}

/** To every server that can be reached and whose replica service runs; what is behind stays as it was. */
export function replicate(world: World, only?: string): void {
  const contents = masterOf(world)?.contents;
  if (!contents?.topology || !replicates(world)) return;
  const replicas = replicasOf(world);
  const before = structuredClone(replicas.shared);
  const servers = contents.topology.pools.flatMap(serversOf);
  const missed = servers.filter((server) => (only !== undefined && server !== only) || !receives(world, server));
  if (before.serial !== contents.serial) for (const server of missed) replicas.differing[server] ??= before;
  for (const server of servers) if (!missed.includes(server)) Reflect.deleteProperty(replicas.differing, server);
  replicas.shared = structuredClone(contents);
  keepStandby(world, contents);
}

/** Whether the master replicator works: its service, and its server. */
export function replicates(world: World): boolean {
  const { store } = world.deployment;
  const { services, reachable } = world.computer(store.master);
  return store.running && reachable && services?.["MASTER"] !== "stopped";
}

function receives(world: World, server: string): boolean {
  const computer = world.find(server);
  return computer?.reachable === true && computer.services?.["REPLICA"] !== "stopped";
}

export const isUpToDate = (world: World, server: string): boolean =>
  replicates(world) && receives(world, server) && replicaOf(world, server).serial === masterOf(world)?.contents?.serial;

/** The Backup Service keeps the store of the partner in step. */
function keepStandby(world: World, contents: Configuration): void {
  for (const pool of hostsOf(contents.topology)) {
    const standby = findDatabase(world, storeOfPool(contents.topology, pool, "central-management") ?? "", "xds");
    if (standby?.contents && standby !== masterOf(world)) standby.contents = structuredClone(contents);
  }
}

/** Where the topology has the active store: a store of its own, or the Back End of the pool that hosts it. */
export function masterStore(topology: Topology): string {
  const { active } = topology.centralManagement;
  const pool = topology.pools.find(({ fqdn }) => fqdn === active);
  return (pool && storeOfPool(topology, pool, "central-management")) ?? "";
}

const hostsOf = (topology: Topology | null): Pool[] => {
  const { active, standby } = topology?.centralManagement ?? {};
  return topology?.pools.filter(({ fqdn }) => fqdn === active || fqdn === standby) ?? [];
};

/** The store becomes active beside this server, with all that it holds: as in a planned move, by export and import. */
export function moveMaster(world: World, server: string): void {
  const { topology, store } = world.deployment;
  const pool = poolOf(topology, server);
  const location = pool && storeOfPool(topology, pool, "central-management");
  if (pool && location !== undefined) {
    for (const name of ["xds", "lis"] as const) moveContents(world, name, store.location, location);
    store.location = location;
    changeConfiguration(world, (contents) => {
      for (const one of [contents.topology, topology]) if (one) one.centralManagement = placedAt(one, pool);
    });
  }
  Object.assign(store, { master: server, fileTransferAgents: [server] });
}

/** Its partner has the standby, if the store was there before or is still. */
function placedAt({ centralManagement }: Topology, { fqdn, pairedWith }: Pool): Topology["centralManagement"] {
  const { active, standby } = centralManagement;
  if (active === fqdn) return centralManagement;
  const known = pairedWith !== undefined && (pairedWith === active || pairedWith === standby);
  return { active: fqdn, ...(known ? { standby: pairedWith } : {}) };
}

function moveContents<N extends DatabaseName>(world: World, name: N, from: string, to: string): void {
  const contents = findDatabase(world, from, name)?.contents;
  const target = findDatabase(world, to, name);
  if (contents && target) target.contents = structuredClone(contents);
}
