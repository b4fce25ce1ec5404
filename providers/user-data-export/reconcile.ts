import { userDataJob, userDataShape } from "../../estate/jobs";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { UserDataExportInputs } from "./schema";

/** Rights, contacts and conferences of the users of one pool, and the settings that no import brings back. */
export const userDataExport = jobType<UserDataExportInputs>({
  type: "UserDataExport",
  inputs: UserDataExportInputs,
  own: userDataShape,
  documents: (inputs) => ({ schedule: userDataJob(declarationOf(inputs)) }),
});
