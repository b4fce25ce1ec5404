import type { OffsitePoint } from "../../estate/documents";
import { offsiteJobs, pruneJobName, verifyJobName, type OffsiteCopy } from "../../estate/jobs";
import { installationOf } from "../../estate/jobs/offsite-elsewhere";
import { ProviderError } from "../base/errors";
import type { Hosts } from "../base/hosts";
import type { Observation, ResourceType } from "../base/resource-type";
import type { Stores } from "../base/stores";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { OffsiteCopyInputs, OffsiteCopyOutputs } from "./schema";

type TaskInputs = OffsiteCopyInputs & { account: string };
type Type = ResourceType<OffsiteCopyInputs, OffsiteCopyOutputs>;

const byTask = jobType<TaskInputs, OffsiteCopyOutputs>({
  type: "OffsiteCopy",
  inputs: OffsiteCopyInputs as unknown as ResourceType<TaskInputs, OffsiteCopyOutputs>["inputs"],
  outputs: OffsiteCopyOutputs,
  parts: { schedule: (name) => name, verify: verifyJobName, prune: pruneJobName },
  documents: (inputs) => {
    const { push, ...others } = offsiteJobs(copyOf(inputs));
    return { schedule: push, ...others };
  },
  outputsOf: (jobs, at) => ({
    recoveryPoints: newestOf(
      jobs.flatMap(({ offsite }) => offsite),
      at,
    ),
    install: null,
  }),
});

/** Sealed sets of targets, carried to a bucket: by a task on a computer of ours, or by somebody else's. */
export const offsiteCopy: Type = {
  ...byTask,
  inputs: OffsiteCopyInputs,
  unmanaged: {
    ...byTask.unmanaged,
    runBy: "who runs it shows in whose hands it is: a task is found, and of an external run only what arrives",
    folders: "they stand in what is to be installed on a computer that is not managed",
  },
  complete: (inputs) => (isTask(inputs) ? (byTask.complete?.(inputs) ?? inputs) : inputs),
  details: (inputs) => (isTask(inputs) ? (byTask.details?.(inputs) ?? {}) : {}),
  observe: (inputs, hosts, stores) =>
    isTask(inputs) ? byTask.observe(inputs, hosts, stores) : observeElsewhere(inputs, stores),
  observeReachable: async (inputs, hosts, stores) =>
    isTask(inputs) ? byTask.observeReachable?.(inputs, hosts, stores) : observeElsewhere(inputs, stores),
  async ensure(desired, { previous, observed: _observed, ...context }) {
    const before = previous && isTask(previous) ? previous : undefined;
    if (isTask(desired)) {
      await refuseUnfit(desired, context.hosts);
      await byTask.ensure(desired, { ...context, previous: before, observed: undefined });
    } else if (before) {
      await byTask.remove(before, context.hosts, context.stores);
    }
  },
  async remove(inputs, hosts, stores) {
    if (isTask(inputs)) await byTask.remove(inputs, hosts, stores);
  },
};

const isTask = (inputs: OffsiteCopyInputs): inputs is TaskInputs => inputs.runBy === "task";

const copyOf = (inputs: TaskInputs): OffsiteCopy => declarationOf(inputs);

/** Node.js and what comes with it belong on no server of a pool. */
async function refuseUnfit({ hosts: placed }: OffsiteCopyInputs, hosts: Hosts): Promise<void> {
  for (const host of placed) {
    const { computer } = await hosts.at(host).state();
    if (!computer.lync?.pool) continue;
    throw new ProviderError(
      `${host.name} is a server of the pool ${computer.lync.pool}, and the courier needs Node.js: that belongs on no ` +
        "server of a pool. Nothing was changed. Place it on a computer of its own, such as the one that keeps the sets",
    );
  }
}

/** Nothing of ours is there; what counts is what arrives. */
async function observeElsewhere(
  inputs: OffsiteCopyInputs,
  stores: Stores,
): Promise<Observation<OffsiteCopyInputs, OffsiteCopyOutputs>> {
  const { readPoints } = await import("../../offsite/list");
  const { store, verifier = inputs.credentials, sources, schedule, verify, prune } = inputs;
  const series = sources.some((source) => source.series === "all") ? undefined : sources.flatMap((one) => one.series);
  const points = await readPoints(await stores.at(store, verifier), series);
  return {
    owner: inputs.owner,
    found: inputs,
    outputs: {
      nextRunAt: null,
      lastOutcome: null,
      recoveryPoints: newestOf(points, new Date().toISOString()),
      install: installationOf(inputs, {
        folders: inputs.folders,
        schedules: { push: schedule, verify: verify?.schedule, prune: prune?.schedule },
      }),
    },
  };
}

/** Of several looks the newest counts. */
function newestOf(points: readonly OffsitePoint[], now: string): OffsiteCopyOutputs["recoveryPoints"] {
  const newest = new Map<string, OffsitePoint>();
  for (const point of points) {
    const known = newest.get(point.series);
    if (!known || known.verifiedAt < point.verifiedAt) newest.set(point.series, point);
  }
  return [...newest.values()]
    .sort((a, b) => (a.series < b.series ? -1 : 1))
    .map((point) => ({ ...point, ageHours: hoursBetween(point.startedAt, now) }));
}

const hoursBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 360_000) / 10;
