import { configurationChangeJob, configurationChangeName, configurationJob } from "../../estate/jobs";
import { backupType } from "../job/backup";
import { backupOf } from "../job/parts";
import { CmsExportInputs } from "./schema";

/** Topology, policies, configuration and locations of the deployment, from the Central Management store. */
export const cmsExport = backupType<CmsExportInputs>({
  type: "CmsExport",
  inputs: CmsExportInputs,
  parts: { schedule: (name) => name, onChange: configurationChangeName },
  documents: ({ onChange, ...inputs }) => {
    const declared = { ...backupOf(inputs), onChange: onChange !== undefined };
    return {
      schedule: configurationJob(declared),
      ...(onChange ? { onChange: configurationChangeJob(declared) } : {}),
    };
  },
});
