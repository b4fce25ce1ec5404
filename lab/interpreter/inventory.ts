import {
  FILES,
  hostLayout,
  scopeKey,
  seriesOf,
  targetLayout,
  type Artefact,
  type ListingLine,
  type Manifest,
  type StepOf,
} from "../../estate/documents";
import { reach, reachAsBackup, writeOnDisk } from "../files";
import { below } from "../paths";
import { mustBeFolder, walk } from "../walk";
import type { World } from "../world";
import { declaredArtefact, made, makeRoomFor } from "./artefacts";
import { restorable } from "./chain";
import { spendOn, spendOnFiles } from "./durations";
import { look, setPath, StepFailure, workPath, type Done, type Execution, type MadeArtefact } from "./execution";
import * as messages from "./messages";
import { targetFolder } from "./sets";
import { fileNameOf, textValueOf } from "./values";

/** The kind that lists a folder, and what the hash step does with its listing. */

export async function inventory(execution: Execution, step: StepOf<"inventory">): Promise<Done> {
  const artefacts = step.produces.map((declared) => declaredArtefact(execution, declared));
  const listing = fileNameOf(execution, step.listing.$work);
  const data = await look(execution, (world) => {
    makeRoomFor(world, execution, artefacts);
    const artefact = artefacts.find(({ path }) => path === listing);
    const base = artefact && baseOf(world, execution, artefact, step.fullEveryDays);
    const lines = linesOf(world, execution, step, base?.lines);
    const changed = lines.filter(({ set }) => set === execution.run.id);
    writeLines(world, execution, listing, lines);
    write(
      world,
      execution,
      hostLayout.changedFiles(step.id),
      changed.map(({ path }) => path),
    );
    const needs = [...new Set(lines.map(({ set }) => set))].filter((set) => set !== execution.run.id);
    return {
      files: lines.length,
      bytes: bytesOf(lines),
      changed: { count: changed.length, bytes: bytesOf(changed) },
      full: base === undefined,
      base: base?.set,
      needs: needs.sort(),
    };
  });
  const { base, ...found } = data;
  await made(execution, step, "The inventory", artefacts, found);
  return { message: messages.listed(found.files, found.changed.count, base), data: found };
}

const bytesOf = (lines: readonly ListingLine[]): number => lines.reduce((sum, { bytes }) => sum + bytes, 0);

/** In the order of their paths. What the last set has with the same size and time is not looked at again. */
function linesOf(
  world: World,
  execution: Execution,
  step: StepOf<"inventory">,
  before: ReadonlyMap<string, ListingLine> = new Map(),
): ListingLine[] {
  const { actor, run } = execution;
  const root = textValueOf(execution, step.root);
  const place = (step.backupMode ? reachAsBackup : reach)(world, actor, root, "read");
  mustBeFolder(world, place, root);
  const denied: string[] = [];
  const walked = { ...step, pastPermissions: step.backupMode, onDenied: (folder: string) => denied.push(folder) };
  const lines: ListingLine[] = [];
  for (const { path, body, modified } of walk(world, actor, place, walked)) {
    const [bytes, modifiedAt] = [body.bytes, new Date(modified).toISOString()];
    const last = before.get(path.toLowerCase());
    const isSame = last?.bytes === bytes && last.modifiedAt === modifiedAt;
    lines.push({ path, bytes, modifiedAt, sha256: isSame ? last.sha256 : "", set: isSame ? last.set : run.id });
  }
  spendOnFiles(execution, "listed", lines.length);
  // A listing that lacks something would say that it is not there.
  if (denied.length > 0) {
    throw new StepFailure("access-denied", messages.notListed(root, denied), messages.notListedAdvice);
  }
  return lines;
}

interface Base {
  set: string;
  lines: ReadonlyMap<string, ListingLine>;
}

/** The newest set with a listing of the same thing that can be restored; none where it is time to take everything. */
function baseOf(
  world: World,
  execution: Execution,
  { path, scope }: MadeArtefact,
  fullEveryDays = Infinity,
): Base | undefined {
  const listingIn = ({ artefacts }: Manifest): Artefact | undefined =>
    artefacts.find((one) => one.path === path && scopeKey(one.scope) === scopeKey(scope));
  const sets = restorable(execution.last?.sets ?? []).filter((manifest) => listingIn(manifest) !== undefined);
  const full = sets.findLast(({ needs }) => needs.length === 0);
  if (!full || dayOf(world.clock.now) - dayOf(full.startedAt) >= fullEveryDays) return undefined;
  const folder = below(targetFolder(world, execution, "read"), targetLayout.sets(seriesOf(execution.job)));
  for (const manifest of sets.reverse()) {
    const body = world.disk.body(below(folder, manifest.set, path));
    // A listing that is not what was sealed is believed no more than a set that is damaged.
    if (body?.sha256() !== listingIn(manifest)?.sha256) continue;
    return { set: manifest.set, lines: body?.derive(byPath) ?? new Map() };
  }
  return undefined;
}

const dayOf = (at: string): number => Math.floor(Date.parse(at) / 86_400_000);

const parse = (text: string): ListingLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ListingLine);
const byPath = (content: Buffer): ReadonlyMap<string, ListingLine> =>
  new Map(parse(content.toString("utf8")).map((line) => [line.path.toLowerCase(), line]));

/**
 * What was copied gets its hash, as it lies in the set: that is what a restore gives back. What was changed between the
 * look and the copy stands there as it was copied; what was deleted meanwhile is no part of the set.
 */
export async function completeListing(execution: Execution, id: string): Promise<number> {
  const step = execution.job.steps.find((one) => one.id === id);
  if (step?.kind !== "inventory") throw new StepFailure("no-listing", messages.noListing(id));
  const listing = fileNameOf(execution, step.listing.$work);
  return look(execution, (world) => {
    const text = world.disk.text(reach(world, execution.actor, workPath(execution, listing), "read"));
    if (text === undefined) throw new StepFailure("no-listing", messages.noListing(id));
    const files = reach(world, execution.actor, setPath(execution, FILES), "read");
    const lines = parse(text).flatMap((line) => {
      if (line.sha256 !== "") return [line];
      const place = below(files, line.path);
      const [body, stat] = [world.disk.body(place), world.disk.stat(place)];
      if (!body || !stat) return [];
      spendOn(execution, "disk", body.bytes);
      return [{ ...line, bytes: body.bytes, modifiedAt: new Date(stat.modified).toISOString(), sha256: body.sha256() }];
    });
    spendOnFiles(execution, "hashed", lines.length);
    writeLines(world, execution, listing, lines);
    return lines.length;
  });
}

const writeLines = (world: World, execution: Execution, file: string, lines: readonly ListingLine[]): void => {
  write(
    world,
    execution,
    file,
    lines.map((line) => JSON.stringify(line)),
  );
};

function write(world: World, execution: Execution, file: string, lines: readonly string[]): void {
  const place = reach(world, execution.actor, workPath(execution, file), "change");
  writeOnDisk(world, place, lines.map((line) => `${line}\n`).join(""));
}
