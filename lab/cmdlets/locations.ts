import type { DocItems } from "../docitems";
import type { Actor } from "../files";
import { Element, Location, locationProblems, mergeLocations, type LocationStore } from "../model/locations";
import type { World } from "../world";
import { asPlain, deliver, destination, itemsOf, received } from "./exports";
import type { Output, Parameters } from "./refusal";
import { configurationFor, contentsIn } from "./stores";

/** The locations for emergency calls, which lie beside the Central Management store. */

const OF = "LisConfiguration";

function locationStore(world: World, actor: Actor): LocationStore {
  configurationFor(world, actor);
  return contentsIn(world, actor, world.deployment.store.location, "lis");
}

export async function exportLocations(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const { draft } = locationStore(world, actor);
  const to = destination(world, actor, parameters, { overwrites: false });
  const items: DocItems["items"] = [
    ...draft.locations.map((one): DocItems["items"][number] => [`urn:lis:location:${one.id}`, asPlain(one)]),
    ...draft.elements.map((one): DocItems["items"][number] => [`urn:lis:element:${one.kind}:${one.id}`, asPlain(one)]),
  ];
  return deliver(world, to, { "LisConfiguration.xml": { of: OF, items } });
}

/** Merges, and clients learn of it only when somebody publishes. */
export async function importLocations(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const { draft } = locationStore(world, actor);
  const items = await received(world, actor, parameters, OF);
  mergeLocations(draft, {
    locations: itemsOf(items, "urn:lis:location:", Location).map(([, one]) => one),
    elements: itemsOf(items, "urn:lis:element:", Element).map(([, one]) => one),
  });
  return [];
}

export function publishLocations(world: World, actor: Actor): Output {
  const store = locationStore(world, actor);
  store.published = structuredClone(store.draft);
  return [];
}

/** Reports what does not fit together; nothing where all is well. */
export const debugLocations = (world: World, actor: Actor): Output =>
  locationProblems(locationStore(world, actor).draft).map((problem) => ({ Value: problem }));
