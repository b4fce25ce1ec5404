import type { Schedule } from "../documents";
import { triggersOf } from "../schedules";
import { minutesOf, WEEK as DAYS } from "../schedules/day";

/** When a schedule starts in an ordinary week, in minutes since Monday 00:00: enough where days are counted. */

export const DAY = 1440;
export const WEEK = 7 * DAY;

const known = new Map<string, readonly number[]>();

/** In order, each minute once; none where nothing is scheduled. Estates have many jobs and few schedules. */
export function startsInWeek(schedule: Schedule): readonly number[] {
  const key = JSON.stringify(schedule);
  let starts = known.get(key);
  if (!starts) {
    starts = look(schedule);
    known.set(key, starts);
  }
  return starts;
}

const look = (schedule: Schedule): number[] =>
  inOrder(
    triggersOf(schedule).flatMap((trigger) => {
      switch (trigger.kind) {
        case "daily":
          return everyDay([minutesOf(trigger.at)]);
        case "weekly":
          return trigger.on.map((day) => DAYS.indexOf(day) * DAY + minutesOf(trigger.at));
        case "repeating":
          return everyDay(repeated(minutesOf(trigger.at), trigger.minutes, trigger.forMinutes));
        case "other":
          return [];
      }
    }),
  );

const everyDay = (times: readonly number[]): number[] =>
  DAYS.flatMap((_, day) => times.map((time) => (day * DAY + time) % WEEK));

const repeated = (from: number, minutes: number, window: number): number[] =>
  Array.from({ length: Math.ceil(window / minutes) }, (_, nth) => from + nth * minutes);

/** Several patterns as one. */
export function merged(patterns: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = patterns;
  return others.length === 0 ? first : inOrder(patterns.flat());
}
const inOrder = (minutes: readonly number[]): number[] => [...new Set(minutes)].sort((a, b) => a - b);

/** As a clock shows it that is so many minutes behind. */
export const shifted = (pattern: readonly number[], minutes: number): number[] =>
  pattern.map((at) => (((at - minutes) % WEEK) + WEEK) % WEEK).sort((a, b) => a - b);

/** From each start to the one so many starts later: the shortest, or the longest. Weeks go on for ever. */
export function spanOf(pattern: readonly number[], starts: number, which: "shortest" | "longest"): number {
  const count = pattern.length;
  const spans = pattern.map((at, index) => {
    const later = index + starts;
    return Math.floor(later / count) * WEEK + (pattern[later % count] ?? 0) - at;
  });
  return which === "shortest" ? Math.min(...spans) : Math.max(...spans);
}

/** How many starts fall into so many minutes at most, the first of them included and the end not. */
export function mostStartsIn(pattern: readonly number[], minutes: number): number {
  const weeks = Math.floor(minutes / WEEK);
  const rest = minutes - weeks * WEEK;
  const twice = [...pattern, ...pattern.map((at) => at + WEEK)];
  let most = 0;
  let end = 0;
  for (const [index, at] of pattern.entries()) {
    while ((twice[end] ?? Infinity) < at + rest) end++;
    most = Math.max(most, end - index);
  }
  return weeks * pattern.length + most;
}
