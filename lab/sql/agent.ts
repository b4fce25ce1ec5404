import type { TaskTrigger } from "../../estate/documents";
import { scheduleOfSqlAgent, triggersOf } from "../../estate/schedules";
import { hostLayout } from "../../estate/documents";
import { localTime } from "./ask";
import type { AgentJob, AgentStep, Row, Session, Values } from "./model";

/** SQL Server Agent: jobs in msdb, with steps and schedules. It looks at them while it runs, and Express has none. */

const number = (value: number): string => String(value);
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
      // 1 ends with success, 2 with failure, 3 goes on.
      on_success: number(index + 1 < steps.length ? 3 : 1),
      on_failure: "2",
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

export function agentJobCommands({ server }: Session, _: string, values: Values): Row[] {
  const wanted = String(values["job"] ?? "").toLowerCase();
  const found = server.jobs.find(({ name }) => name.toLowerCase() === wanted);
  return (found?.steps ?? []).map(({ name, subsystem, command }, index) => ({
    step: number(index + 1),
    name,
    subsystem,
    command,
  }));
}

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
