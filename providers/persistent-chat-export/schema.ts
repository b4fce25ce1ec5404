import { z } from "zod";
import { persistentChatRules, persistentChatShape } from "../../estate/jobs";
import { jobShape, rulesOf } from "../job/schema";

export const PersistentChatExportInputs = z
  .strictObject({ ...jobShape, ...persistentChatShape })
  .superRefine(rulesOf(persistentChatRules));
export type PersistentChatExportInputs = z.infer<typeof PersistentChatExportInputs>;
