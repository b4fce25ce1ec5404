import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import type { FileStoreCopyJobInputs } from "./schema";

export type FileStoreCopyJobArgs = Arguments<typeof FileStoreCopyJobInputs, JobComputed>;

/**
 * The scheduled copy of one file store: what is new or has changed, and a listing of everything. What each argument
 * means: docs/resources/file-store-copy-job.md.
 */
export class FileStoreCopyJob extends BackupResource {
  constructor(name: string, args: FileStoreCopyJobArgs, opts?: pulumi.CustomResourceOptions) {
    super("FileStoreCopyJob", name, args, opts);
  }
}
