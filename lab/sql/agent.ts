import type { SqlAgentSchedule, TaskTrigger } from "../../estate/documents";
import { scheduleOfSqlAgent, triggersOf } from "../../estate/schedules";
import { hostLayout } from "../../estate/documents";
import type { Row, Values } from "./ask";
import { localTime } from "./ask";
import type { Session } from "./servers";

/** SQL Server Agent: jobs in msdb, with steps and schedules. It looks at them while it runs, and Express has none. */

export interface AgentJob {
  name: string;
  enabled: boolean;
  owner: string;
  category: string;
  description: string;
  /** The operator who is told, and when: 2 is on failure. */
  notifies: string | null;
  notifyLevel: number;
  steps: AgentStep[];
  schedules: { name: string; schedule: SqlAgentSchedule }[];
  modifiedAt: string;
  /** Days and weeks are counted from here. */
  since: string;
  /** Schedules up to here have had their turn: a start that was missed is not made up for. */
  considered: string;
  lastOutcome: "succeeded" | "failed" | null;
}

export interface AgentStep {
  name: string;
  subsystem: "CmdExec" | "TSQL" | "PowerShell";
  command: string;
  proxy: string | null;
}

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
