import { configurationJob } from "../../estate/jobs/configuration";
import { jobType } from "../job/reconcile";
import { CmsExportInputs } from "./schema";

/** Topology, policies and configuration of the deployment, from the Central Management store. */
export const cmsExport = jobType<CmsExportInputs>({
  type: "CmsExport",
  inputs: CmsExportInputs,
  document: (inputs) =>
    configurationJob({
      ...inputs,
      placement: inputs.hosts.map(({ name, pool }) => ({ host: name, pool })),
      keepFreeBytes: Math.round(inputs.keepFreeGigabytes * 1024 ** 3),
    }),
});
