import { defineStatement, type Statement } from "./statement";

/** What SQL Server Agent has on this instance. Express has the tables too, and no Agent that would look at them. */

const RIGHTS = "SQLAgentReaderRole in msdb";
const yesNo = (column: string): string => `CASE WHEN ${column} = 1 THEN N'yes' ELSE N'no' END`;

export const AGENT_JOBS = defineStatement({
  name: "agent-jobs",
  purpose: "Every Agent job with its owner, and whom it notifies",
  text: `SET NOCOUNT ON;
SELECT name = j.name, enabled = ${yesNo("j.enabled")}, owner = SUSER_SNAME(j.owner_sid), category = c.name, description = j.description,
  notifies = o.name, notify_level = CONVERT(nvarchar(10), j.notify_level_email), start_step = CONVERT(nvarchar(10), j.start_step_id),
  modified_at = CONVERT(nvarchar(30), j.date_modified, 126)
FROM msdb.dbo.sysjobs AS j
LEFT JOIN msdb.dbo.syscategories AS c ON c.category_id = j.category_id
LEFT JOIN msdb.dbo.sysoperators AS o ON o.id = j.notify_email_operator_id
ORDER BY j.name;`,
  columns: [
    "name",
    "enabled",
    "owner",
    "category",
    "description",
    "notifies",
    "notify_level",
    "start_step",
    "modified_at",
  ],
  rights: RIGHTS,
});

/** Without the commands, which may hold what is secret: the backup of msdb has them. */
export const AGENT_STEPS = defineStatement({
  name: "agent-steps",
  purpose: "The steps of every Agent job, without what they run",
  text: `SET NOCOUNT ON;
SELECT job = j.name, step = CONVERT(nvarchar(10), s.step_id), name = s.step_name, subsystem = s.subsystem, database_name = s.database_name,
  proxy = p.name, on_success = CONVERT(nvarchar(10), s.on_success_action), on_failure = CONVERT(nvarchar(10), s.on_fail_action)
FROM msdb.dbo.sysjobsteps AS s
JOIN msdb.dbo.sysjobs AS j ON j.job_id = s.job_id
LEFT JOIN msdb.dbo.sysproxies AS p ON p.proxy_id = s.proxy_id
ORDER BY j.name, s.step_id;`,
  columns: ["job", "step", "name", "subsystem", "database_name", "proxy", "on_success", "on_failure"],
  rights: RIGHTS,
});

export const AGENT_SCHEDULES = defineStatement({
  name: "agent-schedules",
  purpose: "When every Agent job runs",
  text: `SET NOCOUNT ON;
SELECT job = j.name, name = s.name, enabled = ${yesNo("s.enabled")},
  every = CONVERT(nvarchar(10), s.freq_type), interval = CONVERT(nvarchar(10), s.freq_interval),
  within_day = CONVERT(nvarchar(10), s.freq_subday_type), within_day_interval = CONVERT(nvarchar(10), s.freq_subday_interval),
  recurrence = CONVERT(nvarchar(10), s.freq_recurrence_factor), start_time = CONVERT(nvarchar(10), s.active_start_time), end_time = CONVERT(nvarchar(10), s.active_end_time)
FROM msdb.dbo.sysjobschedules AS x
JOIN msdb.dbo.sysjobs AS j ON j.job_id = x.job_id
JOIN msdb.dbo.sysschedules AS s ON s.schedule_id = x.schedule_id
ORDER BY j.name, s.name;`,
  columns: [
    "job",
    "name",
    "enabled",
    "every",
    "interval",
    "within_day",
    "within_day_interval",
    "recurrence",
    "start_time",
    "end_time",
  ],
  rights: RIGHTS,
});

export const OF_AGENT: readonly Statement[] = [AGENT_JOBS, AGENT_STEPS, AGENT_SCHEDULES];
