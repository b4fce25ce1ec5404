import { z } from "zod";
import { InstanceWatch } from "./agent-job";
import { Bytes, Fqdn, Name, Owner, RelativePath, Sha256, Version } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { Failure } from "./run";
import { TargetDeclaration, TaskDeclaration } from "./state";

export const AgentFile = z.strictObject({
  path: RelativePath,
  sha256: Sha256,
  base64: z.base64(),
});

/** One change of one thing on one host. Each can be repeated: the second time it finds nothing to do. */
export const Change = defineDocument({
  name: "change",
  version: 1,
  about: "What a host is asked to make so. It refuses what another owner made, unless told to adopt it.",
  writer: "the reconcile of a resource",
  readers: "the host",
  shape: {
    owner: Owner,
    adopt: z.boolean().default(false).describe("Take over what another owner made"),
    action: z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("set-agent"),
        agent: z.strictObject({ version: Version, files: z.array(AgentFile).min(1) }),
      }),
      z.strictObject({ kind: z.literal("remove-agent") }),
      z.strictObject({
        kind: z.literal("set-job"),
        name: Name,
        base64: z.base64().describe("The job document, written byte for byte: its hash is compared"),
        sha256: Sha256,
        task: TaskDeclaration,
        startNow: z
          .literal(true)
          .optional()
          .describe("Where there was no such task before, it is started once; nobody waits for it"),
        watch: InstanceWatch.optional().describe("Of an instance on this computer: what is read with the job"),
      }),
      z.strictObject({ kind: z.literal("remove-job"), name: Name }),
      z.strictObject({ kind: z.literal("set-target"), target: TargetDeclaration }),
      z.strictObject({ kind: z.literal("remove-target"), name: Name }),
      z.strictObject({
        kind: z.literal("accept-size"),
        target: Name,
        series: Name,
        path: RelativePath.describe("Of the artefact, in its set"),
        bytes: Bytes.describe("The size that is plausible from now on"),
        by: z.string().min(1).max(200),
        reason: z.string().min(1).max(500),
      }),
    ]),
  },
});
export type Change = DocumentOf<typeof Change>;
export type ChangeAction = Change["action"];

/** The answer to every call, success or not. No envelope is always a failure. */
export const Envelope = defineDocument({
  name: "envelope",
  version: 1,
  about: "One call, one line: what a host answers, whatever happened.",
  writer: "the host",
  readers: "the way to reach it",
  shape: {
    call: z.string().min(1).max(64).describe("The call that it answers, so that no answer reaches another one"),
    host: Fqdn,
    ok: z.boolean(),
    data: z.json().optional().describe("What was asked for"),
    error: Failure.optional().describe("Required where the answer is not ok"),
  },
  rules(envelope, problem) {
    if (envelope.ok && envelope.error) problem(["error"], "stands in an answer that says ok");
    if (!envelope.ok && !envelope.error) problem(["error"], "is required where the answer is not ok");
  },
});
export type Envelope = DocumentOf<typeof Envelope>;
