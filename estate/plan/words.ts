import type { Retention, Schedule, Scope, Weekday } from "../documents";
import { durationText } from "../schedules/duration";
import { inWeekOrder, WEEK } from "../schedules/day";

/** How a plan says what documents hold. */

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const dayText = (day: Weekday): string => capital(day);

export function daysText(days: readonly Weekday[]): string {
  if (days.length === WEEK.length) return "every day";
  const workdays = WEEK.slice(0, 5);
  if (days.length === workdays.length && workdays.every((day) => days.includes(day))) return "Monday to Friday";
  return inWeekOrder(days).map(dayText).join(", ");
}

export function startsText(schedule: Schedule): string {
  switch (schedule.every) {
    case "day":
      return `every day at ${schedule.at.join(", ")}`;
    case "week":
      return `${daysText(schedule.on)} at ${schedule.at.join(", ")}`;
    case "minutes": {
      const every = `every ${durationText(schedule.minutes)}`;
      const { from, until } = schedule;
      return until === undefined ? `${every}, from ${from} on` : `${every} from ${from} to ${until}`;
    }
    case "run":
      return `after ${schedule.of === "all" ? "every job" : schedule.of.join(", ")}, looked for every ${durationText(schedule.lookEveryMinutes)}`;
    case "command":
      return "only when it is asked to";
  }
}

const RULES = [
  ["daily", "day", "days"],
  ["weekly", "week", "weeks"],
  ["monthly", "month", "months"],
  ["yearly", "year", "years"],
] as const;

export function retentionText(retention: Retention): string {
  const each = RULES.flatMap(([rule, unit, units]) =>
    retention[rule] > 0 ? [`one of each ${unit} for ${plural(retention[rule], unit, units)}`] : [],
  );
  const { last, withinDays, maximumAgeDays } = retention;
  return [
    `the newest ${String(last)}`,
    ...each,
    ...(withinDays === undefined ? [] : [`all of the newest ${plural(withinDays, "day", "days")}`]),
    ...(maximumAgeDays === undefined ? [] : [`none older than ${plural(maximumAgeDays, "day", "days")}`]),
  ].join("; ");
}

export const plural = (count: number, one: string, many: string): string =>
  `${String(count)} ${count === 1 ? one : many}`;

export function scopeText(scope: Scope): string {
  switch (scope.of) {
    case "deployment":
      return "the deployment";
    case "pool":
      return scope.pool;
    case "store":
      return scope.path;
    case "server":
      return scope.server;
    case "instance":
      return scope.instance;
    case "database":
      return `${scope.database} in ${scope.instance}`;
  }
}

/** Who carries sets offsite. */
export const carrierText = (hosts: readonly string[]): string => hosts.join(", ") || "another machine or a pipeline";
