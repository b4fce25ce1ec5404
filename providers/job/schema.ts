import { z } from "zod";
import {
  Account,
  Fqdn,
  Instant,
  Name,
  Owner,
  Product,
  Reach,
  Retention,
  RunId,
  Schedule,
  Sha256,
  TargetReference,
} from "../../estate/documents";

/** What every job resource declares, whatever it does. A type adds its own properties to this shape. */
export const jobShape = {
  owner: Owner,
  adopt: z.boolean().default(false).describe("Take over a task and job of the same name that differ"),
  name: Name.describe("Of the job and its task; of a backup also of its folder on the target"),
  hosts: z
    .array(z.strictObject({ name: Fqdn, reach: Reach, pool: Fqdn.optional().describe("The pool that the host is in") }))
    .min(1)
    .refine((hosts) => new Set(hosts.map(({ name }) => name)).size === hosts.length, "names a host twice")
    .describe("Where it is placed. At run time a guard decides which of them acts"),
  lostHosts: z
    .array(Fqdn)
    .default([])
    .describe("Hosts that are lost for good: the job is not removed from them any more"),
  product: Product,
  deployment: Name,
  account: Account.describe(
    "Under which it runs: a group-managed service account, so that there is no password anywhere",
  ),
  schedule: Schedule,
  startWhenMissed: z.boolean().default(true).describe("Start as soon as possible after a start was missed"),
  timeLimitMinutes: z.int().min(1).max(10080).default(240),
  runNow: z
    .boolean()
    .default(false)
    .describe("Start it right after it has been made, on each of its hosts; nobody waits for it"),
  enabled: z.boolean().default(true),
  disabledReason: z.string().min(1).max(500).optional().describe("Required where it is not enabled"),
  task: z
    .strictObject({ runs: z.string(), logon: z.string(), highestRights: z.boolean(), oneAtATime: z.boolean() })
    .optional()
    .describe("What follows from the name and is no choice; not declared, but its drift is found"),
  document: Sha256.optional().describe("Hash of the job document; not declared, but its drift is found"),
};

/** What every job declares that makes sets. */
export const backupShape = {
  ...jobShape,
  target: TargetReference.describe("Where its sets go: `reference` of a BackupTarget"),
  retention: Retention.prefault({ last: 14 }),
  keepFreeGigabytes: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(10)
    .describe("A run refuses to fill the target below this"),
};

type Problem = (path: PropertyKey[], message: string) => void;
type Rules<Inputs> = (inputs: Inputs, problem: Problem) => void;

/** What is a rule over several properties, as zod asks for it: those of every job, and those of its kind. */
export function rulesOf<Own>(own?: Rules<JobRuled & Own>) {
  return (inputs: JobRuled & Own, context: z.RefinementCtx): void => {
    const problem: Problem = (path, message) => {
      context.addIssue({ code: "custom", path, message });
    };
    jobRules(inputs, problem);
    own?.(inputs, problem);
  };
}

/** The same for a job that makes sets. */
export function backupRulesOf<Own>(own?: Rules<JobRuled & TargetRuled & Own>) {
  return rulesOf<TargetRuled & Own>((inputs, problem) => {
    targetRules(inputs, problem);
    own?.(inputs, problem);
  });
}

interface JobRuled {
  enabled: boolean;
  disabledReason?: string | undefined;
  hosts: readonly { name: string }[];
  lostHosts: readonly string[];
}

interface TargetRuled {
  target: { host: string; path: string };
}

function jobRules(job: JobRuled, problem: Problem): void {
  if (!job.enabled && job.disabledReason === undefined) {
    problem(["disabledReason"], "is required where enabled is false: say why, for the person who finds it");
  }
  const lost = new Set(job.lostHosts);
  for (const [index, { name }] of job.hosts.entries()) {
    if (lost.has(name)) problem(["hosts", index, "name"], "stands in lostHosts too: it is placed there, or it is lost");
  }
}

function targetRules({ hosts, target }: JobRuled & TargetRuled, problem: Problem): void {
  if (!target.path.startsWith("\\\\") && hosts.some(({ name }) => name !== target.host)) {
    problem(["target", "path"], "is a local path of another computer: give the target a share");
  }
}

export const JobOutputs = z.strictObject({
  nextRunAt: Instant.nullable().describe("Of the host that runs next"),
  lastOutcome: z
    .string()
    .nullable()
    .describe("Of its newest run; of several jobs, one that found something to do comes first"),
});
export type JobOutputs = z.infer<typeof JobOutputs>;

export const BackupOutputs = JobOutputs.extend({
  newestSet: RunId.nullable(),
  newestSetBytes: z.int().nonnegative().nullable(),
});
export type BackupOutputs = z.infer<typeof BackupOutputs>;
