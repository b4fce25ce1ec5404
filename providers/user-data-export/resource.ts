import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import type { UserDataExportInputs } from "./schema";

export type UserDataExportArgs = Arguments<typeof UserDataExportInputs, JobComputed>;

/**
 * The scheduled export of the user data of one pool, with an inventory of the settings that no import brings back. What
 * each argument means: docs/resources/user-data-export.md.
 */
export class UserDataExport extends BackupResource {
  constructor(name: string, args: UserDataExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("UserDataExport", name, args, opts);
  }
}
