import {
  AGENT_JOB_MARK,
  ownerText,
  SqlAgentSchedule,
  taskAction,
  type AgentJobDeclaration,
  type InstanceAnswers,
  type Owner,
  type Schedule,
  type SqlAgentRunner,
} from "../documents";
import { nextRuns, scheduleOfSqlAgent, sqlAgentRefusal, sqlAgentSchedulesOf, sqlAgentText } from "../schedules";
import {
  AGENT_JOB,
  AGENT_JOB_COMMANDS,
  AGENT_JOB_READY,
  AGENT_JOB_REMOVE,
  AGENT_JOB_SCHEDULE,
  AGENT_JOB_SCHEDULES,
  AGENT_JOB_SET,
  AGENT_JOB_START,
  SCHEDULE_COLUMNS,
} from "../sql";
import { instanceCall } from "./instance-call";

/** Who starts the jobs of an instance: Task Scheduler, or SQL Server Agent with one step that runs the same command. */

interface Run {
  runner?: SqlAgentRunner | undefined;
  startWhenMissed: boolean;
  hosts: readonly { name: string; instance: string }[];
}

/** What SQL Server Agent cannot do, whatever the topology. */
export function runnerProblems({ runner, startWhenMissed, hosts }: Run): { path: PropertyKey[]; message: string }[] {
  if (!runner) return [];
  const refusal = sqlAgentRefusal({ startWhenMissed });
  return [
    ...(refusal === undefined ? [] : [{ path: ["startWhenMissed"], message: `must be false: ${refusal}` }]),
    ...hosts.flatMap(({ name, instance }, index) =>
      instance.split("\\")[0] === name
        ? []
        : [
            {
              path: ["hosts", index, "instance"],
              message: `is not on ${name} itself, so its SQL Server Agent cannot start the job there: let Task Scheduler do it`,
            },
          ],
    ),
  ];
}

interface Declared {
  /** Of the job. */
  name: string;
  owner: Owner;
  instance: string;
  runner: SqlAgentRunner;
  enabled: boolean;
  schedule: Schedule;
}

export function agentJobOf({ name, owner, instance, runner, enabled, schedule }: Declared): AgentJobDeclaration {
  const job = { job: name };
  const schedules = sqlAgentSchedulesOf(schedule).map((row, index) => ({ row, called: scheduleName(index) }));
  return {
    by: "sql-agent",
    instance,
    make: [
      instanceCall(AGENT_JOB_SET, {
        ...job,
        description: `${AGENT_JOB_MARK}${ownerText(owner)}`,
        owner: runner.owner,
        operator: runner.operator ?? "",
        command: commandOf(name),
        proxy: runner.proxy ?? "",
      }),
      ...schedules.map(({ row, called }) =>
        instanceCall(AGENT_JOB_SCHEDULE, {
          ...job,
          name: called,
          ...Object.fromEntries(SCHEDULE_COLUMNS.map(([field]) => [field, row[field]])),
        }),
      ),
      instanceCall(AGENT_JOB_READY, {
        ...job,
        names: schedules.map(({ called }) => `|${called}|`).join(""),
        enabled: enabled ? 1 : 0,
      }),
    ],
    read: [AGENT_JOB, AGENT_JOB_COMMANDS, AGENT_JOB_SCHEDULES].map((statement) => instanceCall(statement, job)),
    start: instanceCall(AGENT_JOB_START, job),
    remove: [instanceCall(AGENT_JOB_REMOVE, job)],
  };
}

const scheduleName = (index: number): string => `lync-backup ${String(index + 1)}`;

/** The very command of the task. */
export function commandOf(job: string): string {
  const { program, arguments: words } = taskAction(job);
  return `${program} ${words}`;
}

/** What an instance shows of an Agent job, in the words of its declaration. */
export interface AgentJobFound {
  runner: Readonly<Record<string, unknown>>;
  runs: string;
  schedule: unknown;
  enabled: boolean;
}

/** Undefined: it is not there. */
export function agentJobFound(
  { rows }: InstanceAnswers,
  declared: { name: string; owner: Owner; runner: SqlAgentRunner; schedule: Schedule },
): AgentJobFound | undefined {
  const [job] = rows[AGENT_JOB.name] ?? [];
  if (!job) return undefined;
  const steps = rows[AGENT_JOB_COMMANDS.name] ?? [];
  const schedules = rows[AGENT_JOB_SCHEDULES.name] ?? [];
  return {
    runner: runnerFound(job, steps, declared),
    runs:
      steps.length === 0 ? "nothing: it has no step" : steps.map((step) => runsText(step, declared.name)).join("; "),
    schedule: scheduleFound(schedules, declared.schedule),
    enabled: job["enabled"] === "yes",
  };
}

/** When SQL Server Agent starts it next; null: it does not, as far as one can tell. */
export function agentNextRun({ rows }: InstanceAnswers, zone: string, from: string): string | null {
  const [job] = rows[AGENT_JOB.name] ?? [];
  const found = schedulesIn(rows[AGENT_JOB_SCHEDULES.name] ?? []);
  const schedule = job?.["enabled"] === "yes" ? scheduleOfSqlAgent(found.flatMap((one) => one ?? [])) : undefined;
  return (schedule && nextRuns(schedule, zone, from, 1, "sql-agent")[0]?.at) ?? null;
}

type Row = InstanceAnswers["rows"][string][number];

function runnerFound(
  job: Row,
  [first]: readonly Row[],
  { runner, owner }: { runner: SqlAgentRunner; owner: Owner },
): AgentJobFound["runner"] {
  const mark = `${AGENT_JOB_MARK}${ownerText(owner)}`;
  const { description, notifies, notify_level: level } = job;
  return {
    by: "sql-agent",
    owner: likeDeclared(job["owner"], runner.owner) ?? "an account that is no more",
    ...optional("operator", likeDeclared(notifies, runner.operator)),
    ...optional("proxy", likeDeclared(first?.["proxy"], runner.proxy)),
    // 2: when it fails.
    ...(notifies !== null && level !== "2" ? { notifies: NOTIFIES[level ?? ""] ?? level } : {}),
    ...(description === mark ? {} : { description }),
  };
}

const NOTIFIES: Readonly<Record<string, string>> = { "1": "when it succeeds", "3": "whenever it ends" };

const optional = (key: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [key]: value };

/** Names of a server are the same in upper and lower case. */
function likeDeclared(found: string | null | undefined, declared: string | undefined): string | undefined {
  if (found === null || found === undefined) return undefined;
  return declared !== undefined && found.toLowerCase() === declared.toLowerCase() ? declared : found;
}

function runsText({ subsystem, command, on_success: success, on_failure: failure }: Row, name: string): string {
  const own = subsystem === "CmdExec" && command === commandOf(name);
  return [
    own ? commandOf(name) : `${String(subsystem)}: ${String(command)}`,
    // A job that goes on, or ends well, when its step has failed hides that it has.
    ...(failure === "2" ? [] : ["a failure is not the failure of the job"]),
    ...(success === "1" || success === "3" ? [] : ["a success is not the success of the job"]),
  ].join(", ");
}

function scheduleFound(rows: readonly Row[], declared: Schedule): unknown {
  const found = schedulesIn(rows);
  const known = found.filter((row) => row !== undefined);
  const said = known.length === rows.length ? scheduleOfSqlAgent(known, declared) : undefined;
  const texts = found.map((row) => (row ? sqlAgentText(row) : "a schedule that cannot be read"));
  return said ?? { every: "other", triggers: texts };
}

/** Undefined: its numbers are not those of a schedule. */
const schedulesIn = (rows: readonly Row[]): (SqlAgentSchedule | undefined)[] =>
  rows.map(
    (row) =>
      SqlAgentSchedule.safeParse({
        enabled: row["enabled"] === "yes",
        ...Object.fromEntries(SCHEDULE_COLUMNS.map(([field, column]) => [field, Number(row[column])])),
      }).data,
  );
