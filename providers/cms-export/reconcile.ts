import { configurationChangeJob, configurationChangeName, configurationJob } from "../../estate/jobs";
import { declarationOf } from "../job/parts";
import { jobType } from "../job/reconcile";
import { CmsExportInputs } from "./schema";

/** Topology, policies, configuration and locations of the deployment, from the Central Management store. */
export const cmsExport = jobType<CmsExportInputs>({
  type: "CmsExport",
  inputs: CmsExportInputs,
  parts: { schedule: (name) => name, onChange: configurationChangeName },
  documents: ({ onChange, ...inputs }) => {
    const declared = { ...declarationOf(inputs), onChange: onChange !== undefined };
    return {
      schedule: configurationJob(declared),
      ...(onChange ? { onChange: configurationChangeJob(declared) } : {}),
    };
  },
});
