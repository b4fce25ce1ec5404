import { z } from "zod";
import { Bytes, Fqdn, Instant, Name, ShortName, StoredPath } from "./common";
import { Hours, Retention } from "./schedule";
import { CourierAction, CourierSource, StoreReference, VerifyLevel } from "./store";
import {
  ArtefactDeclaration,
  Condition,
  FileName,
  Reference,
  Scalar,
  ScopeTemplate,
  SetFile,
  Value,
  WorkFile,
} from "./values";

/**
 * The step kinds. Steps are data, not a language. Backups, probes, restores and failovers are all made of them, and two
 * interpreters understand them alike.
 */
const common = {
  id: Name.describe("Later steps refer to its result by this"),
  title: z.string().min(1).max(200).describe("What a person reads while it runs"),
  when: Condition.optional().describe("Otherwise the step is skipped"),
  forEach: z
    .union([Reference, z.array(z.union([Scalar, z.record(z.string(), Scalar)])).max(10000)])
    .optional()
    .describe("Once per item"),
  runs: z.enum(["on-success", "always"]).default("on-success").describe("Always: also after a failure, to tidy up"),
  onFailure: z
    .enum(["stop", "note", "keep"])
    .default("stop")
    .describe(
      "Note: go on with the next item or step; the run fails all the same, before anything is sealed. " +
        "Keep: it fails too, but what was made is sealed, because it cannot be made again; nothing old is removed then",
    ),
  timeLimitMinutes: z.int().min(1).max(10080).default(60).describe("Then the step has failed"),
};
const produces = z.array(ArtefactDeclaration).max(1000).default([]);
const parameters = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,127}$/), Value).default({});
const Facts = z.record(Name, Value);
/** Folders and files that a walk through a tree leaves out; robocopy means the same by them. */
const excluded = z.array(z.string().min(1)).default([]).describe("Names, at any depth; `*` stands for any characters");
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
  expand: z
    .string()
    .min(1)
    .optional()
    .describe("A list property whose items take the place of the output; of a plain item its `Value` is the property"),
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

export const GuardStep = z
  .strictObject({
    kind: z.literal("guard"),
    ...common,
    condition: Condition.describe("What must hold"),
    otherwise: z
      .enum(["stand-down", "nothing-to-do", "fail"])
      .describe("Stand down: another host acts. Nothing to do: no host need act"),
    because: z.string().min(1).max(500).describe("Said where the condition does not hold"),
  })
  .describe(
    "Looks whether this run is to go on. What does not hold ends the run, without a failure where another host acts or nobody need act",
  );
export const CmdletStep = z
  .strictObject({ kind: z.literal("cmdlet"), ...common, ...cmdletCall, saveAs, produces })
  .describe("Calls one of the product's own cmdlets by name and parameters; no command text is ever put together");
export const SqlStep = z
  .strictObject({
    kind: z.literal("sql"),
    ...common,
    ...sqlCall,
    saveAs,
    produces,
    verifies: z
      .array(z.union([WorkFile, SetFile]))
      .default([])
      .describe("Artefacts that this looks at: where it fails, the set is sealed as one that is not good (`verified`)"),
  })
  .describe("Executes one constant statement with parameters");
export const ChainStep = z
  .strictObject({
    kind: z.literal("chain"),
    ...common,
    scope: ScopeTemplate.describe("What is to be backed up"),
    on: z
      .enum(["full", "newest"])
      .describe(
        "Full: the newest good full set that holds it. Newest: also a differential or a log. By the fact `finished-at` of what it holds, else by its start",
      ),
  })
  .describe(
    "Finds the set of the series that a differential or a log of something builds on, whichever replica has made it; fails where there is none",
  );
export const RobocopyStep = z
  .strictObject({
    kind: z.literal("robocopy"),
    ...common,
    source: Value.describe("Folder or share"),
    destination: Value.describe("A folder of the run, of the set, or a $mirror"),
    files: z
      .union([Reference.describe("What an inventory found changed"), z.array(FileName).min(1)])
      .optional()
      .describe("Names below the source, handed over in batches; without it the whole tree"),
    excludeFiles: excluded,
    excludeFolders: excluded,
    mirror: z.boolean().default(false).describe("Deletes what the source lacks: only into a $mirror folder"),
    backupMode: z.boolean().default(false).describe("With the right to back up files, past their permissions"),
    security: z.boolean().default(false).describe("Copies access control lists too"),
    retries: z.int().min(0).max(100).default(2),
    waitSeconds: z.int().min(0).max(600).default(5),
    threads: z.int().min(1).max(128).default(8),
    megabitsPerSecond: z.number().positive().optional(),
    hours: Hours.optional().describe("Begins no file outside of them, and waits; the time limits go on"),
  })
  .describe("Copies files. Its exit code is a bit mask: 8 and above is failure");
export const InventoryStep = z
  .strictObject({
    kind: z.literal("inventory"),
    ...common,
    root: Value.describe("The folder or share that is listed"),
    excludeFiles: excluded,
    excludeFolders: excluded,
    backupMode: z.boolean().default(false).describe("With the right to back up files, past their permissions"),
    fullEveryDays: z.int().min(1).optional().describe("Takes every file anew this often, so that old sets can go"),
    listing: WorkFile.describe("Lines of `ListingLine`, completed by the hash step that names this one"),
    produces,
  })
  .describe(
    "Lists a folder and compares it with the last set: what is new or changed is copied, the rest is named with the set that holds it",
  );
export const CheckStep = z
  .strictObject({
    kind: z.literal("check"),
    ...common,
    opens: z.boolean().default(true).describe("Each artefact is opened to its last byte as what it claims to be"),
    shrinkPercent: z
      .number()
      .min(0)
      .max(100)
      .default(50)
      .describe("Smaller than this share of the last set's artefact is implausible"),
  })
  .describe("Opens every artefact and compares its size with that in the last set");
export const HashStep = z
  .strictObject({
    kind: z.literal("hash"),
    ...common,
    completes: Name.optional().describe("The inventory whose listing gets the hashes of what was copied"),
  })
  .describe("Computes the SHA-256 of every artefact");
export const PublishStep = z
  .strictObject({
    kind: z.literal("publish"),
    ...common,
    keepFreeBytes: Bytes.default(0).describe("Refuses to fill the target below this"),
  })
  .describe("Moves the artefacts into a new folder of the target");
export const SealStep = z
  .strictObject({
    kind: z.literal("seal"),
    ...common,
    facts: Facts.default({}).describe("What a restore must know, as found in this run"),
    factsWhen: z
      .array(z.strictObject({ when: Condition, facts: Facts }))
      .max(20)
      .default([])
      .describe("Facts that hold under a condition; a later one takes the place of an earlier one of its name"),
    needs: z.array(Value).default([]).describe("Earlier sets of the series without which this one cannot be restored"),
  })
  .describe("Writes the manifest, last and by rename: from here on the set exists");
export const RetainStep = z
  .strictObject({
    kind: z.literal("retain"),
    ...common,
    policy: Retention,
    awaits: z.array(ShortName).default([]).describe("Copies that must have carried a set before it may go"),
  })
  .describe("Removes sets that no rule wants any more, and says why for each");
export const CourierStep = z
  .strictObject({
    kind: z.literal("courier"),
    ...common,
    action: CourierAction.describe("Carry, look at what was carried, or remove what nothing needs"),
    level: VerifyLevel.optional().describe("How closely it looks; quickly without it"),
    copy: ShortName.describe("Which copy this is: several couriers may carry the same sets to different stores"),
    store: StoreReference,
    credentials: Name.describe("The name of the credentials that the job's account finds on this computer"),
    sources: z.array(CourierSource).min(1).describe("Which sets of which targets"),
    transfers: z.int().min(1).max(64).default(16).describe("At the same time"),
    megabitsPerSecond: z.number().positive().optional(),
  })
  .describe("Carries sealed sets offsite, looks at them there, or prunes them");
export const ServiceStep = z
  .strictObject({
    kind: z.literal("service"),
    ...common,
    action: z.enum(["start", "stop"]),
    services: z.array(z.string().min(1)).default([]).describe("None: all Lync services, by its own cmdlets"),
    computers: z.array(Fqdn).min(1).describe("All of them, at the same time"),
  })
  .describe("Starts or stops services on several computers at the same time");
export const WaitStep = z
  .strictObject({
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
  })
  .describe("Looks again and again until a condition holds or the time limit has passed");
export const ConfirmStep = z
  .strictObject({
    kind: z.literal("confirm"),
    ...common,
    ask: z.string().min(1).max(2000).describe("What the person is asked, with what it will do"),
    type: z.string().max(200).optional().describe("What must be typed, so that nobody confirms by habit"),
  })
  .describe("Asks a person, and waits for the answer");
export const ObserveStep = z
  .strictObject({
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
  })
  .describe("What Windows can tell about a computer, an account or a folder: preflight and probes are made of these");
export const AssembleStep = z
  .strictObject({
    kind: z.literal("assemble"),
    ...common,
    set: Value.describe("The set that is restored from"),
    paths: z.array(z.string().min(1)).optional().describe("Folders or files of the listing; without it all"),
    destination: Value.describe("The folder that the files are put back into"),
  })
  .describe(
    "The opposite of an inventory: files of a set, and of the sets it needs, in their places again, each hash checked",
  );
export const VerifyStep = z
  .strictObject({
    kind: z.literal("verify"),
    ...common,
    set: Value.describe("The set that is looked at"),
    level: z.enum(["present", "readable", "hashed"]).describe("How closely: there, opened, or every byte"),
  })
  .describe("Looks at a set before anything is restored from it; writes `verified`");

export const Step = z.discriminatedUnion("kind", [
  GuardStep,
  CmdletStep,
  SqlStep,
  ChainStep,
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
