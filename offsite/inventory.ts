import { bucketLayout } from "../estate/documents";
import { marked, parseKey } from "./keys";
import type { ListedObject } from "./store/listing";
import type { Store } from "./store/store";

interface Keyed {
  key: string;
}

/** What lies in a bucket of one series, as one listing shows it. */
export interface Inventory<T extends Keyed = ListedObject> {
  series: string;
  /** Data and packs. */
  objects: Map<string, T>;
  sets: Map<string, ListedSet<T>>;
  /** Marks of a prune, by the name they give their object; see `isMarked`. */
  marks: Map<string, T[]>;
  /** Reports of verifications by set, the oldest first. */
  verified: Map<string, T[]>;
  /** What has no place in the layout. */
  strange: T[];
}

export interface ListedSet<T extends Keyed = ListedObject> {
  set: string;
  /** Without one, the set is not (yet) complete. */
  manifest: T | undefined;
  /** By turn; the last one counts. */
  contents: T[];
}

/**
 * Marks are listed before what they are about. So what is listed without a mark had none at that moment, and is there
 * for as long as a mark must wait: had it been deleted under an earlier mark, it would not be listed.
 */
export async function takeInventory(store: Store, series: string): Promise<Inventory> {
  const inventory = emptyInventory(series);
  for await (const object of store.list(bucketLayout.marks(series))) note(inventory, object);
  for await (const object of store.list(bucketLayout.series(series))) note(inventory, object);
  return inventory;
}

/** The sets alone: all that one needs to know where nothing is to be done. */
export async function listSets(store: Store, series: string): Promise<Map<string, ListedSet>> {
  const inventory = emptyInventory(series);
  for await (const object of store.list(bucketLayout.sets(series))) note(inventory, object);
  return inventory.sets;
}

export const emptyInventory = <T extends Keyed = ListedObject>(series: string): Inventory<T> => ({
  series,
  objects: new Map(),
  sets: new Map(),
  marks: new Map(),
  verified: new Map(),
  strange: [],
});

export const isMarked = ({ marks }: Inventory, object: string): boolean => marks.size > 0 && marks.has(marked(object));

/** Puts it where it belongs. */
export function note<T extends Keyed>(inventory: Inventory<T>, object: T): void {
  const parsed = parseKey(object.key);
  switch (parsed?.kind) {
    case "data":
    case "pack":
      inventory.objects.set(object.key, object);
      return;
    case "manifest":
      setOf(inventory, parsed.set).manifest = object;
      return;
    case "contents":
      setOf(inventory, parsed.set).contents.push(object);
      // `contents.10` sorts before `contents.2`.
      setOf(inventory, parsed.set).contents.sort((a, b) => turnOf(a) - turnOf(b));
      return;
    case "mark":
      if (!inventory.marks.get(parsed.object)?.some(({ key }) => key === object.key)) {
        add(inventory.marks, parsed.object, object);
      }
      return;
    case "verified":
      add(inventory.verified, parsed.set, object);
      return;
    case "readme":
    case undefined:
      inventory.strange.push(object);
  }
}

function setOf<T extends Keyed>({ sets }: Inventory<T>, set: string): ListedSet<T> {
  const known = sets.get(set) ?? { set, manifest: undefined, contents: [] };
  sets.set(set, known);
  return known;
}

function add<T>(map: Map<string, T[]>, name: string, object: T): void {
  const known = map.get(name);
  if (known) known.push(object);
  else map.set(name, [object]);
}

export function turnOf({ key }: Keyed): number {
  const parsed = parseKey(key);
  return parsed !== undefined && "turn" in parsed ? parsed.turn : 0;
}
