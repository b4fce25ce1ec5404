import type { TaskTrigger } from "../documents";
import { DAY } from "./day";
import { firesOn, startsOn, type Reading, type Start } from "./starts";
import { wallAt, zoneOf, type Zone } from "./zone";

/** When a schedule runs next, as its scheduler is expected to take it. */

export type Scheduler = "task-scheduler" | "sql-agent";

const EXPECTED: Record<Scheduler, Reading> = {
  "task-scheduler": { skipped: "later", twice: "first", pace: "elapsed until the next", tooSoon: "made" },
  "sql-agent": { skipped: "lost", twice: "first", pace: "wall", tooSoon: "made" },
};

type Made = Start & { at: number };

/**
 * When Task Scheduler starts a task with these triggers next: after a moment, and counted from when the task was made;
 * null where no start comes within four years or all triggers are of other kinds.
 */
export function nextOf(triggers: readonly TaskTrigger[], zone: string, since: string, after: number): number | null {
  return nextStart(triggers, zoneOf(zone), Date.parse(since), after, EXPECTED["task-scheduler"])?.at ?? null;
}

function nextStart(
  triggers: readonly TaskTrigger[],
  zone: Zone,
  since: number,
  after: number,
  reading: Reading,
): Made | undefined {
  const firstDay = Math.floor(wallAt(zone, since) / DAY);
  // A window that began yesterday may still go on.
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
