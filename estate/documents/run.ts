import { z } from "zod";
import { Account, Bytes, Cover, Fqdn, Instant, Name, RelativePath, RunId, Sha256 } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { ArtefactDeclaration } from "./values";

/** What failed, in words for the person who is called; `advice` says what to do next. */
export const Failure = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a code such as access-denied")
    .describe("For programs"),
  message: z.string().min(1).describe("What failed, and on which host"),
  advice: z.string().min(1).optional().describe("What to do next"),
});
export type Failure = z.infer<typeof Failure>;

const outcome = z.enum(["ok", "skipped", "stood-down", "nothing-to-do", "failed"]);
const data = z.record(z.string(), z.json()).default({}).describe("Its shape per kind: results.ts");

export const StepResult = z.strictObject({
  id: Name,
  kind: z.string(),
  outcome,
  startedAt: Instant,
  finishedAt: Instant,
  message: z.string(),
  data,
  each: z
    .array(z.strictObject({ item: z.json(), outcome, message: z.string(), data, error: Failure.optional() }))
    .optional()
    .describe("With forEach: one per item"),
  answer: z.strictObject({ by: Account, typed: z.string(), at: Instant }).optional().describe("To a confirm step"),
  error: Failure.optional(),
});
export type StepResult = z.infer<typeof StepResult>;

export const Trigger = z.enum(["schedule", "command", "creation", "after-run"]);
export type Trigger = z.infer<typeof Trigger>;

export const Run = defineDocument({
  name: "run",
  version: 1,
  about: "The result file of one execution of a job. It is replaced by rename, so it is complete or not there.",
  writer: "the interpreter on the host",
  readers: "host state, the CLI, reports",
  shape: {
    id: RunId,
    job: Name,
    jobHash: Sha256.describe("Of the document that ran"),
    host: Fqdn,
    account: Account,
    trigger: Trigger.describe("What started it"),
    outcome: z
      .enum(["running", "waiting", "succeeded", "stood-down", "nothing-to-do", "failed", "cancelled", "interrupted"])
      .describe("Waiting: for an answer. Interrupted: found running although no process is; the next run says so"),
    startedAt: Instant,
    beatAt: Instant.describe("Moves while long steps run"),
    finishedAt: Instant.optional(),
    steps: z.array(StepResult).describe("As far as it came"),
    set: RunId.optional().describe("The set that it sealed"),
    facts: z.record(Name, z.json()).default({}).describe("What a one-off job returns"),
    error: Failure.optional().describe("Why it failed"),
  },
});
export type Run = DocumentOf<typeof Run>;

/** So a large artefact is cut where it is sent in parts. Of more parts in one set the hashes would burden its manifest. */
export const ARTEFACT_PARTS = { bytes: 8 << 20, most: 8192 } as const;

const ArtefactParts = z.strictObject({
  bytes: Bytes.min(1).describe("Of each part but the last one"),
  sha256: z
    .string()
    .regex(/^(?:[0-9a-f]{64}){2,}$/, "expected 64 hexadecimal digits for each of at least two parts")
    .describe("Of each part, one after the other, 64 hexadecimal digits each"),
});

/**
 * An artefact as the manifest keeps it. The datum is any name here: a manifest must stay readable by releases that do
 * not know the datum.
 */
export const Artefact = z.strictObject({
  path: RelativePath,
  datum: Name,
  scope: Cover.shape.scope,
  format: ArtefactDeclaration.shape.format,
  bytes: Bytes,
  sha256: Sha256,
  parts: ArtefactParts.optional().describe(
    "The hashes of the parts of a large artefact, from the same bytes as that of the whole: who sends it in such parts hashes it once",
  ),
  covers: z.array(Cover).optional().describe("What it is a backup of, where that is not simply its datum in its scope"),
  facts: z.record(Name, z.json()).default({}).describe("Of a SQL backup: type, log sequence numbers as text, files …"),
});
export type Artefact = z.infer<typeof Artefact>;
