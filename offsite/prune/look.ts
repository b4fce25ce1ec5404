import { bucketLayout } from "../../estate/documents";
import { emptyInventory, note, type Inventory, type ListedSet } from "../inventory";
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

export type KeptSet = ListedSet<KeptKey>;

/** One series, with all versions of everything. */
export interface Look extends Inventory<KeptKey> {
  takenAt: Date;
}

export async function takeLook(store: Store, series: string, takenAt: Date): Promise<Look> {
  const look = { takenAt, ...emptyInventory<KeptKey>(series) };
  for await (const kept of keysBelow(store, bucketLayout.series(series))) {
    // A mark that is hidden is seen by nobody.
    if (!kept.hidden || parseKey(kept.key)?.kind !== "mark") note(look, kept);
  }
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

/** Versions that hold bytes, those that came first, first. */
export const oldestFirst = ({ versions }: KeptKey): KeptVersion[] => versions.filter(({ marker }) => !marker).reverse();

export const holdsBytes = (kept: KeptKey | undefined): kept is KeptKey =>
  kept?.versions.some(({ marker }) => !marker) === true;
