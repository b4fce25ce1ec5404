import { defineStatement, type SqlType, type Statement } from "./statement";

/**
 * One job of SQL Server Agent that starts one of ours: made, read back and taken away through the procedures of msdb.
 * Each can be repeated, and there is no moment at which a job that was there has lost its schedules.
 */

const READING = "SQLAgentReaderRole in msdb";
/** Only members of sysadmin may give a job to another owner. */
const MAKING = "sysadmin";

const asText = (column: string): string => `CONVERT(nvarchar(10), ${column})`;

export const AGENT_JOB = defineStatement({
  name: "agent-job",
  purpose: "One Agent job as it stands there; no row: there is none",
  text: `SET NOCOUNT ON;
SELECT name = j.name, enabled = CASE WHEN j.enabled = 1 THEN N'yes' ELSE N'no' END, owner = SUSER_SNAME(j.owner_sid), description = j.description,
  notifies = CASE WHEN j.notify_level_email > 0 THEN o.name END, notify_level = ${asText("j.notify_level_email")}, start_step = ${asText("j.start_step_id")}
FROM msdb.dbo.sysjobs AS j LEFT JOIN msdb.dbo.sysoperators AS o ON o.id = j.notify_email_operator_id
WHERE j.name = @job;`,
  parameters: { job: "sysname" },
  columns: ["name", "enabled", "owner", "description", "notifies", "notify_level", "start_step"],
  rights: READING,
});

export const AGENT_JOB_COMMANDS = defineStatement({
  name: "agent-job-commands",
  purpose: "What one Agent job runs, to compare it with what is declared",
  text: `SET NOCOUNT ON;
SELECT step = ${asText("s.step_id")}, name = s.step_name, subsystem = s.subsystem, command = s.command,
  proxy = p.name, on_success = ${asText("s.on_success_action")}, on_failure = ${asText("s.on_fail_action")}
FROM msdb.dbo.sysjobsteps AS s JOIN msdb.dbo.sysjobs AS j ON j.job_id = s.job_id
LEFT JOIN msdb.dbo.sysproxies AS p ON p.proxy_id = s.proxy_id
WHERE j.name = @job ORDER BY s.step_id;`,
  parameters: { job: "sysname" },
  columns: ["step", "name", "subsystem", "command", "proxy", "on_success", "on_failure"],
  rights: READING,
});

/** A row of sysschedules in numbers, by the names that a declaration translates into. */
const COLUMNS = {
  freqType: "freq_type",
  freqInterval: "freq_interval",
  freqSubdayType: "freq_subday_type",
  freqSubdayInterval: "freq_subday_interval",
  freqRelativeInterval: "freq_relative_interval",
  freqRecurrenceFactor: "freq_recurrence_factor",
  activeStartDate: "active_start_date",
  activeEndDate: "active_end_date",
  activeStartTime: "active_start_time",
  activeEndTime: "active_end_time",
} as const;
export const SCHEDULE_COLUMNS = Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][];

export const AGENT_JOB_SCHEDULES = defineStatement({
  name: "agent-job-schedules",
  purpose: "When one Agent job runs",
  text: `SET NOCOUNT ON;
SELECT name = s.name, enabled = CASE WHEN s.enabled = 1 THEN N'yes' ELSE N'no' END,
${SCHEDULE_COLUMNS.map(([, column]) => `  ${column} = ${asText(`s.${column}`)}`).join(",\n")}
FROM msdb.dbo.sysjobschedules AS x
JOIN msdb.dbo.sysjobs AS j ON j.job_id = x.job_id
JOIN msdb.dbo.sysschedules AS s ON s.schedule_id = x.schedule_id
WHERE j.name = @job ORDER BY s.name, s.schedule_id;`,
  parameters: { job: "sysname" },
  columns: ["name", "enabled", ...SCHEDULE_COLUMNS.map(([, column]) => column)],
  rights: READING,
});

/** The message is said again, because the error itself cannot be passed on before 2012. */
const FAILED = `END TRY
BEGIN CATCH
  SET @message = ERROR_MESSAGE();
  IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
  RAISERROR (N'%s', 16, 1, @message);
END CATCH;`;

const FOUND = "SET @id = (SELECT j.job_id FROM msdb.dbo.sysjobs AS j WHERE j.name = @job);";

export const AGENT_JOB_SET = defineStatement({
  name: "agent-job-set",
  purpose: "Makes an Agent job with one step of the kind CmdExec, or makes it so; a new one is not enabled yet",
  text: `SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @id uniqueidentifier, @level int, @told sysname, @runAs sysname, @message nvarchar(2048), @server nvarchar(128);
SET @server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'));
SET @told = NULLIF(@operator, N'');
SET @runAs = NULLIF(@proxy, N'');
SET @level = CASE WHEN @told IS NULL THEN 0 ELSE 2 END;
IF CONVERT(int, SERVERPROPERTY(N'EngineEdition')) = 4
BEGIN
  RAISERROR (N'%s is an Express edition, which has no SQL Server Agent. Let Task Scheduler run the job.', 16, 1, @server);
  RETURN;
END;
IF @runAs IS NULL AND ISNULL(IS_SRVROLEMEMBER(N'sysadmin', @owner), 0) = 0
BEGIN
  RAISERROR (N'%s is no member of sysadmin on %s, so that a command of its jobs runs under a proxy only. Name a proxy, or another owner.', 16, 1, @owner, @server);
  RETURN;
END;
BEGIN TRY
  BEGIN TRANSACTION;
  IF NOT EXISTS (SELECT 1 FROM msdb.dbo.syscategories AS c WHERE c.name = N'lync-backup' AND c.category_class = 1)
    EXEC msdb.dbo.sp_add_category @class = N'JOB', @type = N'LOCAL', @name = N'lync-backup';
  ${FOUND}
  IF @id IS NULL
  BEGIN
    EXEC msdb.dbo.sp_add_job @job_name = @job, @enabled = 0, @owner_login_name = @owner, @job_id = @id OUTPUT;
    EXEC msdb.dbo.sp_add_jobserver @job_id = @id;
  END;
  IF EXISTS (SELECT 1 FROM msdb.dbo.sysjobsteps AS s WHERE s.job_id = @id) EXEC msdb.dbo.sp_delete_jobstep @job_id = @id, @step_id = 0;
  EXEC msdb.dbo.sp_add_jobstep @job_id = @id, @step_id = 1, @step_name = @job, @subsystem = N'CmdExec', @command = @command, @cmdexec_success_code = 0,
    @on_success_action = 1, @on_fail_action = 2, @proxy_name = @runAs;
  EXEC msdb.dbo.sp_update_job @job_id = @id, @description = @description, @category_name = N'lync-backup', @owner_login_name = @owner, @start_step_id = 1,
    @notify_level_eventlog = 2, @notify_level_email = @level, @notify_email_operator_name = @told;
  COMMIT TRANSACTION;
${FAILED}`,
  parameters: {
    job: "sysname",
    description: "nvarchar(512)",
    owner: "sysname",
    operator: "sysname",
    command: "nvarchar(4000)",
    proxy: "sysname",
  },
  rights: MAKING,
  changes: true,
});

const NUMBERS = Object.fromEntries(SCHEDULE_COLUMNS.map(([name]) => [name, "int"])) as Record<
  keyof typeof COLUMNS,
  SqlType
>;
const PASSED = SCHEDULE_COLUMNS.map(([name, column]) => `@${column} = @${name}`).join(", ");
const SHARED =
  "EXISTS (SELECT 1 FROM msdb.dbo.sysjobschedules AS y WHERE y.schedule_id = x.schedule_id AND y.job_id <> x.job_id)";

export const AGENT_JOB_SCHEDULE = defineStatement({
  name: "agent-job-schedule",
  purpose: "Makes one schedule of an Agent job, or makes it so; what other jobs go by too stays as it is",
  text: `SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @id uniqueidentifier, @schedule int, @message nvarchar(2048);
BEGIN TRY
  ${FOUND}
  SET @schedule = (SELECT MIN(x.schedule_id) FROM msdb.dbo.sysjobschedules AS x JOIN msdb.dbo.sysschedules AS s ON s.schedule_id = x.schedule_id
    WHERE x.job_id = @id AND s.name = @name AND NOT ${SHARED});
  IF @schedule IS NULL EXEC msdb.dbo.sp_add_jobschedule @job_id = @id, @name = @name, @enabled = 1, ${PASSED};
  ELSE EXEC msdb.dbo.sp_update_schedule @schedule_id = @schedule, @enabled = 1, ${PASSED};
${FAILED}`,
  parameters: { job: "sysname", name: "sysname", ...NUMBERS },
  rights: MAKING,
  changes: true,
});

export const AGENT_JOB_READY = defineStatement({
  name: "agent-job-ready",
  purpose: "Takes all schedules from an Agent job but the declared ones, and switches it on or off",
  text: `SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @id uniqueidentifier, @schedule int, @message nvarchar(2048);
BEGIN TRY
  ${FOUND}
  WHILE 1 = 1
  BEGIN
    SET @schedule = (SELECT MAX(x.schedule_id) FROM msdb.dbo.sysjobschedules AS x JOIN msdb.dbo.sysschedules AS s ON s.schedule_id = x.schedule_id
      WHERE x.job_id = @id AND (CHARINDEX(N'|' + s.name + N'|', @names) = 0 OR ${SHARED}
        OR EXISTS (SELECT 1 FROM msdb.dbo.sysjobschedules AS z JOIN msdb.dbo.sysschedules AS t ON t.schedule_id = z.schedule_id
          WHERE z.job_id = x.job_id AND t.name = s.name AND t.schedule_id < s.schedule_id)));
    IF @schedule IS NULL BREAK;
    EXEC msdb.dbo.sp_detach_schedule @job_id = @id, @schedule_id = @schedule, @delete_unused_schedule = 1;
  END;
  EXEC msdb.dbo.sp_update_job @job_id = @id, @enabled = @enabled;
${FAILED}`,
  parameters: { job: "sysname", names: "nvarchar(4000)", enabled: "int" },
  rights: MAKING,
  changes: true,
});

export const AGENT_JOB_START = defineStatement({
  name: "agent-job-start",
  purpose: "Starts an Agent job; nobody waits for it",
  text: `SET NOCOUNT ON;
EXEC msdb.dbo.sp_start_job @job_name = @job;`,
  parameters: { job: "sysname" },
  rights: MAKING,
  changes: true,
});

export const AGENT_JOB_REMOVE = defineStatement({
  name: "agent-job-remove",
  purpose:
    "Removes an Agent job and the schedules that no other job goes by, if there is one; its history goes with it",
  text: `SET NOCOUNT ON;
IF EXISTS (SELECT 1 FROM msdb.dbo.sysjobs AS j WHERE j.name = @job) EXEC msdb.dbo.sp_delete_job @job_name = @job, @delete_unused_schedule = 1;`,
  parameters: { job: "sysname" },
  rights: MAKING,
  changes: true,
});

export const OF_AGENT_JOBS: readonly Statement[] = [
  AGENT_JOB,
  AGENT_JOB_COMMANDS,
  AGENT_JOB_SCHEDULES,
  AGENT_JOB_SET,
  AGENT_JOB_SCHEDULE,
  AGENT_JOB_READY,
  AGENT_JOB_START,
  AGENT_JOB_REMOVE,
];
