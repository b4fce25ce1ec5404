import {
  FILES,
  scopeKey,
  seriesOf,
  targetLayout,
  type Artefact,
  type ListingLine,
  type Manifest,
  type StepOf,
} from "../../estate/documents";
import { reach, reachAsBackup, writeOnDisk } from "../files";
import { below, type Place } from "../paths";
import { walk } from "../walk";
import type { World } from "../world";
import { declaredArtefact, made, makeRoomFor } from "./artefacts";
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
    const before = artefact && lastListing(world, execution, artefact, step.fullEveryDays);
    const lines = linesOf(world, execution, step, before);
    const changed = lines.filter(({ set }) => set === execution.run.id);
    writeLines(world, execution, listing, lines);
    write(
      world,
      execution,
      changedFile(step.id),
      changed.map(({ path }) => path),
    );
    const needs = [...new Set(lines.map(({ set }) => set))].filter((set) => set !== execution.run.id);
    return {
      files: lines.length,
      bytes: bytesOf(lines),
      changed: { count: changed.length, bytes: bytesOf(changed) },
      full: before === undefined,
      needs: needs.sort(),
    };
  });
  await made(execution, step, step.title, artefacts, data);
  const { files, changed, full } = data;
  return { message: full ? messages.listedAnew(files) : messages.listed(files, changed.count), data };
}

const changedFile = (id: string): string => `${id}.changed.txt`;

/** What an inventory of this run has found new or changed. */
export function changedSince(world: World, execution: Execution, id: string): string[] {
  const text = world.disk.text(reach(world, execution.actor, workPath(execution, changedFile(id)), "read"));
  if (text === undefined) throw new StepFailure("empty-reference", messages.emptyReference(id));
  return text.split("\n").filter((line) => line !== "");
}

/** The folder that is looked at, which must be there. */
export function folderIn(world: World, execution: Execution, root: string, isBackup: boolean): Place {
  const place = (isBackup ? reachAsBackup : reach)(world, execution.actor, root, "read");
  if (world.disk.stat(place)?.kind === "folder") return place;
  throw new StepFailure("source-gone", messages.rootGone(root), messages.rootGoneAdvice);
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
  const place = folderIn(world, execution, root, step.backupMode);
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
    throw new StepFailure("access-denied", messages.notListed(root, denied[0] ?? ""), messages.notListedAdvice);
  }
  return lines;
}

/**
 * The listing of the newest good set, as far as what it names can be restored: what lies in a set that is damaged or gone
 * is taken anew. Undefined where there is none, or where it is time to take everything.
 */
function lastListing(
  world: World,
  execution: Execution,
  { path, scope }: MadeArtefact,
  fullEveryDays = Infinity,
): Map<string, ListingLine> | undefined {
  const listingIn = ({ artefacts }: Manifest): Artefact | undefined =>
    artefacts.find((one) => one.path === path && scopeKey(one.scope) === scopeKey(scope));
  const good = (execution.last?.sets ?? []).filter((set) => set.good).map(({ manifest }) => manifest);
  const newestFirst = good.filter((set) => listingIn(set) !== undefined).toSorted((a, b) => (a.set < b.set ? 1 : -1));
  const full = newestFirst.find((set) => listingIn(set)?.facts["full"] === true);
  if (!full || daysBetween(full.startedAt, world.clock.now) >= fullEveryDays) return undefined;
  const folder = below(targetFolder(world, execution, "read"), targetLayout.sets(seriesOf(execution.job)));
  const known = new Set(good.map(({ set }) => set));
  for (const manifest of newestFirst) {
    const body = world.disk.body(below(folder, manifest.set, path));
    // A listing that is not what was sealed is not believed.
    if (!body || body.sha256() !== listingIn(manifest)?.sha256) continue;
    const lines = body.derive(linesIn).filter(({ set }) => known.has(set));
    return new Map(lines.map((line) => [line.path.toLowerCase(), line]));
  }
  return undefined;
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

const parse = (text: string): ListingLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ListingLine);
const linesIn = (content: Buffer): readonly ListingLine[] => parse(content.toString("utf8"));

/**
 * What was copied gets its hash, as it lies in the set: that is what a restore gives back. What was changed between the
 * look and the copy stands there as it was copied; what was deleted meanwhile is no part of the set.
 */
export async function completeListing(execution: Execution, id: string): Promise<void> {
  const step = execution.job.steps.find((one) => one.id === id);
  if (step?.kind !== "inventory") throw new StepFailure("empty-reference", messages.emptyReference(id));
  const listing = fileNameOf(execution, step.listing.$work);
  await look(execution, (world) => {
    const text = world.disk.text(reach(world, execution.actor, workPath(execution, listing), "read"));
    if (text === undefined) throw new StepFailure("empty-reference", messages.emptyReference(id));
    const files = reach(world, execution.actor, setPath(execution, FILES), "read");
    const source = folderIn(world, execution, textValueOf(execution, step.root), step.backupMode);
    const lines = parse(text).flatMap((line) => {
      if (line.sha256 !== "") return [line];
      const place = below(files, line.path);
      const [body, stat] = [world.disk.body(place), world.disk.stat(place)];
      if (!body || !stat) {
        if (!world.disk.has(below(source, line.path))) return [];
        throw new StepFailure("not-made", messages.copyMissing(line.path));
      }
      spendOn(execution, "disk", body.bytes);
      return [{ ...line, bytes: body.bytes, modifiedAt: new Date(stat.modified).toISOString(), sha256: body.sha256() }];
    });
    spendOnFiles(execution, "hashed", lines.length);
    writeLines(world, execution, listing, lines);
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
