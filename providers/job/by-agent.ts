import type { JobState, Schedule, SqlAgentRunner, TaskDeclaration } from "../../estate/documents";
import { agentJobFound, agentJobOf, commandOf } from "../../estate/jobs/runner";
import { scheduleIn, withSchedule, type HostInput, type JobInputs, type Part } from "./parts";

/** Jobs that SQL Server Agent starts, where their kind lets one declare it. */

export const RUNNER = "runner";

/** Undefined: Task Scheduler. */
export const runnerOf = (inputs: JobInputs): SqlAgentRunner | undefined =>
  (inputs as { [RUNNER]?: SqlAgentRunner })[RUNNER];

export function agentTask(
  inputs: JobInputs,
  { name, schedule, runner, host }: { name: string; schedule: Schedule; runner: SqlAgentRunner; host: HostInput },
): TaskDeclaration {
  const { owner, enabled } = inputs;
  return agentJobOf({ name, owner, enabled, schedule, runner, instance: instanceOf(host) });
}

function instanceOf({ name, instance }: HostInput): string {
  if (instance === undefined) throw new Error(`${name} names no instance of SQL Server`);
  return instance;
}

export const declaredAgentTask = (name: string): NonNullable<JobInputs["task"]> => ({
  runs: commandOf(name),
  logon: "sql-agent",
  highestRights: true,
  oneAtATime: true,
});

/** In the words of the declaration. The account, and how long it may take, no instance shows. */
export function foundByAgent(
  inputs: JobInputs,
  { part, host, job, runner }: { part: Part; host: HostInput; job: JobState; runner: SqlAgentRunner },
): Record<string, unknown> {
  const { name } = part;
  const { agent } = job;
  if (!agent) return { [RUNNER]: `nothing starts ${name}` };
  const schedule = scheduleIn(inputs, part.property);
  const found = agentJobFound(agent, { name, owner: inputs.owner, runner, schedule });
  if (!found) return { [RUNNER]: `there is no Agent job ${name} on ${agent.instance}` };
  const isElsewhere = agent.instance !== instanceOf(host);
  return {
    [RUNNER]: isElsewhere ? { ...found.runner, instance: agent.instance } : found.runner,
    [part.property]: withSchedule(inputs, part.property, found.schedule),
    startWhenMissed: false,
    enabled: found.enabled,
    task: { ...inputs.task, runs: found.runs === commandOf(name) ? inputs.task?.runs : found.runs },
  };
}
