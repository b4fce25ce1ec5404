import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { BackupResource, type JobComputed } from "../job/resource";
import type { PersistentChatExportInputs } from "./schema";

export type PersistentChatExportArgs = Arguments<typeof PersistentChatExportInputs, JobComputed>;

/**
 * The scheduled export of one Persistent Chat pool. What each argument means:
 * docs/resources/persistent-chat-export.md.
 */
export class PersistentChatExport extends BackupResource {
  constructor(name: string, args: PersistentChatExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("PersistentChatExport", name, args, opts);
  }
}
