import {
  Change,
  Job,
  taskAction,
  type ChangeAction,
  type InstanceWatch,
  type Job as JobDocument,
  type Schedule,
} from "../../estate/documents";
import { triggersOf } from "../../estate/schedules";
import { HostError } from "../../hosts/host";
import { messageOf } from "../base/errors";
import { unlessForeign, type Hosts } from "../base/hosts";
import type { ResourceType } from "../base/resource-type";
import { agentTask, declaredAgentTask, RUNNER, runnerOf } from "./by-agent";
import { meaningHash, sha256, shown } from "./meaning";
import { isThere, observationOf, seenOn, type OutputsOf } from "./observation";
import { canonicalPart, isDeclared, scheduleIn, type HostInput, type JobInputs, type Part } from "./parts";
import { jobShape, type JobOutputs } from "./schema";

/** What is particular to one kind of job: its name, its inputs, its documents, and what it shows of its runs. */
export interface JobKind<Inputs extends JobInputs, Outputs extends JobOutputs> {
  type: string;
  /** What it declares besides what every job does goes into the documents, all of it. */
  inputs: ResourceType<Inputs, Outputs>["inputs"];
  outputs: ResourceType<Inputs, Outputs>["outputs"];
  outputsOf: OutputsOf<Inputs, Outputs>;
  /** What an instance of SQL Server on the host is asked with each read of it; undefined: nothing. */
  watch?(inputs: Inputs, host: HostInput, property: string): InstanceWatch | undefined;
  /**
   * Each property that has a schedule, or is one, and the name of its job for that of the resource. What is declared by
   * such a property is a task and a document of its own.
   */
  parts?: Readonly<Record<string, (name: string) => string>>;
  /** By the property that has its schedule. */
  documents(inputs: Inputs): Readonly<Record<string, JobDocument>>;
}

const ONE_PART = { schedule: (name: string): string => name };

/** The one reconcile of all jobs: documents and their tasks on each host where the job is placed. */
export function jobType<Inputs extends JobInputs, Outputs extends JobOutputs>(
  kind: JobKind<Inputs, Outputs>,
): ResourceType<Inputs, Outputs> {
  const { parts = ONE_PART } = kind;
  const own = Object.keys(kind.inputs.shape).filter((key) => !(key in jobShape || key in parts || key === RUNNER));
  /** Every job that a resource of this name may have: what is not declared any more is found all the same. */
  const partsOf = ({ name }: Inputs): Part[] =>
    Object.entries(parts).map(([property, of]) => ({ property, name: of(name) }));
  return {
    type: kind.type,
    inputs: kind.inputs,
    outputs: kind.outputs,
    identity: ["name"],
    computed: ["task", "document"],
    unmanaged: {
      adopt: "a permission, not a property of the host",
      product: IN_DOCUMENT,
      deployment: IN_DOCUMENT,
      disabledReason: "the reason is for people; that the task is disabled is found",
      lostHosts: "nobody can read from a host that is lost",
      runNow: "what is to be done once, when it is made",
      ...Object.fromEntries(own.map((key) => [key, IN_DOCUMENT])),
    },

    id: ({ name }) => `job/${name}`,

    complete(inputs) {
      const schedules = Object.keys(parts).map((property) => [property, canonicalPart(inputs, property)] as const);
      const declared = Object.fromEntries(schedules.filter(([, value]) => value !== undefined));
      const canonical = { ...inputs, ...declared, hosts: inOrder(inputs.hosts) };
      return { ...canonical, task: declaredTask(inputs), document: meaningHash(kind.documents(canonical)) };
    },

    details: (inputs) => ({ document: shown(kind.documents(inputs)) }),

    async observe(inputs, hosts) {
      const seen = await Promise.all(inputs.hosts.map((host) => seenOn(host, partsOf(inputs), { inputs, hosts })));
      return observationOf(inputs, seen.flat(), kind.outputsOf);
    },

    async observeReachable(inputs, hosts) {
      const seen = await Promise.allSettled(
        inputs.hosts.map((host) => seenOn(host, partsOf(inputs), { inputs, hosts })),
      );
      return observationOf(
        inputs,
        seen.flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
        kind.outputsOf,
      );
    },

    /** Every host is tried: one that does not answer must not keep the others from their backups. */
    async ensure(desired, { hosts, previous, adopt }) {
      const { owner } = desired;
      const kept = new Set([...desired.hosts.map(({ name }) => name), ...desired.lostHosts]);
      const gone = (previous?.hosts ?? []).filter(({ name }) => !kept.has(name));
      const documents = kind.documents(desired);
      const undeclared = partsOf(desired).filter((part) => !isDeclared(desired, part));
      // What was judged are the hosts where it is placed: elsewhere only what is ours goes.
      const theirs = previous?.owner ?? owner;
      const makeOn = async (host: HostInput): Promise<void> => {
        for (const [property, document] of Object.entries(documents)) {
          const action = setJob(document, desired, { host, schedule: scheduleIn(desired, property) });
          const watch = kind.watch?.(desired, host, property);
          const watched = watch === undefined ? action : { ...action, watch };
          await hosts.at(host).apply(Change.make({ owner, adopt, action: watched }));
        }
        const surplus = (await seenOn(host, undeclared, { inputs: desired, hosts })).filter(isThere);
        await removeFrom(host, { hosts, owner: theirs, parts: surplus.map(({ part }) => part) });
      };
      const outcomes = await Promise.allSettled([
        ...desired.hosts.map(makeOn),
        ...gone.map((host) => removeFrom(host, { hosts, owner: theirs, parts: partsOf(desired) })),
      ]);
      throwAll(outcomes);
    },

    async remove(inputs, hosts) {
      const lost = new Set(inputs.lostHosts);
      const placed = inputs.hosts.filter(({ name }) => !lost.has(name));
      const ours = { hosts, owner: inputs.owner, parts: partsOf(inputs) };
      throwAll(await Promise.allSettled(placed.map((host) => removeFrom(host, ours))));
    },
  };
}

/** What is not there, or belongs to somebody else by now, is none of our business. */
async function removeFrom(
  host: HostInput,
  { hosts, owner, parts }: { hosts: Hosts; owner: JobInputs["owner"]; parts: readonly Part[] },
): Promise<void> {
  for (const { name } of parts) {
    await unlessForeign(hosts.at(host).apply(Change.make({ owner, action: { kind: "remove-job", name } })));
  }
}

function throwAll(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.flatMap((outcome): unknown[] => (outcome.status === "rejected" ? [outcome.reason] : []));
  if (failed.length === 0) return;
  const unreachable = failed.some((error) => error instanceof HostError && error.code === "unreachable");
  const advice = unreachable ? ["a host that is lost for good goes from hosts to lostHosts"] : [];
  throw new Error([...new Set([...failed.map(messageOf), ...advice])].join("; "));
}

/** Why no host shows a property by itself. */
export const IN_DOCUMENT = "stands in the job document, whose hash is compared";

function setJob(
  job: JobDocument,
  inputs: JobInputs,
  { host, schedule }: { host: HostInput; schedule: Schedule },
): Extract<ChangeAction, { kind: "set-job" }> {
  const { enabled, startWhenMissed, runNow } = inputs;
  const runner = runnerOf(inputs);
  const text = Job.write(job);
  return {
    kind: "set-job",
    name: job.name,
    base64: Buffer.from(text).toString("base64"),
    sha256: sha256(text),
    task: runner
      ? agentTask(inputs, { name: job.name, schedule, runner, host })
      : { by: "task-scheduler", logon: LOGON, enabled, triggers: triggersOf(schedule), startWhenMissed },
    ...(runNow ? { startNow: true } : {}),
  };
}

function declaredTask(inputs: JobInputs): NonNullable<JobInputs["task"]> {
  const { name } = inputs;
  if (runnerOf(inputs)) return declaredAgentTask(name);
  const { program, arguments: parameters } = taskAction(name);
  return { runs: `${program} ${parameters}`, logon: LOGON, highestRights: true, oneAtATime: true };
}

/** A group-managed service account; stored passwords come with the sessions that can carry them. */
const LOGON = "managed";

const inOrder = (hosts: readonly HostInput[]): HostInput[] =>
  [...hosts].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
