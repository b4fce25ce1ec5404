import type { TaskTrigger } from "../../estate/documents";
import { scheduleOfSqlAgent, triggersOf } from "../../estate/schedules";
import { hostLayout } from "../../estate/documents";
import { SCHEDULE_COLUMNS } from "../../estate/sql";
import { localTime } from "./ask";
import type { AgentJob, AgentStep, Row, Session, Values } from "./model";

/** SQL Server Agent: jobs in msdb, with steps and schedules. It looks at them while it runs, and Express has none. */

const number = (value: number): string => String(value);
/** How a step ends its job. */
const [SUCCESS, FAILURE, GOES_ON] = [1, 2, 3] as const;
const yesNo = (is: boolean): string => (is ? "yes" : "no");

export const agentJobs = (session: Session): Row[] =>
  inOrder(session).map(({ name, enabled, owner, category, description, notifies, notifyLevel, modifiedAt }) => ({
    name,
    enabled: yesNo(enabled),
    owner,
    category,
    description,
    notifies,
    notify_level: number(notifyLevel),
    start_step: "1",
    modified_at: localTime(session, modifiedAt),
  }));

export const agentSteps = (session: Session): Row[] =>
  inOrder(session).flatMap(({ name: job, steps }) =>
    steps.map(({ name, subsystem, proxy }, index) => ({
      job,
      step: number(index + 1),
      name,
      subsystem,
      database_name: subsystem === "TSQL" ? "master" : null,
      proxy,
      on_success: number(index + 1 < steps.length ? GOES_ON : SUCCESS),
      on_failure: number(FAILURE),
    })),
  );

export const agentSchedules = (session: Session): Row[] =>
  inOrder(session).flatMap(({ name: job, schedules }) =>
    schedules.map(({ name, schedule }) => ({
      job,
      name,
      enabled: yesNo(schedule.enabled),
      every: number(schedule.freqType),
      interval: number(schedule.freqInterval),
      within_day: number(schedule.freqSubdayType),
      within_day_interval: number(schedule.freqSubdayInterval),
      recurrence: number(schedule.freqRecurrenceFactor),
      start_time: number(schedule.activeStartTime),
      end_time: number(schedule.activeEndTime),
    })),
  );

const jobNamed = ({ server }: Session, { job }: Values): AgentJob[] =>
  server.jobs.filter(({ name }) => name.toLowerCase() === String(job).toLowerCase());

export const agentJob = (session: Session, _: string, values: Values): Row[] =>
  jobNamed(session, values).map(({ name, enabled, owner, description, notifies, notifyLevel }) => ({
    name,
    enabled: yesNo(enabled),
    owner,
    description,
    notifies: notifyLevel > 0 ? notifies : null,
    notify_level: number(notifyLevel),
    start_step: "1",
  }));

export const agentJobCommands = (session: Session, _: string, values: Values): Row[] =>
  jobNamed(session, values).flatMap(({ steps }) =>
    steps.map(({ name, subsystem, command, proxy }, index) => ({
      step: number(index + 1),
      name,
      subsystem,
      command,
      proxy,
      on_success: number(index + 1 < steps.length ? GOES_ON : SUCCESS),
      on_failure: number(FAILURE),
    })),
  );

export const agentJobSchedules = (session: Session, _: string, values: Values): Row[] =>
  jobNamed(session, values).flatMap(({ schedules }) =>
    schedules.map(({ name, schedule }) => ({
      name,
      enabled: yesNo(schedule.enabled),
      ...Object.fromEntries(SCHEDULE_COLUMNS.map(([field, column]) => [column, number(schedule[field])])),
    })),
  );

const inOrder = ({ server }: Session): AgentJob[] => server.jobs.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** When it starts, in the words of a task; what no declaration can say does not fire in the lab. */
export function triggersOfJob({ schedules }: AgentJob): TaskTrigger[] {
  const rows = schedules.map(({ schedule }) => schedule).filter(({ enabled }) => enabled);
  const schedule = rows.length === 0 ? undefined : scheduleOfSqlAgent(rows);
  return schedule ? triggersOf(schedule) : [];
}

/** The job of the product that a step starts: CmdExec with the very command of the scheduled task. */
export function startedBy({ subsystem, command }: AgentStep): string | undefined {
  const script = `-File "${hostLayout.agent}\\Start-LyncBackupJob.ps1" -Name `;
  const at = command.indexOf(script);
  if (subsystem !== "CmdExec" || !command.startsWith("powershell.exe ") || at < 0) return undefined;
  return command.slice(at + script.length).trim();
}
