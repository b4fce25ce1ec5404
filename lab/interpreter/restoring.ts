import {
  FILES,
  LISTING,
  ListingLine,
  Manifest,
  MANIFEST,
  seriesOf,
  targetLayout,
  Verified,
  type Artefact,
  type StepOf,
} from "../../estate/documents";
import { mustHaveRoom, reach } from "../files";
import { below, joinWindows, type Place } from "../paths";
import type { World } from "../world";
import { opensAs } from "./checks";
import { spendOn, spendOnCopy, spendOnFiles, wayBetween } from "./durations";
import { look, StepFailure, type Done, type Execution } from "./execution";
import * as messages from "./messages";
import { targetFolder } from "./sets";
import { textValueOf } from "./values";

/** The kinds that look at a set before anything is restored from it, and that put the files of one in their places. */

type Failures = Verified["failures"];

export async function verify(execution: Execution, step: StepOf<"verify">): Promise<Done> {
  const set = textValueOf(execution, step.set);
  const manifest = await look(execution, (world) => manifestOf(world, execution, set));
  const failures: Failures = [];
  for (const artefact of manifest.artefacts) {
    const wrong = await wrongWith(execution, set, artefact, step.level);
    if (wrong !== undefined) failures.push({ path: artefact.path, message: wrong });
  }
  await look(execution, (world) => {
    const folder = setFolder(world, execution, set);
    failures.push(...wrongInListing(world, execution, set, step.level));
    for (const needed of manifest.needs) {
      if (world.disk.has(below(setFolder(world, execution, needed), MANIFEST))) continue;
      failures.push({ path: MANIFEST, message: messages.needsMissing(needed) });
    }
    failures.push(...standing(world, execution, manifest, failures));
    const { series, artefacts, bytes } = manifest;
    const verified = Verified.make({
      ...{ set, series, where: "target", at: world.clock.now, level: step.level },
      ...{ artefacts: artefacts.length, bytes, failures },
    });
    const side = below(targetFolder(world, execution, "change"), targetLayout.verified(series, set));
    world.disk.write(side, Verified.write(verified));
    spendOn(execution, wayBetween(world, { host: execution.actor.host, local: folder.local }, folder), bytes);
  });
  if (failures.length > 0) {
    throw new StepFailure("set-damaged", messages.setDamaged(set, failures), messages.setDamagedAdvice);
  }
  const artefacts = manifest.artefacts.length;
  return { message: messages.verified(set, step.level, artefacts), data: { artefacts, failures: [] } };
}

/** As it was sealed; undefined: nothing is wrong with it. */
function wrongWith(
  execution: Execution,
  set: string,
  { path, format, bytes, sha256 }: Artefact,
  level: StepOf<"verify">["level"],
): Promise<string | undefined> {
  return look(execution, async (world) => {
    const body = world.disk.body(below(setFolder(world, execution, set), path));
    if (!body) return messages.missing;
    if (body.bytes !== bytes) return messages.otherSize(body.bytes, bytes);
    if (level === "hashed" && body.sha256() !== sha256) return messages.otherHash;
    if (level === "present") return undefined;
    return opensAs(format, body).then(
      () => undefined,
      (error: unknown) => messages.doesNotOpen(path, format, error instanceof Error ? error.message : String(error)),
    );
  });
}

/** The files of a file store stand in its listing: those that lie in this very set. */
function wrongInListing(world: World, execution: Execution, set: string, level: StepOf<"verify">["level"]): Failures {
  const lines = (listingOf(world, execution, set) ?? []).filter((line) => line.set === set);
  spendOnFiles(execution, level === "hashed" ? "hashed" : "listed", lines.length);
  return lines.flatMap((line) => {
    const wrong = wrongFile(world, storedAt(world, execution, line), line, level === "hashed");
    return wrong === undefined ? [] : [{ path: `${FILES}/${line.path}`, message: wrong }];
  });
}

function wrongFile(world: World, at: Place, line: ListingLine, hashed: boolean): string | undefined {
  const body = world.disk.body(at);
  if (!body) return messages.missing;
  if (body.bytes !== line.bytes) return messages.otherSize(body.bytes, line.bytes);
  return hashed && body.sha256() !== line.sha256 ? messages.otherHash : undefined;
}

/** Of a backup of SQL Server only the server can say that it is good: what it has said against one stays. */
function standing(world: World, execution: Execution, { series, set, artefacts }: Manifest, found: Failures): Failures {
  const text = world.disk.text(below(targetFolder(world, execution, "read"), targetLayout.verified(series, set)));
  const before = text === undefined ? [] : Verified.parse(text).failures;
  return before.filter(({ path }) => {
    const isBackup = artefacts.some((artefact) => artefact.path === path && artefact.format === "bak");
    return isBackup && !found.some((one) => one.path === path);
  });
}

/** All is looked at before the first file is written: nothing is put together by halves. */
export async function assemble(execution: Execution, step: StepOf<"assemble">): Promise<Done> {
  const set = textValueOf(execution, step.set);
  const destination = textValueOf(execution, step.destination);
  const { files, bytes } = await look(execution, (world) => {
    manifestOf(world, execution, set);
    const listing = listingOf(world, execution, set);
    if (!listing) throw new StepFailure("no-listing", messages.nothingListed(set));
    const lines = chosen(listing, step.paths, set);
    const wrong = lines.flatMap((line) => {
      const message = wrongFile(world, storedAt(world, execution, line), line, true);
      return message === undefined ? [] : [{ path: `${line.set}/${FILES}/${line.path}`, message }];
    });
    if (wrong.length > 0) {
      throw new StepFailure("set-damaged", messages.setDamaged(set, wrong), messages.setDamagedAdvice);
    }
    const to = reach(world, execution.actor, destination, "change");
    const sum = lines.reduce((all, line) => all + line.bytes, 0);
    mustHaveRoom(world, to, sum);
    for (const line of lines) world.disk.copy(storedAt(world, execution, line), below(to, line.path));
    spendOnFiles(execution, "copied", lines.length);
    spendOnCopy(execution, wayBetween(world, targetFolder(world, execution, "read"), to), sum);
    return { files: lines.length, bytes: sum };
  });
  return { message: messages.assembled(files, bytes, destination), data: { files, bytes } };
}

/** A folder stands for all that is in it. */
function chosen(lines: readonly ListingLine[], paths: readonly string[] | undefined, set: string): ListingLine[] {
  if (!paths) return [...lines];
  const keyOf = (path: string): string => path.replaceAll("\\", "/").replace(/\/$/, "").toLowerCase();
  const found = new Map<string, ListingLine>();
  for (const path of paths) {
    const key = keyOf(path);
    const inIt = lines.filter((line) => keyOf(line.path) === key || keyOf(line.path).startsWith(`${key}/`));
    if (inIt.length === 0) throw new StepFailure("not-found", messages.notInSet(path, set));
    for (const line of inIt) found.set(line.path, line);
  }
  return [...found.values()];
}

function setFolder(world: World, execution: Execution, set: string): Place {
  return below(targetFolder(world, execution, "read"), targetLayout.set(seriesOf(execution.job), set));
}

const storedAt = (world: World, execution: Execution, { set, path }: ListingLine): Place => {
  const { host, local } = setFolder(world, execution, set);
  return { host, local: joinWindows(local, FILES, path) };
};

function manifestOf(world: World, execution: Execution, set: string): Manifest {
  const series = seriesOf(execution.job);
  const text = world.disk.text(below(setFolder(world, execution, set), MANIFEST));
  if (text === undefined) throw new StepFailure("no-set", messages.noSet(set, series), messages.noSetAdvice);
  const manifest = Manifest.parse(text);
  if (manifest.set === set && manifest.series === series) return manifest;
  throw new StepFailure("no-set", messages.noSet(set, series), messages.anotherSet(manifest.series, manifest.set));
}

/** Undefined: it is no set of a file store. */
function listingOf(world: World, execution: Execution, set: string): readonly ListingLine[] | undefined {
  return world.disk.body(below(setFolder(world, execution, set), LISTING))?.derive(linesIn);
}

const linesIn = (content: Buffer): ListingLine[] =>
  content
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ListingLine.parse(JSON.parse(line)));
