import { bucketLayout } from "../../estate/documents";
import { parseKey } from "../keys";
import { byKey, type ListedVersion } from "../store/listing";
import type { Store } from "../store/store";

/** A key with everything that the bucket keeps under it. */
export interface KeptKey {
  key: string;
  /** The newest first; delete markers too, because they must go as well. */
  versions: KeptVersion[];
  /** Of all its versions: what is freed when it goes. */
  bytes: number;
  /** When its newest version came. */
  modifiedAt: Date;
  /** A delete marker hides it. */
  hidden: boolean;
}

export interface KeptVersion extends Omit<ListedVersion, "version"> {
  /** Undefined where the store lists no versions: then there is one. */
  version: string | undefined;
}

export interface KeptSet {
  set: string;
  manifest: KeptKey | undefined;
  contents: KeptKey[];
}

/** One series, with all versions of everything. */
export interface Look {
  series: string;
  takenAt: Date;
  /** Data and packs. */
  objects: Map<string, KeptKey>;
  sets: Map<string, KeptSet>;
  /** By the name that they give their object. */
  marks: Map<string, KeptKey[]>;
  reports: Map<string, KeptKey[]>;
}

export async function takeLook(store: Store, series: string, now: () => Date): Promise<Look> {
  const look: Look = {
    series,
    takenAt: now(),
    objects: new Map(),
    sets: new Map(),
    marks: new Map(),
    reports: new Map(),
  };
  for await (const key of keysBelow(store, bucketLayout.series(series))) note(look, key);
  return look;
}

async function* keysBelow(store: Store, below: string): AsyncGenerator<KeptKey> {
  if (store.sender.can("list-versions")) {
    for await (const versions of byKey(store.versions(below))) yield keptKey(versions);
    return;
  }
  for await (const object of store.list(below)) {
    yield keptKey([{ ...object, version: undefined, latest: true, marker: false }]);
  }
}

function keptKey(versions: KeptVersion[]): KeptKey {
  const [newest] = versions;
  return {
    key: newest?.key ?? "",
    versions,
    bytes: versions.reduce((sum, { bytes }) => sum + bytes, 0),
    modifiedAt: newest?.modifiedAt ?? new Date(0),
    hidden: newest?.marker === true,
  };
}

/** What has no place in the layout is none of ours, and stays. */
function note(look: Look, kept: KeptKey): void {
  const parsed = parseKey(kept.key);
  switch (parsed?.kind) {
    case "data":
    case "pack":
      look.objects.set(kept.key, kept);
      return;
    case "manifest":
      setOf(look, parsed.set).manifest = kept;
      return;
    case "contents":
      setOf(look, parsed.set).contents.push(kept);
      return;
    case "mark":
      // A mark that is hidden is seen by nobody.
      if (!kept.hidden) add(look.marks, parsed.object, kept);
      return;
    case "verified":
      add(look.reports, parsed.set, kept);
      return;
    case "readme":
    case undefined:
  }
}

function setOf({ sets }: Look, set: string): KeptSet {
  const known = sets.get(set) ?? { set, manifest: undefined, contents: [] };
  sets.set(set, known);
  return known;
}

function add(map: Map<string, KeptKey[]>, name: string, kept: KeptKey): void {
  map.set(name, [...(map.get(name) ?? []), kept]);
}

/** Versions that hold bytes, those that came first, first. */
export const oldestFirst = ({ versions }: KeptKey): KeptVersion[] => versions.filter(({ marker }) => !marker).reverse();

export const holdsBytes = (kept: KeptKey | undefined): kept is KeptKey =>
  kept?.versions.some(({ marker }) => !marker) === true;
