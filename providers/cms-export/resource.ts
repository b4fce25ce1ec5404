import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import type { CmsExportInputs } from "./schema";

export type CmsExportArgs = Arguments<typeof CmsExportInputs, JobComputed>;

/**
 * The scheduled export of the Central Management store: topology, policies, configuration and locations. What each
 * argument means: docs/resources/cms-export.md.
 */
export class CmsExport extends BackupResource {
  constructor(name: string, args: CmsExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("CmsExport", name, args, opts);
  }
}
