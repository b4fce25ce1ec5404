import { persistentChatJob } from "../../estate/jobs";
import { backupType } from "../job/backup";
import { backupOf } from "../job/parts";
import { PersistentChatExportInputs } from "./schema";

/** Rooms, categories, members and messages of one Persistent Chat pool. */
export const persistentChatExport = backupType<PersistentChatExportInputs>({
  type: "PersistentChatExport",
  inputs: PersistentChatExportInputs,
  documents: (inputs) => ({ schedule: persistentChatJob(backupOf(inputs)) }),
});
