import { z } from "zod";
import { Account, Bytes, Fqdn, Instant, Name, RelativePath, RunId, Sha256 } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { ArtefactDeclaration } from "./steps";

/** What failed, in words for the person who is called; `advice` says what to do next. */
export const Failure = z.strictObject({
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a code such as access-denied"),
  message: z.string().min(1),
  advice: z.string().min(1).optional(),
});
export type Failure = z.infer<typeof Failure>;

export const StepResult = z.strictObject({
  id: Name,
  kind: z.string(),
  outcome: z.enum(["ok", "skipped", "stood-down", "failed"]),
  startedAt: Instant,
  finishedAt: Instant,
  message: z.string(),
  data: z.record(z.string(), z.json()).default({}).describe("What later steps refer to"),
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
    host: Fqdn,
    account: Account,
    trigger: Trigger,
    outcome: z
      .enum(["running", "succeeded", "stood-down", "failed", "cancelled", "interrupted"])
      .describe("Interrupted: found running although no process is; the next run says so"),
    startedAt: Instant,
    beatAt: Instant.describe("Moves while long steps run"),
    finishedAt: Instant.optional(),
    steps: z.array(StepResult),
    set: RunId.optional().describe("The set that it sealed"),
    error: Failure.optional(),
  },
});
export type Run = DocumentOf<typeof Run>;

/** An artefact as a run knows it, and as the manifest keeps it. */
export const Artefact = z.strictObject({
  path: RelativePath,
  datum: ArtefactDeclaration.shape.datum,
  scope: ArtefactDeclaration.shape.scope,
  format: ArtefactDeclaration.shape.format,
  bytes: Bytes,
  sha256: Sha256,
});
export type Artefact = z.infer<typeof Artefact>;
