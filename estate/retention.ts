import { z } from "zod";
import { Instant, Retention, RunId, ShortName } from "./documents";

/** A sealed set, as far as retention looks at it. */
export const RetainableSet = z.strictObject({
  set: RunId,
  startedAt: Instant.describe("Of its manifest; sets of one moment stand in the order of their names"),
  good: z.boolean().describe("No verification has found it damaged"),
  needs: z.array(RunId).describe("Sets without which it cannot be restored"),
  covers: z.array(z.string().min(1)).describe("What it holds: one text for each datum in a scope"),
  carried: z.array(ShortName).describe("Copies that have it whole offsite; in a bucket, that bucket's own"),
  held: z.boolean().describe("Somebody said that it must stay, and the hold has not ended"),
  lockedUntil: Instant.optional().describe("Where the store itself refuses to let it go"),
});
export type RetainableSet = z.infer<typeof RetainableSet>;

/** What the sets of one series are judged by. */
export const RetentionRules = z.strictObject({
  policy: Retention,
  awaits: z.array(ShortName).describe("Copies that must have carried a set before it may go"),
  now: Instant,
});
export type RetentionRules = z.infer<typeof RetentionRules>;

export const RetentionDecision = z.strictObject({
  set: RunId,
  keep: z.boolean(),
  reasons: z.array(z.string().min(1)).min(1).describe("Why, in words, also for what goes"),
});
export type RetentionDecision = z.infer<typeof RetentionDecision>;

const DAY = 86_400_000;
/** Days and weeks are those of UTC, so that every implementation, wherever it runs, decides alike. */
const BUCKETS: readonly { rule: "daily" | "weekly" | "monthly" | "yearly"; of: (at: string) => string }[] = [
  { rule: "daily", of: (at) => at.slice(0, 10) },
  { rule: "weekly", of: mondayOf },
  { rule: "monthly", of: (at) => at.slice(0, 7) },
  { rule: "yearly", of: (at) => at.slice(0, 4) },
];

function mondayOf(at: string): string {
  const day = new Date(`${at.slice(0, 10)}T00:00:00.000Z`);
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10);
}

/**
 * Which sets of a series stay, newest first. A set stays as long as one rule wants it. Rules count only sets that can
 * be restored, with all that they need, and that are not from the future. The maximum age overrules the rules; the
 * promises overrule everything: the newest good set of each thing that is covered stays, and the newest that is
 * offsite; whatever is newer than all that can be restored; what is held or locked; what a copy has still to carry;
 * and what a kept set needs.
 */
export function decideRetention(sets: readonly RetainableSet[], rules: RetentionRules): RetentionDecision[] {
  const { policy, awaits, now } = rules;
  const newestFirst = [...sets].sort(newerFirst);
  const reasons = new Map<string, string[]>(newestFirst.map(({ set }) => [set, []]));
  const want = (set: string, reason: string): void => {
    reasons.get(set)?.push(reason);
  };

  const broken = unsound(newestFirst, ({ good }) => good);
  const restorable = newestFirst.filter(({ set, startedAt }) => !broken.has(set) && startedAt <= now);
  for (const { set, reason } of picks(restorable, policy)) if (!isTooOld(set, rules)) want(set.set, reason);

  for (const { set, what } of newestOfEach(restorable)) want(set, `the newest good set${what}`);
  const notOffsite = unsound(newestFirst, ({ carried }) =>
    awaits.length > 0 ? awaits.every((copy) => carried.includes(copy)) : carried.length > 0,
  );
  const offsite = restorable.filter(({ set }) => !notOffsite.has(set));
  for (const { set, what } of newestOfEach(offsite)) want(set, `the newest set that is offsite${what}`);

  const newer = restorable[0] ? newestFirst.indexOf(restorable[0]) : newestFirst.length;
  for (const [index, { set, startedAt, held, lockedUntil, carried }] of newestFirst.entries()) {
    if (startedAt > now) want(set, "from the future: some clock was wrong");
    else if (index < newer) want(set, "nothing newer can be restored");
    if (held) want(set, "held");
    if (lockedUntil !== undefined && lockedUntil > now) want(set, `locked until ${lockedUntil}`);
    // What is damaged will never be carried: to wait for that would keep it for ever.
    if (broken.has(set)) continue;
    for (const copy of awaits) if (!carried.includes(copy)) want(set, `not yet carried by ${copy}`);
  }

  for (const [set, [by, ...more]] of neededBy(newestFirst, ({ set }) => reasons.get(set)?.length !== 0)) {
    want(set, `needed by ${String(by)}${andMore(more)}`);
  }

  return newestFirst.map((one) => {
    const why = reasons.get(one.set) ?? [];
    return why.length > 0
      ? { set: one.set, keep: true, reasons: why }
      : { set: one.set, keep: false, reasons: [whyItGoes(one, rules, broken)] };
  });
}

function whyItGoes(one: RetainableSet, rules: RetentionRules, broken: ReadonlySet<string>): string {
  if (isTooOld(one, rules)) return `older than ${String(rules.policy.maximumAgeDays)} days`;
  if (!one.good) return "not a good set";
  return broken.has(one.set) ? "needs what is damaged or not there" : "no rule wants it";
}

const andMore = (more: readonly string[]): string => (more.length > 0 ? ` and ${String(more.length)} more` : "");

/** Both are written alike, so that their texts sort as they do. */
function newerFirst(a: RetainableSet, b: RetainableSet): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.set < b.set ? 1 : -1;
}

const ageInDays = (at: string, now: string): number => (Date.parse(now) - Date.parse(at)) / DAY;

const isTooOld = ({ startedAt }: RetainableSet, { policy, now }: RetentionRules): boolean =>
  policy.maximumAgeDays !== undefined && ageInDays(startedAt, now) > policy.maximumAgeDays;

/** What the policy asks for, rule by rule. Days are counted back from the newest, so that a pause costs no history. */
function* picks(
  newestFirst: readonly RetainableSet[],
  policy: Retention,
): Generator<{ set: RetainableSet; reason: string }> {
  for (const set of newestFirst.slice(0, policy.last)) yield { set, reason: `one of the last ${String(policy.last)}` };
  for (const { rule, of } of BUCKETS) {
    const seen = new Set<string>();
    for (const set of newestFirst) {
      const bucket = of(set.startedAt);
      if (seen.has(bucket) || seen.size >= policy[rule]) continue;
      seen.add(bucket);
      yield { set, reason: `${rule}: newest of ${bucket}` };
    }
  }
  const { withinDays } = policy;
  const newest = newestFirst[0]?.startedAt;
  if (withinDays === undefined || newest === undefined) return;
  for (const set of newestFirst) {
    if (ageInDays(set.startedAt, newest) <= withinDays) yield { set, reason: `within ${String(withinDays)} days` };
  }
}

/** The newest of them all; and, where older ones hold what no newer one does, the newest of each such thing. */
function* newestOfEach(newestFirst: readonly RetainableSet[]): Generator<{ set: string; what: string }> {
  const seen = new Set<string>();
  for (const [index, { set, covers }] of newestFirst.entries()) {
    const [first, ...more] = covers.filter((cover) => !seen.has(cover));
    for (const cover of covers) seen.add(cover);
    if (index === 0) yield { set, what: "" };
    else if (first !== undefined) yield { set, what: ` with ${first}${andMore(more)}` };
  }
}

/** What is not sound, and all that needs it, or needs what is not there. */
function unsound(sets: readonly RetainableSet[], isSound: (set: RetainableSet) => boolean): Set<string> {
  const there = new Set(sets.map(({ set }) => set));
  const dependents = new Map<string, string[]>();
  for (const { set, needs } of sets) for (const needed of needs) addTo(dependents, needed, set);
  const first = sets.filter((set) => !isSound(set) || set.needs.some((needed) => !there.has(needed)));
  return reach(first, (set) => dependents.get(set) ?? []);
}

/** What the kept sets need, directly or through others; each with the sets that name it, newest first. */
function neededBy(
  newestFirst: readonly RetainableSet[],
  isKept: (set: RetainableSet) => boolean,
): Map<string, string[]> {
  const needsOf = new Map(newestFirst.map(({ set, needs }) => [set, needs]));
  const stay = reach(newestFirst.filter(isKept), (set) => needsOf.get(set) ?? []);
  const by = new Map<string, string[]>();
  for (const { set, needs } of newestFirst) {
    if (stay.has(set)) for (const needed of new Set(needs)) addTo(by, needed, set);
  }
  return by;
}

function addTo(lists: Map<string, string[]>, key: string, one: string): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

/** These, and all that can be reached from them. */
function reach(from: readonly RetainableSet[], next: (set: string) => readonly string[]): Set<string> {
  const reached = new Set(from.map(({ set }) => set));
  for (const set of reached) for (const one of next(set)) reached.add(one);
  return reached;
}
