import { ordinaryMonday, unlikeChanges, type Years } from "./changes";
import { DAY, HOUR } from "./day";
import { lengthOf, longestSpan, type Line, type Span } from "./longest";
import { WORST, type Reading, type Scheduler } from "./readings";
import { firesOn, remainderOf, startsOn, type Start, type TimeTrigger } from "./starts";
import { firstInstantOf, wallAt, type Zone } from "./zone";

/** Where the longest gap is: in an ordinary week, or around a change of the clocks. */

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

interface Search {
  jobs: readonly Job[];
  zone: Zone;
  missed: number;
}

/** What one zone's clocks do at once, with room to spare; what that takes away is over with the repetition that it meets. */
const JUMP = 3 * HOUR;

export function findGap(search: Search, years: Years): Found | undefined {
  const { jobs, zone, missed } = search;
  const period = Math.max(...jobs.map(periodOf));
  const runs = Math.ceil(Math.max(...jobs.map((job) => job.runs)) / DAY);
  // So many starts of one job come within so many days; the next after those that a run holds up, within as many more.
  const reach =
    (runs > 0 ? runs + period : 0) +
    Math.min(...jobs.map((job) => periodOf(job) * (1 + Math.floor(missed / countOf(job)))));

  const found: Found[] = [];
  const monday = ordinaryMonday(zone, years, period + reach + 3);
  if (monday !== undefined) {
    const low = firstInstantOf(zone, monday * DAY);
    const spans = longestIn(search, readingsOf(jobs, "stay"), low, low + period * DAY, reach * DAY);
    found.push(...spans.map((span) => ({ ...span, ordinary: true })));
  }
  const ordinary = found[0] ? lengthOf(found[0]) : reach * DAY;
  for (const { at, before, after } of unlikeChanges(zone, years, Math.ceil((2 * ordinary) / DAY) + period + 7)) {
    const readings = readingsOf(jobs, after < before ? "go back" : "go forward");
    found.push(...longestIn(search, readings, at - ordinary - JUMP, at + DAY + JUMP, ordinary));
  }
  const [first, ...others] = found;
  return first && others.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one), first);
}

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

/** Schedulers of different kinds may differ in what they do. What cannot happen needs no reading. */
function readingsOf(jobs: readonly Job[], clocks: "stay" | "go forward" | "go back"): Readings[] {
  const of = (by: Scheduler): readonly Reading[] => {
    const own = jobs.filter((job) => job.by === by);
    const triggers = own.flatMap((job) => job.triggers);
    const repeats = triggers.some(({ kind }) => kind === "repeating");
    const twice = clocks === "go back" && triggers.length > 0;
    const paces = repeats && clocks !== "stay";
    const taken = WORST[by].filter((one) => (paces || one.pace === "wall") && (twice || one.twice === "first"));
    return own.some(({ runs }) => runs > 0) ? taken.flatMap((one) => madeAfterAll(one, repeats, clocks)) : taken;
  };
  return of("task-scheduler").flatMap((task) =>
    of("sql-agent").map((agent) => ({ "task-scheduler": task, "sql-agent": agent })),
  );
}

/** Where a run holds up the next start, one that is made after all may make the gap longer than one that is not. */
function madeAfterAll(one: Reading, repeats: boolean, clocks: "stay" | "go forward" | "go back"): Reading[] {
  const skipped = clocks === "go forward" ? (["lost", "at the jump", "later"] as const) : (["lost"] as const);
  const tooSoon = repeats ? (["lost", "made"] as const) : (["lost"] as const);
  return skipped.flatMap((jumped) => tooSoon.map((soon) => ({ ...one, skipped: jumped, tooSoon: soon })));
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
  // Whether a run goes on shows in the last start before; it may hold up the first one after.
  const more = Math.max(...jobs.map((job) => (job.runs > 0 ? periodOf(job) : 0)));
  const [from, until] = [dayOf(low) - 1 - more, dayOf(high + about) + 1 + more];
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

/** In order, as planned: no reading makes a later start earlier. */
function madeIn(starts: readonly Start[]): number[] {
  const made: number[] = [];
  for (const { at } of starts) if (at !== undefined) made.push(at);
  return made;
}
