import { sqlJobName, sqlJobs } from "../../estate/jobs/sql";
import { backupType } from "../job/backup";
import { sqlBackupOf, SqlBackupScheduleInputs } from "./schema";

/** Full, differential and log backups of one SQL Server instance: a job each, and one line of sets. */
export const sqlBackupSchedule = backupType<SqlBackupScheduleInputs>({
  type: "SqlBackupSchedule",
  inputs: SqlBackupScheduleInputs,
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
