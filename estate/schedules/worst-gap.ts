import type { Schedule } from "../documents";
import { assumptionsOf } from "./assumptions";
import type { Years } from "./changes";
import { DAY, MINUTE, timeOfWall, wallText, weekdayOf, WEEK } from "./day";
import { durationText } from "./duration";
import { findGap, type Found, type Job } from "./find-gap";
import { jobOf, type GapQuestion, type Timetable } from "./timetable";
import { wallAt, zoneOf, type Zone } from "./zone";

/**
 * The longest time that passes between the starts of two runs that follow each other, in elapsed time, over all that the
 * rules of the zone say about the years to come. What is not certain is assumed to be the worse, and said.
 */

export interface Gap {
  /** A gap between starts; or, where a schedule waits for the runs of others, the wait for the next look. */
  kind: "gap" | "look";
  minutes: number;
  from: Moment;
  until: Moment;
  /** What a verdict can be continued from: `02:00 + 24 h`. */
  text: string;
  /** Each a sentence without its full stop. */
  assumptions: string[];
  /** The years whose changes of clocks were looked at. */
  years: Years;
}

export interface Moment {
  /** In UTC. */
  at: string;
  /** What the wall shows, such as 2026-03-28 02:30. */
  local: string;
}

/** Nothing starts by itself, so nothing promises that anything ever does. */
export interface Never {
  kind: "never";
  text: string;
}

export type WorstGap = Gap | Never;

/** The calendar repeats after 28 years: each rule has met each day of the week, in leap years and in others. */
const YEARS = 28;

const known = new Map<string, WorstGap>();

export function worstGap(question: GapQuestion): WorstGap {
  const key = JSON.stringify({ ...question, from: yearOf(question) });
  let gap = known.get(key);
  if (!gap) {
    gap = judge(question);
    known.set(key, gap);
  }
  return gap;
}

const yearOf = ({ from }: GapQuestion): number => Number(from.slice(0, 4));

function judge(question: GapQuestion): WorstGap {
  const { timetables } = question;
  const those = (...every: Schedule["every"][]): Timetable[] =>
    timetables.filter(({ schedule }) => every.includes(schedule.every));
  const timed = those("day", "week", "minutes");
  if (timed.length > 0) {
    const gap = gapOf("gap", timed, question);
    const others = timed.length < timetables.length ? ["What waits for a command or for other runs adds nothing"] : [];
    return { ...gap, assumptions: [...gap.assumptions, ...others] };
  }
  // Each waits for runs of its own.
  const looks = those("run").map((look) => gapOf("look", [look], question));
  return looks.sort((a, b) => b.minutes - a.minutes)[0] ?? { kind: "never", text: "runs only when it is asked to" };
}

function gapOf(kind: Gap["kind"], timetables: readonly Timetable[], question: GapQuestion): Gap {
  const zone = zoneOf(question.zone);
  const years = { from: yearOf(question), until: yearOf(question) + YEARS - 1 };
  const jobs = timetables.map((timetable) => jobOf(timetable, question));
  const found = findGap({ jobs, zone, missed: question.missedStarts ?? 0 }, years);
  if (!found) throw new Error(`So many missed starts last longer than the ${String(YEARS)} years that are looked at.`);
  const minutes = (found.until - found.from) / MINUTE;
  return {
    kind,
    minutes,
    from: momentOf(found.from, zone),
    until: momentOf(found.until, zone),
    text:
      kind === "gap"
        ? `${beginText(found, jobs, zone)} + ${durationText(minutes)}`
        : `${durationText(minutes)} until the look`,
    assumptions: assumptionsOf(found, { ...question, timetables }, zone),
    years,
  };
}

function momentOf(at: number, zone: Zone): Moment {
  return { at: new Date(at).toISOString(), local: wallText(wallAt(zone, at)) };
}

/** A time of day; with its weekday where days differ, with its date where that day is like no other. */
function beginText(found: Found, jobs: readonly Job[], zone: Zone): string {
  if (!found.ordinary) return momentOf(found.from, zone).local;
  const wall = wallAt(zone, found.from);
  const weekly = jobs.some(({ triggers }) => triggers.some(({ kind }) => kind === "weekly"));
  const weekday = WEEK[weekdayOf(Math.floor(wall / DAY))];
  return `${weekly && weekday ? `${weekday} ` : ""}${timeOfWall(wall)}`;
}
