import { sqlJobName, sqlJobs } from "../../estate/jobs/sql";
import { jobType } from "../job/reconcile";
import { sqlBackupOf, SqlBackupScheduleInputs, sqlShape } from "./schema";

/** Full, differential and log backups of one SQL Server instance: a job each, and one line of sets. */
export const sqlBackupSchedule = jobType<SqlBackupScheduleInputs>({
  type: "SqlBackupSchedule",
  inputs: SqlBackupScheduleInputs,
  own: sqlShape,
  parts: {
    schedule: (name) => sqlJobName({ name }, "full"),
    differential: (name) => sqlJobName({ name }, "differential"),
    log: (name) => sqlJobName({ name }, "log"),
  },
  documents: (inputs) => {
    const { full, ...others } = sqlJobs(sqlBackupOf(inputs));
    return { schedule: full, ...others };
  },
});
