import type { Location } from "../deployment";
import { writeOnDisk, type Actor } from "../files";
import type { World } from "../world";
import { zipOf } from "../zip";
import { mustReachStore, placeFor, unreachable, xml } from "./configuration";
import { CmdletRefusal, type Parameters } from "./refusal";

/** The locations for emergency calls, which lie beside the Central Management store. */

export async function exportLocations(
  world: World,
  actor: Actor,
  parameters: Parameters,
): Promise<Record<string, unknown>[]> {
  mustReachStore(world, actor);
  const { store, locations = [] } = world.deployment;
  if (!store.running) throw unreachable(actor.host);
  const fileName = parameters["FileName"];
  if (typeof fileName !== "string") {
    throw new CmdletRefusal("not-simulated", "The lab does not simulate Export-CsLisConfiguration -AsBytes yet.");
  }
  const place = placeFor(world, actor, fileName);
  if (world.disk.has(place)) {
    const message = `The file '${fileName}' exists already, and Export-CsLisConfiguration overwrites none.`;
    throw new CmdletRefusal("file-exists", message, "Give it the name of a file that is not there.");
  }
  writeOnDisk(world, place, await zipOf({ "LisConfiguration.xml": lisConfiguration(locations) }, world.clock.now));
  return [];
}

/** All of the exported state, so that an import could restore it. */
function lisConfiguration(locations: readonly Location[]): string {
  const items = locations.map(({ place, company, street, city, country, subnets }) => {
    const address = { Location: place, CompanyName: company, StreetName: street, City: city, Country: country };
    const values = Object.entries(address).map(([name, value]) => `${name}="${xml(value)}"`);
    return `<CivicAddress ${values.join(" ")}>${subnets.map((one) => `<Subnet Id="${xml(one)}"/>`).join("")}</CivicAddress>`;
  });
  return ['<?xml version="1.0" encoding="utf-8"?>', "<LisConfiguration>", ...items, "</LisConfiguration>", ""].join(
    "\n",
  );
}
