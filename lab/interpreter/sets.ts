import {
  Accepted,
  Carried,
  Held,
  isRunId,
  Manifest,
  MANIFEST,
  seriesOf,
  targetLayout,
  Verified,
} from "../../estate/documents";
import type { Disk } from "../disk";
import { reach } from "../files";
import { below, type Place } from "../paths";
import type { World } from "../world";
import { targetOf, type Execution, type Json, type LastSets } from "./execution";
import * as messages from "./messages";

/** The sets of a series, as they lie on the target with their side files. */
export interface KnownSet {
  manifest: Manifest;
  /** No verification has found it damaged. */
  good: boolean;
  /** Copies that have carried it offsite. */
  carried: string[];
  held: boolean;
}

interface SeriesSets {
  sets: KnownSet[];
  /** What was sealed and cannot be read, and why. Nobody knows what it needs, or whether it is held. */
  unreadable: string[];
}

/** The folder of the target, as the run may use it. */
export function targetFolder(world: World, execution: Execution, need: "read" | "change"): Place {
  return reach(world, execution.actor, targetOf(execution).path, need);
}

/** Folders that may be sets: named as a run is. */
export const setFolders = (disk: Disk, sets: Place): string[] => disk.names(sets).filter(isRunId);

export const manifestIn = (content: Buffer): Manifest => Manifest.parse(content.toString("utf8"));

export function readSets(world: World, execution: Execution): SeriesSets {
  const target = targetFolder(world, execution, "read");
  const series = seriesOf(execution.job);
  const folder = below(target, targetLayout.sets(series));
  const side = below(target, targetLayout.side(series));
  const sideFiles = world.disk.names(side).filter((name) => name.endsWith(".json"));
  const found: SeriesSets = { sets: [], unreadable: [] };
  for (const set of setFolders(world.disk, folder)) {
    const file = world.disk.body(below(folder, set, MANIFEST));
    if (!file) continue;
    const filesOf = (kind: string): string[] =>
      sideFiles
        .filter((name) => name.startsWith(`${set}.${kind}.`))
        .map((name) => world.disk.text(below(side, name)) ?? "");
    try {
      const manifest = file.derive(manifestIn);
      if (manifest.set !== set || manifest.series !== series) {
        throw new Error(messages.anotherSet(manifest.series, manifest.set));
      }
      const held = filesOf("held").map((one) => Held.parse(one));
      found.sets.push({
        manifest,
        good: filesOf("verified").every((one) => Verified.parse(one).failures.length === 0),
        carried: filesOf("carried").map((one) => Carried.parse(one).copy),
        held: held.some(({ until }) => until === undefined || until > world.clock.now),
      });
    } catch (error) {
      found.unreadable.push(`${set}: ${(error as Error).message}`);
    }
  }
  return found;
}

export function readLast(world: World, execution: Execution): LastSets {
  const { sets } = readSets(world, execution);
  const good = sets
    .filter((set) => set.good)
    .map(({ manifest }) => manifest)
    .sort((a, b) => (a.set < b.set ? 1 : -1));
  const full = good.find(({ kind }) => kind === "full");
  const accepted = below(targetFolder(world, execution, "read"), targetLayout.accepted(seriesOf(execution.job)));
  const text = world.disk.text(accepted);
  return {
    sets,
    reference: { ...describe(good[0]), full: describe(full) },
    comparable: good.find(({ kind }) => kind === execution.job.setKind),
    accepted: text === undefined ? [] : Accepted.parse(text).artefacts,
  };
}

function describe(manifest: Manifest | undefined): { [key: string]: Json } {
  return manifest ? { set: manifest.set, at: manifest.startedAt, facts: manifest.facts } : {};
}
