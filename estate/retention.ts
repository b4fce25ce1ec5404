import type { Retention } from "./documents";

/** A sealed set, as far as retention looks at it. */
export interface RetainableSet {
  set: string;
  startedAt: string;
  /** A set that a verification has failed is not good; it never counts as the copy that must stay. */
  good: boolean;
  /** Known to be complete offsite. */
  carried: boolean;
  needs: readonly string[];
  /** Somebody said that it must stay (`held`), whatever the rules say. */
  held?: boolean | undefined;
  /** Copies that must carry it before it may go, and have not yet. */
  awaited?: readonly string[] | undefined;
}

export interface RetentionDecision {
  set: string;
  keep: boolean;
  /** Why, in words: one reason at least, also for what goes. */
  reasons: string[];
}

const DAY = 86_400_000;
/** Days and weeks are those of UTC, so that every implementation, wherever it runs, decides alike. */
const BUCKETS: readonly { rule: "daily" | "weekly" | "monthly" | "yearly"; of: (at: Date) => string }[] = [
  { rule: "daily", of: (at) => at.toISOString().slice(0, 10) },
  { rule: "weekly", of: (at) => mondayOf(at).toISOString().slice(0, 10) },
  { rule: "monthly", of: (at) => at.toISOString().slice(0, 7) },
  { rule: "yearly", of: (at) => at.toISOString().slice(0, 4) },
];

function mondayOf(at: Date): Date {
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return new Date(day - ((at.getUTCDay() + 6) % 7) * DAY);
}

/**
 * Which sets stay, newest first. A set stays as long as one rule wants it. The maximum age overrules the rules; five
 * promises overrule everything: the newest good set stays, or all of them where none is good; the newest carried set
 * stays; what is held stays; what a copy has still to carry stays; and so does what a kept set needs.
 */
export function decideRetention(sets: readonly RetainableSet[], policy: Retention, now: string): RetentionDecision[] {
  const newestFirst = [...sets].sort((a, b) => (a.set < b.set ? 1 : -1));
  const reasons = new Map<string, string[]>(newestFirst.map(({ set }) => [set, []]));
  const want = (set: string, reason: string): void => {
    reasons.get(set)?.push(reason);
  };

  const good = newestFirst.filter((set) => set.good);
  for (const { set } of good.slice(0, policy.last)) want(set, `one of the last ${String(policy.last)}`);
  for (const { rule, of } of BUCKETS) {
    const seen = new Set<string>();
    for (const { set, startedAt } of good) {
      const bucket = of(new Date(startedAt));
      if (seen.has(bucket) || seen.size >= policy[rule]) continue;
      seen.add(bucket);
      want(set, `${rule}: newest of ${bucket}`);
    }
  }

  const tooOld = new Set<string>();
  const limit = policy.maximumAgeDays;
  for (const { set, startedAt } of newestFirst) {
    if (limit === undefined || Date.parse(now) - Date.parse(startedAt) <= limit * DAY) continue;
    tooOld.add(set);
    reasons.set(set, []);
  }

  if (good[0]) want(good[0].set, "the newest good set");
  else for (const { set } of newestFirst) want(set, "no set is good, and this one may be all there is");
  const carried = newestFirst.find((set) => set.carried && set.good);
  if (carried) want(carried.set, "the newest set that is offsite");
  for (const { set, held, awaited = [] } of newestFirst) {
    if (held) want(set, "held");
    for (const copy of awaited) want(set, `not yet carried by ${copy}`);
  }

  // In any order, because two sets of one second may stand either way round.
  const needsOf = new Map(newestFirst.map(({ set, needs }) => [set, needs]));
  const open = newestFirst.map(({ set }) => set).filter((set) => reasons.get(set)?.length);
  for (let set = open.shift(); set !== undefined; set = open.shift()) {
    for (const needed of needsOf.get(set) ?? []) {
      if (reasons.get(needed)?.length === 0) open.push(needed);
      want(needed, `needed by ${set}`);
    }
  }

  return newestFirst.map(({ set, good: isGood }) => {
    const why = reasons.get(set) ?? [];
    if (why.length > 0) return { set, keep: true, reasons: why };
    if (tooOld.has(set)) return { set, keep: false, reasons: [`older than ${String(limit)} days`] };
    return { set, keep: false, reasons: [isGood ? "no rule wants it" : "not a good set"] };
  });
}
