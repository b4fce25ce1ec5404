import fs from "node:fs";
import path from "node:path";
import { Manifest, MANIFEST, Name, RunId, targetLayout } from "../../estate/documents";
import { messageOf, OffsiteError } from "../error";

/** Sealed sets as they lie on a target: read, and never changed. */
export interface SealedSet {
  series: string;
  set: string;
  /** The folder of the set. */
  folder: string;
  manifest: Manifest;
  /** The manifest as it lies there, byte for byte: that is what is carried. */
  sealed: Buffer;
}

export function demandTarget(target: string): void {
  if (isFolder(target)) return;
  throw new OffsiteError(
    "not-found",
    `The target ${target} is not there, or no folder.`,
    "Check its path and its share.",
  );
}

/** Series that have a folder for sets, by name. */
export function seriesOn(target: string): string[] {
  demandTarget(target);
  return namesIn(path.join(target, targetLayout.allSeries)).filter(
    (name) => Name.safeParse(name).success && isFolder(path.join(target, targetLayout.sets(name))),
  );
}

/** Sets of a series that have a manifest, oldest first. A folder without one is no set. */
export function setsOn(target: string, series: string): string[] {
  return namesIn(path.join(target, targetLayout.sets(series))).filter(
    (name) => RunId.safeParse(name).success && fs.existsSync(path.join(target, targetLayout.manifest(series, name))),
  );
}

export function readSealed(target: string, series: string, set: string): SealedSet {
  const file = path.join(target, targetLayout.manifest(series, set));
  try {
    const sealed = fs.readFileSync(file);
    const manifest = Manifest.parse(sealed.toString("utf8"));
    if (manifest.set !== set || manifest.series !== series) {
      throw new Error(`it is the manifest of ${manifest.series}/${manifest.set}`);
    }
    return { series, set, folder: path.join(target, targetLayout.set(series, set)), manifest, sealed };
  } catch (error) {
    throw new OffsiteError(
      "damaged",
      `${series}/${set}: ${MANIFEST} cannot be read: ${messageOf(error)}.`,
      undefined,
      error,
    );
  }
}

const namesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []);
const isFolder = (folder: string): boolean => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
