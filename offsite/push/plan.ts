import { bucketLayout } from "../../estate/documents";
import { isMarked, type Inventory } from "../inventory";
import { EMPTY_PACK, MOST_ENTRIES, roomOf } from "../packs/zip";
import type { SetFile } from "../sets/files";
import type { Known, Place } from "./known";
import { SLAB, SMALL } from "./sizes";

/** What is to be sent of a set, and what is there already. */
export interface Plan {
  /** Files whose content lies in the bucket. */
  placed: Map<SetFile, Place>;
  packs: SetFile[][];
  singles: SetFile[];
  /** Files with the same content as one that is sent. */
  copies: Map<SetFile, SetFile>;
}

/** The same files and the same bucket are the same plan: after a kill, packs have the bytes they had before. */
export function planOf(
  series: string,
  files: readonly SetFile[],
  inventory: Inventory,
  known: Known,
  avoid: ReadonlySet<string>,
): Plan {
  const plan: Plan = { placed: new Map(), packs: [], singles: [], copies: new Map() };
  const first = new Map<string, SetFile>();
  const small: SetFile[] = [];
  for (const file of files) {
    const { sha256, bytes } = file;
    const place = known.find(file, inventory, avoid) ?? wholeObject(series, file, inventory, avoid);
    const same = first.get(sha256);
    if (place) plan.placed.set(file, place);
    // Two sizes under one hash: one of them is wrong, and reading them will tell which.
    else if (same?.bytes === bytes) plan.copies.set(file, same);
    else {
      first.set(sha256, file);
      if (bytes <= SMALL) small.push(file);
      else plan.singles.push(file);
    }
  }
  for (const pack of packsOf(small)) {
    const [only] = pack;
    if (pack.length === 1 && only) plan.singles.push(only);
    else plan.packs.push(pack);
  }
  return plan;
}

function wholeObject(
  series: string,
  { sha256, bytes }: SetFile,
  inventory: Inventory,
  avoid: ReadonlySet<string>,
): Place | undefined {
  const found = freeKey((turn) => bucketLayout.data(series, sha256, turn), bytes, inventory, avoid);
  return found.there ? { bytes, in: found.key } : undefined;
}

/** The first turn of a key that is free or holds these bytes. What a prune wants to delete is neither. */
export function freeKey(
  keyOf: (turn: number) => string,
  bytes: number,
  inventory: Inventory,
  avoid: ReadonlySet<string>,
): { key: string; there: boolean } {
  for (let turn = 0; ; turn++) {
    const key = keyOf(turn);
    if (avoid.has(key) || isMarked(inventory, key)) continue;
    const found = inventory.objects.get(key);
    if (!found || found.bytes === bytes) return { key, there: found !== undefined };
  }
}

function packsOf(files: readonly SetFile[]): SetFile[][] {
  const packs: SetFile[][] = [];
  let pack: SetFile[] = [];
  let room = EMPTY_PACK;
  for (const file of files) {
    const needed = roomOf({ name: file.path, bytes: file.bytes });
    if (room + needed > SLAB || pack.length === MOST_ENTRIES) {
      packs.push(pack);
      pack = [];
      room = EMPTY_PACK;
    }
    pack.push(file);
    room += needed;
  }
  if (pack.length > 0) packs.push(pack);
  return packs;
}
