import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import type { ResponseGroupExportInputs } from "./schema";

export type ResponseGroupExportArgs = Arguments<typeof ResponseGroupExportInputs, JobComputed>;

/**
 * The scheduled export of the Response Groups of one pool. What each argument means:
 * docs/resources/response-group-export.md.
 */
export class ResponseGroupExport extends BackupResource {
  constructor(name: string, args: ResponseGroupExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("ResponseGroupExport", name, args, opts);
  }
}
