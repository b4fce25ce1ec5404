import type { Pool, Topology } from "../../estate/documents";
import { isFrontEnd } from "../../estate/topology/stores";
import type { DocItems } from "../docitems";
import type { Actor } from "../files";
import { contactObjects } from "../model/contact-objects";
import { findDatabase, storeOfPool } from "../model/databases";
import {
  ALL_KINDS,
  emptyObjects,
  KINDS,
  Settings,
  type GroupObject,
  type GroupObjects,
  type Kind,
  type ResponseGroups,
} from "../model/response-groups";
import type { World } from "../world";
import { asPlain, deliver, destination, itemsOf, received } from "./exports";
import { CmdletRefusal, textOf, type Output, type Parameters, type Simulation } from "./refusal";
import { contentsOfPool, nameInIdentity, poolCalled, topologyFor } from "./stores";

/** Response Groups: exported from a pool, imported into one, and shown. */

const OF = "RgsConfiguration";

function poolOf(topology: Topology, identity: string): Pool {
  const pool = poolCalled(topology, nameInIdentity(identity, "ApplicationServer"));
  if (pool.roles.includes("response-group")) return pool;
  const message = `Cannot find a Response Group application on "${pool.fqdn}".`;
  throw new CmdletRefusal("no-such-service", message, "Get-CsService -ApplicationServer lists them.");
}

const groupsIn = (world: World, actor: Actor, topology: Topology, pool: Pool): ResponseGroups =>
  contentsOfPool(world, actor, topology, pool, "back-end", "rgsconfig");

/** Objects of one kind, whichever it is: they have name and owner in common. */
const objectsOf = (groups: GroupObjects, kind: Kind): GroupObject[] => groups[kind];
const each = <T>(groups: GroupObjects, what: (object: GroupObject, kind: Kind) => T): T[] =>
  ALL_KINDS.flatMap((kind) => objectsOf(groups, kind).map((object) => what(object, kind)));

export async function exportGroups(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const topology = topologyFor(world, actor);
  const source = poolOf(topology, textOf(parameters, "Source") ?? "");
  const owner = textOf(parameters, "Owner");
  const owned = owner === undefined ? source.fqdn : nameInIdentity(owner, "ApplicationServer");
  const to = destination(world, actor, parameters, { overwrites: false });
  const groups = groupsIn(world, actor, topology, source);
  const objects = each(groups, (object, kind) => (object.owner === owned ? [{ object, kind }] : [])).flat();
  const items: DocItems["items"] = [
    ["urn:rgs:settings", asPlain(groups.settings)],
    ...objects.map(({ object, kind }): DocItems["items"][number] => [`urn:rgs:${kind}:${object.id}`, asPlain(object)]),
  ];
  await deliver(world, to, { "RgsConfiguration.xml": { of: OF, items } });
  if (parameters["RemoveExportedConfiguration"] === true) remove(world, groups, source, owned);
  return [];
}

/** What the pool owns itself answers nowhere any more; what it only hosted goes on at its owner. */
function remove(world: World, groups: ResponseGroups, source: Pool, owner: string): void {
  const contacts = contactObjects(world);
  for (const { primaryUri, owner: its } of groups.workflows) {
    if (its === owner && contacts[primaryUri]?.pool === source.fqdn) Reflect.deleteProperty(contacts, primaryUri);
  }
  for (const kind of ALL_KINDS) {
    const kept = objectsOf(groups, kind).filter((object) => object.owner !== owner);
    Object.assign(groups, { [kind]: kept });
  }
}

export async function importGroups(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const topology = topologyFor(world, actor);
  const destinationPool = poolOf(topology, textOf(parameters, "Destination") ?? "");
  const groups = groupsIn(world, actor, topology, destinationPool);
  const items = await received(world, actor, parameters, OF);
  const imported = objectsIn(items);
  const [[, settings] = []] = itemsOf(items, "urn:rgs:settings", Settings);
  const overwrites = parameters["OverwriteOwner"] === true;
  if (!overwrites) mustNotExist(world, imported, destinationPool);
  else each(imported, (object) => (object.owner = destinationPool.fqdn));
  resolveNames(imported, [...groupsEverywhere(world, topology), imported], parameters["ResolveNameConflicts"] === true);
  for (const kind of ALL_KINDS) {
    const all = [...objectsOf(groups, kind), ...objectsOf(imported, kind)].map((one) => [one.id, one] as const);
    Object.assign(groups, { [kind]: [...new Map(all).values()] });
  }
  for (const { id, primaryUri, owner } of imported.workflows) {
    contactObjects(world)[primaryUri] = { pool: owner, workflow: id };
  }
  // One set per pool: it comes along only where it is asked for.
  if (settings && parameters["ReplaceExistingRgsSettings"] === true) groups.settings = settings;
  return [];
}

function objectsIn(items: DocItems["items"]): GroupObjects {
  const found = emptyObjects();
  const take = <K extends Kind>(kind: K): void => {
    const rows = itemsOf<GroupObjects[K][number]>(items, `urn:rgs:${kind}:`, KINDS[kind] as never);
    Object.assign(found, { [kind]: rows.map(([, row]) => row) });
  };
  for (const kind of ALL_KINDS) take(kind);
  return found;
}

/** Contact objects outlive the databases: a pool that is new and has the old name meets its own. */
function mustNotExist(world: World, { workflows }: GroupObjects, { fqdn }: Pool): void {
  const contacts = contactObjects(world);
  const met = workflows.find(({ owner, primaryUri }) => owner === fqdn && contacts[primaryUri]?.pool === fqdn);
  if (!met) return;
  throw new CmdletRefusal(
    "owner-exists",
    `The contact object ${met.primaryUri} of the workflow "${met.name}" exists already in Active Directory.`,
    "Add -OverwriteOwner: the pool takes its own objects back.",
  );
}

/** What other pools have counts too, as far as their databases are there. */
const groupsEverywhere = (world: World, topology: Topology): GroupObjects[] =>
  topology.pools.filter(isFrontEnd).flatMap((pool) => {
    const store = storeOfPool(topology, pool, "back-end") ?? "";
    return findDatabase(world, store, "rgsconfig")?.contents ?? [];
  });

/** Names are unique in the whole deployment; the same object, exported once, is no stranger to itself. */
function resolveNames(imported: GroupObjects, everywhere: readonly GroupObjects[], resolves: boolean): void {
  const taken = (kind: Kind, id: string, name: string): boolean =>
    everywhere
      .flatMap((groups) => objectsOf(groups, kind))
      .some((one) => one.id !== id && one.name.toLowerCase() === name.toLowerCase());
  each(imported, (object, kind) => {
    if (!taken(kind, object.id, object.name)) return;
    if (!resolves) {
      const message = `The name "${object.name}" is taken by another of the ${kind} in the deployment.`;
      throw new CmdletRefusal("name-conflict", message, "Rename one, or add -ResolveNameConflicts.");
    }
    let number = 2;
    while (taken(kind, object.id, `${object.name} (${String(number)})`)) number++;
    object.name = `${object.name} (${String(number)})`;
  });
}

/** Without -ShowAll or -Owner, what a pool has only imported is invisible. */
const showing =
  (kind: Kind): Simulation =>
  (world, actor, parameters) => {
    const topology = topologyFor(world, actor);
    const identity = textOf(parameters, "Identity");
    const pools = identity === undefined ? topology.pools.filter(isHost) : [poolOf(topology, identity)];
    const owner = textOf(parameters, "Owner");
    const name = textOf(parameters, "Name")?.toLowerCase();
    return pools.flatMap((pool) => {
      const wanted = owner === undefined ? pool.fqdn : nameInIdentity(owner, "ApplicationServer");
      return objectsOf(groupsIn(world, actor, topology, pool), kind)
        .filter((object) => parameters["ShowAll"] === true || object.owner === wanted)
        .filter((object) => name === undefined || object.name.toLowerCase() === name)
        .map((object) => shown(object, pool));
    });
  };

const isHost = (pool: Pool): boolean => isFrontEnd(pool) && pool.roles.includes("response-group");

const shown = ({ id, name, owner, ...rest }: GroupObject, { fqdn }: Pool): Output[number] => ({
  Identity: `service:ApplicationServer:${fqdn}/${id}`,
  Name: name,
  OwnerPool: owner,
  ...rest,
});

export function getSettings(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor);
  const pool = poolOf(topology, textOf(parameters, "Identity") ?? "");
  const { musicOnHold, ringBackGraceSeconds, callContext } = groupsIn(world, actor, topology, pool).settings;
  return [
    {
      Identity: `service:ApplicationServer:${pool.fqdn}`,
      DefaultMusicOnHoldFile: musicOnHold,
      AgentRingbackGracePeriod: ringBackGraceSeconds,
      DisableCallContext: !callContext,
    },
  ];
}

export const GROUPS: Readonly<Record<string, Simulation>> = {
  "Get-CsRgsAgentGroup": showing("agentGroups"),
  "Get-CsRgsHolidaySet": showing("holidays"),
  "Get-CsRgsHoursOfBusiness": showing("hours"),
  "Get-CsRgsQueue": showing("queues"),
  "Get-CsRgsWorkflow": showing("workflows"),
};
