import type * as pulumi from "@pulumi/pulumi";
import type { Posture } from "../../estate/documents";
import { LyncResource, type Arguments } from "../base/shim";
import { BackupPostureOutputs, type BackupPostureInputs } from "./schema";

export type BackupPostureArgs = Arguments<typeof BackupPostureInputs>;

/** What the whole estate promises; one for each estate. What each argument means: docs/resources/backup-posture.md. */
export class BackupPosture extends LyncResource {
  declare readonly promises: pulumi.Output<Posture>;
  declare readonly acknowledge: pulumi.Output<string[]>;
  declare readonly obligations: pulumi.Output<number>;
  declare readonly protectedObligations: pulumi.Output<number>;

  constructor(name: string, args: BackupPostureArgs, opts?: pulumi.CustomResourceOptions) {
    super("BackupPosture", name, args, BackupPostureOutputs.keyof().options, opts);
  }
}
