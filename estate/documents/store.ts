import { z } from "zod";
import { Name } from "./common";
import { TargetReference } from "./target-reference";
import { Retention } from "./schedule";

/** Offsite storage as jobs name it. What a store can do is probed and recorded, never assumed. */
export const StoreProfile = z.enum(["aws", "minio", "ceph", "versitygw", "r2", "b2", "wasabi", "generic"]);

export const StoreReference = z.strictObject({
  profile: StoreProfile,
  endpoint: z.url().optional(),
  region: z.string().min(1),
  bucket: z.string().min(3).max(63),
  prefix: z.string().max(500).default(""),
  proxy: z
    .url()
    .refine(
      (url) => !/^[^/]*\/\/[^/?#]*@/.test(url),
      "must not contain a name or a password: documents hold no secrets",
    )
    .optional(),
  authority: z.string().min(1).optional().describe("File with the certificates of a private authority"),
  capabilities: z
    .record(Name, z.boolean())
    .default({})
    .describe("As `offsite probe` recorded them; a push that needs what is not there refuses"),
});
export type StoreReference = z.infer<typeof StoreReference>;

export const ObjectLock = z.strictObject({
  mode: z.enum(["governance", "compliance"]),
  days: z.int().min(1).max(36500),
});

export const CourierAction = z.enum(["push", "verify", "prune"]);

export const VerifyLevel = z
  .enum(["quick", "sampled", "full"])
  .describe("Names and sizes; some objects to their last byte; all of them");
export type VerifyLevel = z.infer<typeof VerifyLevel>;

export const CourierSource = z.strictObject({
  target: TargetReference,
  series: z.union([z.literal("all"), z.array(Name).min(1)]).describe("Lines of sets, by the jobs that begin them"),
  keep: Retention.optional().describe("The retention of the bucket, which is not that of the target"),
  lock: ObjectLock.optional().describe("So long nobody deletes or rewrites what is carried"),
  legalHold: z.boolean().default(false).describe("So does a hold, until somebody lifts it"),
  storageClass: z.string().min(1).optional().describe("For data and packs, such as STANDARD_IA"),
  encryption: z
    .discriminatedUnion("by", [
      z.strictObject({ by: z.literal("sse-s3").describe("With keys of the store") }),
      z.strictObject({
        by: z.literal("sse-kms").describe("With a key of the key service"),
        key: z.string().min(1).describe("The name of the key, which is no secret"),
      }),
    ])
    .optional()
    .describe("How it lies there; without it as the bucket has it"),
});
export type CourierSource = z.infer<typeof CourierSource>;
