import { needsOf } from "../../estate/chains";
import { coverKey, startOfRun, type Manifest } from "../../estate/documents";
import type { RetainableSet } from "../../estate/retention";
import { messageOf, OffsiteError } from "../error";
import { inParallel } from "../parallel";
import { readContents } from "../sets/contents";
import { versionToRead } from "../store/listing";
import type { Store } from "../store/store";
import { isLost, readReport, standing } from "../verify/reports";
import { isDamage, readManifest } from "../verify/sets";
import { holdsBytes, oldestFirst, type KeptKey, type KeptSet, type Look } from "./look";

/** A set as a prune must see it: with all that any version of it may need. */
export interface PruneSet {
  set: string;
  kept: KeptSet;
  retainable: RetainableSet;
  /** Why it cannot be judged; it then stays, and all that it might need with it. */
  trouble: string | undefined;
  /** Undefined: nobody knows, so it may be any. */
  objects: ReadonlySet<string> | undefined;
  /** Reports about it that newer ones have overtaken. */
  overtaken: KeptKey[];
}

/** Retention asks whether a set is offsite. Here it is. */
const HERE = "bucket";

interface Sealed {
  manifest: Manifest | undefined;
  trouble: string | undefined;
  /** Hashes of all its manifests. */
  seals: Set<string>;
  /** What other versions of the manifest need beyond it. */
  more: string[];
}

/** Every set that has a manifest, be it hidden or overwritten. */
export async function readSets(
  store: Store,
  look: Look,
  isHeld: (set: string) => boolean,
  transfers: number,
): Promise<PruneSet[]> {
  const present = [...look.sets.values()].filter(({ manifest }) => holdsBytes(manifest));
  const read = new Map<string, { sealed: Sealed; good: boolean; overtaken: KeptKey[] }>();
  await inParallel(present, transfers, async (kept) => {
    const sealed = await readSealed(store, look.series, kept);
    const { lost, overtaken } = await readReports(store, look.verified.get(kept.set) ?? []);
    read.set(kept.set, { sealed, good: sealed.trouble === undefined && !lost, overtaken });
  });
  const needs = needsOf(
    [...read.values()].flatMap(({ sealed: { manifest }, good }) => (manifest ? [{ manifest, good }] : [])),
  );
  const sets: PruneSet[] = [];
  await inParallel(read, transfers, async ([set, { sealed, good, overtaken }]) => {
    const kept = look.sets.get(set);
    if (!kept) return;
    const { manifest, seals, more } = sealed;
    const { objects, trouble: unread } = await objectsOf(store, kept.contents, seals);
    const trouble = sealed.trouble ?? unread;
    // Where no contents vouch for the manifest, nobody knows what it needs: any that is older.
    const vouched = manifest !== undefined && unread === undefined;
    const older = vouched ? [] : [...read.keys()].filter((other) => other < set);
    const retainable: RetainableSet = {
      set,
      startedAt: manifest?.startedAt ?? startOfRun(set),
      good: good && trouble === undefined,
      needs: [...new Set([...(needs.get(set) ?? []), ...more, ...older])],
      covers: manifest?.covers.map(coverKey) ?? [],
      carried: trouble === undefined ? [HERE] : [],
      held: trouble !== undefined || isHeld(set),
    };
    sets.push({ set, kept, retainable, trouble, objects, overtaken });
  });
  return sets.sort((a, b) => (a.set < b.set ? 1 : -1));
}

/** What is there now should be the one and only manifest. */
async function readSealed(store: Store, series: string, { set, manifest: kept }: KeptSet): Promise<Sealed> {
  const sealed: Sealed = { manifest: undefined, trouble: undefined, seals: new Set(), more: [] };
  if (!kept) return sealed;
  if (kept.hidden) sealed.trouble = "its manifest is hidden by a delete marker";
  for (const version of oldestFirst(kept)) {
    try {
      const { manifest, sha256 } = await readManifest(store, kept.key, versionToRead(version), { series, set });
      sealed.seals.add(sha256);
      // Of several the first is right; what others need is kept as well.
      sealed.manifest ??= manifest;
      sealed.more.push(...(sealed.manifest === manifest ? [] : manifest.needs));
    } catch (error) {
      if (!isDamage(error)) throw error;
      sealed.trouble ??= `its manifest cannot be read: ${messageOf(error)}`;
    }
  }
  if (sealed.seals.size > 1) sealed.trouble ??= "its manifest was overwritten";
  return sealed;
}

async function readReports(store: Store, all: readonly KeptKey[]): Promise<{ lost: boolean; overtaken: KeptKey[] }> {
  const newestFirst = all.filter(({ hidden }) => !hidden).sort((a, b) => (a.key < b.key ? 1 : -1));
  const read = await Promise.all(
    newestFirst.map(async (kept) => ({ kept, report: await readReport(store, kept.key) })),
  );
  const legible = read.flatMap(({ kept, report }) => (report ? [{ ...report, kept }] : []));
  const stand = new Set(standing(legible).map(({ kept }) => kept));
  return { lost: isLost(legible), overtaken: legible.flatMap(({ kept }) => (stand.has(kept) ? [] : kept)) };
}

/** Of all its contents in all their versions: what one of them names may be needed. The highest turn counts. */
async function objectsOf(
  store: Store,
  contents: readonly KeptKey[],
  seals: ReadonlySet<string>,
): Promise<{ objects: Set<string> | undefined; trouble: string | undefined }> {
  const [counts, ...earlier] = contents.filter(holdsBytes).reverse();
  if (!counts) return { objects: undefined, trouble: "its contents are not there" };
  const objects = new Set<string>();
  let trouble = counts.hidden ? "its contents are hidden by a delete marker" : undefined;
  let known = false;
  for (const kept of [counts, ...earlier]) {
    for (const version of oldestFirst(kept)) {
      try {
        for (const object of await objectsIn(store, kept.key, versionToRead(version), seals)) objects.add(object);
        if (kept === counts) known = true;
      } catch (error) {
        if (!isDamage(error)) throw error;
        if (kept === counts) trouble ??= `its contents cannot be read: ${messageOf(error)}`;
      }
    }
  }
  return { objects: known ? objects : undefined, trouble };
}

/**
 * Objects stand first, and each is named again by the files that lie in it: where a store tells no checksum, it shows
 * there that a name has changed. Contents that do not name the manifest are those of another set.
 */
async function objectsIn(
  store: Store,
  key: string,
  version: string | undefined,
  seals: ReadonlySet<string>,
): Promise<Set<string>> {
  const objects = new Set<string>();
  let sealed = false;
  // To the end: only there it shows that they are what was sent, and nothing is removed by less.
  for await (const line of readContents(store, key, version)) {
    if ("object" in line) {
      if (seals.has(line.sha256)) sealed = true;
      objects.add(line.object);
    } else if (!objects.has(line.in)) {
      throw new OffsiteError("damaged", `${key} contradicts itself about where ${line.path} lies`);
    }
  }
  if (!sealed) throw new OffsiteError("damaged", `${key} does not name the manifest of its set`);
  return objects;
}
