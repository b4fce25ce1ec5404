import * as pulumi from "@pulumi/pulumi";
import type { BucketPosture, StoreReference } from "../../estate/documents";
import { LyncResource, type Arguments } from "../base/shim";
import { OffsiteBucketOutputs, referenceOf, type OffsiteBucketInputs } from "./schema";

export type OffsiteBucketArgs = Arguments<typeof OffsiteBucketInputs>;

/** A bucket for sets, and what it is told to keep. What each argument means: docs/resources/offsite-bucket.md. */
export class OffsiteBucket extends LyncResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly profile: pulumi.Output<string>;
  declare readonly region: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string | undefined>;
  declare readonly credentials: pulumi.Output<string>;
  declare readonly versioning: pulumi.Output<BucketPosture["versioning"]>;
  declare readonly objectLock: pulumi.Output<BucketPosture["objectLock"]>;
  declare readonly defaultEncryption: pulumi.Output<BucketPosture["defaultEncryption"]>;
  declare readonly publicAccessBlock: pulumi.Output<BucketPosture["publicAccessBlock"]>;
  declare readonly ownership: pulumi.Output<BucketPosture["ownership"]>;
  declare readonly lifecycle: pulumi.Output<BucketPosture["lifecycle"]>;
  declare readonly refusePlainHttp: pulumi.Output<boolean | undefined>;
  declare readonly refuseUnencryptedPuts: pulumi.Output<boolean | undefined>;
  declare readonly policyStatements: pulumi.Output<BucketPosture["policyStatements"]>;
  declare readonly tags: pulumi.Output<BucketPosture["tags"]>;
  declare readonly hasContent: pulumi.Output<boolean>;
  declare readonly seenAt: pulumi.Output<string>;
  /** What couriers are told. Computed here, so that a preview knows it. */
  readonly reference: pulumi.Output<StoreReference>;

  constructor(name: string, args: OffsiteBucketArgs, opts?: pulumi.CustomResourceOptions) {
    super("OffsiteBucket", name, args, OffsiteBucketOutputs.keyof().options, opts);
    const { name: bucket, profile, region, endpoint, proxy, authority, capabilities } = args;
    this.reference = pulumi
      .output({ name: bucket, profile, region, endpoint, proxy, authority, capabilities })
      .apply((known) => referenceOf({ ...known, capabilities: known.capabilities ?? {} }));
  }
}
