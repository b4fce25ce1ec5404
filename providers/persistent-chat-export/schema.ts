import { z } from "zod";
import { persistentChatRules, persistentChatShape } from "../../estate/jobs";
import { backupShape, backupRulesOf } from "../job/schema";

export const PersistentChatExportInputs = z
  .strictObject({ ...backupShape, ...persistentChatShape })
  .superRefine(backupRulesOf(persistentChatRules));
export type PersistentChatExportInputs = z.infer<typeof PersistentChatExportInputs>;
