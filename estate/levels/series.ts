import type { CopyPath, ProtectingJob, Protection, Retention } from "../documents";
import { zoneOf } from "../schedules/zone";
import { keepTimeOf, type KeepTime } from "./keep-time";
import { merged, shifted, startsInWeek } from "./pattern";

/** A line of sets: the scheduled jobs that add to it, on the target and in each copy. */
export interface Series {
  name: string;
  jobs: readonly ProtectingJob[];
}

export function seriesIndex(protections: readonly Protection[]): Map<string, Series> {
  const index = new Map<string, { name: string; jobs: ProtectingJob[] }>();
  for (const protection of protections) {
    if (protection.by !== "job" || !protection.enabled || protection.schedule.every === "command") continue;
    const { series: name } = protection;
    const known = index.get(name);
    if (known) known.jobs.push(protection);
    else index.set(name, { name, jobs: [protection] });
  }
  return index;
}

/** The jobs whose sets a copy carries, each with its way there. */
export const carriedBy = ({ jobs }: Series, name: string): { job: ProtectingJob; copy: CopyPath }[] =>
  jobs.flatMap((job) => job.copies.filter(({ copy }) => copy === name).map((copy) => ({ job, copy })));

export const copyNames = ({ jobs }: Series): string[] => [
  ...new Set(jobs.flatMap(({ copies }) => copies.map(({ copy }) => copy))),
];

/** How long sets stay where each job of the line applies its retention to all of it: the shortest decides. */
export function keepTime(jobs: readonly ProtectingJob[], policies: readonly Retention[], from: string): KeepTime {
  const times = patternsInUtc(jobs, from).flatMap((pattern) => policies.map((policy) => keepTimeOf(policy, pattern)));
  return times.reduce((shortest, time) => (time.minutes < shortest.minutes ? time : shortest), times[0] ?? NONE);
}
const NONE: KeepTime = { minutes: 0, rule: "nothing runs" };

/** Days and weeks of retention are those of UTC: starts by the wall fall into others in winter than in summer. */
function patternsInUtc(jobs: readonly ProtectingJob[], from: string): (readonly number[])[] {
  const year = Number(from.slice(0, 4));
  return [0, 6].map((month) =>
    merged(
      jobs.map(({ schedule, zone }) => {
        const ahead = zoneOf(zone).offsetAt(Date.UTC(year, month, 15)) / 60_000;
        return shifted(startsInWeek(schedule), ahead);
      }),
    ),
  );
}
