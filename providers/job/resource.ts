import type * as pulumi from "@pulumi/pulumi";
import type { Retention, Schedule, TargetReference } from "../../estate/documents";
import { LyncResource } from "../base/shim";
import { BackupOutputs } from "./schema";

/** What `check` adds to the inputs of a job. */
export type JobComputed = "task" | "document";

/** What every job resource shows to a program. */
export abstract class JobResource extends LyncResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly hosts: pulumi.Output<{ name: string; pool?: string }[]>;
  declare readonly account: pulumi.Output<string>;
  declare readonly schedule: pulumi.Output<Schedule>;
  declare readonly enabled: pulumi.Output<boolean>;
  declare readonly nextRunAt: pulumi.Output<string | null>;
  declare readonly lastOutcome: pulumi.Output<string | null>;
}

/** What every job that makes sets shows besides. */
export abstract class BackupResource extends JobResource {
  declare readonly target: pulumi.Output<TargetReference>;
  declare readonly retention: pulumi.Output<Retention>;
  declare readonly newestSet: pulumi.Output<string | null>;
  declare readonly newestSetBytes: pulumi.Output<number | null>;

  protected constructor(
    type: string,
    name: string,
    args: object,
    opts?: pulumi.CustomResourceOptions,
    outputs: readonly string[] = BackupOutputs.keyof().options,
  ) {
    super(type, name, args, outputs, opts);
  }
}
