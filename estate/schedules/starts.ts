import type { TaskTrigger } from "../documents";
import { DAY, MINUTE, minutesOf, weekdayOf, WEEK, weekOf } from "./day";
import { firstInstantOf, instantsOf, wallAt, type Zone } from "./zone";

/** The starts that a trigger plans for one day, and what may become of them when the clocks change. */

export type TimeTrigger = Exclude<TaskTrigger, { kind: "other" }>;

/**
 * One way in which a scheduler may take what no documentation promises. Microsoft calls the behaviour of Task Scheduler
 * at clock changes unspecified; SQL Server Agent is known to go by the wall and to pause while an hour comes again.
 */
export interface Reading {
  /** A start that the clock jumps over: not made, or made as long after the jump as it was planned. */
  skipped: "lost" | "later";
  /** A start that the wall shows twice. */
  twice: "first" | "second";
  /** A repetition goes by the wall; or by elapsed time, for as long as declared, or until the next one begins. */
  pace: "wall" | "elapsed" | "elapsed until the next";
  /** The first start of a day where it comes sooner than the interval after the last one of the day before. */
  tooSoon: "lost" | "made";
}

export type Doubt = "skipped" | "skipped with its repetition" | "twice" | "too soon" | "shifted";

export interface Start {
  /** What the wall was to show, as planned. */
  wall: number;
  /** When it is made; undefined: not at all. */
  at?: number;
  doubt?: Doubt;
}

/** Whether a trigger that was made on the first day fires on another. */
export function firesOn(trigger: TimeTrigger, day: number, firstDay: number): boolean {
  switch (trigger.kind) {
    case "repeating":
      return true;
    case "daily":
      return (day - firstDay) % trigger.everyDays === 0;
    case "weekly":
      return (
        trigger.on.some((on) => WEEK.indexOf(on) === weekdayOf(day)) &&
        (weekOf(day) - weekOf(firstDay)) % trigger.everyWeeks === 0
      );
  }
}

/** In the order of their plan. */
export function startsOn(day: number, trigger: TimeTrigger, zone: Zone, reading: Reading): Start[] {
  const first = placed(day * DAY + minutesOf(trigger.at) * MINUTE, zone, reading);
  return trigger.kind === "repeating" ? repetition(first, trigger, zone, reading) : [first];
}

function placed(wall: number, zone: Zone, { skipped, twice }: Reading): Start {
  const [at, again] = instantsOf(zone, wall);
  if (at === undefined) {
    return { wall, doubt: "skipped", ...(skipped === "later" ? { at: firstInstantOf(zone, wall) } : {}) };
  }
  if (again === undefined) return { wall, at };
  return { wall, at: twice === "first" ? at : again, doubt: "twice" };
}

type Repeating = Extract<TaskTrigger, { kind: "repeating" }>;

function repetition(first: Start, trigger: Repeating, zone: Zone, reading: Reading): Start[] {
  const step = trigger.minutes * MINUTE;
  const count = Math.ceil(trigger.forMinutes / trigger.minutes);
  const walls = Array.from({ length: count }, (_, index) => first.wall + index * step);
  const [begin = first, ...rest] =
    reading.pace === "wall"
      ? walls.map((wall) => placed(wall, zone, reading))
      : first.at === undefined
        ? walls.map((wall): Start => ({ wall, doubt: "skipped with its repetition" }))
        : elapsed({ ...first, at: first.at }, trigger, zone, reading);
  const remainder = DAY - (count - 1) * step;
  if (begin.doubt || remainder >= step) return [begin, ...rest];
  const { at, wall } = begin;
  return [{ wall, doubt: "too soon", ...(reading.tooSoon === "made" && at !== undefined ? { at } : {}) }, ...rest];
}

/** Where two repetitions would overlap, because the day is short, the later one goes on alone. */
function elapsed(first: Start & { at: number }, trigger: Repeating, zone: Zone, reading: Reading): Start[] {
  const next = placed(first.wall + DAY, zone, reading).at;
  const declared = first.at + trigger.forMinutes * MINUTE;
  const whole = trigger.forMinutes === 1440 && reading.pace === "elapsed until the next";
  const end = whole ? (next ?? declared) : Math.min(declared, next ?? declared);
  const starts: Start[] = [first];
  for (let at = first.at + trigger.minutes * MINUTE; at < end; at += trigger.minutes * MINUTE) {
    const wall = first.wall + at - first.at;
    starts.push(wallAt(zone, at) === wall ? { wall, at } : { wall, at, doubt: "shifted" });
  }
  return starts;
}
