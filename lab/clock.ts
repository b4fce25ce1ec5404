import type { Run } from "../estate/documents";
import { nextOf } from "../estate/schedules";
import { HostError } from "../hosts/host";
import { liveDay } from "./daily";
import { LabError } from "./error";
import { putDown, takeUp, underwayIn, type Execution } from "./interpreter/execution";
import { conclude, finish, performNext } from "./interpreter/run";
import { materialiseTargets } from "./materialise";
import { saveRun } from "./runs";
import { nextAgentStart, noteAgentEnd, workOf, type AgentStart } from "./sql/agent-starts";
import { noteAllChanges } from "./sql/log";
import { noteEnd, noteNoStart, startRun, type ByAgent } from "./start";
import { Store } from "./store";
import { inWorld, type Computer, type Task, type World } from "./world";

/**
 * Time in the lab moves here and nowhere else. What falls due on the way happens in order: the days' life, the ends of
 * steps, the starts of tasks. Much of it is one batch, which is written together, so that what does not last is never written.
 */

export interface Fired {
  at: string;
  host: string;
  job: string;
  /** How the run ended, that it is still running, or why none began. */
  outcome: string;
}

/** Real time of a batch: while others wait for the world, and while nobody does. */
const WANTED_BATCH_MS = 1000;
const BATCH_MS = 60_000;
/** So often somebody looks whether others wait. */
const LOOK_MS = 50;
const DAY_MS = 86_400_000;
/** At noon a day's life happens: backups are made by night. */
const NOON_MS = DAY_MS / 2;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export async function advance(folder: string, minutes: number): Promise<{ now: string; fired: Fired[] }> {
  if (!Number.isFinite(minutes) || minutes < 0) throw new LabError("Time in the lab moves forward only, in minutes.");
  const store = new Store(folder);
  const end = await inWorld(store, ({ clock }) => Date.parse(clock.now) + minutes * 60_000);
  const fired = await passUntil(store, end);
  const now = await inWorld(store, (world) => {
    materialiseTargets(world);
    // Another process may have moved it further meanwhile.
    return world.clock.now;
  });
  return { now, fired };
}

/** What went on until then, in the order in which it began. */
export async function passUntil(store: Store, end: number): Promise<Fired[]> {
  const history = new Map<string, Fired>();
  // What somebody changed by hand has changed now, and not when time has moved on.
  await inWorld(store, noteAllChanges);
  for (let isThere = false; !isThere;) {
    isThere = await store.batch(() => inWorld(store, (world) => new Batch(store, world, history).pass(end)));
  }
  return [...history.values()];
}

/** What comes next, and when. */
interface Event {
  at: number;
  happen: () => Promise<void> | void;
}

class Batch {
  /** Runs that go on with the clock, in the order in which they began. */
  private readonly running: Map<string, Execution>;
  private readonly computers: readonly Computer[];
  /** The next start; undefined: to be looked up. */
  private start: Event | undefined;

  constructor(
    private readonly store: Store,
    private readonly world: World,
    /** By name of the run, or by what has not become one. */
    private readonly history: Map<string, Fired>,
  ) {
    this.computers = world.computers().map((fqdn) => world.computer(fqdn));
    const underway = Object.entries(underwayIn(world));
    this.running = new Map(underway.map(([id, run]) => [id, takeUp(store, run)]));
    for (const { run } of this.running.values()) this.note(run);
  }

  /** False: it has not come so far, because others are waiting. */
  async pass(end: number): Promise<boolean> {
    const until = performance.now() + BATCH_MS;
    let looksAt = performance.now() + WANTED_BATCH_MS;
    const isEnough = (): boolean => {
      const now = performance.now();
      if (now < looksAt) return false;
      looksAt = now + LOOK_MS;
      return now >= until || this.store.isWanted();
    };
    let next = this.next();
    for (; next.at <= end && !isEnough(); next = this.next()) {
      this.setClock(next.at);
      await next.happen();
    }
    const isThere = next.at > end;
    if (isThere) this.setClock(end);
    for (const [id, execution] of this.running) {
      underwayIn(this.world)[id] = putDown(execution);
      saveRun(this.world, execution.run);
    }
    return isThere;
  }

  /** It never goes back: another process may have moved it further. */
  private setClock(at: number): void {
    const { clock } = this.world;
    if (Date.parse(clock.now) < at) clock.now = new Date(at).toISOString();
  }

  /** Of what comes at one moment, the day's life comes first, and runs end before others start. */
  private next(): Event {
    this.start ??= this.nextStart();
    const events = [this.nextDay(), this.nextStep(), this.start];
    return events.reduce((first, event) => (event.at < first.at ? event : first));
  }

  private nextDay(): Event {
    const { clock } = this.world;
    const day = clock.day ?? dayOf(Date.parse(clock.now) - NOON_MS);
    const happen = (): void => {
      clock.day = dayOf(Date.parse(day) + DAY_MS);
      liveDay(this.world, clock.day);
      noteAllChanges(this.world);
    };
    return { at: Date.parse(day) + DAY_MS + NOON_MS, happen };
  }

  private nextStep(): Event {
    const ends = ({ performed }: Execution): string => performed?.finishedAt ?? "";
    let first: Execution | undefined;
    for (const execution of this.running.values()) if (!first || ends(execution) < ends(first)) first = execution;
    if (!first) return { at: Infinity, happen: () => undefined };
    const execution = first;
    return { at: Date.parse(ends(execution)), happen: () => this.goOn(execution) };
  }

  private async goOn(execution: Execution): Promise<void> {
    conclude(execution);
    if ((await performNext(execution)) !== undefined) return;
    const run = await finish(execution);
    this.running.delete(run.id);
    Reflect.deleteProperty(underwayIn(this.world), run.id);
    noteEnd(this.world, { job: run.job }, run);
    noteAgentEnd(this.world, run);
    this.note(run);
  }

  private nextStart(): Event {
    let first: { at: number; computer: Computer; task: Task } | undefined;
    for (const computer of this.computers) {
      if (computer.off) continue;
      for (const task of Object.values(computer.tasks)) {
        const at = dueAt(task, computer);
        if (at !== null && (!first || at < first.at)) first = { at, computer, task };
      }
    }
    const byAgent = nextAgentStart(this.world);
    if (byAgent && (!first || byAgent.at < first.at)) {
      return { at: byAgent.at, happen: () => this.startByAgent(byAgent) };
    }
    if (!first) return { at: Infinity, happen: () => undefined };
    const { at, computer, task } = first;
    return { at, happen: () => this.startTask(new Date(at).toISOString(), computer.fqdn, task) };
  }

  /** A start that has had its turn does not come again, whatever becomes of it. */
  private async startTask(at: string, host: string, task: Task): Promise<void> {
    task.considered = at;
    if (task.makesUpAt !== undefined && task.makesUpAt <= at) delete task.makesUpAt;
    await this.begin(at, host, { job: task.name });
  }

  private async startByAgent({ at, server, job }: AgentStart): Promise<void> {
    const due = new Date(at).toISOString();
    job.considered = due;
    delete job.asked;
    const work = workOf(server, job);
    if (work) await this.begin(due, server.node, work);
    else this.start = undefined;
  }

  private async begin(at: string, host: string, work: { job: string } | ByAgent): Promise<void> {
    this.start = undefined;
    const { job } = work;
    try {
      const begun = startRun(this.world, host, work, "schedule");
      const execution = takeUp(this.store, begun);
      underwayIn(this.world)[begun.run.id] = begun;
      this.running.set(begun.run.id, execution);
      this.note(begun.run);
      await this.goOn(execution);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if ("agentAccount" in work) noteAgentEnd(this.world, { host, job, outcome: "failed" });
      else noteNoStart(this.world, host, job, error);
      this.history.set(`${at} ${host} ${job}`, { at, host, job, outcome: `not started: ${error.message}` });
    }
  }

  private note({ id, startedAt: at, host, job, outcome }: Run): void {
    this.history.set(id, { at, host, job, outcome });
  }
}

/** The next start of a task, after those that have had their turn. */
function dueAt(task: Task, { timeZone }: Computer): number | null {
  if (!task.enabled) return null;
  const { triggers, since, considered, makesUpAt } = task;
  let known = starts.get(task);
  if (known?.triggers !== triggers || known.since !== since || known.considered !== considered) {
    known = { triggers, since, considered, at: nextOf(triggers, timeZone, since, Date.parse(considered)) };
    starts.set(task, known);
  }
  return makesUpAt === undefined ? known.at : Math.min(Date.parse(makesUpAt), known.at ?? Infinity);
}

type Starts = Pick<Task, "triggers" | "since" | "considered"> & { at: number | null };
const starts = new WeakMap<Task, Starts>();
