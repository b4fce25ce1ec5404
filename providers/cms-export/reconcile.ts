import { configurationJob } from "../../estate/jobs/configuration";
import { declarationOf, jobType } from "../job/reconcile";
import { CmsExportInputs } from "./schema";

/** Topology, policies, configuration and locations of the deployment, from the Central Management store. */
export const cmsExport = jobType<CmsExportInputs>({
  type: "CmsExport",
  inputs: CmsExportInputs,
  document: (inputs) => configurationJob(declarationOf(inputs)),
});
