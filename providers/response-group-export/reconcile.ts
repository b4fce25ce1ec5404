import { responseGroupJob } from "../../estate/jobs";
import { backupType } from "../job/backup";
import { backupOf } from "../job/parts";
import { ResponseGroupExportInputs } from "./schema";

/** Agents, queues, workflows, hours, holidays and audio of the Response Groups of one pool. */
export const responseGroupExport = backupType<ResponseGroupExportInputs>({
  type: "ResponseGroupExport",
  inputs: ResponseGroupExportInputs,
  documents: (inputs) => ({ schedule: responseGroupJob(backupOf(inputs)) }),
});
