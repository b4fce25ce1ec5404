import { z } from "zod";
import { userDataRules, userDataShape } from "../../estate/jobs";
import { jobShape, rulesOf } from "../job/schema";

export const UserDataExportInputs = z
  .strictObject({ ...jobShape, ...userDataShape })
  .superRefine(rulesOf(userDataRules));
export type UserDataExportInputs = z.infer<typeof UserDataExportInputs>;
