import { z } from "zod";
import { responseGroupRules, responseGroupShape } from "../../estate/jobs";
import { backupShape, backupRulesOf } from "../job/schema";

export const ResponseGroupExportInputs = z
  .strictObject({ ...backupShape, ...responseGroupShape })
  .superRefine(backupRulesOf(responseGroupRules));
export type ResponseGroupExportInputs = z.infer<typeof ResponseGroupExportInputs>;
