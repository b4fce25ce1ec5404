import type * as pulumi from "@pulumi/pulumi";
import { LyncResource } from "../base/shim";
import type { JobArgs } from "../job/args";
import { JobOutputs } from "../job/schema";
import type { CmsExportInputs } from "./schema";

export type CmsExportArgs = JobArgs<CmsExportInputs>;

/** The scheduled export of the Central Management store: topology, policies and configuration. */
export class CmsExport extends LyncResource {
  declare readonly nextRunAt: pulumi.Output<string | null>;
  declare readonly newestSet: pulumi.Output<string | null>;
  declare readonly newestSetBytes: pulumi.Output<number | null>;
  declare readonly lastOutcome: pulumi.Output<string | null>;

  constructor(name: string, args: CmsExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("CmsExport", name, args, JobOutputs.keyof().options, opts);
  }
}
