import type { ProtectingJob, Retention } from "../documents";
import { DAY, merged, mostStartsIn, spanOf, startsInWeek, WEEK } from "./pattern";

/** How much stays where sets need each other: whole chains, from a full set to the last one before the next full set. */

export interface Chain {
  bytes: number;
  /** Of its largest set. */
  largest: number;
  /** Where no set needs another, each is a chain. */
  isSingle: boolean;
  /** The shortest time from one chain to the next. */
  minutes: number;
  /** When sets of the line are made. */
  pattern: readonly number[];
}

/** What a chain begins with, and how far apart these are. */
interface Base {
  bytes: number;
  shortest: number;
  longest: number;
}

export function chainOf(jobs: readonly ProtectingJob[]): Chain | { missing: string } {
  const unsized = jobs.find(({ bytesPerSet }) => bytesPerSet === undefined);
  if (unsized) return { missing: `the size of a set of ${unsized.name}` };
  const partial = jobs.find(({ setKind, whole }) => setKind === "incremental" && !whole);
  if (partial) return { missing: `how often ${partial.name} takes everything anew, and how much that is` };
  const bases = basesOf(jobs);
  if (bases.length === 0) return { missing: `what the sets of ${String(jobs[0]?.series)} are based on` };
  const longest = Math.max(...bases.map((base) => base.longest));
  const largest = Math.max(...bases.map((base) => base.bytes));
  const rest = jobs
    .filter((job) => !isFull(job))
    .map(({ schedule, bytesPerSet = 0 }) => {
      const sets = Math.ceil(longest / spanOf(startsInWeek(schedule), 1, "shortest"));
      return sets * bytesPerSet;
    });
  return {
    bytes: largest + rest.reduce((sum, bytes) => sum + bytes, 0),
    largest,
    isSingle: rest.length === 0,
    minutes: Math.min(...bases.map((base) => base.shortest)),
    pattern: merged(jobs.map(({ schedule }) => startsInWeek(schedule))),
  };
}

const isFull = ({ setKind }: ProtectingJob): boolean => setKind === "full" || setKind === "copy-only";

function basesOf(jobs: readonly ProtectingJob[]): Base[] {
  const wholes = jobs.flatMap(({ whole }) => whole ?? []);
  const bases = wholes.map(({ everyDays, bytes }) => ({ bytes, shortest: everyDays * DAY, longest: everyDays * DAY }));
  const full = jobs.filter(isFull);
  const pattern = merged(full.map(({ schedule }) => startsInWeek(schedule)));
  if (pattern.length > 0) {
    const bytes = Math.max(...full.map(({ bytesPerSet = 0 }) => bytesPerSet));
    bases.push({ bytes, shortest: spanOf(pattern, 1, "shortest"), longest: spanOf(pattern, 1, "longest") });
  }
  return bases;
}

/** How many chains a policy keeps at most, where nothing younger than some days goes, because it is locked. */
export function chainsKept(chain: Chain, policy: Retention, stayDays: number): number {
  const { pattern } = chain;
  const { withinDays = 0, maximumAgeDays } = policy;
  const allOf = Math.max(withinDays, stayDays);
  const within = allOf === 0 ? 0 : startsIn(pattern, allOf * DAY);
  const runDays = new Set(pattern.map((at) => Math.floor(at / DAY))).size;
  // What all sets of the last days are kept for, no rule keeps a second time.
  const picks = [
    { count: policy.last - within, span: spanOf(pattern, policy.last, "longest") },
    { count: policy.daily - allOf, span: Math.ceil(policy.daily / runDays) * WEEK },
    { count: policy.weekly - Math.floor(allOf / 7), span: policy.weekly * WEEK },
    { count: policy.monthly - Math.floor(allOf / 31), span: policy.monthly * 31 * DAY },
    { count: policy.yearly - Math.floor(allOf / 366), span: policy.yearly * 366 * DAY },
    { count: within, span: allOf * DAY },
  ];
  const counting = picks.filter(({ count }) => count > 0);
  // Every rule keeps the newest set.
  const shared = allOf === 0 ? counting.length - 1 : 0;
  const kept = counting.reduce((sum, { count, span }) => sum + touched(chain, count, span), -shared);
  if (maximumAgeDays === undefined) return kept;
  const oldest = Math.max(maximumAgeDays, stayDays) * DAY;
  return Math.min(kept, touched(chain, startsIn(pattern, oldest), oldest));
}

/** The end included: what is as old as may be stays. */
const startsIn = (pattern: readonly number[], minutes: number): number => mostStartsIn(pattern, minutes + 1);

/** Many sets of a short time are of few chains. */
const touched = ({ isSingle, minutes }: Chain, count: number, span: number): number =>
  isSingle ? count : Math.min(count, Math.floor(span / minutes) + 2);
