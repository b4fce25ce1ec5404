import { z } from "zod";
import { userDataRules, userDataShape } from "../../estate/jobs";
import { backupShape, backupRulesOf } from "../job/schema";

export const UserDataExportInputs = z
  .strictObject({ ...backupShape, ...userDataShape })
  .superRefine(backupRulesOf(userDataRules));
export type UserDataExportInputs = z.infer<typeof UserDataExportInputs>;
