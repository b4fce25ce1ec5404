import { z } from "zod";
import {
  BucketPosture,
  BucketWaiver,
  Instant,
  Name,
  Owner,
  StoreReference,
  TAG_PREFIX,
  type BucketProperty,
} from "../../estate/documents";
import { asksFor, cannotKeep, declaredProperties } from "../../estate/stores/posture";

const store = StoreReference.shape;

const inputs = z.strictObject({
  owner: Owner,
  adopt: z.boolean().default(false).describe("Take over a bucket that is there and differs"),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected 3 to 63 lower-case letters, digits, hyphens and dots")
    .describe("Of the bucket; in most stores names are taken for all accounts at once"),
  profile: store.profile.describe("What kind of store it is"),
  region: store.region.describe("Where the bucket is; it never moves"),
  endpoint: store.endpoint.describe("Where the store answers; Amazon's regions need none"),
  proxy: store.proxy.describe("Through which the store is reached"),
  authority: store.authority,
  capabilities: store.capabilities.describe("What `offsite probe` found out: it counts more than the profile"),
  credentials: Name.describe(
    "The name of a key: in `storeKeys` of the configuration, or else of this computer, as couriers find theirs",
  ),
  ...BucketPosture.shape,
  waived: z
    .array(BucketWaiver)
    .default([])
    .describe("Properties that the store may be unable to keep: set where it can, and not judged"),
});

export const OffsiteBucketInputs = inputs.superRefine((bucket, context) => {
  const problem = (path: PropertyKey[], message: string): void => {
    context.addIssue({ code: "custom", path, message });
  };
  const { objectLock, versioning, refusePlainHttp, endpoint, waived } = bucket;
  if (objectLock && versioning !== "enabled") {
    problem(["versioning"], "expected enabled, because there is an objectLock: only versions can be locked");
  }
  if (refusePlainHttp === true && endpoint?.startsWith("http:") === true) {
    problem(["refusePlainHttp"], "would refuse everybody, because the endpoint is plain HTTP");
  }
  for (const [index, { Sid = "" }] of (bucket.policyStatements ?? []).entries()) {
    if (RESERVED.test(Sid)) problem(["policyStatements", index, "Sid"], "is a name of the product's own statements");
  }
  const declared = declaredProperties(bucket);
  const excused = new Set<BucketProperty>();
  for (const [index, { property }] of waived.entries()) {
    if (!declared.includes(property)) problem(["waived", index], `waives ${property}, which is not declared`);
    else if (excused.has(property)) problem(["waived", index], `waives ${property} a second time`);
    excused.add(property);
  }
  for (const property of declared.filter((one) => asksFor(bucket, one) && !excused.has(one))) {
    const why = cannotKeep(referenceOf(bucket), property);
    if (why !== undefined) problem([property], `cannot be kept: ${why}. ${WAY_OUT}`);
  }
});
export type OffsiteBucketInputs = z.infer<typeof OffsiteBucketInputs>;

const RESERVED = new RegExp(`^${TAG_PREFIX.replaceAll(/[^a-z]/g, "")}(Refuse|Probe)`, "i");

export const WAY_OUT =
  "Leave it out, waive it by name with a reason, or choose another store; if the store can do it by now, record that in capabilities";

/** The store as couriers name it. */
export function referenceOf(
  bucket: Pick<z.infer<typeof inputs>, "profile" | "region" | "name" | "capabilities"> &
    Partial<Pick<z.infer<typeof inputs>, "endpoint" | "proxy" | "authority">>,
): StoreReference {
  const { profile, region, name, endpoint, proxy, authority, capabilities } = bucket;
  return {
    profile,
    region,
    bucket: name,
    prefix: "",
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(authority === undefined ? {} : { authority }),
    capabilities,
  };
}

export const OffsiteBucketOutputs = z.strictObject({
  hasContent: z.boolean().describe("Then deleting the resource leaves the bucket as it is"),
  seenAt: Instant.describe("The clock of whoever read it"),
});
export type OffsiteBucketOutputs = z.infer<typeof OffsiteBucketOutputs>;
