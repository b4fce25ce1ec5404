import { fileStoreJob, fileStoreShape } from "../../estate/jobs";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { FileStoreCopyJobInputs } from "./schema";

/** What is new or has changed in one file store, and a listing of all of it. */
export const fileStoreCopyJob = jobType<FileStoreCopyJobInputs>({
  type: "FileStoreCopyJob",
  inputs: FileStoreCopyJobInputs,
  own: fileStoreShape,
  documents: (inputs) => ({ schedule: fileStoreJob(declarationOf(inputs)) }),
});
