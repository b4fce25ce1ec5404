import { z } from "zod";
import { problemsOf } from "../documents";
import { estateRules } from "./rules";
import { ESTATE } from "./schema";

/** Everything that one stack declares. */
export const Estate = z.strictObject(ESTATE).superRefine((estate, context) => {
  estateRules(estate, (path, message) => {
    context.addIssue({ code: "custom", path, message });
  });
});
export type Estate = z.infer<typeof Estate>;

/** Reads a declaration; refuses it with every problem at once, before anything runs. */
export function defineEstate(name: string, declared: z.input<typeof Estate>): Estate {
  const parsed = Estate.safeParse(declared);
  if (parsed.success) return parsed.data;
  throw new Error(`the estate ${name} is not valid:\n  ${problemsOf(parsed.error).join("\n  ")}`);
}

export { coverageOfEstate, dutiesOfEstate, type EstateCoverage } from "./coverage";
export { findingsOf } from "./findings";
export { jobsOf, type EstateJob } from "./jobs";
export { shortName } from "./names";
export { offsiteOf, type OffsiteResource } from "./offsite";
export { protectionsOf } from "./protections";
export { resourcesOf, type JobResource } from "./resources";
