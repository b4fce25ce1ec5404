import { z } from "zod";
import { responseGroupRules, responseGroupShape } from "../../estate/jobs";
import { jobShape, rulesOf } from "../job/schema";

export const ResponseGroupExportInputs = z
  .strictObject({ ...jobShape, ...responseGroupShape })
  .superRefine(rulesOf(responseGroupRules));
export type ResponseGroupExportInputs = z.infer<typeof ResponseGroupExportInputs>;
