import { z } from "zod";
import { Fqdn, Reach, Schedule, SqlAgentRunner, SqlInstance, SqlInstanceName } from "../../estate/documents";
import { runnerProblems } from "../../estate/jobs/runner";
import { sqlContradictions } from "../../estate/jobs/sql-problems";
import { SqlBackupOptions, type SqlBackup } from "../../estate/jobs/sql-declaration";
import { backupOf } from "../job/parts";
import { BackupOutputs, backupRulesOf, backupShape } from "../job/schema";

const { databases, log, copyOnly, compress, encryption, striping, replica } = SqlBackupOptions.shape;
const Part = z.strictObject({ schedule: Schedule });

/** What it declares besides what every job does. */
const sqlShape = {
  instance: SqlInstanceName.describe(
    "The declared principal or listener: a failover changes nothing of what its sets are of",
  ),
  release: SqlInstance.shape.release.describe(
    "As discovery has recorded it; of several replicas the oldest. Each run finds it again",
  ),
  databases,
  differential: Part.optional().describe("Differential backups, by a job of their own"),
  log: Part.extend(log.unwrap().shape)
    .optional()
    .describe("Backups of the logs, by a job of their own; without it no log is backed up"),
  copyOnly,
  compress,
  encryption,
  striping,
  replica,
  runner: SqlAgentRunner.optional().describe(
    "Without it Task Scheduler starts the jobs. SQL Server Agent starts the same command, by a job with one step of the kind CmdExec. It makes up for no missed start, so startWhenMissed must be false, and `account` is the one that its command runs as",
  ),
};

export const SqlBackupScheduleInputs = z
  .strictObject({
    ...backupShape,
    ...sqlShape,
    hosts: z
      .array(z.strictObject({ name: Fqdn, reach: Reach, instance: SqlInstanceName.describe("That this host asks") }))
      .min(1)
      .refine((hosts) => new Set(hosts.map(({ name }) => name)).size === hosts.length, "names a host twice")
      .describe(
        "All replicas, or all nodes of a failover cluster. At run time each finds out what is its own to back up",
      ),
    schedule: Schedule.describe("Of the full backups"),
  })
  .superRefine(
    backupRulesOf((inputs, problem) => {
      for (const { path, message } of runnerProblems(inputs)) problem(path, message);
      for (const { path, message } of sqlContradictions(sqlBackupOf(inputs))) {
        const [first, ...rest] = path;
        problem(first === "placement" ? ["hosts", ...rest] : [...path], message);
      }
    }),
  );
export type SqlBackupScheduleInputs = z.infer<typeof SqlBackupScheduleInputs>;

/** In the words of the core. */
export function sqlBackupOf({ differential, log: logs, ...inputs }: SqlBackupScheduleInputs): SqlBackup {
  return {
    ...backupOf(inputs),
    differential: differential !== undefined,
    ...(logs ? { log: { leaveOut: logs.leaveOut } } : {}),
    placement: inputs.hosts.map(({ name, instance }) => ({ host: name, instance })),
  };
}

export const SqlBackupOutputs = BackupOutputs.extend({
  findings: z
    .array(z.string())
    .describe(
      "What stands in the way of its chains, as the instances on its hosts show now; nothing is changed for it",
    ),
});
export type SqlBackupOutputs = z.infer<typeof SqlBackupOutputs>;
