import { sqlJobName, sqlJobs } from "../../estate/jobs/sql";
import { sqlFindings, sqlWatch } from "../../estate/jobs/sql-findings";
import { newestIn } from "../job/backup";
import { jobType } from "../job/reconcile";
import { sqlBackupOf, SqlBackupOutputs, SqlBackupScheduleInputs } from "./schema";

/** Full, differential and log backups of one SQL Server instance: a job each, and one line of sets. */
export const sqlBackupSchedule = jobType<SqlBackupScheduleInputs, SqlBackupOutputs>({
  type: "SqlBackupSchedule",
  inputs: SqlBackupScheduleInputs,
  outputs: SqlBackupOutputs,
  outputsOf: (jobs, _at, inputs) => ({
    ...newestIn(jobs),
    findings: sqlFindings(
      sqlBackupOf(inputs),
      jobs.flatMap(({ watched }) => watched ?? []),
    ),
  }),
  parts: {
    schedule: (name) => sqlJobName({ name }, "full"),
    differential: (name) => sqlJobName({ name }, "differential"),
    log: (name) => sqlJobName({ name }, "log"),
  },
  documents: (inputs) => {
    const { full, ...others } = sqlJobs(sqlBackupOf(inputs));
    return { schedule: full, ...others };
  },
  // A session reaches no other computer than its own.
  watch: (inputs, { name, instance }, property) =>
    property === "schedule" && instance?.split("\\")[0] === name ? { instance, calls: sqlWatch(inputs) } : undefined,
});
