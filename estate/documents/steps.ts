import { z } from "zod";
import { Bytes, Datum, Fqdn, Instant, Name, RelativePath, ShortName, StoredPath, scopeOf } from "./common";
import { Retention } from "./schedule";
import { CourierAction, CourierSource, StoreReference } from "./store";

/**
 * The step kinds. Steps are data, not a language: a value is literal, refers to what an earlier step found, or joins
 * the two. Backups, probes, restores and failovers are all made of them, and two interpreters understand them alike.
 *
 * References. `<step>.<path>` is the result of an earlier step (its shape: results.ts), and the reserved roots are
 * `host` (fqdn, pool), `run` (id, trigger, startedAt), `job` (name, hosts, product), `last` (the newest good set of
 * the series: set, at, facts, and the same below `full`), and below `forEach` `item`. A segment `*` takes every item
 * of a list. What a skipped step or an absent field yields is empty: a condition may ask for that, elsewhere it is an
 * error. All values are compared as text without regard to case; booleans are `true` and `false`.
 */
export const RESERVED_ROOTS = ["host", "run", "job", "last", "item"] as const;
export const Reference = z.strictObject({
  $ref: z.string().regex(/^[a-z0-9-]+(\.([A-Za-z0-9_-]+|\*))*$/, "expected a reference such as store.items.0.PoolFqdn"),
});
export type Reference = z.infer<typeof Reference>;

const Scalar = z.union([z.string().max(65536), z.number(), z.boolean(), z.null()]);
const Parts = z.array(z.union([z.string().max(1000), Reference])).min(1);

/** A file name of literal parts and references; the parts are joined, and what a file name cannot hold becomes `_`. */
export const FileName = z.union([RelativePath, Parts]);
export type FileName = z.infer<typeof FileName>;
/** A file in the fresh local folder of this run. */
export const WorkFile = z.strictObject({ $work: FileName });
/** A file in the folder of this run's set on the target, for what can only be written there (SQL Server does). */
export const SetFile = z.strictObject({ $set: FileName });
/** A folder of working copies that belongs to the series, the only place where mirroring may delete. */
export const MirrorFolder = z.strictObject({ $mirror: FileName });

export const Value = z.union([
  Scalar,
  Reference,
  WorkFile,
  SetFile,
  MirrorFolder,
  z.strictObject({ $text: Parts }).describe("Joined as it is"),
  z.strictObject({ $map: z.record(z.string(), z.union([Scalar, Reference, z.array(Scalar)])) }),
  z.array(z.union([Scalar, Reference])).max(10000),
]);
export type Value = z.infer<typeof Value>;

export const Condition = z.strictObject({
  value: Value.describe("Of a list, every item must satisfy one-of and none-of"),
  is: z.enum(["one-of", "none-of", "empty", "present"]),
  of: z.array(Value).optional().describe("For one-of and none-of; a reference to a list stands for its items"),
});
export type Condition = z.infer<typeof Condition>;

export const ScopeTemplate = scopeOf((literal) => z.union([literal, Reference]));

/** What a step leaves in the set. Declared where it is made; check, hash, publish and seal go by these. */
export const ArtefactDeclaration = z.strictObject({
  file: z.union([WorkFile, SetFile]),
  datum: Datum,
  scope: ScopeTemplate,
  format: z.enum(["zip", "xml", "json", "jsonl", "text", "bak", "file"]),
  atLeastBytes: Bytes.default(1).describe("Smaller is a failed export, however well-formed"),
  facts: z.record(Name, Value).default({}).describe("What a restore must know of this artefact"),
});
export type ArtefactDeclaration = z.infer<typeof ArtefactDeclaration>;

const common = {
  id: Name,
  title: z.string().min(1).max(200).describe("What a person reads while it runs"),
  when: Condition.optional().describe("Otherwise the step is skipped"),
  forEach: z
    .union([Reference, z.array(Scalar).max(10000)])
    .optional()
    .describe("Once per item"),
  runs: z.enum(["on-success", "always"]).default("on-success").describe("Always: also after a failure, to tidy up"),
  onFailure: z
    .enum(["stop", "note"])
    .default("stop")
    .describe("Note: go on with the next item or step; the run fails all the same, before anything is sealed"),
  timeLimitMinutes: z.int().min(1).max(10080).default(60),
};
const produces = z.array(ArtefactDeclaration).max(1000).default([]);
const parameters = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,127}$/), Value).default({});
const saveAs = z
  .strictObject({ file: WorkFile, as: z.enum(["jsonl", "text"]) })
  .optional()
  .describe("Streams the output into a file; the result then holds its count only");

/** Lync's own cmdlets and no others: what else a host can tell is a step kind. */
export const CmdletName = z
  .string()
  .regex(/^[A-Z][A-Za-z]+-Cs[A-Z][A-Za-z0-9]+$/, "expected a cmdlet such as Export-CsConfiguration");

const cmdletCall = {
  cmdlet: CmdletName,
  parameters,
  expand: z.string().min(1).optional().describe("A list property whose items take the place of the output"),
  where: z
    .array(z.strictObject({ property: z.string().min(1), is: Condition.shape.is, of: z.array(Value).optional() }))
    .default([])
    .describe("Which items of the output count"),
  select: z.array(z.string().min(1)).default([]).describe("Properties that become the result, as text"),
};
const sqlCall = {
  instance: Value.describe("Server or server\\instance"),
  database: Value.default("master"),
  statement: Name.describe("Its name in the corpus of constant statements: the lab executes by name"),
  text: z.string().min(1).max(65536).describe("The constant text itself: a host executes this"),
  parameters,
  identifiers: parameters.describe("Where the grammar takes no variable: quoted by one function, put for {name}"),
  select: z.array(z.string().min(1)).default([]),
};

export const GuardStep = z.strictObject({
  kind: z.literal("guard"),
  ...common,
  condition: Condition,
  otherwise: z
    .enum(["stand-down", "nothing-to-do", "fail"])
    .describe("Stand down: another host acts. Nothing to do: no host need act"),
  because: z.string().min(1).max(500),
});
export const CmdletStep = z.strictObject({ kind: z.literal("cmdlet"), ...common, ...cmdletCall, saveAs, produces });
export const SqlStep = z.strictObject({ kind: z.literal("sql"), ...common, ...sqlCall, saveAs, produces });
export const RobocopyStep = z.strictObject({
  kind: z.literal("robocopy"),
  ...common,
  source: Value,
  destination: Value,
  files: z
    .union([Reference.describe("What an inventory found changed"), z.array(FileName).min(1)])
    .optional()
    .describe("Names below the source, handed over in batches; without it the whole tree"),
  excludeFiles: z.array(z.string().min(1)).default([]),
  excludeFolders: z.array(z.string().min(1)).default([]),
  mirror: z.boolean().default(false).describe("Deletes what the source lacks: only into a $mirror folder"),
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
  fullEveryDays: z.int().min(1).optional().describe("Takes every file anew this often, so that old sets can go"),
  listing: WorkFile.describe("Lines of `ListingLine`, completed by the hash step that names this one"),
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
export const HashStep = z.strictObject({
  kind: z.literal("hash"),
  ...common,
  completes: Name.optional().describe("The inventory whose listing gets the hashes of what was copied"),
});
export const PublishStep = z.strictObject({
  kind: z.literal("publish"),
  ...common,
  keepFreeBytes: Bytes.default(0).describe("Refuses to fill the target below this"),
});
export const SealStep = z.strictObject({
  kind: z.literal("seal"),
  ...common,
  facts: z.record(Name, Value).default({}).describe("What a restore must know, as found in this run"),
  needs: z.array(Value).default([]).describe("Earlier sets of the series without which this one cannot be restored"),
});
export const RetainStep = z.strictObject({
  kind: z.literal("retain"),
  ...common,
  policy: Retention,
  awaits: z.array(ShortName).default([]).describe("Copies that must have carried a set before it may go"),
});
export const CourierStep = z.strictObject({
  kind: z.literal("courier"),
  ...common,
  action: CourierAction,
  copy: ShortName.describe("Which copy this is: several couriers may carry the same sets to different stores"),
  store: StoreReference,
  credentials: Name.describe("The name of the credentials that the job's account finds on this computer"),
  sources: z.array(CourierSource).min(1),
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
  look: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("cmdlet"), ...cmdletCall }),
      z.strictObject({ kind: z.literal("sql"), ...sqlCall }),
    ])
    .optional(),
  until: Condition.optional().describe("Refers to this step's own id for what the last look found"),
  everySeconds: z.int().min(1).max(3600).default(15),
});
export const ConfirmStep = z.strictObject({
  kind: z.literal("confirm"),
  ...common,
  ask: z.string().min(1).max(2000),
  type: z.string().max(200).optional().describe("What must be typed, so that nobody confirms by habit"),
});
/** What Windows can tell about a computer, an account or a folder: preflight and probes are made of these. */
export const ObserveStep = z.strictObject({
  kind: z.literal("observe"),
  ...common,
  what: z.enum([
    "computer",
    "token",
    "module",
    "managed-account",
    "folder",
    "read-back",
    "free-space",
    "clock",
    "certificates",
    "services",
  ]),
  path: Value.optional(),
  against: Value.optional().describe("What it is compared with: a reference clock, an account"),
});
/** The opposite of an inventory: files of a set, and of the sets it needs, in their places again, each hash checked. */
export const AssembleStep = z.strictObject({
  kind: z.literal("assemble"),
  ...common,
  set: Value,
  paths: z.array(z.string().min(1)).optional().describe("Folders or files of the listing; without it all"),
  destination: Value,
});
/** Looks at a set before anything is restored from it; writes `verified`. */
export const VerifyStep = z.strictObject({
  kind: z.literal("verify"),
  ...common,
  set: Value,
  level: z.enum(["present", "readable", "hashed"]),
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
  ObserveStep,
  AssembleStep,
  VerifyStep,
]);
export type Step = z.infer<typeof Step>;
export type StepInput = z.input<typeof Step>;
export type StepKind = Step["kind"];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** A line of a file-store listing: which set holds each file. JSON lines, because it has no upper size. */
export const ListingLine = z.strictObject({
  path: StoredPath,
  bytes: Bytes,
  modifiedAt: Instant,
  sha256: z.string().describe("Empty until the hash step completes the listing"),
  set: z.string().describe("The set that holds the file"),
});
export type ListingLine = z.infer<typeof ListingLine>;

/** Every reference in a value, wherever it stands: the job document checks that each one points backwards. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  const found = (value as { $ref?: unknown }).$ref;
  return typeof found === "string" ? [found] : Object.values(value).flatMap(referencesIn);
}
