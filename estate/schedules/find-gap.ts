import { DAY, HOUR, mondayFrom } from "./day";
import { longestSpan, type Line, type Span } from "./longest";
import type { Scheduler } from "./next-runs";
import { firesOn, remainderOf, startsOn, type Reading, type Start, type TimeTrigger } from "./starts";
import { firstInstantOf, wallAt, type Change, type Zone } from "./zone";

/**
 * Where the longest gap is. Schedules repeat every week, so it is in an ordinary week or around a change of the clocks;
 * two changes at the same time of the week, equally far, are one.
 */

export interface Job {
  triggers: readonly TimeTrigger[];
  by: Scheduler;
  /** As for a Line, in milliseconds. */
  runs: number;
  madeUpAfter: number | undefined;
}

export interface Found extends Span {
  /** In a week like any other. */
  ordinary: boolean;
  /** All that was planned around it, by job, as it was taken to make the gap so long. */
  starts: readonly (readonly Start[])[];
}

export interface Years {
  from: number;
  until: number;
}

interface Search {
  jobs: readonly Job[];
  zone: Zone;
  missed: number;
}

/** What one zone's clocks do at once, with room to spare; what that takes away is over with the repetition that it meets. */
const JUMP = 3 * HOUR;

export function findGap(search: Search, years: Years): Found | undefined {
  const { jobs, zone, missed } = search;
  const readings = readingsOf(jobs);
  const period = Math.max(...jobs.map(periodOf));
  const runs = Math.ceil(Math.max(...jobs.map((job) => job.runs)) / DAY);
  // So many starts of one job come within so many days after a run that holds it up, made up for late as it may be.
  const reach = runs + Math.min(...jobs.map((job) => periodOf(job) * (2 + Math.floor(missed / countOf(job)))));

  const found: Found[] = [];
  const monday = ordinaryMonday(zone, years, period + reach + 3);
  if (monday !== undefined) {
    const low = firstInstantOf(zone, monday * DAY);
    const spans = longestIn(search, readings.slice(0, 1), low, low + period * DAY, reach * DAY);
    found.push(...spans.map((span) => ({ ...span, ordinary: true })));
  }
  const ordinary = found[0] ? lengthOf(found[0]) : reach * DAY;
  for (const { at } of distinct(zone, years, Math.ceil((2 * ordinary) / DAY) + period + 7)) {
    found.push(...longestIn(search, readings, at - ordinary - JUMP, at + DAY + JUMP, ordinary));
  }
  return found.reduce<Found | undefined>(
    (one, other) => (one && lengthOf(one) >= lengthOf(other) ? one : other),
    undefined,
  );
}

const lengthOf = ({ from, until }: Span): number => until - from;

/** In how many days its starts repeat, and how many there are in them. */
const periodOf = ({ triggers }: Job): number => (triggers.some(({ kind }) => kind === "weekly") ? 7 : 1);
const countOf = (job: Job): number => job.triggers.reduce((sum, trigger) => sum + startsIn(periodOf(job), trigger), 0);

function startsIn(days: number, trigger: TimeTrigger): number {
  switch (trigger.kind) {
    case "daily":
      return days;
    case "weekly":
      return trigger.on.length;
    case "repeating":
      return (
        days * (Math.ceil(trigger.forMinutes / trigger.minutes) - (remainderOf(trigger) < trigger.minutes ? 1 : 0))
      );
  }
}

type Readings = Record<Scheduler, Reading>;

const worst = (pace: Reading["pace"], twice: Reading["twice"]): Reading => ({
  skipped: "lost",
  twice,
  pace,
  tooSoon: "lost",
});
const BY_THE_WALL = [worst("wall", "first"), worst("wall", "second")];
const WORST: Record<Scheduler, readonly Reading[]> = {
  "task-scheduler": [...BY_THE_WALL, worst("elapsed", "first"), worst("elapsed", "second")],
  "sql-agent": BY_THE_WALL,
};

/** Schedulers of different kinds may differ in what they do. */
function readingsOf(jobs: readonly Job[]): Readings[] {
  const of = (by: Scheduler): readonly Reading[] => {
    const triggers = jobs.filter((job) => job.by === by).flatMap((job) => job.triggers);
    if (triggers.length === 0) return WORST[by].slice(0, 1);
    return triggers.some(({ kind }) => kind === "repeating") ? WORST[by] : BY_THE_WALL;
  };
  return of("task-scheduler").flatMap((task) =>
    of("sql-agent").map((agent) => ({ "task-scheduler": task, "sql-agent": agent })),
  );
}

/** The first Monday with a week without a change before it, and so many days after it. */
function ordinaryMonday(zone: Zone, years: Years, days: number): number | undefined {
  let monday = mondayFrom(Date.UTC(years.from, 0, 10) / DAY);
  for (const { at } of zone.changes(years.from, years.until)) {
    if (at > (monday + days) * DAY) break;
    monday = mondayFrom(Math.floor(at / DAY) + 10);
  }
  return monday + days < Date.UTC(years.until + 1, 0, 1) / DAY ? monday : undefined;
}

const known = new Map<string, readonly Change[]>();

/** One of all changes that look alike for so many days around them. */
function distinct(zone: Zone, years: Years, days: number): readonly Change[] {
  const key = [zone.name, years.from, years.until, days].join();
  const changes = known.get(key) ?? alike(zone.changes(years.from, years.until), days * DAY);
  known.set(key, changes);
  return changes;
}

function alike(changes: readonly Change[], radius: number): Change[] {
  const seen = new Set<string>();
  return changes.filter((change) => {
    const near = changes.filter(({ at }) => Math.abs(at - change.at) <= radius);
    const inWeek = (change.at + change.before) % (7 * DAY);
    const look = [inWeek, ...near.map(({ at, before, after }) => `${at - change.at} ${after - before}`)].join();
    return !seen.has(look) && seen.add(look);
  });
}

/** The longest gap under each reading that begins in [low, high) and is about as long as that. */
function longestIn(
  { jobs, zone, missed }: Search,
  readings: readonly Readings[],
  low: number,
  high: number,
  about: number,
): Found[] {
  const dayOf = (at: number): number => Math.floor(wallAt(zone, at) / DAY);
  // Whether a run still goes on shows in the last start before.
  const from = dayOf(low) - 1 - Math.max(...jobs.map((job) => (job.runs > 0 ? periodOf(job) : 0)));
  const until = dayOf(high + about) + 2;
  return readings.flatMap((reading) => {
    const starts = jobs.map((job) => planned(job, zone, reading[job.by], from, until));
    const lines = jobs.map(({ runs, madeUpAfter }, index): Line => ({
      starts: madeIn(starts[index] ?? []),
      runs,
      madeUpAfter,
    }));
    const span = longestSpan(lines, low, high, missed);
    return span ? [{ ...span, ordinary: false, starts }] : [];
  });
}

function planned({ triggers }: Job, zone: Zone, reading: Reading, from: number, until: number): Start[] {
  const starts: Start[] = [];
  for (let day = from; day < until; day++) {
    for (const trigger of triggers) if (firesOn(trigger, day, 0)) starts.push(...startsOn(day, trigger, zone, reading));
  }
  return starts;
}

function madeIn(starts: readonly Start[]): number[] {
  const made: number[] = [];
  for (const { at } of starts) if (at !== undefined) made.push(at);
  return made.sort((a, b) => a - b);
}
