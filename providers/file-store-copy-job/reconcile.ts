import { fileStoreJob } from "../../estate/jobs";
import { backupType } from "../job/backup";
import { backupOf } from "../job/parts";
import { FileStoreCopyJobInputs } from "./schema";

/** What is new or has changed in one file store, and a listing of all of it. */
export const fileStoreCopyJob = backupType<FileStoreCopyJobInputs>({
  type: "FileStoreCopyJob",
  inputs: FileStoreCopyJobInputs,
  documents: (inputs) => ({ schedule: fileStoreJob(backupOf(inputs)) }),
});
