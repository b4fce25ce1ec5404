import { serversOf, type Topology } from "../../estate/documents";
import type { Configuration } from "../deployment";
import { reach, writeOnDisk, type Actor } from "../files";
import { parentOf, type Place } from "../paths";
import type { World } from "../world";
import { zipOf } from "../zip";
import { CmdletRefusal, type Parameters } from "./refusal";

/** The Central Management store, as its cmdlets show it. */

/** Refuses where the store cannot be reached from here; that it is down is another matter. */
export function mustReachStore(world: World, actor: Actor): void {
  if (actor.logon === "network") {
    throw new CmdletRefusal(
      "double-hop",
      "Cannot open database \"xds\" requested by the login. Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.",
      `A remote session on ${actor.host} cannot log on to SQL Server in turn: run it as a scheduled task.`,
    );
  }
  const { topology, store } = world.deployment;
  const pool = topology.pools.find(({ fqdn }) => fqdn === world.computer(store.master).lync?.pool);
  const servers = [pool?.backEnd?.instance ?? store.master, pool?.backEnd?.mirror].filter((one) => one !== undefined);
  const answering = servers.some((one) => world.find(one.split("\\")[0] ?? "")?.reachable === true);
  if (world.computer(actor.host).reachable && answering) return;
  throw unreachable(actor.host);
}

export const unreachable = (host: string): CmdletRefusal =>
  new CmdletRefusal(
    "store-unreachable",
    `Cannot connect to the Central Management store from ${host}: the SQL Server was not found or was not accessible.`,
    "Check the network and the Back End Server; Export-CsConfiguration -LocalStore reads the replica meanwhile.",
  );

export function replicationStatus(world: World, actor: Actor, parameters: Parameters): Record<string, unknown>[] {
  mustReachStore(world, actor);
  const { topology, store } = world.deployment;
  if (parameters["CentralManagementStoreStatus"] === true) {
    // A store whose services are down leaves these empty, and reports no error.
    const active = store.running ? store.master : "";
    return [{ ActiveMasterFqdn: active, ActiveFileTransferAgents: store.running ? store.fileTransferAgents : [] }];
  }
  const wanted = parameters["ReplicaFqdn"];
  return topology.pools
    .flatMap((pool) => serversOf(pool))
    .filter((fqdn) => typeof wanted !== "string" || fqdn.toLowerCase() === wanted.toLowerCase())
    .map((fqdn) => ({ UpToDate: store.running, ReplicaFqdn: fqdn, LastUpdateCreation: world.clock.now }));
}

export async function exportConfiguration(
  world: World,
  actor: Actor,
  parameters: Parameters,
): Promise<Record<string, unknown>[]> {
  const { topology, store } = world.deployment;
  const local = parameters["LocalStore"] === true;
  if (local && (world.computer(actor.host).lync?.pool ?? null) === null) {
    const message = `There is no local replica of the configuration store on ${actor.host}.`;
    throw new CmdletRefusal("no-local-store", message, "Run it on a server of the deployment.");
  }
  if (!local) {
    mustReachStore(world, actor);
    if (!store.running) throw unreachable(actor.host);
  }
  const fileName = parameters["FileName"];
  if (typeof fileName !== "string") {
    throw new CmdletRefusal("not-simulated", "The lab does not simulate Export-CsConfiguration -AsBytes yet.");
  }
  const place = placeFor(world, actor, fileName);
  const contents = local ? store.replica : store.contents;
  const entries = { "DocItemSet.xml": docItemSet(topology, contents) };
  writeOnDisk(world, place, await zipOf(entries, world.clock.now));
  return [];
}

/** Where an export is to lie: the folder must be there. */
export function placeFor(world: World, actor: Actor, fileName: string): Place {
  const place = reach(world, actor, fileName, "change");
  if (world.disk.has(parentOf(place))) return place;
  throw new CmdletRefusal("path-not-found", `Could not find a part of the path '${fileName}'.`);
}

/** All of the exported state, so that an import could restore it. */
function docItemSet(topology: Topology, { serial, policies }: Configuration): string {
  const pools = topology.pools.map(
    (pool) =>
      `<Cluster Fqdn="${xml(pool.fqdn)}" Kind="${pool.kind}" SiteId="${xml(pool.site)}">${serversOf(pool)
        .map((fqdn) => `<Machine Fqdn="${xml(fqdn)}"/>`)
        .join("")}</Cluster>`,
  );
  const items = policies.map(({ kind, identity, settings }) => {
    const values = Object.entries(settings).map(([name, value]) => `${name}="${xml(value)}"`);
    return `<DocItem Name="urn:xds:Policy.${xml(kind)}" Scope="${xml(identity)}"><Policy ${values.join(" ")}/></DocItem>`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<DocItemSet xmlns="urn:schema:Microsoft.Rtc.Management.Xds.AppLayer.2008" Version="${String(serial)}">`,
    `<DocItem Name="urn:xds:Topology"><Topology>${pools.join("")}</Topology></DocItem>`,
    ...items,
    "</DocItemSet>",
    "",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const xml = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
