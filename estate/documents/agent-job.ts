import { z } from "zod";
import { Name, SqlInstanceName } from "./common";

/** What a session asks an instance of SQL Server on its own computer: calls of constant statements. */

const ServerName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "expected a name without control characters");

/** Who starts a job, where it is not Task Scheduler. */
export const SqlAgentRunner = z.strictObject({
  by: z.literal("sql-agent"),
  owner: ServerName.default("sa").describe("Of the Agent job; who is no member of sysadmin needs a proxy"),
  operator: ServerName.optional().describe("Whom SQL Server Agent tells by mail when it fails"),
  proxy: ServerName.optional().describe("As which the command runs; without it as what SQL Server Agent runs as"),
});
export type SqlAgentRunner = z.infer<typeof SqlAgentRunner>;

export const InstanceCall = z.strictObject({
  statement: Name.describe("Its name in the corpus of constant statements: the lab executes by name"),
  text: z.string().min(1).max(65536).describe("The constant text itself: a host executes this"),
  parameters: z.record(z.string(), z.union([z.string().max(4000), z.int()])),
  select: z.array(z.string().min(1)).default([]),
});
export type InstanceCall = z.infer<typeof InstanceCall>;

/**
 * In place of a task: the step of an Agent job starts the command of the task. A session asks the instance, so it is one
 * of this computer.
 */
export const AgentJobDeclaration = z.strictObject({
  by: z.literal("sql-agent"),
  instance: SqlInstanceName.describe("On this computer"),
  make: z.array(InstanceCall).min(1).describe("In this order; each can be repeated"),
  read: z
    .array(InstanceCall)
    .min(1)
    .describe("What there is of it. The first finds the job, with a `description` that says whose it is"),
  start: InstanceCall,
  remove: z.array(InstanceCall).min(1),
});
export type AgentJobDeclaration = z.infer<typeof AgentJobDeclaration>;

/** What stands before the owner in the description of the Agent job. */
export const AGENT_JOB_MARK = "lync-backup: ";

export const InstanceAnswers = z.strictObject({
  instance: SqlInstanceName,
  rows: z
    .record(Name, z.array(z.record(z.string(), z.string().nullable())))
    .describe("By statement, as the instance has answered"),
});
export type InstanceAnswers = z.infer<typeof InstanceAnswers>;

/** What is asked at every read of the host, beside what makes and shows the job. */
export const InstanceWatch = z.strictObject({ instance: SqlInstanceName, calls: z.array(InstanceCall).min(1) });
export type InstanceWatch = z.infer<typeof InstanceWatch>;
