import { nextOf } from "../estate/schedules";
import { LabError } from "./error";
import { startScheduled } from "./start";
import { Store } from "./store";
import { inWorld, type World } from "./world";

/** Time in the lab moves here and nowhere else: every task that falls due on the way has its turn, in order. */

interface Fired {
  at: string;
  host: string;
  job: string;
  /** How the run ended, or why none began. */
  outcome: string;
}

export async function advance(folder: string, minutes: number): Promise<{ now: string; fired: Fired[] }> {
  if (!Number.isFinite(minutes) || minutes < 0) throw new LabError("Time in the lab moves forward only, in minutes.");
  const store = new Store(folder);
  const end = await inWorld(store, ({ clock }) => Date.parse(clock.now) + minutes * 60_000);
  const fired: Fired[] = [];
  for (;;) {
    const due = await inWorld(store, (world) => takeNext(world, end));
    if (!due) break;
    fired.push({ ...due, outcome: await startScheduled(store, due.host, due.job) });
  }
  // Another process may have moved it further meanwhile.
  const now = await inWorld(store, ({ clock }) => {
    if (Date.parse(clock.now) < end) clock.now = new Date(end).toISOString();
    return clock.now;
  });
  return { now, fired };
}

/** The earliest task that is due by then. Taking it and moving the clock to it is one step: none fires twice. */
function takeNext(world: World, end: number): { at: string; host: string; job: string } | undefined {
  let first: { at: number; host: string; job: string } | undefined;
  for (const host of world.computers()) {
    const { tasks, timeZone } = world.computer(host);
    for (const task of Object.values(tasks)) {
      if (!task.enabled) continue;
      const at = nextOf(task.triggers, timeZone, task.since, Date.parse(task.considered));
      if (at !== null && at <= end && (!first || at < first.at)) first = { at, host, job: task.name };
    }
  }
  if (!first) return undefined;
  const at = new Date(first.at).toISOString();
  const task = world.computer(first.host).tasks[first.job];
  if (task) task.considered = at;
  if (Date.parse(world.clock.now) < first.at) world.clock.now = at;
  return { ...first, at };
}
