import { userDataJob } from "../../estate/jobs";
import { backupType } from "../job/backup";
import { backupOf } from "../job/parts";
import { UserDataExportInputs } from "./schema";

/** Rights, contacts and conferences of the users of one pool, and the settings that no import brings back. */
export const userDataExport = backupType<UserDataExportInputs>({
  type: "UserDataExport",
  inputs: UserDataExportInputs,
  documents: (inputs) => ({ schedule: userDataJob(backupOf(inputs)) }),
});
