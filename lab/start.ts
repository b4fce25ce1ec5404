import { hostLayout, Job, Run, runId, taskAction, type AgentJobDeclaration, type Trigger } from "../estate/documents";
import { HostError, type Work } from "../hosts/host";
import { agentNote } from "./agent-jobs";
import { installedVersion, productFile, sha256 } from "./agent";
import type { DirectoryAccount } from "./directory";
import { refused } from "./error";
import type { RunUnderway } from "./interpreter/execution";
import { beginRun, endRun, liveRun, RUNNING, saveRun, sweepDeadRuns } from "./runs";
import { startedBy } from "./sql/agent";
import { findAgentJob } from "./sql/agent-changes";
import { sqlServer } from "./sql/servers";
import { isPlacedOn, jobFile, jobIn } from "./state";
import { own, type Task, type World } from "./world";

/** What Task Scheduler does when a task is due, or is asked for: it logs the account on and starts the module. */

/** 0x8007052E: the account could not log on. */
const LOGON_FAILURE = 0x8007052e;
/** 0x800710E0: one of it is running already, and the task allows no second one. */
const REFUSED = 0x800710e0;

export class LogonError extends HostError {
  constructor(host: string, message: string) {
    super("refused", host, message, "Run Install-ADServiceAccount there, or declare another account.");
  }
}

/** The run begins, or the host says why none does; nothing is changed then. */
export function startRun(world: World, host: string, work: Work | ByAgent, trigger: Trigger): RunUnderway {
  const toolVersion = installedVersion(world, host);
  if (toolVersion === undefined)
    throw refused(host, "the module is not installed, so no job can run.", "Declare a HostAgent for it.");
  const { job, hash, task, account } = startable(world, host, work);
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
    jobHash: hash,
    host,
    account: account.name,
    trigger,
    outcome: "running",
    startedAt: clock.now,
    beatAt: clock.now,
    steps: [],
  });
  if (task) Object.assign(task, { lastRunAt: clock.now, lastResult: RUNNING });
  beginRun(world, run);
  saveRun(world, run);
  world.disk.makeFolder(productFile(host, hostLayout.work(id)));
  const actor = { host, account: account.name, logon: "batch" } as const;
  const shared = { results: {}, artefacts: [], noted: [], kept: [], damaged: [], hasSetFolder: false, next: 0 };
  return { job, actor, run, toolVersion, ...shared };
}

export function noteEnd(world: World, work: Work, { host, job, outcome }: Run): void {
  const lastResult = outcome === "failed" || outcome === "cancelled" ? 1 : 0;
  if ("job" in work) note(world, host, job, { lastResult });
  endRun(world, host, job);
}

/** What the task shows where no run began. Where one is going on, that is until it has ended. */
export function noteNoStart(world: World, host: string, job: string, error: HostError): void {
  if (error.code === "busy") return note(world, host, job, { lastResult: REFUSED });
  note(world, host, job, { lastRunAt: world.clock.now, lastResult: error instanceof LogonError ? LOGON_FAILURE : 1 });
}

function note(world: World, host: string, job: string, shown: Partial<Pick<Task, "lastRunAt" | "lastResult">>): void {
  const task = own(world.computer(host).tasks, job);
  if (task) Object.assign(task, shown);
}

/** A step of SQL Server Agent starts the command of the task, as whom the step runs; no task is needed for it. */
export interface ByAgent {
  job: string;
  agentAccount: string;
}

interface Startable {
  job: Job;
  hash: string;
  task: Task | undefined;
  account: DirectoryAccount;
}

function startable(world: World, host: string, work: Work | ByAgent): Startable {
  if ("document" in work) {
    const { document: job } = work;
    return { job, hash: sha256(Job.write(job)), task: undefined, account: logOn(world, host, job.account, null) };
  }
  if ("agentAccount" in work) {
    const account = logOn(world, host, work.agentAccount, null);
    return { ...documentOf(world, host, work.job), task: undefined, account };
  }
  const note = agentNote(world, host, work.job);
  if (note && !own(world.computer(host).tasks, work.job)) {
    const account = logOn(world, host, agentAccount(world, host, work.job, note), null);
    return { ...documentOf(world, host, work.job), task: undefined, account };
  }
  const task = taskOf(world, host, work.job);
  const { name, sid } = task.account;
  return { ...documentOf(world, host, work.job), task, account: logOn(world, host, name, sid) };
}

const ADVICE = "Run pulumi up, which puts it right.";

function taskOf(world: World, host: string, name: string): Task {
  const task = own(world.computer(host).tasks, name);
  if (!task) {
    const what = jobFile(world, host, name) ? "task" : "job";
    throw new HostError("not-found", host, `there is no ${what} ${name}.`, ADVICE);
  }
  if (!task.enabled) throw refused(host, `the task of ${name} is disabled.`, "Enable it in its declaration.");
  const { program, arguments: parameters } = taskAction(name);
  if (task.action.program !== program || task.action.arguments !== parameters) {
    throw refused(host, `the task of ${name} does not start the job, but ${task.action.program}.`, ADVICE);
  }
  return task;
}

/** As whom the Agent job would start it now. */
function agentAccount(world: World, host: string, name: string, { instance }: AgentJobDeclaration): string {
  const server = sqlServer(world, instance);
  const found = findAgentJob(server, name);
  if (!found) throw new HostError("not-found", host, `there is no Agent job ${name} on ${instance}.`, ADVICE);
  const [step] = found.steps;
  if (!step || startedBy(step) !== name) throw refused(host, `the Agent job ${name} does not start the job.`, ADVICE);
  if (server.agent !== "running") {
    throw refused(host, `SQL Server Agent of ${instance} does not run.`, "Start its service.");
  }
  return step.proxy ?? server.serviceAccount;
}

function documentOf(world: World, host: string, name: string): { job: Job; hash: string } {
  const file = jobFile(world, host, name);
  if (!file) throw new HostError("not-found", host, `there is no job ${name}.`, ADVICE);
  const job = file.derive(jobIn);
  if (!job) throw refused(host, `the document of ${name} is no job document.`, ADVICE);
  if (!isPlacedOn(job, name, host)) {
    throw refused(host, `the document of ${name} is that of ${job.name}, or of other hosts.`, ADVICE);
  }
  return { job, hash: file.sha256() };
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
