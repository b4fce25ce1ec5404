import { taskAction, type JobState, type TaskState } from "../../estate/documents";
import { agentNextRun } from "../../estate/jobs/runner";
import { scheduleOf, triggerText } from "../../estate/schedules";
import { mustBeReadable, type Hosts } from "../base/hosts";
import type { Observation } from "../base/resource-type";
import { equal } from "../base/wire";
import { foundByAgent, RUNNER, runnerOf } from "./by-agent";
import { foundHash, shownFound } from "./meaning";
import { isDeclared, scheduleIn, withSchedule, type HostInput, type JobInputs, type Part } from "./parts";
import type { JobOutputs } from "./schema";

/** What hosts show of a job, in the words of its declaration. */

/** What a kind of job shows besides what every job does; `at` is the clock of its hosts. */
export type OutputsOf<Inputs extends JobInputs, Outputs extends JobOutputs> = (
  jobs: readonly JobState[],
  at: string,
  inputs: Inputs,
) => Omit<Outputs, keyof JobOutputs>;

/** A part of it on one host. */
interface Seen {
  host: HostInput;
  /** The clock of the host. */
  at: string;
  part: Part;
  job: JobState | undefined;
  task: TaskState | undefined;
  /** Where SQL Server Agent starts it. */
  nextByAgent: string | null;
}

export async function seenOn(
  host: HostInput,
  parts: readonly Part[],
  { inputs, hosts }: { inputs: JobInputs; hosts: Hosts },
): Promise<Seen[]> {
  const state = await hosts.at(host).state();
  mustBeReadable(state, "tasks", "jobs", ...(runnerOf(inputs) ? ["agent-jobs"] : []));
  return parts.map((part) => {
    const job = state.jobs.find(({ name }) => name === part.name);
    return {
      host,
      at: state.at,
      part,
      job,
      task: state.tasks.find((task) => task.name === part.name),
      nextByAgent: job?.agent ? agentNextRun(job.agent, state.timeZone, state.at) : null,
    };
  });
}

export const isThere = ({ job, task }: Seen): boolean => job !== undefined || task !== undefined;

/** One picture of a job on several hosts. Where hosts differ, what is not as declared is what shows. */
export function observationOf<Inputs extends JobInputs, Outputs extends JobOutputs>(
  inputs: Inputs,
  seen: readonly Seen[],
  outputsOf: OutputsOf<Inputs, Outputs>,
): Observation<Inputs, Outputs> | undefined {
  const hosts = new Set(seen.flatMap((one) => (isThere(one) ? [one.host] : [])));
  if (hosts.size === 0) return undefined;
  // A host with half of it stays among the hosts: what is left there must still be read and removed.
  const placed = [...hosts].sort(by(({ name }) => name)).map((host) => seen.filter((one) => one.host === host));
  const found = {
    ...inputs,
    hosts: placed.flatMap(([first]) => first?.host ?? []),
    ...mostTelling(
      inputs,
      placed.map((parts) => foundOn(inputs, parts)),
    ),
  };
  const owners = seen.flatMap(({ job }) => (job ? [job.owner] : []));
  return {
    owner: owners.find((owner) => owner !== null && !equal(owner, inputs.owner)) ?? owners.find(Boolean) ?? null,
    found,
    outputs: {
      ...runsOf(seen),
      ...outputsOf(
        seen.flatMap(({ job }) => job ?? []),
        latestOf(seen),
        inputs,
      ),
    } as Outputs,
    details: () => ({ document: documentsDiffering(inputs, placed) }),
  };
}

/** Of each property what differs from its declaration, where anything does. */
function mostTelling(inputs: JobInputs, found: readonly Record<string, unknown>[]): Record<string, unknown> {
  const keys = new Set(found.flatMap((one) => Object.keys(one)));
  return Object.fromEntries(
    [...keys].map((key) => {
      const values = found.flatMap((one) => (key in one ? [one[key]] : []));
      return [key, values.find((value) => !equal(value, (inputs as Record<string, unknown>)[key])) ?? values[0]];
    }),
  );
}

function foundOn(inputs: JobInputs, seen: readonly Seen[]): Record<string, unknown> {
  const declared = seen.filter(({ part }) => isDeclared(inputs, part));
  const surplus = seen.filter((one) => !isDeclared(inputs, one.part) && isThere(one));
  const jobs = jobsBy(declared);
  const complete = declared.every(({ job }) => job !== undefined);
  return {
    ...mostTelling(
      inputs,
      declared.map((one) => foundOf(inputs, one)),
    ),
    document: complete ? foundHash(jobs) : "there is no job document",
    ...Object.fromEntries(
      surplus.map(({ part, task, job }) => [part.property, { schedule: scheduleFound(task, job) }]),
    ),
  };
}

const jobsBy = (seen: readonly Seen[]): Record<string, JobState> =>
  Object.fromEntries(seen.flatMap(({ part, job }) => (job ? [[part.property, job] as const] : [])));

function foundOf(inputs: JobInputs, { host, part, job, task }: Seen): Record<string, unknown> {
  const runner = runnerOf(inputs);
  if (runner && task) return { [RUNNER]: "Task Scheduler" };
  if (runner) return job ? foundByAgent(inputs, { part, host, job, runner }) : {};
  if (job?.agent) return { [RUNNER]: `SQL Server Agent of ${job.agent.instance}` };
  if (!task) return { task: "there is no task" };
  if (!job) return {};
  const { program, arguments: parameters } = task.action;
  const own = taskAction(part.name);
  const runs = program === own.program && parameters === own.arguments ? inputs.task?.runs : `${program} ${parameters}`;
  const { logon, highestRights, oneAtATime } = task;
  return {
    account: accountFound(inputs.account, task.account, job.accountSid),
    [part.property]: withSchedule(inputs, part.property, scheduleFound(task, job, scheduleIn(inputs, part.property))),
    startWhenMissed: task.startWhenMissed,
    timeLimitMinutes: task.timeLimitMinutes,
    enabled: task.enabled,
    task: { runs, logon, highestRights, oneAtATime },
  };
}

/** No declaration can say every schedule; then it shows as it is. */
function scheduleFound(
  task: TaskState | undefined,
  job: JobState | undefined,
  declared?: Parameters<typeof scheduleOf>[1],
): unknown {
  if (!task && job?.agent) return `that of the Agent job ${job.name} on ${job.agent.instance}`;
  if (!task) return "there is a job document, and no task";
  return scheduleOf(task.triggers, declared) ?? { every: "other", triggers: task.triggers.map(triggerText) };
}

/** Compared by identifier: an account that was deleted and made again under its name is another one. */
function accountFound(declared: string, found: TaskState["account"], expected: string | null): string {
  if (found.sid !== null && found.sid === expected) return declared;
  const sameName = found.name.toLowerCase() === declared.toLowerCase();
  return sameName ? `${found.name}, whose identifier is another` : found.name;
}

/** The documents behind the hash that shows. */
function documentsDiffering(inputs: JobInputs, placed: readonly Seen[][]): unknown {
  const each = placed.map((parts) => jobsBy(parts.filter(({ part }) => isDeclared(inputs, part))));
  const differing = each.find((jobs) => foundHash(jobs) !== inputs.document) ?? each[0];
  return differing && Object.keys(differing).length > 0 ? shownFound(differing) : "no job document";
}

const latestOf = (seen: readonly Seen[]): string => seen.reduce((latest, { at }) => (at > latest ? at : latest), "");

function runsOf(seen: readonly Seen[]): JobOutputs {
  const runs = seen
    .flatMap(({ job }) => (job?.lastRun && job.lastRun.outcome !== "stood-down" ? [job.lastRun] : []))
    .sort(by(({ id }) => id));
  const acted = runs.findLast(({ outcome }) => outcome !== "nothing-to-do");
  const next = seen.flatMap(({ task, nextByAgent }) => task?.nextRunAt ?? nextByAgent ?? []).sort();
  return { nextRunAt: next[0] ?? null, lastOutcome: (acted ?? runs.at(-1))?.outcome ?? null };
}

export function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
