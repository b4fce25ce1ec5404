import { bucketLayout, DocumentError, Manifest, MANIFEST } from "../../estate/documents";
import { messageOf, OffsiteError } from "../error";
import { turnOf, type ListedSet } from "../inventory";
import { parseKey } from "../keys";
import { sha256Of } from "../store/body";
import type { ListedVersion } from "../store/listing";
import type { Store } from "../store/store";
import { CONTENTS, readSetContents, type ReadContents, type ReadManifest } from "./contents";
import type { Histories } from "./histories";
import type { Finding } from "./report";

/** A set as far as its manifest could be read. */
export interface ReadSeal {
  set: string;
  listed: ListedSet;
  sealed: ReadManifest | undefined;
  findings: Finding[];
}

/** A set as far as it could be read. */
export interface ReadSet extends ReadSeal {
  contents: ReadContents | undefined;
  /** Which contents were read. */
  from: Candidate | undefined;
}

/** Of several versions the first one is right: nothing that was published is ever overwritten by a courier. */
interface Candidate {
  key: string;
  /** Undefined: what is there now. */
  version: string | undefined;
}

/** Reads the manifest; where it is damaged, an earlier version of it, and says so. */
export async function readSeal(
  store: Store,
  series: string,
  listed: ListedSet,
  histories: Histories,
): Promise<ReadSeal> {
  const { set } = listed;
  const { read, findings } = await firstGood(
    { path: MANIFEST, object: bucketLayout.manifest(series, set) },
    candidates(listed.manifest?.key, histories, ({ kind, of }) => kind === "manifest" && of === set),
    ({ key, version }) => readManifest(store, key, version, { series, set }),
    () => [],
  );
  return { set, listed, sealed: read, findings };
}

/** And the contents, in the same way. */
export async function readSet(store: Store, series: string, seal: ReadSeal, histories: Histories): Promise<ReadSet> {
  const { set, listed, sealed } = seal;
  const { read, from, findings } = await firstGood(
    { path: CONTENTS, object: bucketLayout.contents(series, set) },
    candidates(listed.contents.at(-1)?.key, histories, ({ kind, of }) => kind === "contents" && of === set),
    ({ key, version }) => readSetContents(store, key, version, { series, set }, sealed),
    (contents) => contents.findings,
  );
  return { ...seal, contents: read, from, findings: [...seal.findings, ...findings] };
}

/** What is there now; then, where it was changed or hidden, its versions, the first one first. */
function candidates(
  present: string | undefined,
  { changed }: Histories,
  isOne: (about: { kind: string; of: string }) => boolean,
): Candidate[] {
  const keys = present === undefined ? hiddenKeys(changed, isOne) : [present];
  const earlier = keys.flatMap((key) =>
    [...(changed.get(key) ?? [])].reverse().map(({ version }): Candidate => ({ key, version })),
  );
  return present === undefined ? earlier : [{ key: present, version: undefined }, ...earlier];
}

/** Of contents the highest turn counts. */
function hiddenKeys(
  changed: ReadonlyMap<string, readonly ListedVersion[]>,
  isOne: (about: { kind: string; of: string }) => boolean,
): string[] {
  const found = [...changed.values()].flatMap((versions) => versions[0] ?? []);
  return found
    .filter(({ key }) => {
      const parsed = parseKey(key);
      return parsed !== undefined && "set" in parsed && isOne({ kind: parsed.kind, of: parsed.set });
    })
    .sort((a, b) => turnOf(b) - turnOf(a))
    .map(({ key }) => key);
}

interface Found<T> {
  read: T | undefined;
  from: Candidate | undefined;
  findings: Finding[];
}

/** The first in which nothing is wrong, which what is there now should be; or else the first that can be read. */
async function firstGood<T>(
  sought: { path: string; object: string },
  all: readonly Candidate[],
  read: (candidate: Candidate) => Promise<T>,
  wrongIn: (read: T) => Finding[],
): Promise<Found<T>> {
  let problem: Finding | undefined;
  let second: Found<T> | undefined;
  for (const candidate of all) {
    const { key, version } = candidate;
    if (version !== undefined) problem ??= { ...sought, message: "is hidden by a delete marker", object: key };
    try {
      const found = await read(candidate);
      const wrong = wrongIn(found);
      if (wrong.length === 0) {
        const findings = problem ? [{ ...problem, ...(version === undefined ? {} : { version }) }] : [];
        return { read: found, from: candidate, findings };
      }
      problem ??= wrong[0];
      second ??= { read: found, from: candidate, findings: wrong };
    } catch (error) {
      if (!isDamage(error)) throw error;
      problem ??= { ...sought, message: messageOf(error), object: key };
    }
  }
  return second ?? { read: undefined, from: undefined, findings: [problem ?? { ...sought, message: "is not there" }] };
}

/** Of what lies there, not of the store or the way to it. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DocumentError ||
  (error instanceof OffsiteError && (error.code === "damaged" || error.code === "not-found"));

export async function readManifest(
  store: Store,
  key: string,
  version: string | undefined,
  { series, set }: { series: string; set: string },
): Promise<ReadManifest> {
  const bytes = await store.readWhole(key, version);
  if (!bytes) throw new OffsiteError("not-found", "it is gone");
  const manifest = Manifest.parse(bytes.toString("utf8"));
  if (manifest.series !== series || manifest.set !== set) {
    throw new OffsiteError("damaged", `it is that of ${manifest.series}/${manifest.set}`);
  }
  return { manifest, bytes: bytes.length, sha256: sha256Of(bytes).toString("hex") };
}
