import { z } from "zod";
import { jobRules, jobShape } from "../job/schema";

export const CmsExportInputs = z.strictObject(jobShape).superRefine((job, context) => {
  jobRules(job, (path, message) => {
    context.addIssue({ code: "custom", path, message });
  });
});
export type CmsExportInputs = z.infer<typeof CmsExportInputs>;
