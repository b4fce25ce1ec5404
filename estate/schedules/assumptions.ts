import type { TaskTrigger } from "../documents";
import { dateOf, minutesOf, timeOf, timeOfWall } from "./day";
import { durationText } from "./duration";
import type { Found } from "./find-gap";
import { remainderOf, type Doubt, type Start } from "./starts";
import { DELAY, makesUp, type GapQuestion } from "./timetable";
import { triggersOf } from "./triggers";
import { wallAt, type Zone } from "./zone";

/** What was assumed to make a gap so long: each a sentence without its full stop. */
export function assumptionsOf(found: Found, question: GapQuestion, zone: Zone): string[] {
  const triggers = question.timetables.flatMap(({ schedule }) => triggersOf(schedule));
  const starts = concerned(found, zone);
  return [
    ...aboutClocks(starts, zone),
    ...triggers.flatMap((trigger) => aboutRepetition(trigger, starts)),
    ...aboutMissed(question),
    ...aboutRuns(found, question),
  ];
}

/** The starts at both ends, and those that are not made in between. */
function concerned({ from, until, starts }: Found, zone: Zone): Start[] {
  const [low, high] = [wallAt(zone, from), wallAt(zone, until)];
  return starts.flatMap((ofJob) =>
    ofJob.filter(({ at, wall }) => (at === undefined ? wall > low && wall < high : at === from || at === until)),
  );
}

const CLOCKS: Record<
  Exclude<Doubt, "too soon">,
  (times: string, several: boolean, when: string, at: string) => string
> = {
  skipped: (times, several, when) => `${times} ${several ? "do" : "does"} not exist ${when}: assumed not to run`,
  "skipped with its repetition": (times, _, when) =>
    `${times} does not exist ${when}: what repeats from then on is assumed not to run`,
  "first of two": (times, several, when) =>
    `${times} ${several ? "come" : "comes"} twice ${when}: assumed to run only the first time`,
  "second of two": (times, several, when) =>
    `${times} ${several ? "come" : "comes"} twice ${when}: assumed to run only the second time`,
  shifted: (times, _, when, at) => `The repetition that should reach ${times} ${when} is assumed to reach it at ${at}`,
};

/** What shares a doubt and a day shares a sentence. */
function aboutClocks(starts: readonly Start[], zone: Zone): string[] {
  const groups = new Map<string, Start[]>();
  for (const start of starts) {
    const key = `${start.doubt ?? ""} ${dateOf(start.wall)}`;
    groups.set(key, [...(groups.get(key) ?? []), start]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (!first?.doubt || !last || first.doubt === "too soon") return [];
    const several = first !== last;
    const times = several ? `${timeOfWall(first.wall)} to ${timeOfWall(last.wall)}` : timeOfWall(first.wall);
    const at = first.at === undefined ? "" : timeOfWall(wallAt(zone, first.at));
    return CLOCKS[first.doubt](times, several, `on ${dateOf(first.wall)} in ${zone.name}`, at);
  });
}

/** Where it meets the end of its window, or the next one. */
function aboutRepetition(trigger: TaskTrigger, starts: readonly Start[]): string[] {
  if (trigger.kind !== "repeating") return [];
  const { at, minutes, forMinutes } = trigger;
  const remainder = remainderOf(trigger);
  const last = timeOf(minutesOf(at) + 1440 - remainder);
  if (starts.some(({ doubt, wall }) => doubt === "too soon" && timeOfWall(wall) === at)) {
    const distance = durationText(remainder);
    return [`${String(minutes)} min do not divide the day: ${at}, ${distance} after ${last}, is assumed not to run`];
  }
  const closes = forMinutes < 1440 && 1440 - remainder + minutes === forMinutes;
  if (!closes || !starts.some((start) => start.at !== undefined && timeOfWall(start.wall) === last)) return [];
  return [`${timeOf(minutesOf(at) + forMinutes)} ends the window: assumed not to run then`];
}

function aboutMissed({ timetables, missedStarts = 0, downMinutes }: GapQuestion): string[] {
  if (missedStarts === 0) return [];
  const missed = `${missedStarts === 1 ? "1 start is" : `${String(missedStarts)} starts in a row are`} assumed to be missed`;
  const asked = timetables.filter(({ startWhenMissed }) => startWhenMissed);
  const down =
    downMinutes === undefined
      ? "How long a host is down is not said: what it missed is assumed to be made up for just before the next start"
      : `What is missed is made up for after ${durationText(downMinutes + DELAY)}: a host is down for ` +
        `${durationText(downMinutes)} at most, and Task Scheduler waits for another ${durationText(DELAY)}`;
  return [
    missed,
    ...(asked.some(makesUp) ? [down] : []),
    ...(asked.some(({ by }) => by === "sql-agent") ? ["SQL Server Agent makes up for no missed start"] : []),
    ...(asked.some((one) => one.by !== "sql-agent" && !makesUp(one))
      ? ["A repetition is assumed to make up for no missed start"]
      : []),
  ];
}

function aboutRuns({ from, until, starts }: Found, { timetables, missedStarts = 0 }: GapQuestion): string[] {
  const longest = Math.max(...timetables.map(({ runMinutes = 0 }) => runMinutes));
  if (longest === 0) return [];
  const between = starts.flatMap((ofJob) => ofJob.filter(({ at = from }) => at > from && at < until));
  return new Set(between.map(({ at }) => at)).size > missedStarts
    ? [`A start that comes while a run of ${durationText(longest)} goes on is not made`]
    : [];
}
