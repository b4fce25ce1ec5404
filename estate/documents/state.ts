import { z } from "zod";
import { AgentJobDeclaration, InstanceAnswers } from "./agent-job";
import {
  Account,
  Bytes,
  Fqdn,
  Instant,
  LocalPath,
  Name,
  Owner,
  Product,
  RunId,
  Sha256,
  Sid,
  TimeOfDay,
  Version,
} from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { OffsitePoint } from "./results";
import { Failure, Run } from "./run";
import { Weekday } from "./schedule";

/** A trigger as Task Scheduler has it, so that what a colleague typed there can be shown as it is. */
export const TaskTrigger = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("daily"), at: TimeOfDay, everyDays: z.int().min(1).default(1) }),
  z.strictObject({
    kind: z.literal("weekly"),
    at: TimeOfDay,
    on: z.array(Weekday).min(1),
    everyWeeks: z.int().min(1).default(1),
  }),
  z.strictObject({
    kind: z.literal("repeating"),
    at: TimeOfDay,
    minutes: z.int().min(1),
    forMinutes: z.int().min(1).max(1440).describe("1440: the whole day"),
  }),
  z.strictObject({ kind: z.literal("other"), text: z.string().min(1) }),
]);
export type TaskTrigger = z.infer<typeof TaskTrigger>;

/** When a job runs. What runs and under which account follows from its document. */
export const SchedulerTask = z.strictObject({
  by: z.literal("task-scheduler").default("task-scheduler"),
  logon: z.enum(["managed", "password"]).describe("Managed: a group-managed service account, no password anywhere"),
  enabled: z.boolean(),
  triggers: z.array(TaskTrigger),
  startWhenMissed: z.boolean(),
});
export type SchedulerTask = z.infer<typeof SchedulerTask>;

export const TaskDeclaration = z.union([SchedulerTask, AgentJobDeclaration]);
export type TaskDeclaration = z.infer<typeof TaskDeclaration>;

export const TaskState = z.strictObject({
  name: z.string().min(1),
  account: z.strictObject({ name: z.string(), sid: Sid.nullable().describe("Null: the account no longer exists") }),
  logon: z.string(),
  highestRights: z.boolean(),
  enabled: z.boolean(),
  triggers: z.array(TaskTrigger),
  startWhenMissed: z.boolean(),
  oneAtATime: z.boolean(),
  timeLimitMinutes: z.int().nonnegative().describe("0: none"),
  action: z.strictObject({ program: z.string(), arguments: z.string() }),
  lastRunAt: Instant.nullable(),
  lastResult: z.int().nullable().describe("0x8007052E is a logon failure: the password is wrong"),
  nextRunAt: Instant.nullable(),
});
export type TaskState = z.infer<typeof TaskState>;

export const AccessRight = z.enum(["full", "change", "read"]);
export const AccessEntry = z.strictObject({ account: z.string().min(1), sid: Sid.nullable(), right: AccessRight });
export type AccessEntry = z.infer<typeof AccessEntry>;

/** What the operator declares of a target, kept in `target.json` at its top, so that the folder speaks for itself. */
export const TargetDeclaration = z.strictObject({
  name: Name,
  path: LocalPath.describe("The folder on the computer"),
  share: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,78}\$?$/, "expected a share name such as LyncBackup$")
    .optional()
    .describe("Without it only jobs on this computer reach it"),
  writers: z
    .array(Account)
    .min(1)
    .describe("Job accounts, the service accounts of the SQL Servers, the courier, which leaves receipts"),
  readers: z.array(Account).default([]).describe("Who restores"),
  keepFreeBytes: Bytes.default(0).describe("Runs refuse to fill the volume below this"),
  encryption: z
    .enum(["bitlocker", "efs", "storage", "none"])
    .describe("Expected at rest; storage: by the array itself"),
  location: z.enum(["local", "remote"]).describe("Remote: in another site than what it backs up"),
  media: z.string().min(1).max(100).default("disk"),
});
export type TargetDeclaration = z.infer<typeof TargetDeclaration>;

const Encryption = z.enum(["bitlocker", "efs", "none", "unknown"]);

export const TargetState = z.strictObject({
  name: z.string().min(1).describe("As this host noted it down"),
  path: z.string().min(1),
  declaration: TargetDeclaration.nullable().describe("What target.json says; null: it is gone or unreadable"),
  owner: Owner.nullable(),
  folder: z.boolean(),
  share: z.strictObject({ name: z.string(), path: z.string(), access: z.array(AccessEntry) }).nullable(),
  access: z.array(AccessEntry).describe("On the folder itself, inherited entries of the system left out"),
  encryption: Encryption.describe("As the volume and the folder tell"),
  freeBytes: Bytes.nullable(),
  accounts: z
    .record(z.string(), Sid.nullable())
    .describe("The declared accounts as the directory resolves them now: access is compared by SID"),
});
export type TargetState = z.infer<typeof TargetState>;

export const JobState = z.strictObject({
  name: z.string().min(1),
  owner: Owner.nullable().describe("Null: the document is unreadable"),
  hash: Sha256.describe("Of the job document as it lies there"),
  text: z.string().nullable().describe("The document as it lies there, to show what differs; null: unreadable"),
  accountSid: Sid.nullable().describe("What the declared account resolves to now"),
  newestSet: z.strictObject({ set: RunId, sealedAt: Instant, bytes: Bytes }).nullable(),
  lastRun: Run.schema.omit({ document: true, version: true, steps: true }).nullable(),
  agent: InstanceAnswers.nullable()
    .default(null)
    .describe("Of a job that SQL Server Agent starts: what the instance shows of it. Null: it has a task"),
  watched: InstanceAnswers.nullable()
    .default(null)
    .describe("What the instance tells that the job backs up. Null: it is not asked, or it did not answer"),
  offsite: z
    .array(OffsitePoint)
    .default([])
    .describe("Of a courier: what the newest verification by one of its runs found good"),
});
export type JobState = z.infer<typeof JobState>;

export const HostState = defineDocument({
  name: "host-state",
  version: 1,
  about: "Everything that all resources on one host need, in one read. Only what is local to that host.",
  writer: "the host (Get-LyncBackupState, or the in-process lab host)",
  readers: "the reconcile of every resource, status",
  shape: {
    host: Fqdn,
    at: Instant.describe("The host's clock"),
    timeZone: z.string().min(1).describe("The zone of its schedules, as Windows names it"),
    computer: z.strictObject({
      domain: z.string().nullable(),
      operatingSystem: z.string(),
      powershell: Version,
      lync: z
        .strictObject({ product: Product, version: Version, pool: Fqdn.nullable() })
        .nullable()
        .describe("Null: neither a server of the deployment nor a computer with the management tools"),
    }),
    volumes: z
      .record(z.string(), z.strictObject({ encryption: Encryption, freeBytes: Bytes.nullable() }))
      .default({})
      .describe("By drive, such as D:"),
    agent: z
      .strictObject({
        owner: Owner,
        version: Version,
        files: z.record(z.string(), Sha256).describe("By name, as they lie there now"),
      })
      .nullable(),
    tasks: z.array(TaskState).describe("In the product's own task folder"),
    jobs: z.array(JobState),
    targets: z.array(TargetState),
    problems: z
      .array(
        Failure.extend({
          concerns: z
            .enum(["agent", "tasks", "jobs", "agent-jobs", "watches", "targets", "sets"])
            .optional()
            .describe("Without it: anything"),
        }),
      )
      .default([])
      .describe("What could not be read, and why; never taken for absence"),
  },
});
export type HostState = DocumentOf<typeof HostState>;
