import { writeDocItems, type DocItems } from "../docitems";
import type { Actor } from "../files";
import {
  Element,
  Location,
  locationProblems,
  mergeLocations,
  type Locations,
  type LocationStore,
} from "../model/locations";
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
  return deliver(world, to, { "LisConfiguration.xml": textOfLocations(draft) });
}

/** Night after night many computers export the same. */
let written = { json: "", text: "" };

function textOfLocations(draft: Locations): string {
  const json = JSON.stringify(draft);
  if (json !== written.json) written = { json, text: writeDocItems({ of: OF, items: itemsOfLocations(draft) }) };
  return written.text;
}

const itemsOfLocations = ({ locations, elements }: Locations): DocItems["items"] => [
  ...locations.map((one): DocItems["items"][number] => [`urn:lis:location:${one.id}`, asPlain(one)]),
  ...elements.map((one): DocItems["items"][number] => [`urn:lis:element:${one.kind}:${one.id}`, asPlain(one)]),
];

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
