import { bucketLayout, Manifest } from "../../estate/documents";
import { many, messageOf, OffsiteError } from "../error";
import { turnOf } from "../inventory";
import { parseKey } from "../keys";
import { readContents, type FileLine, type ObjectLine } from "../sets/contents";
import { sha256Of } from "../store/body";
import type { Store } from "../store/store";

/** A set as the bucket has it: its manifest, and where each of its files lies. */
export interface LocatedSet {
  series: string;
  set: string;
  manifest: Manifest;
  sealed: Buffer;
  objects: Map<string, ObjectLine>;
  files: FileLine[];
  /** What is odd about it, for a person: something was hidden or overwritten, and is used all the same. */
  notes: string[];
}

export interface LocateOptions {
  /** As a receipt has it: then no other manifest will do. */
  manifestSha256?: string | undefined;
}

interface Candidate {
  key: string;
  /** Undefined: the newest, in a bucket without versions. */
  version: string | undefined;
  hidden: boolean;
}

/**
 * Finds a set also after its objects were deleted or overwritten, as long as the bucket keeps versions. Nothing that was
 * published is ever overwritten by a courier: so of several versions the first one is right.
 */
export async function locateSet(
  store: Store,
  series: string,
  set: string,
  options: LocateOptions = {},
): Promise<LocatedSet> {
  const notes: string[] = [];
  const all = await candidates(store, series, set);
  const { manifest, sealed } = await findManifest(store, series, set, all, options, notes);
  const { objects, files } = await findContents(store, manifest, all, notes);
  return { series, set, manifest, sealed, objects, files, notes };
}

/** All versions of what is published of a set; those that were published first, first. */
async function candidates(store: Store, series: string, set: string): Promise<Candidate[]> {
  const below = `${bucketLayout.sets(series)}${set}/`;
  const found: Candidate[] = [];
  if (store.sender.can("list-versions")) {
    try {
      const hidden = new Set<string>();
      for await (const { key, version, marker, latest } of store.versions(below)) {
        if (marker && latest) hidden.add(key);
        if (!marker)
          found.unshift({ key, version: version === "null" && latest ? undefined : version, hidden: hidden.has(key) });
      }
      return found;
    } catch (error) {
      // Not everyone who may read may list versions, and not every store has them.
      if (!(error instanceof OffsiteError && ["access-denied", "lacks"].includes(error.code))) throw error;
    }
  }
  for await (const { key } of store.list(below)) found.push({ key, version: undefined, hidden: false });
  return found;
}

async function findManifest(
  store: Store,
  series: string,
  set: string,
  all: readonly Candidate[],
  { manifestSha256 }: LocateOptions,
  notes: string[],
): Promise<{ manifest: Manifest; sealed: Buffer }> {
  const versions = all.filter(({ key }) => parseKey(key)?.kind === "manifest");
  const problems: string[] = [];
  for (const { key, version, hidden } of versions) {
    try {
      const sealed = await store.readWhole(key, version);
      if (!sealed) throw new Error("it is gone");
      if (manifestSha256 !== undefined && sha256Of(sealed).toString("hex") !== manifestSha256) {
        throw new Error("its SHA-256 is not that of the receipt");
      }
      const manifest = Manifest.parse(sealed.toString("utf8"));
      if (manifest.series !== series || manifest.set !== set)
        throw new Error(`it is that of ${manifest.series}/${manifest.set}`);
      if (hidden)
        notes.push(`The manifest of ${series}/${set} was deleted; the version below the delete marker is used.`);
      else if (versions.length > 1)
        notes.push(
          `The manifest of ${series}/${set} has ${many(versions.length, "version")}; one that fits is used, the first that was published.`,
        );
      return { manifest, sealed };
    } catch (error) {
      if (isOfStore(error)) throw error;
      problems.push(messageOf(error));
    }
  }
  if (versions.length === 0) {
    throw new OffsiteError(
      "not-found",
      `${store.where} has no set ${series}/${set}.`,
      "See what it has with offsite list.",
    );
  }
  throw new OffsiteError(
    "damaged",
    `The manifest of ${series}/${set} at ${store.where} cannot be used: ${problems.join("; ")}.`,
  );
}

async function findContents(
  store: Store,
  manifest: Manifest,
  all: readonly Candidate[],
  notes: string[],
): Promise<{ objects: Map<string, ObjectLine>; files: FileLine[] }> {
  const { series, set } = manifest;
  const versions = all.filter(({ key }) => parseKey(key)?.kind === "contents").sort((a, b) => turnOf(b) - turnOf(a));
  const problems: string[] = [];
  for (const { key, version, hidden } of versions) {
    try {
      const objects = new Map<string, ObjectLine>();
      const files: FileLine[] = [];
      for await (const line of readContents(store, key, version)) {
        if ("object" in line) objects.set(line.object, line);
        else files.push(line);
      }
      demandArtefacts(manifest, files);
      if (hidden)
        notes.push(`The contents of ${series}/${set} were deleted; the version below the delete marker is used.`);
      return { objects, files };
    } catch (error) {
      if (isOfStore(error)) throw error;
      problems.push(messageOf(error));
    }
  }
  const why = problems.length > 0 ? problems.join("; ") : "there are none";
  throw new OffsiteError("damaged", `The contents of ${series}/${set} at ${store.where} cannot be used: ${why}.`);
}

/** Contents that do not hold what was sealed are those of something else. */
function demandArtefacts({ artefacts, series, set }: Manifest, files: readonly FileLine[]): void {
  const lines = new Map(files.map((line) => [line.path, line]));
  for (const { path, sha256 } of artefacts) {
    if (lines.get(path)?.sha256 !== sha256)
      throw new OffsiteError("damaged", `the contents of ${series}/${set} do not hold ${path} as it was sealed`);
  }
}

/** The store fails, not what lies in it: another version would not help. */
const isOfStore = (error: unknown): boolean =>
  error instanceof OffsiteError &&
  ["access-denied", "unreachable", "cancelled", "lacks", "refused"].includes(error.code);
