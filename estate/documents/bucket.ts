import { z } from "zod";
import { ObjectLock } from "./store";

/** What a bucket is told to keep: how it treats versions, locks, keys, the public and time. */

const Days = z.int().min(1).max(36_500);
const text = z.string().min(1);
/** One or several, as policies write them. */
const TextOrList = z.union([text, z.array(text).min(1)]);

/** Named as in S3, because whoever reads a restore's price list knows them by these names. */
export const STORAGE_TIERS = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;

export const LifecycleRule = z
  .strictObject({
    prefix: z.string().max(500).default("").describe("What keys begin with; empty: the whole bucket"),
    abortIncompleteUploadsAfterDays: Days.optional().describe("Uploads in parts that nobody completes are ended"),
    expireNoncurrentAfterDays: Days.optional().describe("Versions that were overwritten or deleted go after that"),
    transitions: z
      .array(z.strictObject({ afterDays: z.int().min(0).max(36_500), tier: z.enum(STORAGE_TIERS) }))
      .default([])
      .describe("What is so old moves to a cheaper tier"),
  })
  .refine(
    (rule) =>
      rule.abortIncompleteUploadsAfterDays !== undefined ||
      rule.expireNoncurrentAfterDays !== undefined ||
      rule.transitions.length > 0,
    "says nothing: expected abortIncompleteUploadsAfterDays, expireNoncurrentAfterDays or transitions",
  );
export type LifecycleRule = z.infer<typeof LifecycleRule>;

/** As S3 knows them; what it means stands in its own reference. */
export const PolicyStatement = z.strictObject({
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]{0,100}$/, "expected letters and digits")
    .optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.literal("*"), z.record(text, TextOrList)]).optional(),
  NotPrincipal: z.union([z.literal("*"), z.record(text, TextOrList)]).optional(),
  Action: TextOrList.optional(),
  NotAction: TextOrList.optional(),
  Resource: TextOrList.optional(),
  NotResource: TextOrList.optional(),
  Condition: z
    .record(
      text,
      z.record(
        text,
        z.union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))]),
      ),
    )
    .optional(),
});
export type PolicyStatement = z.infer<typeof PolicyStatement>;

/** The mark of the product, which no declared tag may begin with. */
export const TAG_PREFIX = "lync-backup:";

const Tag = z
  .string()
  .min(1)
  .max(128)
  .refine((key) => !key.startsWith(TAG_PREFIX) && !/^aws:/i.test(key), "begins with what is reserved");

export const BUCKET_PROPERTIES = {
  versioning: z.enum(["enabled", "suspended"]).describe("Whether what is overwritten or deleted stays as a version"),
  objectLock: z
    .strictObject(
      { retention: ObjectLock.optional().describe("What each object is locked with that brings no lock of its own") },
      "expected an object: once on, Object Lock stays on for as long as there is the bucket",
    )
    .describe("Versions can be locked; needs versioning, and cannot be switched off again"),
  defaultEncryption: z
    .discriminatedUnion("by", [
      z.strictObject({ by: z.literal("sse-s3").describe("With keys of the store") }),
      z.strictObject({
        by: z.literal("sse-kms").describe("With a key of the key service"),
        key: z.string().min(1).max(2048).describe("The name of the key, which is no secret"),
        bucketKey: z.boolean().default(true).describe("One data key for many objects, which costs less"),
      }),
    ])
    .describe("How objects are encrypted that do not say it themselves"),
  publicAccessBlock: z
    .strictObject({
      blockPublicAcls: z.boolean().default(true).describe("No access list that lets the public in is taken"),
      ignorePublicAcls: z.boolean().default(true).describe("Those that are there count for nothing"),
      blockPublicPolicy: z.boolean().default(true).describe("No policy that lets the public in is taken"),
      restrictPublicBuckets: z.boolean().default(true).describe("One that is there lets nobody else in"),
    })
    .describe("Whatever else is set: nothing becomes public"),
  ownership: z
    .enum(["owner-enforced", "owner-preferred", "object-writer"])
    .describe("Whose objects are; enforced: the owner's of the bucket, and access lists mean nothing"),
  lifecycle: z.array(LifecycleRule).max(100).describe("All rules that there are; any other is removed"),
  refusePlainHttp: z.boolean().describe("A policy denies requests without TLS"),
  refuseUnencryptedPuts: z
    .boolean()
    .describe("A policy denies puts that do not ask for encryption: couriers must say `encryption`"),
  policyStatements: z
    .array(PolicyStatement)
    .max(100)
    .describe("All further statements of the policy, such as `offsite policy` prints; any other is removed"),
  tags: z.record(Tag, z.string().max(256)).describe("All tags but the mark of the product; any other is removed"),
} as const;
export type BucketProperty = keyof typeof BUCKET_PROPERTIES;
export const BUCKET_PROPERTY_NAMES = Object.keys(BUCKET_PROPERTIES) as BucketProperty[];

export const BucketWaiver = z.strictObject({
  property: z.enum(BUCKET_PROPERTY_NAMES),
  reason: z.string().min(10, "expected a reason of at least 10 characters").max(500),
});
export type BucketWaiver = z.infer<typeof BucketWaiver>;

/** What a bucket is told. What is not declared is nobody's business: neither set nor looked at. */
export const BucketPosture = z.strictObject(BUCKET_PROPERTIES).partial();
export type BucketPosture = z.infer<typeof BucketPosture>;
