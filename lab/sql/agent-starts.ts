import type { Run } from "../../estate/documents";
import { nextOf } from "../../estate/schedules";
import type { ByAgent } from "../start";
import type { World } from "../world";
import { isStopped } from "../model/databases";
import { startedBy, triggersOfJob } from "./agent";
import type { AgentJob, SqlServer } from "./model";
import { knownServers } from "./servers";

/** What SQL Server Agent starts as time passes. What falls due while it does not run is not made up for. */

export interface AgentStart {
  at: number;
  server: SqlServer;
  job: AgentJob;
}

/** The first of all; undefined: there is none. */
export function nextAgentStart(world: World): AgentStart | undefined {
  let first: AgentStart | undefined;
  // What falls due at this very moment may still have to start.
  const justBefore = Date.parse(world.clock.now) - 1;
  for (const server of knownServers(world)) {
    const computer = world.find(server.node);
    if (!computer || computer.off || isStopped(world, server.instance) || server.agent !== "running") continue;
    for (const job of server.jobs) {
      const asked = job.asked === undefined ? null : Date.parse(job.asked);
      const at = asked ?? (job.enabled ? dueAt(job, computer.timeZone, justBefore) : null);
      if (at !== null && (!first || at < first.at)) first = { at, server, job };
    }
  }
  return first;
}

function dueAt(job: AgentJob, zone: string, justBefore: number): number | null {
  const { schedules, since, considered } = job;
  const known = starts.get(job);
  const isAsWas = known?.schedules === schedules && known.since === since && known.considered === considered;
  if (isAsWas && (known.at === null || known.at > justBefore)) return known.at;
  const at = nextOf(triggersOfJob(job), zone, since, Math.max(Date.parse(considered), justBefore));
  starts.set(job, { schedules, since, considered, at });
  return at;
}

type Starts = Pick<AgentJob, "schedules" | "since" | "considered"> & { at: number | null };
const starts = new WeakMap<AgentJob, Starts>();

/** What its first step starts; undefined: nothing of the product's. */
export function workOf(server: SqlServer, { steps }: AgentJob): ByAgent | undefined {
  const [step] = steps;
  const job = step && startedBy(step);
  return job === undefined ? undefined : { job, agentAccount: step?.proxy ?? server.serviceAccount };
}

/** The exit code of the command is the outcome of the step, and that of the job. */
export function noteAgentEnd(world: World, { host, job: name, outcome }: Pick<Run, "host" | "job" | "outcome">): void {
  for (const server of knownServers(world)) {
    for (const job of server.node === host ? server.jobs : []) {
      if (workOf(server, job)?.job !== name) continue;
      job.lastOutcome = outcome === "failed" || outcome === "cancelled" ? "failed" : "succeeded";
    }
  }
}
