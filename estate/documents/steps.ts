import { z } from "zod";
import { Bytes, Datum, Fqdn, Name, RelativePath, Scope } from "./common";
import { Retention } from "./schedule";

/**
 * The step kinds. Steps are data, not a language: a value is literal, or it refers to what an earlier step found.
 * Backups, probes, restores and failovers are all made of them, and two interpreters understand them alike.
 */

/** `step.path.to.field` of an earlier step, or of `host`, `run`, `job` and, below `forEach`, `item`. */
export const RESERVED_ROOTS = ["host", "run", "job", "item"] as const;
export const Reference = z.strictObject({
  $ref: z.string().regex(/^[a-z0-9-]+(\.[A-Za-z0-9_-]+)*$/, "expected a reference such as store.items.0.PoolFqdn"),
});
export type Reference = z.infer<typeof Reference>;

const Scalar = z.union([z.string().max(65536), z.number(), z.boolean(), z.null()]);

/** A file name of literal parts and references; the parts are joined, and what a file name cannot hold becomes `_`. */
export const FileName = z.union([RelativePath, z.array(z.union([z.string().max(200), Reference])).min(1)]);
export type FileName = z.infer<typeof FileName>;
/** A file in the fresh local folder of this run. */
const WorkFile = z.strictObject({ $work: FileName });
/** A file in the folder of this run's set on the target, for what can only be written there (SQL Server does). */
const SetFile = z.strictObject({ $set: FileName });

export const Value = z.union([Scalar, Reference, WorkFile, SetFile, z.array(z.union([Scalar, Reference])).max(10000)]);
export type Value = z.infer<typeof Value>;

export const Condition = z.strictObject({
  value: Value,
  is: z.enum(["one-of", "none-of", "empty", "present"]),
  of: z.array(Value).optional().describe("For one-of and none-of. Text is compared without regard to case"),
});
export type Condition = z.infer<typeof Condition>;

/** What a step leaves in the set. Declared where it is made; check, hash, publish and seal go by these. */
export const ArtefactDeclaration = z.strictObject({
  file: FileName,
  datum: Datum,
  scope: Scope,
  format: z.enum(["zip", "xml", "json", "jsonl", "bak", "file"]),
  in: z.enum(["work", "set"]).default("work").describe("Where the step writes it"),
  atLeastBytes: Bytes.default(1).describe("Smaller is a failed export, however well-formed"),
});
export type ArtefactDeclaration = z.infer<typeof ArtefactDeclaration>;

const common = {
  id: Name,
  title: z.string().min(1).max(200).describe("What a person reads while it runs"),
  when: Condition.optional().describe("Otherwise the step is skipped"),
  forEach: z
    .union([Reference, z.array(Scalar).max(10000)])
    .optional()
    .describe("Once per item; its results are a list"),
  timeLimitMinutes: z.int().min(1).max(10080).default(60),
};
const produces = z.array(ArtefactDeclaration).max(10000).default([]);
const parameters = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,127}$/), Value).default({});

export const CmdletName = z
  .string()
  .regex(/^[A-Z][A-Za-z]+-[A-Z][A-Za-z0-9]+$/, "expected a cmdlet such as Export-CsConfiguration");

/** A cmdlet by name, parameters by splatting; a host calls only what is on its allow-list. */
const cmdletCall = {
  cmdlet: CmdletName,
  parameters,
  select: z.array(z.string().min(1)).default([]).describe("Properties of its output that become the result"),
};

export const GuardStep = z.strictObject({
  kind: z.literal("guard"),
  ...common,
  condition: Condition,
  otherwise: z.enum(["stand-down", "fail"]).describe("Stand down: another host acts, and that is no failure"),
  because: z.string().min(1).max(500),
});
export const CmdletStep = z.strictObject({ kind: z.literal("cmdlet"), ...common, ...cmdletCall, produces });
export const SqlStep = z.strictObject({
  kind: z.literal("sql"),
  ...common,
  instance: Value.describe("Server or server\\instance"),
  database: Value.default("master"),
  statement: Name.describe("Its name in the corpus of constant statements: the lab executes by name"),
  text: z.string().min(1).max(65536).describe("The constant text itself: a host executes this"),
  parameters,
  identifiers: parameters.describe(
    "Names where the grammar takes no variable: quoted by one function, replaced as {name}",
  ),
  select: z.array(z.string().min(1)).default([]),
  produces,
});
export const RobocopyStep = z.strictObject({
  kind: z.literal("robocopy"),
  ...common,
  source: Value,
  destination: Value,
  files: Reference.optional().describe("A list of relative names; without it the whole tree"),
  excludeFiles: z.array(z.string().min(1)).default([]),
  excludeFolders: z.array(z.string().min(1)).default([]),
  mirror: z.boolean().default(false).describe("Deletes what the source lacks: only in a folder that the job owns"),
  backupMode: z.boolean().default(false),
  security: z.boolean().default(false).describe("Copies access control lists too"),
  retries: z.int().min(0).max(100).default(2),
  waitSeconds: z.int().min(0).max(600).default(5),
  threads: z.int().min(1).max(128).default(8),
  megabitsPerSecond: z.number().positive().optional(),
});
export const InventoryStep = z.strictObject({
  kind: z.literal("inventory"),
  ...common,
  root: Value,
  excludeFiles: z.array(z.string().min(1)).default([]),
  excludeFolders: z.array(z.string().min(1)).default([]),
  listing: FileName.describe("JSON lines: every file with its size, its time and the set that holds it"),
  produces,
});
export const CheckStep = z.strictObject({
  kind: z.literal("check"),
  ...common,
  opens: z.boolean().default(true).describe("Each artefact is opened to its last byte as what it claims to be"),
  shrinkPercent: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .describe("Smaller than this share of the last set's artefact is implausible"),
});
export const HashStep = z.strictObject({ kind: z.literal("hash"), ...common });
export const PublishStep = z.strictObject({
  kind: z.literal("publish"),
  ...common,
  keepFreeBytes: Bytes.default(0).describe("Refuses to fill the target below this"),
});
export const SealStep = z.strictObject({
  kind: z.literal("seal"),
  ...common,
  facts: z.record(Name, Value).default({}).describe("What a restore must know, as found in this run"),
  needs: z.array(Value).default([]).describe("Earlier sets without which this one cannot be restored"),
});
export const RetainStep = z.strictObject({ kind: z.literal("retain"), ...common, policy: Retention });
export const CourierStep = z.strictObject({
  kind: z.literal("courier"),
  ...common,
  store: z.strictObject({
    profile: z.enum(["aws", "minio", "ceph", "versitygw", "r2", "b2", "wasabi", "generic"]),
    endpoint: z.url().optional(),
    region: z.string().min(1),
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(500).default(""),
  }),
  credentials: Name.describe("The name of the credentials that the job's account finds on this computer"),
  jobs: z.array(Name).min(1),
  storageClass: z.string().optional(),
  lockDays: z.int().min(1).optional(),
  legalHold: z.boolean().default(false),
  keep: Retention.optional(),
  transfers: z.int().min(1).max(64).default(16),
  megabitsPerSecond: z.number().positive().optional(),
});
export const ServiceStep = z.strictObject({
  kind: z.literal("service"),
  ...common,
  action: z.enum(["start", "stop"]),
  services: z.array(z.string().min(1)).default([]).describe("None: all Lync services, by its own cmdlets"),
  computers: z.array(Fqdn).min(1).describe("All of them, at the same time"),
});
export const WaitStep = z.strictObject({
  kind: z.literal("wait"),
  ...common,
  seconds: z.int().min(0).max(86400).default(0).describe("Before the first look"),
  until: z
    .strictObject({ ...cmdletCall, condition: Condition.describe("Refers to this step's own id for what it found") })
    .optional(),
  everySeconds: z.int().min(1).max(3600).default(15),
});
export const ConfirmStep = z.strictObject({
  kind: z.literal("confirm"),
  ...common,
  ask: z.string().min(1).max(2000),
  byHand: z.array(z.string().min(1).max(2000)).default([]).describe("What a person does before answering"),
  type: z.string().max(200).optional().describe("What must be typed, so that nobody confirms by habit"),
});

export const Step = z.discriminatedUnion("kind", [
  GuardStep,
  CmdletStep,
  SqlStep,
  RobocopyStep,
  InventoryStep,
  CheckStep,
  HashStep,
  PublishStep,
  SealStep,
  RetainStep,
  CourierStep,
  ServiceStep,
  WaitStep,
  ConfirmStep,
]);
export type Step = z.infer<typeof Step>;
export type StepInput = z.input<typeof Step>;
export type StepKind = Step["kind"];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** Every reference in a value, wherever it stands: the job document checks that each one points backwards. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  const found = (value as { $ref?: unknown }).$ref;
  return typeof found === "string" ? [found] : Object.values(value).flatMap(referencesIn);
}
