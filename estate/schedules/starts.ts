import type { TaskTrigger } from "../documents";
import { DAY, MINUTE, minutesOf, weekdayOf, WEEK, weekOf } from "./day";
import type { Reading } from "./readings";
import { firstInstantOf, instantsOf, wallAt, type Zone } from "./zone";

/** The starts that a trigger plans for one day, and what may become of them when the clocks change. */

export type TimeTrigger = Exclude<TaskTrigger, { kind: "other" }>;

export type Doubt =
  "skipped" | "skipped with its repetition" | "first of two" | "second of two" | "too soon" | "shifted";

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
  const first = day * DAY + minutesOf(trigger.at) * MINUTE;
  const offset = zone.offsetAt(first - DAY);
  // Most days are like any other: nothing is in doubt, and elapsed time is what the wall shows.
  const ordinary = offset === zone.offsetAt(first + 2 * DAY);
  const place = (wall: number): Start => (ordinary ? { wall, at: wall - offset } : placed(wall, zone, reading));
  if (trigger.kind !== "repeating") return [place(first)];
  const starts =
    ordinary || reading.pace === "wall"
      ? wallsOf(trigger, first).map(place)
      : elapsed(place(first), trigger, zone, reading);
  return remainderOf(trigger) < trigger.minutes ? withDoubtfulFirst(starts, reading) : starts;
}

function withDoubtfulFirst([first, ...rest]: readonly Start[], { tooSoon }: Reading): Start[] {
  if (!first) return rest;
  if (first.at === undefined) return [first, ...rest];
  return [tooSoon === "made" ? { doubt: "too soon", ...first } : { wall: first.wall, doubt: "too soon" }, ...rest];
}

function placed(wall: number, zone: Zone, { skipped, twice }: Reading): Start {
  const [at, again] = instantsOf(zone, wall);
  if (at === undefined) {
    if (skipped === "lost") return { wall, doubt: "skipped" };
    return { wall, doubt: "skipped", at: skipped === "later" ? firstInstantOf(zone, wall) : jumpOver(zone, wall) };
  }
  if (again === undefined) return { wall, at };
  return twice === "first" ? { wall, at, doubt: "first of two" } : { wall, at: again, doubt: "second of two" };
}

/** The moment at which the clock jumps over what the wall would show. */
function jumpOver(zone: Zone, wall: number): number {
  const later = firstInstantOf(zone, wall);
  const year = new Date(later).getUTCFullYear();
  const jump = zone.changes(year - 1, year + 2).findLast(({ at }) => at <= later);
  return jump?.at ?? later;
}

type Repeating = Extract<TaskTrigger, { kind: "repeating" }>;

function wallsOf({ minutes, forMinutes }: Repeating, first: number): number[] {
  const walls: number[] = [];
  for (let minute = 0; minute < forMinutes; minute += minutes) walls.push(first + minute * MINUTE);
  return walls;
}

/** Where two repetitions would overlap, because the day is short, the later one goes on alone. */
function elapsed(first: Start, trigger: Repeating, zone: Zone, reading: Reading): Start[] {
  const { wall, at } = first;
  if (at === undefined) {
    const [, ...rest] = wallsOf(trigger, wall);
    return [{ wall, doubt: "skipped with its repetition" }, ...rest.map((one): Start => ({ wall: one }))];
  }
  const declared = at + trigger.forMinutes * MINUTE;
  const next = placed(wall + DAY, zone, reading).at ?? declared;
  const endless = trigger.forMinutes === 1440 && reading.pace === "elapsed until the next";
  const end = endless ? next : Math.min(declared, next);
  const starts = [first];
  for (let time = at + trigger.minutes * MINUTE; time < end; time += trigger.minutes * MINUTE) {
    const planned = wall + time - at;
    starts.push({ wall: planned, at: time, ...(wallAt(zone, time) === planned ? {} : { doubt: "shifted" }) });
  }
  return starts;
}

/** The minutes from its last start to the first of the next day; fewer than its interval, where that does not divide the day. */
export function remainderOf({ minutes, forMinutes }: Repeating): number {
  return 1440 - (Math.ceil(forMinutes / minutes) - 1) * minutes;
}
