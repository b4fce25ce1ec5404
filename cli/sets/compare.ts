/** Two artefacts, item by item. What an item is depends on the format; its parts are texts by their path in it. */

export type Item = ReadonlyMap<string, string>;
export type Items = ReadonlyMap<string, Item>;

export interface Part {
  path: string;
  before?: string;
  after?: string;
}

export interface Difference {
  item: string;
  change: "added" | "removed" | "changed";
  /** What differs in an item that was changed; what an item has that was added, or had that was removed. */
  parts: Part[];
}

/** In the order of the newer one; what it has no more comes last. */
export function differences(before: Items, after: Items): Difference[] {
  const found: Difference[] = [];
  for (const [item, now] of after) {
    const then = before.get(item);
    const parts = partsOf(then ?? NOTHING, now);
    if (then === undefined) found.push({ item, change: "added", parts });
    else if (parts.length > 0) found.push({ item, change: "changed", parts });
  }
  for (const [item, then] of before) {
    if (!after.has(item)) found.push({ item, change: "removed", parts: partsOf(then, NOTHING) });
  }
  return found;
}

const NOTHING: Item = new Map();

function partsOf(before: Item, after: Item): Part[] {
  const paths = new Set([...after.keys(), ...before.keys()]);
  return [...paths].flatMap((path) => {
    const [then, now] = [before.get(path), after.get(path)];
    if (then === now) return [];
    return [{ path, ...(then === undefined ? {} : { before: then }), ...(now === undefined ? {} : { after: now }) }];
  });
}
