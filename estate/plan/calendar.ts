import type { Calendar, Weekday } from "../documents";
import type { EstateJob } from "../estate/jobs";
import { minutesOf, timeOf, WEEK } from "../schedules/day";
import { durationText } from "../schedules/duration";
import { triggersOf } from "../schedules/triggers";
import { worstGap } from "../schedules/worst-gap";
import type { Facts } from "./facts";

/** A week of the estate: every schedule repeats after one. */

export function calendarOf({ jobs, estate }: Facts): Calendar {
  const enabled = jobs.filter((job) => job.enabled);
  return {
    zone: estate.plan.timeZone,
    week: WEEK.map((day) => ({ day, starts: startsOn(day, enabled) })),
    repeating: enabled.flatMap((job) =>
      triggersOf(job.schedule).flatMap((trigger) => {
        if (trigger.kind !== "repeating") return [];
        const { at, minutes, forMinutes } = trigger;
        const until = forMinutes === 1440 ? {} : { until: timeOf(minutesOf(at) + forMinutes) };
        return [{ job: job.name, everyMinutes: minutes, from: at, ...until }];
      }),
    ),
    onRequest: enabled.filter(({ schedule }) => triggersOf(schedule).length === 0).map(({ name }) => name),
    collisions: collisionsOf(enabled),
  };
}

function startsOn(day: Weekday, jobs: readonly EstateJob[]): Calendar["week"][number]["starts"] {
  const starts = new Map<string, string[]>();
  for (const { name, schedule } of jobs) {
    for (const trigger of triggersOf(schedule)) {
      if (trigger.kind !== "daily" && trigger.kind !== "weekly") continue;
      if (trigger.kind === "weekly" && !trigger.on.includes(day)) continue;
      starts.set(trigger.at, [...(starts.get(trigger.at) ?? []), name]);
    }
  }
  return [...starts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, names]) => ({ at, jobs: names }));
}

/** Any year does: schedules are those of years to come, and the zone's rules repeat. */
const YEAR = "2026-01-01T00:00:00.000Z";

type Scheduled = readonly Pick<EstateJob, "schedule">[];

/** The longest time between two starts of any of these jobs; infinite where nothing starts them. */
export function longestGapMinutes(jobs: Scheduled, zone: string): number {
  const gap = worstGap({ timetables: jobs.map(({ schedule }) => ({ schedule })), zone, from: YEAR });
  return gap.kind === "never" ? Infinity : gap.minutes;
}

export function longestGapOf(jobs: Scheduled, zone: string): string {
  const minutes = longestGapMinutes(jobs, zone);
  return minutes === Infinity ? "nothing starts it by itself" : durationText(minutes);
}

/** Same minute, same computer: with many repetitions only how often is worth saying. */
function collisionsOf(jobs: readonly EstateJob[]): Calendar["collisions"] {
  const minutes = jobs.map((job) => ({ job, starts: minutesOfWeek(job) }));
  const groups = new Map<string, { jobs: string[]; hosts: string[]; at: Set<string>; days: Set<Weekday> }>();
  const byPlace = new Map<string, EstateJob[]>();
  for (const { job, starts } of minutes) {
    for (const host of job.hosts) {
      for (const minute of starts) {
        const key = `${host} ${String(minute)}`;
        byPlace.set(key, [...(byPlace.get(key) ?? []), job]);
      }
    }
  }
  for (const [key, meeting] of byPlace) {
    if (meeting.length < 2) continue;
    const [host = "", minute = "0"] = key.split(" ");
    const names = meeting.map(({ name }) => name);
    const group = groups.get(names.join(" ")) ?? { jobs: names, hosts: [], at: new Set(), days: new Set() };
    if (!group.hosts.includes(host)) group.hosts.push(host);
    group.at.add(timeOf(Number(minute)));
    group.days.add(WEEK[Math.floor(Number(minute) / 1440)] ?? "monday");
    groups.set(names.join(" "), group);
  }
  return [...groups.values()].map(({ at, days, ...group }) => ({
    ...group,
    at: [...at].sort(),
    days: WEEK.filter((day) => days.has(day)),
  }));
}

function minutesOfWeek({ schedule }: EstateJob): number[] {
  const minutes = new Set<number>();
  for (const trigger of triggersOf(schedule)) {
    if (trigger.kind === "other") continue;
    for (const [index, day] of WEEK.entries()) {
      if (trigger.kind === "weekly" && !trigger.on.includes(day)) continue;
      const first = index * 1440 + minutesOf(trigger.at);
      const [every, length] = trigger.kind === "repeating" ? [trigger.minutes, trigger.forMinutes] : [1, 1];
      for (let minute = 0; minute < length; minute += every) minutes.add((first + minute) % WEEK_MINUTES);
    }
  }
  return [...minutes];
}
const WEEK_MINUTES = 7 * 1440;
