import { z } from "zod";
import { Owner, Posture } from "../../estate/documents";

export const BackupPostureInputs = z.strictObject({
  owner: Owner,
  adopt: z.boolean().default(false).describe("Means nothing here: there is nothing to take over"),
  promises: Posture.schema.describe(
    "What the estate promises: `promisesOf(estate)`, a [posture](../documents/posture.md)",
  ),
  uncovered: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "What nothing protects on the day of the preview, each with what to do; a preview fails with all of them",
    ),
  acknowledge: z
    .array(z.string().min(1).max(50_000))
    .default([])
    .describe("Safety regressions that are meant, in the words of the preview that refused them"),
});
export type BackupPostureInputs = z.infer<typeof BackupPostureInputs>;

export const BackupPostureOutputs = z.strictObject({
  obligations: z.int().describe("How many there are"),
  protectedObligations: z.int().describe("How many of them a job or another tool protects"),
});
export type BackupPostureOutputs = z.infer<typeof BackupPostureOutputs>;
