import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { OffsiteError } from "../error";
import type { Slabs } from "../parallel";
import type { FileLine, ObjectLine } from "../sets/contents";
import { sha256Of } from "../store/body";
import type { Store } from "../store/store";
import { hashOf, partialOf, place, placeWhole } from "./place";
import { versionsToTry } from "./versions";

export interface ObjectFetch {
  store: Store;
  destination: string;
  key: string;
  line: ObjectLine | undefined;
  note: (message: string) => void;
}

/** A file that is an object of its own; goes on with what an interrupted fetch has left. */
export async function fetchWhole(fetch: ObjectFetch, file: FileLine): Promise<void> {
  const { store, destination, key, line } = fetch;
  const partial = partialOf(destination, file.path);
  fs.mkdirSync(path.dirname(partial), { recursive: true });
  const problems: string[] = [];
  for await (const version of versionsToTry(store, key, line)) {
    // What was left may be of another version: then it is begun anew.
    const kept = fs.statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
    for (const from of kept > 0 && kept <= file.bytes ? [kept, 0] : [0]) {
      const problem = await download(fetch, file, partial, version, from);
      if (problem === undefined) {
        place(destination, file.path, partial);
        if (problems.length > 0) fetch.note(otherVersion(key, version, problems));
        return;
      }
      problems.push(problem);
      fs.rmSync(partial, { force: true });
    }
  }
  throw unusable(store, key, file.path, problems);
}

async function download(
  { store, key }: ObjectFetch,
  { bytes, sha256 }: FileLine,
  partial: string,
  version: string | undefined,
  from: number,
): Promise<string | undefined> {
  const hash = from > 0 ? await hashOf(partial, from) : createHash("sha256");
  const handle = fs.openSync(partial, from > 0 ? "a" : "w");
  let at = from;
  try {
    if (at < bytes || bytes === 0) {
      for await (const chunk of store.read(key, { ...(version === undefined ? {} : { version }), start: from })) {
        at += chunk.length;
        if (at > bytes) return `it has more than ${String(bytes)} bytes`;
        hash.update(chunk);
        fs.writeSync(handle, chunk);
      }
    }
    fs.fsyncSync(handle);
  } catch (error) {
    return orThrow(error);
  } finally {
    fs.closeSync(handle);
  }
  if (at !== bytes) return `it has ${String(at)} of ${String(bytes)} bytes`;
  return hash.digest("hex") === sha256 ? undefined : "its SHA-256 differs";
}

/** Files in a pack that lie nearer to each other than this are read in one go. */
const GAP = 64 * 1024;

/** Files of a pack, by their places in it; those that one version does not have right are taken from the next. */
export async function fetchFromPack(fetch: ObjectFetch, files: readonly FileLine[], slabs: Slabs): Promise<void> {
  const { store, destination, key, line } = fetch;
  let left = [...files].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const problems: string[] = [];
  for await (const version of versionsToTry(store, key, line)) {
    const done = new Set<FileLine>();
    for (const run of runsOf(left, slabs.bytes)) {
      await slabs.use(async (slab) => {
        const problem = await readRun(fetch, run, version, slab);
        if (problem !== undefined) problems.push(problem);
        for (const { file, content } of problem === undefined ? cut(run, slab) : []) {
          if (sha256Of(content).toString("hex") !== file.sha256) continue;
          placeWhole(destination, file.path, content);
          done.add(file);
        }
      });
    }
    left = left.filter((file) => !done.has(file));
    if (left.length === 0) {
      if (problems.length > 0) fetch.note(otherVersion(key, version, problems));
      return;
    }
    problems.push(`the SHA-256 of ${left[0]?.path ?? ""} differs`);
  }
  throw unusable(store, key, left[0]?.path ?? "", problems);
}

interface Run {
  start: number;
  end: number;
  files: FileLine[];
}

function runsOf(files: readonly FileLine[], most: number): Run[] {
  const runs: Run[] = [];
  for (const file of files) {
    const [start, end] = [file.offset ?? 0, (file.offset ?? 0) + file.bytes];
    const run = runs.at(-1);
    if (run && start - run.end <= GAP && end - run.start <= most) {
      run.files.push(file);
      run.end = Math.max(run.end, end);
    } else runs.push({ start, end, files: [file] });
  }
  return runs;
}

/** Undefined where the bytes are in the buffer; else what is wrong with this version. */
async function readRun(
  { store, key }: ObjectFetch,
  { start, end }: Run,
  version: string | undefined,
  into: Buffer,
): Promise<string | undefined> {
  if (end - start > into.length) return "a file in it is bigger than any that packs hold";
  let at = 0;
  try {
    // A range of nothing is no range.
    const chunks = end > start ? store.read(key, { ...(version === undefined ? {} : { version }), start, end }) : [];
    for await (const chunk of chunks) {
      if (at + chunk.length > end - start) return "more came than was asked for";
      at += chunk.copy(into, at);
    }
  } catch (error) {
    return orThrow(error);
  }
  return at === end - start ? undefined : `it ends ${String(end - start - at)} bytes too early`;
}

function* cut({ start, files }: Run, content: Buffer): Generator<{ file: FileLine; content: Buffer }> {
  for (const file of files) {
    const from = (file.offset ?? 0) - start;
    yield { file, content: content.subarray(from, from + file.bytes) };
  }
}

/** What is wrong with one version may be right in another; where the store itself fails, nothing helps. */
function orThrow(error: unknown): string {
  if (error instanceof OffsiteError && ["not-found", "damaged", "refused"].includes(error.code)) return error.message;
  throw error;
}

const versionName = (version: string | undefined): string =>
  version === undefined ? "the newest version" : `version ${version}`;
const otherVersion = (key: string, version: string | undefined, problems: readonly string[]): string =>
  `${key}: ${versionName(version)} is used, because of what came first: ${problems.join("; ")}`;

const unusable = (store: Store, key: string, file: string, problems: readonly string[]): OffsiteError =>
  new OffsiteError("damaged", `${file} cannot be had from ${key} at ${store.where}: ${problems.join("; ")}.`);
