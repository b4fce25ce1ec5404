import { responseGroupJob, responseGroupShape } from "../../estate/jobs";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { ResponseGroupExportInputs } from "./schema";

/** Agents, queues, workflows, hours, holidays and audio of the Response Groups of one pool. */
export const responseGroupExport = jobType<ResponseGroupExportInputs>({
  type: "ResponseGroupExport",
  inputs: ResponseGroupExportInputs,
  own: responseGroupShape,
  documents: (inputs) => ({ schedule: responseGroupJob(declarationOf(inputs)) }),
});
