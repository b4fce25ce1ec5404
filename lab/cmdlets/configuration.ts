import { serversOf, Topology } from "../../estate/documents";
import { writeDocItems, type DocItems } from "../docitems";
import type { Actor } from "../files";
import {
  changeConfiguration,
  isUpToDate,
  masterOf,
  replicaOf,
  replicasOf,
  replicate,
  replicates,
} from "../model/central-management";
import { versionOf } from "../deployment";
import { Policy, type Configuration } from "../model/configuration";
import type { World } from "../world";
import { asPlain, deliver, destination, itemsOf, notReadable, received } from "./exports";
import { textOf, type Output, type Parameters } from "./refusal";
import { configurationFor, mustHaveReplica, mustReachStore, topologyFor } from "./stores";

/** The Central Management store: exported, imported, replicated. */

const OF = "Configuration";

export async function exportConfiguration(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const contents = configurationFor(world, actor, parameters);
  const to = destination(world, actor, parameters, { overwrites: true });
  return deliver(world, to, { "DocItemSet.xml": textOfConfiguration(contents) });
}

/** Night after night many computers export the same; every change has a serial number of its own. */
const written = new WeakMap<Configuration, { serial: number; text: string }>();

function textOfConfiguration(contents: Configuration): string {
  const { serial } = contents;
  const before = written.get(contents);
  if (before?.serial === serial) return before.text;
  const text = writeDocItems({ of: OF, items: itemsOfConfiguration(contents) });
  written.set(contents, { serial, text });
  return text;
}

const POLICY = "urn:xds:Policy:";
const itemsOfConfiguration = ({ serial, topology, policies }: Configuration): DocItems["items"] => [
  ["urn:xds:Version", serial],
  ["urn:xds:Topology", topology && asPlain(topology)],
  ...policies.map((one): DocItems["items"][number] => [`${POLICY}${one.kind}:${one.identity}`, asPlain(one)]),
];

export async function importConfiguration(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const local = parameters["LocalStore"] === true;
  const server = local ? mustHaveReplica(world, actor) : undefined;
  if (!local) configurationFor(world, actor);
  const items = await received(world, actor, parameters, OF);
  const imported = configurationIn(items);
  const replicas = replicasOf(world);
  if (server !== undefined) replicas.differing[server] = imported;
  else {
    changeConfiguration(world, (contents) => {
      // It grows for ever: no server must take the older contents for those that it has.
      const serial = Math.max(contents.serial, imported.serial, replicas.shared.serial);
      Object.assign(contents, imported, { serial });
    });
  }
  return [];
}

function configurationIn(items: DocItems["items"]): Configuration {
  const found = new Map(items);
  const serial = found.get("urn:xds:Version");
  const topology = found.get("urn:xds:Topology");
  if (typeof serial !== "number" || topology === undefined) throw notReadable("it is not complete");
  const policies = itemsOf(items, POLICY, Policy).map(([, policy]) => policy);
  return { serial, policies, topology: topology === null ? null : topologyIn(topology) };
}

function topologyIn(value: unknown): Topology {
  const parsed = Topology.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw notReadable("its topology contradicts itself");
}

export function replicationStatus(world: World, actor: Actor, parameters: Parameters): Output {
  mustReachStore(world, actor);
  const { store } = world.deployment;
  if (parameters["CentralManagementStoreStatus"] === true) {
    // Where its services are down these are empty, and no error is reported.
    const active = replicates(world);
    return [
      {
        ActiveMasterFqdn: active ? store.master : "",
        ActiveFileTransferAgents: active ? store.fileTransferAgents : [],
      },
    ];
  }
  const wanted = textOf(parameters, "ReplicaFqdn")?.toLowerCase();
  const topology = masterOf(world)?.contents?.topology;
  return (topology?.pools ?? [])
    .flatMap((pool) => serversOf(pool).map((fqdn) => ({ fqdn, pool })))
    .filter(({ fqdn }) => wanted === undefined || fqdn === wanted)
    .map(({ fqdn, pool }) => ({
      UpToDate: isUpToDate(world, fqdn),
      ReplicaFqdn: fqdn,
      LastUpdateCreation: replicaOf(world, fqdn).changedAt ?? "",
      ProductVersion: topology ? versionOf(topology, pool) : "",
    }));
}

export function invokeReplication(world: World, actor: Actor, parameters: Parameters): Output {
  topologyFor(world, actor);
  replicate(world, textOf(parameters, "ReplicaFqdn")?.toLowerCase());
  return [];
}

/** Where this computer looks for the store: the lab knows no other connection than the one in the directory. */
export const managementConnection = (world: World): Output => [
  { StoreProvider: "Sql", Connection: world.deployment.store.location, ReadOnly: false },
];

export const storeLocation = (world: World): Output => [{ Value: world.deployment.store.location }];
