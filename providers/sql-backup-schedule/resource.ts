import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import { SqlBackupOutputs, type SqlBackupScheduleInputs } from "./schema";

export type SqlBackupScheduleArgs = Arguments<typeof SqlBackupScheduleInputs, JobComputed>;

/**
 * The scheduled backups of one SQL Server instance: full, and where they are declared differential and of the logs. What
 * each argument means: docs/resources/sql-backup-schedule.md.
 */
export class SqlBackupSchedule extends BackupResource {
  declare readonly findings: pulumi.Output<string[]>;

  constructor(name: string, args: SqlBackupScheduleArgs, opts?: pulumi.CustomResourceOptions) {
    super("SqlBackupSchedule", name, args, opts, SqlBackupOutputs.keyof().options);
  }
}
