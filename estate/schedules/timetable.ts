import type { Schedule } from "../documents";
import { MINUTE } from "./day";
import type { Job } from "./find-gap";
import type { Scheduler } from "./readings";
import type { TimeTrigger } from "./starts";
import { triggersOf } from "./triggers";

/** A schedule as one job keeps it. */
export interface Timetable {
  schedule: Schedule;
  /** Task Scheduler, unless said otherwise. */
  by?: Scheduler | undefined;
  startWhenMissed?: boolean | undefined;
  /** How long a run lasts at most: what should start while it goes on does not. */
  runMinutes?: number | undefined;
}

export interface GapQuestion {
  /** What adds to one line of recovery points, such as a nightly full backup and one of the log every few minutes. */
  timetables: readonly Timetable[];
  zone: string;
  /** The clock of the estate: gaps are judged from the beginning of its year on. */
  from: string;
  /** How many moments in a row may pass without the start that is due. */
  missedStarts?: number | undefined;
  /** How long a host is down at most; without it, what was missed may be made up for as late as before the next start. */
  downMinutes?: number | undefined;
}

/** Before Task Scheduler makes up for a start (Microsoft's reference page of StartWhenAvailable). */
export const DELAY = 10;

export function jobOf(timetable: Timetable, { downMinutes }: GapQuestion): Job {
  const { schedule, by = "task-scheduler", runMinutes = 0 } = timetable;
  const triggers = triggersOf(schedule).filter((trigger): trigger is TimeTrigger => trigger.kind !== "other");
  const madeUpAfter = makesUp(timetable) ? ((downMinutes ?? Infinity) + DELAY) * MINUTE : undefined;
  return { triggers, by, runs: runMinutes * MINUTE, madeUpAfter };
}

/** Of a repetition, nobody says that it makes up for a start before it comes again anyway. */
export const makesUp = ({ schedule, by, startWhenMissed = false }: Timetable): boolean =>
  startWhenMissed && by !== "sql-agent" && (schedule.every === "day" || schedule.every === "week");
