import type * as pulumi from "@pulumi/pulumi";
import type { Arguments } from "../base/shim";
import { JobResource, type JobComputed } from "../job/resource";
import { OffsiteCopyOutputs, type OffsiteCopyInputs } from "./schema";

export type OffsiteCopyArgs = Arguments<typeof OffsiteCopyInputs, JobComputed>;

/**
 * Sealed sets of targets, carried to a bucket, looked at there, and what nothing wants any more removed. What each
 * argument means: docs/resources/offsite-copy.md.
 */
export class OffsiteCopy extends JobResource {
  declare readonly recoveryPoints: pulumi.Output<OffsiteCopyOutputs["recoveryPoints"]>;
  declare readonly install: pulumi.Output<OffsiteCopyOutputs["install"]>;

  constructor(name: string, args: OffsiteCopyArgs, opts?: pulumi.CustomResourceOptions) {
    super("OffsiteCopy", name, args, OffsiteCopyOutputs.keyof().options, opts);
  }
}
