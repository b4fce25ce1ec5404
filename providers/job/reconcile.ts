import { createHash } from "node:crypto";
import type { z } from "zod";
import {
  Change,
  Job,
  taskAction,
  type ChangeAction,
  type Job as JobDocument,
  type JobState,
  type TaskState,
} from "../../estate/documents";
import { canonicalSchedule, scheduleOf, triggersOf, triggerText } from "../../estate/schedules";
import { mustBeReadable, unlessForeign, type Hosts } from "../base/hosts";
import type { Observation, ResourceType } from "../base/resource-type";
import { HostError } from "../../hosts/host";
import { messageOf } from "../base/errors";
import { equal } from "../base/wire";
import { JobOutputs, type jobShape } from "./schema";

export type JobInputs = z.infer<z.ZodObject<typeof jobShape>>;
type HostInput = JobInputs["hosts"][number];

/** What a job document says of every job, and what this kind of job declares besides. */
export function declarationOf<Inputs extends JobInputs>({ hosts, keepFreeGigabytes, ...inputs }: Inputs) {
  return {
    ...inputs,
    placement: hosts.map(({ name, pool }) => ({ host: name, pool })),
    keepFreeBytes: Math.round(keepFreeGigabytes * 1024 ** 3),
  };
}

/** What is particular to one kind of job: its name, its inputs, and its document. */
export interface JobKind<Inputs extends JobInputs> {
  type: string;
  inputs: ResourceType<Inputs, JobOutputs>["inputs"];
  /** What it declares besides what every job does. All of it goes into the document. */
  own?: Readonly<Record<string, unknown>>;
  document(inputs: Inputs): JobDocument;
}

/** The one reconcile of all jobs: a document and a task on each host where the job is placed. */
export function jobType<Inputs extends JobInputs>(kind: JobKind<Inputs>): ResourceType<Inputs, JobOutputs> {
  return {
    type: kind.type,
    inputs: kind.inputs,
    outputs: JobOutputs,
    identity: ["name"],
    computed: ["task", "document"],
    unmanaged: {
      adopt: "a permission, not a property of the host",
      product: IN_DOCUMENT,
      deployment: IN_DOCUMENT,
      target: IN_DOCUMENT,
      retention: IN_DOCUMENT,
      keepFreeGigabytes: IN_DOCUMENT,
      disabledReason: "the reason is for people; that the task is disabled is found",
      lostHosts: "nobody can read from a host that is lost",
      runNow: "what is to be done once, when it is made",
      ...Object.fromEntries(Object.keys(kind.own ?? {}).map((key) => [key, IN_DOCUMENT])),
    },

    id: ({ name }) => `job/${name}`,

    complete(inputs) {
      const canonical = { ...inputs, schedule: canonicalSchedule(inputs.schedule), hosts: inOrder(inputs.hosts) };
      return { ...canonical, task: declaredTask(inputs.name), document: meaningHash(kind.document(canonical)) };
    },

    details: (inputs) => ({ document: withoutOwner(kind.document(inputs)) }),

    async observe(inputs, hosts) {
      const seen = await Promise.all(inputs.hosts.map((host) => seenOn(host, inputs.name, hosts)));
      return observationOf(inputs, seen);
    },

    async observeReachable(inputs, hosts) {
      const seen = await Promise.allSettled(inputs.hosts.map((host) => seenOn(host, inputs.name, hosts)));
      return observationOf(
        inputs,
        seen.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
      );
    },

    /** Every host is tried: one that does not answer must not keep the others from their backups. */
    async ensure(desired, { hosts, previous, adopt }) {
      const kept = new Set([...desired.hosts.map(({ name }) => name), ...desired.lostHosts]);
      const gone = (previous?.hosts ?? []).filter(({ name }) => !kept.has(name));
      const set = Change.make({
        owner: desired.owner,
        adopt,
        action: setJob(kind.document(desired), desired),
      });
      // What was judged are the hosts where it is placed: elsewhere only what is ours goes.
      const removal = Change.make({ owner: previous?.owner ?? desired.owner, action: removeJob(desired.name) });
      const outcomes = await Promise.allSettled([
        ...desired.hosts.map((host) => hosts.at(host).apply(set)),
        ...gone.map((host) => unlessForeign(hosts.at(host).apply(removal))),
      ]);
      throwAll(outcomes);
    },

    async remove(inputs, hosts) {
      const change = Change.make({ owner: inputs.owner, action: removeJob(inputs.name) });
      const lost = new Set(inputs.lostHosts);
      const placed = inputs.hosts.filter(({ name }) => !lost.has(name));
      throwAll(await Promise.allSettled(placed.map((host) => unlessForeign(hosts.at(host).apply(change)))));
    },
  };
}

function throwAll(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.flatMap((outcome): unknown[] => (outcome.status === "rejected" ? [outcome.reason] : []));
  if (failed.length === 0) return;
  const unreachable = failed.some((error) => error instanceof HostError && error.code === "unreachable");
  const advice = unreachable ? ["a host that is lost for good goes from hosts to lostHosts"] : [];
  throw new Error([...failed.map(messageOf), ...advice].join("; "));
}

const IN_DOCUMENT = "stands in the job document, whose hash is compared";

function setJob(job: JobDocument, inputs: JobInputs): Extract<ChangeAction, { kind: "set-job" }> {
  const { enabled, schedule, startWhenMissed, runNow } = inputs;
  const text = Job.write(job);
  return {
    kind: "set-job",
    name: job.name,
    base64: Buffer.from(text).toString("base64"),
    sha256: sha256(text),
    task: { by: "task-scheduler", logon: LOGON, enabled, triggers: triggersOf(schedule), startWhenMissed },
    ...(runNow ? { startNow: true } : {}),
  };
}

function removeJob(name: string): { kind: "remove-job"; name: string } {
  return { kind: "remove-job", name };
}

interface Seen {
  host: HostInput;
  job: JobState | undefined;
  task: TaskState | undefined;
}

async function seenOn(host: HostInput, name: string, hosts: Hosts): Promise<Seen> {
  const state = await hosts.at(host).state();
  mustBeReadable(state, "tasks", "jobs");
  return {
    host,
    job: state.jobs.find((job) => job.name === name),
    task: state.tasks.find((task) => task.name === name),
  };
}

/** One picture of a job on several hosts. Where hosts differ, what is not as declared is what shows. */
function observationOf<Inputs extends JobInputs>(
  inputs: Inputs,
  placed: readonly Seen[],
): Observation<Inputs, JobOutputs> | undefined {
  const present = placed.filter(({ job, task }) => job !== undefined || task !== undefined);
  if (present.length === 0) return undefined;
  const each = present.map(({ job, task }) => foundOn(inputs, job, task));
  // A host with half of it stays among the hosts: what is left there must still be read and removed.
  const found: Record<string, unknown> = { ...inputs, hosts: inOrder(present.map(({ host }) => host)) };
  for (const key of new Set(each.flatMap((one) => Object.keys(one)))) {
    const values = each.flatMap((one) => (key in one ? [one[key]] : []));
    found[key] = values.find((value) => !equal(value, (inputs as Record<string, unknown>)[key])) ?? values[0];
  }
  const owners = present.map(({ job }) => job?.owner ?? null);
  return {
    owner: owners.find((owner) => owner !== null && !equal(owner, inputs.owner)) ?? owners.find(Boolean) ?? null,
    found: found as unknown as Inputs,
    outputs: outputsOf(placed),
    details: () => ({ document: documentsDiffering(inputs, present) }),
  };
}

/** The document behind the hash that shows, for messages. */
function documentsDiffering(inputs: JobInputs, present: readonly Seen[]): unknown {
  const jobs = present.flatMap(({ job }) => (job ? [job] : []));
  const shown = jobs.find((job) => foundHash(job) !== inputs.document) ?? jobs[0];
  const job = shown ? parsedJob(shown) : undefined;
  return job ? withoutOwner(job) : "no job document";
}

function foundOn(inputs: JobInputs, job: JobState | undefined, task: TaskState | undefined): Record<string, unknown> {
  if (!task) return { task: "there is no task", ...(job ? { document: foundHash(job) } : {}) };
  if (!job) return { document: "there is no job document" };
  return {
    account: accountFound(inputs.account, task.account, job.accountSid),
    schedule: scheduleOf(task.triggers, inputs.schedule) ?? {
      every: "other",
      triggers: task.triggers.map(triggerText),
    },
    startWhenMissed: task.startWhenMissed,
    timeLimitMinutes: task.timeLimitMinutes,
    enabled: task.enabled,
    task: {
      runs: `${task.action.program} ${task.action.arguments}`,
      logon: task.logon,
      highestRights: task.highestRights,
      oneAtATime: task.oneAtATime,
    },
    document: foundHash(job),
  };
}

/** Compared by identifier: an account that was deleted and made again under its name is another one. */
function accountFound(declared: string, found: TaskState["account"], expected: string | null): string {
  if (found.sid !== null && found.sid === expected) return declared;
  const sameName = found.name.toLowerCase() === declared.toLowerCase();
  return sameName ? `${found.name}, whose identifier is another` : found.name;
}

function outputsOf(placed: readonly Seen[]): JobOutputs {
  const jobs = placed.flatMap(({ job }) => (job ? [job] : []));
  const sets = jobs.flatMap(({ newestSet }) => (newestSet ? [newestSet] : [])).sort(by(({ set }) => set));
  const runs = jobs
    .flatMap(({ lastRun }) => (lastRun && lastRun.outcome !== "stood-down" ? [lastRun] : []))
    .sort(by(({ id }) => id));
  const next = placed.flatMap(({ task }) => task?.nextRunAt ?? []).sort();
  const newest = sets.at(-1);
  return {
    nextRunAt: next[0] ?? null,
    newestSet: newest?.set ?? null,
    newestSetBytes: newest?.bytes ?? null,
    lastOutcome: runs.at(-1)?.outcome ?? null,
  };
}

function declaredTask(name: string): NonNullable<JobInputs["task"]> {
  const { program, arguments: parameters } = taskAction(name);
  return { runs: `${program} ${parameters}`, logon: LOGON, highestRights: true, oneAtATime: true };
}

/** A group-managed service account; stored passwords come with the sessions that can carry them. */
const LOGON = "managed";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Of what a document says, whoever owns it: two stacks that declare the same job agree on it. */
const meaningHash = (job: JobDocument): string => sha256(JSON.stringify(withoutOwner(job)));

function withoutOwner(job: JobDocument): Omit<JobDocument, "owner"> {
  const { owner: _owner, ...rest } = job;
  return rest;
}

/** A document that was touched in any way, if only in its blanks, is not the one that was declared. */
function foundHash(state: JobState): string {
  const job = parsedJob(state);
  return job && Job.write(job) === state.text ? meaningHash(job) : state.hash;
}

function parsedJob({ text }: JobState): JobDocument | undefined {
  try {
    return text === null ? undefined : Job.parse(text);
  } catch {
    return undefined;
  }
}

const inOrder = (hosts: readonly HostInput[]): HostInput[] => [...hosts].sort(by(({ name }) => name));

function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
