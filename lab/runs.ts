import { hostLayout, Run } from "../estate/documents";
import { productFile } from "./agent";
import { underwayIn } from "./interpreter/execution";
import { isAlive, markOf, type ProcessMark } from "./processes";
import { own, type World } from "./world";

/** Result files of a host, and the mark of a run that has not ended. */

interface RunLock {
  run: string;
  /** Of a run by command. One that was scheduled goes on with the clock, in no process. */
  process?: ProcessMark;
}

/** What Task Scheduler shows as the last result while a task runs. */
export const RUNNING = 0x41301;

type Tell = (file: string, error: unknown) => void;

/**
 * Newest first, each read when it is asked for. What is found running although no process is was interrupted; what
 * cannot be read is told, and stops nothing.
 */
export function* runsOf(world: World, host: string, job: string, tell: Tell = () => undefined): Generator<Run> {
  const live = liveRun(world, host, job);
  const names = world.disk.names(productFile(host, hostLayout.runs(job))).filter((name) => name.endsWith(".json"));
  for (const name of names.reverse()) {
    const file = `${hostLayout.runs(job)}/${name}`;
    try {
      const run = world.disk.body(productFile(host, file))?.derive(runIn);
      if (run) yield asFound(run, live);
    } catch (error) {
      tell(file, error);
    }
  }
}

const runIn = (content: Buffer): Run => Run.parse(content.toString("utf8"));

export function readRuns(world: World, host: string, job: string, last: number, tell?: Tell): Run[] {
  const runs: Run[] = [];
  for (const run of runsOf(world, host, job, tell)) {
    if (runs.length >= last) break;
    runs.push(run);
  }
  return runs;
}

function asFound(run: Run, live: string | undefined): Run {
  const unfinished = run.outcome === "running" || run.outcome === "waiting";
  if (!unfinished || run.id === live) return run;
  const last = run.steps.at(-1)?.id;
  const after = last === undefined ? "before its first step had ended" : `after the step ${last}`;
  const message = `Its process on ${run.host} ended ${after}, and the run with it.`;
  const error = { code: "interrupted", message, advice: "Run it again: what it left is swept up." };
  return { ...run, outcome: "interrupted", error: run.error ?? error };
}

/** The run of a job that has not ended: a living process is in it, or it goes on with the clock. */
export function liveRun(world: World, host: string, job: string): string | undefined {
  const lock = lockOf(world, host, job);
  if (!lock) return undefined;
  const { run, process: mark } = lock;
  return (mark ? isAlive(mark) : own(underwayIn(world), run) !== undefined) ? run : undefined;
}

function lockOf({ disk }: World, host: string, job: string): RunLock | undefined {
  const text = disk.text(productFile(host, hostLayout.lock(job)));
  // One of the module's own is empty: the system itself knows who holds it.
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as RunLock);
}

export function beginRun(world: World, { host, job, id, trigger }: Run): void {
  const lock: RunLock = { run: id, ...(trigger === "schedule" ? {} : { process: markOf(process.pid) }) };
  world.disk.write(productFile(host, hostLayout.lock(job)), JSON.stringify(lock));
}

export function endRun(world: World, host: string, job: string): void {
  world.disk.remove(productFile(host, hostLayout.lock(job)));
}

/** The result file is replaced at every step, with the outcome running until the end. */
export function saveRun(world: World, run: Run): void {
  run.beatAt = world.clock.now;
  writeRun(world, run.finishedAt === undefined ? { ...run, outcome: "running" } : run);
}

function writeRun(world: World, run: Run): void {
  world.disk.write(productFile(run.host, hostLayout.run(run.job, run.id)), Run.write(run));
}

/** The next run begins with the truth about those that died: their result files say so, their work folders go. */
export function sweepDeadRuns(world: World, host: string, job: string): void {
  const { disk } = world;
  // A run that has ended took its mark away.
  const left = lockOf(world, host, job)?.run;
  for (const run of left === undefined ? [] : readRuns(world, host, job, 1)) {
    if (run.id === left && run.finishedAt === undefined) writeRun(world, { ...run, finishedAt: world.clock.now });
  }
  const locks = disk.names(productFile(host, "locks")).map((name) => name.replace(/\.lock$/, ""));
  const live = new Set(locks.map((one) => liveRun(world, host, one)));
  for (const name of disk.names(productFile(host, "work"))) {
    if (!live.has(name)) disk.remove(productFile(host, hostLayout.work(name)));
  }
}
