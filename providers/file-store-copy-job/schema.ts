import { z } from "zod";
import { fileStoreRules, fileStoreShape, hoursRules, securityRules } from "../../estate/jobs";
import { backupShape, backupRulesOf } from "../job/schema";

export const FileStoreCopyJobInputs = z.strictObject({ ...backupShape, ...fileStoreShape }).superRefine(
  backupRulesOf((inputs, problem) => {
    fileStoreRules({ ...inputs, placement: inputs.hosts.map(({ name }) => ({ host: name })) }, problem);
    hoursRules(inputs, problem);
    securityRules(inputs, problem);
  }),
);
export type FileStoreCopyJobInputs = z.infer<typeof FileStoreCopyJobInputs>;
