import { persistentChatJob, persistentChatShape } from "../../estate/jobs";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { PersistentChatExportInputs } from "./schema";

/** Rooms, categories, members and messages of one Persistent Chat pool. */
export const persistentChatExport = jobType<PersistentChatExportInputs>({
  type: "PersistentChatExport",
  inputs: PersistentChatExportInputs,
  own: persistentChatShape,
  documents: (inputs) => ({ schedule: persistentChatJob(declarationOf(inputs)) }),
});
