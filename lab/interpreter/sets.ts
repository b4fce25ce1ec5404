import fs from "node:fs";
import path from "node:path";
import {
  Accepted,
  Carried,
  Held,
  Manifest,
  MANIFEST,
  RunId,
  seriesOf,
  targetLayout,
  Verified,
} from "../../estate/documents";
import { namesIn, reach, readIfThere } from "../files";
import type { World } from "../world";
import { targetOf, type Execution, type Json, type LastSets } from "./execution";

/** The sets of a series, as they lie on the target with their side files. */
export interface KnownSet {
  manifest: Manifest;
  /** The real folder. */
  folder: string;
  /** No verification has found it damaged. */
  good: boolean;
  /** Copies that have carried it offsite. */
  carried: string[];
  held: boolean;
}

/** The real folder of the target, as the run may use it. */
export function targetFolder(world: World, execution: Execution, need: "read" | "change"): string {
  return reach(world, execution.actor, targetOf(execution).path, need).real;
}

export function readSets(world: World, execution: Execution): KnownSet[] {
  const target = targetFolder(world, execution, "read");
  const series = seriesOf(execution.job);
  const side = path.join(target, targetLayout.side(series));
  const sideNames = namesIn(side);
  const sideFiles = (set: string, kind: string): string[] =>
    sideNames
      .filter((name) => name === `${set}.${kind}.json` || name.startsWith(`${set}.${kind}.`))
      .map((name) => fs.readFileSync(path.join(side, name), "utf8"));
  const sets = path.join(target, targetLayout.sets(series));
  return namesIn(sets).flatMap((set): KnownSet[] => {
    const text = readIfThere(path.join(sets, set, MANIFEST));
    if (text === undefined || !RunId.safeParse(set).success) return [];
    const verified = sideFiles(set, "verified").map((one) => Verified.parse(one));
    const held = sideFiles(set, "held").map((one) => Held.parse(one));
    return [
      {
        manifest: Manifest.parse(text),
        folder: path.join(sets, set),
        good: verified.every(({ failures }) => failures.length === 0),
        carried: sideFiles(set, "carried").map((one) => Carried.parse(one).copy),
        held: held.some(({ until }) => until === undefined || until > world.clock.now),
      },
    ];
  });
}

export function readLast(world: World, execution: Execution): LastSets {
  const good = readSets(world, execution)
    .filter((set) => set.good)
    .map(({ manifest }) => manifest)
    .sort((a, b) => (a.set < b.set ? 1 : -1));
  const full = good.find(({ kind }) => kind === "full");
  const file = path.join(targetFolder(world, execution, "read"), targetLayout.accepted(seriesOf(execution.job)));
  const text = readIfThere(file);
  return {
    reference: { ...describe(good[0]), full: describe(full) },
    comparable: good.find(({ kind }) => kind === execution.job.setKind),
    accepted: text === undefined ? [] : Accepted.parse(text).artefacts,
  };
}

function describe(manifest: Manifest | undefined): { [key: string]: Json } {
  return manifest ? { set: manifest.set, at: manifest.startedAt, facts: manifest.facts } : {};
}
