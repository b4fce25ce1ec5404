import { instanceOf, storesOf } from "../../estate/topology/stores";
import { reach, writeOnDisk, type Actor } from "../files";
import { serverOf } from "../model/databases";
import { joinWindows } from "../paths";
import type { World } from "../world";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { contentsIn, nameInIdentity, topologyFor } from "./stores";

/** What was archived, as mail messages: to be read, and never to be imported again. */

export function exportArchive(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor);
  const name = nameInIdentity(textOf(parameters, "Identity") ?? "", "ArchivingDatabase");
  const store = storesOf(topology).find(
    ({ holder, sql }) => holder === "archiving" && [serverOf(sql.instance), instanceOf(sql)].includes(name),
  );
  if (!store) throw new CmdletRefusal("no-such-service", `Cannot find an Archiving database on ${name}.`);
  if (parameters["UserUri"] !== undefined) {
    throw new CmdletRefusal("not-simulated", "The lab counts archived messages by day, and not by user.");
  }
  const archive = contentsIn(world, actor, instanceOf(store.sql), "LcsLog");
  const folder = textOf(parameters, "OutputFolder") ?? "";
  if (!world.disk.has(reach(world, actor, folder, "change"))) {
    throw new CmdletRefusal("path-not-found", `Could not find a part of the path '${folder}'.`);
  }
  const dayOf = (parameter: string): string => (textOf(parameters, parameter) ?? world.clock.now).slice(0, 10);
  const [start, end] = [dayOf("StartDate"), dayOf("EndDate")];
  // An end before the start finds nothing, writes nothing, and is no error: that is documented.
  for (const day of Object.keys(archive.days).sort()) {
    if (day < start || day > end) continue;
    const { messages = 0, conferences = 0 } = archive.days[day] ?? {};
    const counted = parameters["ExcludeWebConfArchive"] === true ? { messages } : { messages, conferences };
    const place = reach(world, actor, joinWindows(folder, `${day}.eml`), "change");
    writeOnDisk(world, place, mailOf(day, counted));
    if (parameters["Purge"] === true) Reflect.deleteProperty(archive.days, day);
  }
  return [];
}

const mailOf = (day: string, counts: Readonly<Record<string, number>>): string =>
  [
    "From: archive",
    "To: archive",
    `Date: ${new Date(`${day}T00:00:00Z`).toUTCString()}`,
    `Subject: Archived on ${day}`,
    "",
    ...Object.entries(counts).map(([kind, count]) => `${kind}: ${String(count)}`),
    "",
  ].join("\r\n");
