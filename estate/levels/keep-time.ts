import type { Retention } from "../documents";
import { DAY, spanOf, WEEK } from "./pattern";

/**
 * How long a retention keeps what it picks, at least: from the start of a set to the moment at which newer ones push it
 * out. In minutes; days and weeks are those of UTC, and the pattern is too.
 */
export interface KeepTime {
  minutes: number;
  /** The rule that keeps longest, as a person would say it. */
  rule: string;
}

export function keepTimeOf(policy: Retention, pattern: readonly number[]): KeepTime {
  const { maximumAgeDays } = policy;
  const longest = rulesOf(policy, pattern).reduce((best, rule) => (rule.minutes > best.minutes ? rule : best));
  if (maximumAgeDays === undefined || longest.minutes <= maximumAgeDays * DAY) return longest;
  return { minutes: maximumAgeDays * DAY, rule: `maximum age of ${String(maximumAgeDays)} days` };
}

function rulesOf(policy: Retention, pattern: readonly number[]): [KeepTime, ...KeepTime[]] {
  const { last: newest, daily, weekly, monthly, yearly, withinDays = 0 } = policy;
  const rule = (name: string, count: number, minutes: (count: number) => number): KeepTime => ({
    minutes: count === 0 || pattern.length === 0 ? 0 : minutes(count),
    rule: `${name} ${String(count)}`,
  });
  return [
    rule("last", newest, (count) => spanOf(pattern, count, "shortest")),
    rule("daily", daily, (count) => daysOfRuns(pattern, count)),
    rule("weekly", weekly, (count) => count * WEEK - (last(pattern) - first(pattern))),
    rule("monthly", monthly, (count) => shortestMonths(count - 1) * DAY + aroundMidnights(pattern)),
    rule("yearly", yearly, (count) => (count - 1) * 365 * DAY + aroundMidnights(pattern)),
    rule("within days", withinDays, (count) => count * DAY),
  ];
}

/** The last start of a day stays until so many days with starts have begun after it. */
function daysOfRuns(pattern: readonly number[], count: number): number {
  const days = new Map<number, { first: number; last: number }>();
  for (const at of pattern) {
    const day = Math.floor(at / DAY);
    days.set(day, { first: days.get(day)?.first ?? at, last: at });
  }
  const runs = [...days.values()];
  const spans = runs.map(({ last }, index) => {
    const later = index + count;
    return Math.floor(later / runs.length) * WEEK + (runs[later % runs.length]?.first ?? 0) - last;
  });
  return Math.min(...spans);
}

/** From the last start before a month ends, and to the first one after another has begun: any midnight may be those. */
function aroundMidnights(pattern: readonly number[]): number {
  const midnights = Array.from({ length: 7 }, (_, day) => day * DAY);
  const before = midnights.map(
    (midnight) => midnight - (pattern.findLast((at) => at < midnight) ?? last(pattern) - WEEK),
  );
  const after = midnights.map((midnight) => (pattern.find((at) => at >= midnight) ?? first(pattern) + WEEK) - midnight);
  return Math.min(...before) + Math.min(...after);
}
const first = (pattern: readonly number[]): number => pattern[0] ?? 0;
const last = (pattern: readonly number[]): number => pattern.at(-1) ?? 0;

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** So many months in a row are no shorter than this. */
function shortestMonths(count: number): number {
  const sums = MONTHS.map((_, from) =>
    Array.from({ length: count }, (_month, nth) => MONTHS[(from + nth) % 12] ?? 0).reduce((sum, days) => sum + days, 0),
  );
  return Math.min(...sums);
}
