import type { Retention, Span } from "../documents";
import { DAY, spanOf, WEEK } from "../levels/pattern";
import { durationText } from "../schedules";

/** What a retention leaves of the sets of a line: one at least every so often, for so long. */

const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

/** By the starts of an ordinary week. What another span includes is left out. */
export function keepingOf(policy: Retention, pattern: readonly number[]): Span[] {
  if (pattern.length === 0) return [];
  const gap = spanOf(pattern, 1, "longest");
  const { last, daily, weekly, monthly, yearly, withinDays = 0, maximumAgeDays = Infinity } = policy;
  const rule = (count: number, grain: number): Span => {
    // A rule finds nothing where nothing started.
    const everyMinutes = Math.max(grain, gap);
    return { everyMinutes, forMinutes: count * everyMinutes };
  };
  const spans = [
    { everyMinutes: gap, forMinutes: Math.max(spanOf(pattern, last, "shortest"), withinDays * DAY) },
    rule(daily, DAY),
    rule(weekly, WEEK),
    rule(monthly, MONTH),
    rule(yearly, YEAR),
  ]
    .map((span) => ({ ...span, forMinutes: Math.min(span.forMinutes, maximumAgeDays * DAY) }))
    .filter(({ forMinutes }) => forMinutes > 0);
  return spans.filter(
    (span, index) =>
      !spans.some((other, at) => at !== index && includes(other, span) && (!includes(span, other) || at < index)),
  );
}

const includes = (one: Span, other: Span): boolean =>
  one.everyMinutes <= other.everyMinutes && one.forMinutes >= other.forMinutes;

/** In words, where something of the one is not in the other; null keeps everything. */
export function shortened(
  was: readonly Span[] | null,
  is: readonly Span[] | null,
): { was: string; is: string } | undefined {
  if (!is) return undefined;
  if (!was) return { was: "for ever", is: textOf(is) };
  const lost = was.filter((span) => !is.some((other) => includes(other, span)));
  return lost.length === 0 ? undefined : { was: textOf(lost), is: textOf(is) };
}

const textOf = (spans: readonly Span[]): string =>
  spans
    .map(({ everyMinutes, forMinutes }) => `every ${durationText(everyMinutes)} for ${durationText(forMinutes)}`)
    .join(", ") || "nothing";
