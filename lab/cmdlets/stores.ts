import type { Pool, PoolKind, Topology } from "../../estate/documents";
import type { Holder } from "../../estate/catalogue";
import type { Actor } from "../files";
import { masterOf, replicaOf } from "../model/central-management";
import type { Configuration } from "../model/configuration";
import { findDatabase, servingCopy, storeOfPool, type Contents, type DatabaseName } from "../model/databases";
import type { World } from "../world";
import { CmdletRefusal, textOf, type Parameters } from "./refusal";

/** How cmdlets reach what they read: the Central Management store, the databases of a pool, a local replica. */

/** Lync's cmdlets log on to SQL Server and to the directory in turn, which a network logon cannot. */
export function mustLogOn(actor: Actor): void {
  if (actor.logon !== "network") return;
  throw new CmdletRefusal(
    "double-hop",
    "Cannot open database \"xds\" requested by the login. Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.",
    `A remote session on ${actor.host} cannot log on to SQL Server in turn: run it as a scheduled task.`,
  );
}

/** Refuses where the store cannot be reached from here; that its services are down is another matter. */
export function mustReachStore(world: World, actor: Actor): void {
  mustLogOn(actor);
  const master = masterOf(world);
  const answering = master?.contents && servingCopy(world, master) !== undefined;
  if (!world.computer(actor.host).reachable || !answering) throw unreachable(actor.host);
}

const unreachable = (host: string): CmdletRefusal =>
  new CmdletRefusal(
    "store-unreachable",
    `Cannot connect to the Central Management store from ${host}: the SQL Server was not found or was not accessible.`,
    "Check the network and the Back End Server; Export-CsConfiguration -LocalStore reads the replica meanwhile.",
  );

/** The store itself, or with -LocalStore the replica on this computer. */
export function configurationFor(world: World, actor: Actor, parameters: Parameters = {}): Configuration {
  if (parameters["LocalStore"] === true) return replicaOf(world, mustHaveReplica(world, actor));
  mustReachStore(world, actor);
  const contents = masterOf(world)?.contents;
  if (!contents || !world.deployment.store.running) throw unreachable(actor.host);
  return contents;
}

export function mustHaveReplica(world: World, { host }: Actor): string {
  if ((world.computer(host).lync?.pool ?? null) !== null) return host;
  const message = `There is no local replica of the configuration store on ${host}.`;
  throw new CmdletRefusal("no-local-store", message, "Run it on a server of the deployment.");
}

export function topologyFor(world: World, actor: Actor, parameters: Parameters = {}): Topology {
  const { topology } = configurationFor(world, actor, parameters);
  if (topology) return topology;
  const advice = "Import a configuration, or publish a topology.";
  throw new CmdletRefusal("no-topology", "The Central Management store holds no topology.", advice);
}

export const FRONT_ENDS: readonly PoolKind[] = ["enterprise", "standard"];

/** A pool of the topology, of a kind that the cmdlet can work with. */
export function poolCalled(topology: Topology, name: string, kinds: readonly PoolKind[] = FRONT_ENDS): Pool {
  const pool = topology.pools.find(({ fqdn }) => fqdn === name.toLowerCase());
  if (!pool) {
    throw new CmdletRefusal(
      "no-such-pool",
      `Cannot find the pool "${name}" in the topology.`,
      "Get-CsPool lists them.",
    );
  }
  if (kinds.includes(pool.kind)) return pool;
  const advice =
    pool.registrar === undefined ? "Name a Front End pool." : `The data of its users lie in ${pool.registrar}.`;
  throw new CmdletRefusal(
    "wrong-kind-of-pool",
    `The pool "${pool.fqdn}" is of kind ${pool.kind}, and this needs ${kinds.join(" or ")}.`,
    advice,
  );
}

const IDENTITY = /^(?:service:)?(?:(?<role>[A-Za-z]+):)?(?<name>[^:\s]+)$/i;
/** The name in an identity such as `service:ApplicationServer:pool01.contoso.com`. */
export function nameInIdentity(identity: string, role: string): string {
  const parts = IDENTITY.exec(identity)?.groups;
  const found = parts?.["role"];
  if (parts?.["name"] !== undefined && (found === undefined || found.toLowerCase() === role.toLowerCase())) {
    return parts["name"].toLowerCase();
  }
  const message = `"${identity}" is no identity of a service of the role ${role}.`;
  throw new CmdletRefusal("no-such-service", message, `Give it as service:${role}:<name>.`);
}

/** Rows of a database, to be read or changed. */
export function contentsIn<N extends DatabaseName>(world: World, actor: Actor, store: string, name: N): Contents[N] {
  mustLogOn(actor);
  const database = findDatabase(world, store, name);
  const answering = database && servingCopy(world, database);
  if (database && database.copies.length > 0 && (answering === undefined || !world.computer(actor.host).reachable)) {
    throw new CmdletRefusal(
      "database-unreachable",
      `Cannot connect to ${store} from ${actor.host}: the SQL Server was not found or was not accessible.`,
      "Check the network and the SQL Server.",
    );
  }
  if (database?.contents) return database.contents;
  const advice = "Make it first: Install-CsDatabase -ConfiguredDatabases.";
  throw new CmdletRefusal("no-database", `Cannot open database "${name}" on ${store}: it does not exist.`, advice);
}

export function contentsOfPool<N extends DatabaseName>(
  world: World,
  actor: Actor,
  topology: Topology,
  pool: Pool,
  holder: Holder,
  name: N,
): Contents[N] {
  const store = storeOfPool(topology, pool, holder);
  if (store !== undefined) return contentsIn(world, actor, store, name);
  throw new CmdletRefusal("no-such-service", `The pool "${pool.fqdn}" has no database ${name}.`);
}

/** The pool that a parameter names. */
export const poolIn = (topology: Topology, parameters: Parameters, name = "PoolFqdn"): Pool =>
  poolCalled(topology, textOf(parameters, name) ?? "");
