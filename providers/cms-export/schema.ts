import { z } from "zod";
import { jobShape, rulesOf } from "../job/schema";

export const CmsExportInputs = z.strictObject(jobShape).superRefine(rulesOf());
export type CmsExportInputs = z.infer<typeof CmsExportInputs>;
