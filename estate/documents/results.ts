import { z } from "zod";
import { Bytes, Instant, Name, RelativePath, RunId, SetKind } from "./common";
import type { StepKind } from "./steps";

const ChainBase = z.strictObject({
  set: RunId,
  kind: SetKind,
  at: Instant,
  facts: z.record(Name, z.json()).describe("Of the artefact in it"),
});

/** As old as this is what a restore from there would bring. */
export const OffsitePoint = z.strictObject({
  series: Name,
  set: RunId,
  startedAt: Instant.describe("When its run began: as old are its data"),
  verifiedAt: Instant,
});
export type OffsitePoint = z.infer<typeof OffsitePoint>;

/** What each step kind leaves for later steps to refer to: the same in every interpreter. */
const count = z.int().nonnegative();
const items = z.array(z.record(z.string(), z.json())).max(1000);

export const RESULTS = {
  guard: z.strictObject({ holds: z.boolean() }),
  cmdlet: z.strictObject({ items, count }),
  sql: z.strictObject({ items, count }),
  chain: z.strictObject({
    items: z
      .array(z.object({ base: ChainBase }).catchall(z.json()))
      .max(1)
      .describe("The item itself, where it has fields, and beside them what it builds on"),
  }),
  robocopy: z.strictObject({ exitCode: z.int(), copied: count, skipped: count, failed: count, bytes: Bytes }),
  inventory: z.strictObject({
    files: count,
    bytes: Bytes,
    changed: z.strictObject({ count, bytes: Bytes }).describe("The names themselves stay in a file of the run"),
    full: z.boolean(),
    needs: z.array(RunId),
  }),
  check: z.strictObject({
    artefacts: count,
    shrunk: z
      .array(z.strictObject({ path: RelativePath, bytes: Bytes, before: Bytes, set: RunId }))
      .optional()
      .describe("Where it failed because of this: what an operator may accept"),
  }),
  hash: z.strictObject({ artefacts: count, bytes: Bytes }),
  publish: z.strictObject({ set: RunId, bytes: Bytes }),
  seal: z.strictObject({ set: RunId, artefacts: count, bytes: Bytes }),
  retain: z.strictObject({
    kept: z.array(z.strictObject({ set: RunId, because: z.array(z.string()) })),
    removed: z.array(z.strictObject({ set: RunId, because: z.array(z.string()) })),
  }),
  courier: z.strictObject({
    sets: z.array(RunId),
    objects: count,
    bytes: Bytes,
    removed: z.array(RunId),
    newest: z
      .array(OffsitePoint)
      .optional()
      .describe("Of a verification: of each series the newest set that is good, with all that it needs"),
  }),
  service: z.strictObject({ computers: z.array(z.string()) }),
  wait: z.strictObject({ items, looks: count }),
  confirm: z.strictObject({ answer: z.string() }),
  observe: z.strictObject({ facts: z.record(z.string(), z.json()) }),
  assemble: z.strictObject({ files: count, bytes: Bytes }),
  verify: z.strictObject({ artefacts: count, failures: z.array(z.string()) }),
} satisfies Record<StepKind, z.ZodType>;
export type ResultOf<K extends StepKind> = z.infer<(typeof RESULTS)[K]>;
