import fs from "node:fs";
import path from "node:path";
import { LISTING, MANIFEST, type Manifest } from "../../estate/documents";
import { many, messageOf, OffsiteError } from "../error";
import { inParallel, Slabs } from "../parallel";
import { SLAB } from "../push/sizes";
import type { FileLine } from "../sets/contents";
import { heldBy, realFile } from "../sets/files";
import { needsNow } from "../sets/needs";
import { TRANSFERS } from "../store/open";
import type { Store } from "../store/store";
import { locateSet, type LocatedSet } from "./locate";
import { fetchFromPack, fetchWhole } from "./objects";
import { isPlaced, placeWhole } from "./place";

export interface FetchOptions {
  /** The folder that becomes that of the set. */
  destination: string;
  /** Only these files, by their paths in the set; without it the whole set. */
  files?: readonly string[];
  transfers?: number;
  /** As the receipt of the set has it, where there is one. */
  manifestSha256?: string;
  onEvent?: (event: FetchEvent) => void;
}

export type FetchEvent =
  | { kind: "planned"; files: number; bytes: number }
  | {
      kind: "fetched";
      files: number;
      bytes: number;
      of: { files: number; bytes: number };
      secondsLeft: number | undefined;
    }
  | { kind: "note"; message: string };

export interface FetchReport {
  manifest: Manifest;
  /** Sets of the series that must be restored before this one. */
  needs: readonly string[];
  files: number;
  bytes: number;
  /** That an earlier fetch has brought. */
  placedBefore: number;
  /** What was odd, and did not matter. */
  notes: string[];
}

/** Several packs are read at once, each into a buffer. */
const PACKS_AT_ONCE = 4;

/**
 * Brings a set back, or some files of it. Every byte is compared with its SHA-256 before a file gets its name; the
 * manifest comes last, so that a folder is a set only when it is whole. What was fetched before is not fetched again.
 */
export async function fetchSet(store: Store, series: string, set: string, options: FetchOptions): Promise<FetchReport> {
  const { destination, transfers = TRANSFERS, manifestSha256, onEvent = () => undefined } = options;
  const located = await locateSet(store, series, set, { manifestSha256 });
  const notes: string[] = [];
  const note = (message: string): void => {
    notes.push(message);
    onEvent({ kind: "note", message });
  };
  for (const one of located.notes) note(one);
  const wanted = wantedFiles(located, options.files);
  fs.mkdirSync(destination, { recursive: true });
  const left: FileLine[] = [];
  for (const file of wanted) if (!(await isPlaced(destination, file))) left.push(file);

  const tell = counter(left, onEvent);
  const slabs = new Slabs(SLAB, PACKS_AT_ONCE);
  const failed: string[] = [];
  await inParallel(byObject(left), transfers, async ([key, files]) => {
    const fetch = { store, destination, key, line: located.objects.get(key), note };
    const [inPack, whole] = [
      files.filter(({ offset }) => offset !== undefined),
      files.filter(({ offset }) => offset === undefined),
    ];
    try {
      if (inPack.length > 0) await fetchFromPack(fetch, inPack, slabs);
      for (const file of whole) await fetchWhole(fetch, file);
      tell(files);
    } catch (error) {
      if (!(error instanceof OffsiteError) || error.code !== "damaged") throw error;
      failed.push(messageOf(error));
    }
  });
  if (failed.length > 0) throw lost(located, failed);
  if (options.files === undefined) {
    await demandWhole(located, destination);
    placeWhole(destination, MANIFEST, located.sealed);
  }
  const bytes = wanted.reduce((sum, file) => sum + file.bytes, 0);
  const { manifest } = located;
  const needs = await needsNow(store, manifest);
  return { manifest, needs, files: wanted.length, bytes, placedBefore: wanted.length - left.length, notes };
}

function wantedFiles({ files, series, set }: LocatedSet, only: readonly string[] | undefined): FileLine[] {
  const inSet = files.filter(({ path: below }) => below !== MANIFEST);
  if (only === undefined) return inSet;
  const byPath = new Map(files.map((file) => [file.path, file]));
  return only.map((below) => {
    const file = byPath.get(below);
    if (file) return file;
    const near = inSet.filter((one) => path.posix.basename(one.path) === path.posix.basename(below)).slice(0, 3);
    throw new OffsiteError(
      "not-found",
      `The set ${series}/${set} holds no file ${below}.`,
      near.length > 0
        ? `It holds ${near.map((one) => one.path).join(", ")}.`
        : "Its contents name every file that it holds.",
    );
  });
}

function byObject(files: readonly FileLine[]): Map<string, FileLine[]> {
  const found = new Map<string, FileLine[]>();
  for (const file of files) {
    const others = found.get(file.in);
    if (others) others.push(file);
    else found.set(file.in, [file]);
  }
  return found;
}

function counter(files: readonly FileLine[], tell: (event: FetchEvent) => void): (some: readonly FileLine[]) => void {
  const sum = (some: readonly FileLine[]): number => some.reduce((total, { bytes }) => total + bytes, 0);
  const of = { files: files.length, bytes: sum(files) };
  const done = { files: 0, bytes: 0 };
  const began = performance.now();
  tell({ kind: "planned", ...of });
  return (some) => {
    done.files += some.length;
    done.bytes += sum(some);
    const perMs = done.bytes / Math.max(1, performance.now() - began);
    const secondsLeft = perMs > 0 ? (of.bytes - done.bytes) / perMs / 1000 : undefined;
    tell({ kind: "fetched", ...done, of, secondsLeft });
  };
}

/** The listing of a file store says which files must be there; contents that lack one were tampered with. */
async function demandWhole({ manifest, files, series, set }: LocatedSet, destination: string): Promise<void> {
  if (!manifest.artefacts.some(({ path: below }) => below === LISTING)) return;
  const known = new Map(files.map((file) => [file.path, file.sha256]));
  const listing = fs.createReadStream(realFile(destination, LISTING), { highWaterMark: 1 << 20 });
  for await (const file of heldBy(listing as AsyncIterable<Buffer>, set, `${series}/${set}`)) {
    if (known.get(file.path) === file.sha256) continue;
    throw new OffsiteError(
      "damaged",
      `The contents of ${series}/${set} do not hold ${file.path}, which its listing names.`,
    );
  }
}

function lost({ series, set }: LocatedSet, failed: readonly string[]): OffsiteError {
  const shown = failed.slice(0, 10);
  const more = failed.length - shown.length;
  return new OffsiteError(
    "damaged",
    `${series}/${set} cannot be fetched whole, because ${many(failed.length, "object")} cannot be used. ` +
      `${shown.join(" ")}${more > 0 ? ` And ${String(more)} more.` : ""}`,
    "The rest is in place. Look for the missing files in another set, on the target, or in older versions.",
  );
}
