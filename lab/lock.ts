import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promises as timers } from "node:timers";
import { LabError } from "./error";
import { isAlive, markOf, type ProcessMark } from "./processes";

/**
 * One writer at a time, across processes. Each holder is a generation: a file `lock/<n>` that names its process. Whoever
 * finds the newest holder dead, or done (an empty file), links generation n + 1; link() fails for all but one. Nobody
 * ever deletes the newest generation, so a lock cannot be stolen, and a killed holder leaves nothing to clean up.
 */

/** Real time, as everything here: a simulated clock that stands still must not freeze a lock. */
const PATIENCE_MS = 60_000;
/** Older generations stay for a while, so that a process that was asleep since then still meets EEXIST. */
const KEPT = 16;

const queues = new Map<string, Promise<unknown>>();
/** How many of this process hold the lock or wait for it. */
const asking = new Map<string, number>();
/** Made by those who wait, and removed by the next who holds it. */
const WANTED = "wanted";

/** Whether anybody waits for the lock, while somebody of this process holds it. */
export function isWanted(folder: string): boolean {
  const key = path.resolve(folder);
  return (asking.get(key) ?? 0) > 1 || fs.existsSync(path.join(key, WANTED));
}

export class LockError extends LabError {
  override readonly name = "LockError";
}

/**
 * Runs `work` as the only one, in the order in which this process asked. It is told its generation: who finds the next
 * one after its own knows that nobody was there in between.
 */
export async function locked<T>(folder: string, work: (generation: number) => Promise<T> | T): Promise<T> {
  const key = path.resolve(folder);
  const before = queues.get(key) ?? Promise.resolve();
  asking.set(key, (asking.get(key) ?? 0) + 1);
  const mine = before.then(async () => {
    const generation = await acquire(key);
    try {
      return await work(generation);
    } finally {
      release(key, generation);
    }
  });
  const settled = mine.catch(() => undefined);
  queues.set(key, settled);
  try {
    return await mine;
  } finally {
    asking.set(key, (asking.get(key) ?? 0) - 1);
    if (queues.get(key) === settled) queues.delete(key);
  }
}

async function acquire(folder: string): Promise<number> {
  fs.mkdirSync(folder, { recursive: true });
  let waitedFor = 0;
  let since = Date.now();
  let pause = 1;
  for (;;) {
    const newest = newestIn(folder);
    const holder = newest === 0 ? undefined : holderOf(folder, newest);
    if (!holder || !isAlive(holder)) {
      if (!succeed(folder, newest + 1)) continue;
      fs.rmSync(path.join(folder, WANTED), { force: true });
      return newest + 1;
    }
    fs.writeFileSync(path.join(folder, WANTED), "");
    if (newest !== waitedFor) {
      waitedFor = newest;
      since = Date.now();
    } else if (Date.now() - since > PATIENCE_MS) {
      throw new LockError(
        `The lab in ${path.dirname(folder)} has been held by process ${String(holder.pid)} for more than a minute. ` +
          `End that process if it hangs; where it is another program by now, delete ${folder}.`,
      );
    }
    await timers.setTimeout(pause + Math.random() * pause);
    pause = Math.min(pause * 1.5, 20);
  }
}

function succeed(folder: string, generation: number): boolean {
  const temporary = path.join(folder, `${randomBytes(8).toString("hex")}.tmp`);
  const file = path.join(folder, String(generation));
  fs.writeFileSync(temporary, JSON.stringify(markOf(process.pid)));
  try {
    fs.linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
  // Whoever overslept may have linked a generation that was used and deleted long ago.
  if (newestIn(folder) > generation) {
    fs.rmSync(file, { force: true });
    return false;
  }
  sweep(folder, generation);
  return true;
}

/** Old generations, and what a process that was killed between two lines left. */
function sweep(folder: string, generation: number): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const old = /^\d+$/.test(name)
      ? Number(name) <= generation - KEPT
      : Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > PATIENCE_MS;
    if (old) fs.rmSync(file, { force: true });
  }
}

function release(folder: string, generation: number): void {
  fs.truncateSync(path.join(folder, String(generation)), 0);
}

function newestIn(folder: string): number {
  return fs
    .readdirSync(folder)
    .reduce((newest, name) => (/^\d+$/.test(name) ? Math.max(newest, Number(name)) : newest), 0);
}

/**
 * Undefined: done, or already deleted by a successor, in which case linking the next generation fails. What is no JSON
 * was cut off with the power: its process is gone as well.
 */
function holderOf(folder: string, generation: number): ProcessMark | undefined {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, String(generation)), "utf8")) as ProcessMark;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
