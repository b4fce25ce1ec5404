import * as pulumi from "@pulumi/pulumi";
import type { TargetReference } from "../../estate/documents";
import { LyncResource, type Arguments } from "../base/shim";
import { BackupTargetOutputs, type BackupTargetInputs } from "./schema";

export type BackupTargetArgs = Arguments<typeof BackupTargetInputs>;

/**
 * Where sets are kept near the hosts: a folder or share on a computer that is in no pool. What each argument means:
 * docs/resources/backup-target.md.
 */
export class BackupTarget extends LyncResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly host: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly share: pulumi.Output<string | undefined>;
  declare readonly writers: pulumi.Output<string[]>;
  declare readonly readers: pulumi.Output<string[]>;
  declare readonly keepFreeGigabytes: pulumi.Output<number>;
  declare readonly encryption: pulumi.Output<string>;
  declare readonly location: pulumi.Output<string>;
  declare readonly media: pulumi.Output<string>;
  declare readonly freeGigabytes: pulumi.Output<number | null>;
  declare readonly seenAt: pulumi.Output<string>;
  /** What a job declares as its target. Computed here, so that a preview knows it. */
  readonly reference: pulumi.Output<TargetReference>;

  constructor(name: string, args: BackupTargetArgs, opts?: pulumi.CustomResourceOptions) {
    super("BackupTarget", name, args, BackupTargetOutputs.keyof().options, opts);
    this.reference = pulumi
      .output({ name: args.name, host: args.host, path: args.path, share: args.share })
      .apply(({ name: target, host, path, share }) => ({
        name: target,
        host,
        path: share === undefined ? path : `\\\\${host}\\${share}`,
      }));
  }
}
