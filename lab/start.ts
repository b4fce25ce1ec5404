import { hostLayout, Job, Run, runId, taskAction, type Trigger } from "../estate/documents";
import { HostError, type Work } from "../hosts/host";
import { agentMark, productFile, readAgent, sha256 } from "./agent";
import type { DirectoryAccount } from "./directory";
import { refused } from "./error";
import type { Execution, RunControl } from "./interpreter/execution";
import { interpret } from "./interpreter/run";
import { beginRun, endRun, liveRun, RUNNING, sweepDeadRuns, writeRun } from "./runs";
import { isPlacedOn, jobText, parseJob } from "./state";
import type { Store } from "./store";
import { inWorld, own, type Task, type World } from "./world";

/** What Task Scheduler does when a task is due, or is asked for: it logs the account on and starts the module. */

interface StartOptions extends RunControl {
  trigger: Trigger;
}

/** 0x8007052E: the account could not log on. */
const LOGON_FAILURE = 0x8007052e;

export async function startRun(store: Store, host: string, work: Work, options: StartOptions): Promise<Run> {
  const name = "job" in work ? work.job : work.document.name;
  const execution = await inWorld(store, (world) => prepare(world, store, host, work, options)).catch(
    async (error: unknown) => {
      if (error instanceof LogonError) await inWorld(store, (world) => noteResult(world, host, work, LOGON_FAILURE));
      throw error;
    },
  );
  let result = 1;
  try {
    const run = await interpret(execution);
    if (run.outcome !== "failed" && run.outcome !== "cancelled") result = 0;
    return run;
  } finally {
    await inWorld(store, (world) => {
      noteResult(world, host, work, result);
      endRun(world, host, name);
    });
  }
}

/** As the scheduler's history has it: how the run ended, or why none began. */
export async function startScheduled(store: Store, host: string, job: string): Promise<string> {
  try {
    return (await startRun(store, host, { job }, { trigger: "schedule" })).outcome;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    await inWorld(store, (world) => {
      // Where the account could not log on, the task says so already; where it runs, its result is still to come.
      const task = own(world.computer(host).tasks, job);
      if (task && task.lastRunAt !== world.clock.now && error.code !== "busy") noteResult(world, host, { job }, 1);
    });
    return `not started: ${error.message}`;
  }
}

function noteResult(world: World, host: string, work: Work, result: number): void {
  const task = "job" in work ? own(world.computer(host).tasks, work.job) : undefined;
  if (task) Object.assign(task, { lastRunAt: world.clock.now, lastResult: result });
}

function prepare(world: World, store: Store, host: string, work: Work, options: StartOptions): Execution {
  const { trigger, ...control } = options;
  const agent = agentMark(world, host) && readAgent(world, host);
  if (!agent) throw refused(host, "the module is not installed, so no job can run.", "Declare a HostAgent for it.");
  const { job, text, task } = "job" in work ? installed(world, host, work.job) : oneOff(work.document);
  const account = logOn(world, host, task?.account.name ?? job.account, task?.account.sid ?? null);
  const live = liveRun(world, host, job.name);
  if (live !== undefined) {
    throw new HostError("busy", host, `${job.name} is running already, as ${live}.`, "Wait until it has ended.");
  }
  sweepDeadRuns(world, host, job.name);
  const { clock } = world;
  // The number makes runs sort as they began, also in the same second.
  const id = runId(clock.now, (clock.runs++).toString(16).padStart(8, "0"));
  const run = Run.make({
    id,
    job: job.name,
    jobHash: sha256(text),
    host,
    account: account.name,
    trigger,
    outcome: "running",
    startedAt: clock.now,
    beatAt: clock.now,
    steps: [],
  });
  noteResult(world, host, work, RUNNING);
  beginRun(world, host, job.name, id);
  writeRun(world, run);
  world.disk.makeFolder(productFile(host, hostLayout.work(id)));
  const actor = { host, account: account.name, logon: "batch" } as const;
  const shared = { results: new Map(), artefacts: [], noted: [], kept: [], damaged: [], hasSetFolder: false };
  return { store, job, actor, run, control, toolVersion: agent.version, ...shared };
}

interface Startable {
  job: Job;
  text: string;
  task: Task | undefined;
}

const oneOff = (job: Job): Startable => ({ job, text: Job.write(job), task: undefined });

function installed(world: World, host: string, name: string): Startable {
  const text = jobText(world, host, name);
  const task = own(world.computer(host).tasks, name);
  const advice = "Run pulumi up, which puts it right.";
  if (text === undefined || !task) {
    const what = text === undefined ? "job" : "task";
    throw new HostError("not-found", host, `there is no ${what} ${name}.`, advice);
  }
  if (!task.enabled) throw refused(host, `the task of ${name} is disabled.`, "Enable it in its declaration.");
  const { program, arguments: parameters } = taskAction(name);
  if (task.action.program !== program || task.action.arguments !== parameters) {
    throw refused(host, `the task of ${name} does not start the job, but ${task.action.program}.`, advice);
  }
  const job = parseJob(text);
  if (!job) throw refused(host, `the document of ${name} is no job document.`, advice);
  if (!isPlacedOn(job, name, host)) {
    throw refused(host, `the document of ${name} is that of ${job.name}, or of other hosts.`, advice);
  }
  return { job, text, task };
}

/** A task keeps its account by identifier; without a logon nothing of ours runs, and only Windows says why. */
function logOn(world: World, host: string, name: string, sid: string | null): DirectoryAccount {
  const accounts = Object.values(world.directory.accounts);
  const account = accounts.find((one) =>
    sid === null ? one.name.toLowerCase() === name.toLowerCase() : one.sid === sid,
  );
  if (account && (account.kind !== "managed" || account.installedOn?.includes(host) === true)) return account;
  const why = account ? "is not installed there as a managed account" : "is not known to the directory";
  throw new LogonError(host, `${name} could not log on: it ${why}.`);
}

class LogonError extends HostError {
  constructor(host: string, message: string) {
    super("refused", host, message, "Run Install-ADServiceAccount there, or declare another account.");
  }
}
