import type { Schedule, TaskTrigger } from "../documents";
import { DAY, timeOfWall, wallText } from "./day";
import { EXPECTED, type Reading, type Scheduler } from "./readings";
import { firesOn, startsOn, type Doubt, type Start } from "./starts";
import { triggersOf } from "./triggers";
import { wallAt, zoneOf, type Zone } from "./zone";

/** When a schedule runs next, as its scheduler is expected to take it. What is not certain is said. */

export interface NextRun {
  /** In UTC. */
  at: string;
  /** What the wall shows then, such as 2026-03-29 03:30. */
  local: string;
  /** What is not certain about it. */
  doubt?: string;
}

/** The runs that come next after a moment; of a schedule that waits for others, the looks. */
export function nextRuns(
  schedule: Schedule,
  zoneName: string,
  from: string,
  count: number,
  by: Scheduler = "task-scheduler",
): NextRun[] {
  const zone = zoneOf(zoneName);
  const triggers = triggersOf(schedule);
  // It has been so for long: what began yesterday may still go on.
  const since = Date.parse(from) - 7 * DAY;
  const runs: NextRun[] = [];
  let next = nextStart(triggers, zone, since, Date.parse(from), EXPECTED[by]);
  while (next && runs.length < count) {
    const { at, wall, doubt } = next;
    runs.push({
      at: new Date(at).toISOString(),
      local: wallText(wallAt(zone, at)),
      ...(doubt ? { doubt: DOUBTS[doubt](timeOfWall(wall)) } : {}),
    });
    next = nextStart(triggers, zone, since, at, EXPECTED[by]);
  }
  return runs;
}

const DOUBTS: Record<Doubt, (time: string) => string> = {
  skipped: (time) => `${time} does not exist on this day: it may be left out`,
  "skipped with its repetition": (time) =>
    `${time} does not exist on this day: what repeats from then on may be left out`,
  "first of two": (time) => `${time} comes twice on this day: it may be the other one, or both`,
  "second of two": (time) => `${time} comes twice on this day: it may be the other one, or both`,
  shifted: (time) => `The clocks have changed since the repetition began: it may be at ${time}, or left out`,
  "too soon": (time) => `${time} comes sooner than the interval after the start before it: it may be left out`,
};

/**
 * When Task Scheduler starts a task with these triggers next after a moment, counted from when the task was made; null
 * where no start comes within four years or all triggers are of other kinds.
 */
export function nextOf(triggers: readonly TaskTrigger[], zone: string, since: string, after: number): number | null {
  return nextStart(triggers, zoneOf(zone), Date.parse(since), after, EXPECTED["task-scheduler"])?.at ?? null;
}

type Made = Start & { at: number };

function nextStart(
  triggers: readonly TaskTrigger[],
  zone: Zone,
  since: number,
  after: number,
  reading: Reading,
): Made | undefined {
  const firstDay = Math.floor(wallAt(zone, since) / DAY);
  // A repetition that began the day before may still go on.
  const startDay = Math.max(firstDay, Math.floor(wallAt(zone, after) / DAY) - 1);
  let soonest: Made | undefined;
  for (const trigger of triggers) {
    if (trigger.kind === "other") continue;
    for (let day = startDay; day < startDay + 1462; day++) {
      if (!firesOn(trigger, day, firstDay)) continue;
      const next = startsOn(day, trigger, zone, reading).find((start): start is Made => (start.at ?? after) > after);
      if (!next) continue;
      if (!soonest || next.at < soonest.at) soonest = next;
      break;
    }
  }
  return soonest;
}
