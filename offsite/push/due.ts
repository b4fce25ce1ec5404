import { needsOf } from "../../estate/chains";
import { coverKey, startOfRun, type Manifest, type Retention } from "../../estate/documents";
import { decideRetention, type RetainableSet } from "../../estate/retention";
import { listSets, type ListedSet } from "../inventory";
import { isHeldOn } from "../sets/held";
import { readReceipt } from "../sets/receipts";
import { readSealed, setsOn } from "../sets/target";
import type { Store } from "../store/store";

export interface DueSets {
  /** Sets that the bucket does not have, oldest first. */
  carry: string[];
  /** Sets that are complete there, and have no receipt here. */
  confirm: string[];
  /** Sets that are complete there, with or without a receipt. */
  complete: Set<string>;
}

interface Looked {
  target: string;
  series: string;
  copy: string;
  /** Of the bucket. */
  keep: Retention | undefined;
  now: Date;
}

/**
 * What is to be done for a series, after one listing. A receipt alone proves nothing: what was carried and is gone from
 * the bucket is carried again, unless retention there wants it no more.
 */
export async function dueSets(store: Store, looked: Looked): Promise<DueSets> {
  const { target, series, copy, keep } = looked;
  const sealed = setsOn(target, series);
  if (sealed.length === 0) return { carry: [], confirm: [], complete: new Set() };
  const listed = await listSets(store, series);
  const complete = new Set([...listed.values()].filter(isComplete).map(({ set }) => set));
  const receipts = new Set(sealed.filter((set) => readReceipt(target, series, set, copy) !== undefined));
  const missing = sealed.filter((set) => !complete.has(set));
  const pruned = keep && missing.some((set) => receipts.has(set)) ? unwanted(looked, keep, sealed, complete) : NONE;
  return {
    carry: missing.filter((set) => !(receipts.has(set) && pruned.has(set))),
    confirm: sealed.filter((set) => complete.has(set) && !receipts.has(set)),
    complete,
  };
}

const NONE: ReadonlySet<string> = new Set();
const isComplete = ({ manifest, contents }: ListedSet): boolean => manifest !== undefined && contents.length > 0;

/** Sets that a prune with this retention would remove: it has, then. */
function unwanted(
  { target, series, copy, now }: Looked,
  policy: Retention,
  sealed: readonly string[],
  complete: ReadonlySet<string>,
): ReadonlySet<string> {
  const all = [...new Set([...sealed, ...complete])].map((set) => ({ set, manifest: manifestOf(target, series, set) }));
  const needs = needsOf(all.flatMap(({ manifest }) => (manifest ? [{ manifest, good: true }] : [])));
  const sets = all.map(({ set, manifest }): RetainableSet => {
    return {
      set,
      startedAt: manifest?.startedAt ?? startOfRun(set),
      good: true,
      needs: needs.get(set) ?? [],
      covers: manifest?.covers.map(coverKey) ?? [],
      carried: complete.has(set) ? [copy] : [],
      held: isHeldOn(target, series, set, now.toISOString()),
    };
  });
  const decided = decideRetention(sets, { policy, awaits: [], now: now.toISOString() });
  return new Set(decided.filter(({ keep }) => !keep).map(({ set }) => set));
}

function manifestOf(target: string, series: string, set: string): Manifest | undefined {
  try {
    return readSealed(target, series, set).manifest;
  } catch {
    // Gone from the target, or damaged: when its turn to be carried comes, the reason is told.
    return undefined;
  }
}
