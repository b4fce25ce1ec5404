import { z } from "zod";
import { BUCKET_PROPERTY_NAMES, BucketPosture } from "./bucket";
import { Datum, Day, Name } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { ObjectLock } from "./store";

/** What an estate promises, by names that stay: compared with the last one, so that nothing gets weaker unseen. */

const minutes = z.int().positive();
const key = z.string().min(1);

export const PromisedObligation = z.strictObject({
  by: z.enum(["job", "external", "waiver", "nothing"]).describe("The strongest of what protects it"),
  rpoMinutes: minutes
    .optional()
    .describe(
      "The longest time between two points that it can be restored to: by schedules, or as another tool promises",
    ),
  levels: z
    .strictObject({
      rpoMinutes: minutes.optional(),
      poolLossMinutes: minutes.optional(),
      rtoMinutes: minutes.optional(),
      keepMinutes: minutes.optional(),
    })
    .describe("What service levels promise for it"),
});
export type PromisedObligation = z.infer<typeof PromisedObligation>;

/** One set at least every so often, for so long back. */
export const Span = z.strictObject({ everyMinutes: minutes, forMinutes: minutes });
export type Span = z.infer<typeof Span>;

export const PromisedCopy = z.strictObject({
  location: z.enum(["local", "remote", "offsite"]),
  keeps: z.array(Span).nullable().describe("By its retention; null: nothing that is declared removes sets"),
  lock: ObjectLock.nullable(),
  legalHold: z.boolean(),
  place: key.optional().describe("Offsite: the bucket, what keys begin with, and the store"),
  carriedEveryMinutes: minutes
    .optional()
    .describe("Offsite: the longest time between two passes of the courier; without it somebody must start it"),
});
export type PromisedCopy = z.infer<typeof PromisedCopy>;

export const PromisedBucket = z.strictObject({
  ...BucketPosture.shape,
  waived: z.array(z.enum(BUCKET_PROPERTY_NAMES)).default([]).describe("What the store may be unable to keep"),
});
export type PromisedBucket = z.infer<typeof PromisedBucket>;

export const PromisedWaiver = z.strictObject({
  data: z.array(Datum).min(1),
  scopes: z.union([z.literal("all"), z.array(key).min(1)]),
  until: Day,
});
export type PromisedWaiver = z.infer<typeof PromisedWaiver>;

export const Posture = defineDocument({
  name: "posture",
  version: 1,
  about: "What an estate promises, made from its declaration alone: no clock and no host has a part in it.",
  writer: "`BackupEstate`",
  readers: "`BackupPosture`, which compares it with the last one",
  shape: {
    protect: z.boolean().describe("Whether the engine refuses to replace or destroy what keeps sets"),
    obligations: z.record(key, PromisedObligation).describe("By datum and scope: what the topology asks for"),
    jobs: z
      .record(
        Name,
        z.strictObject({
          copies: z.record(key, PromisedCopy).describe("By the target, or the offsite copy, that keeps its sets"),
        }),
      )
      .describe("Those that are enabled"),
    disabled: z.array(Name).default([]).describe("Jobs that promise nothing, because they are disabled"),
    externals: z
      .record(Name, z.strictObject({ restoreTestGoodForDays: z.int().min(1) }))
      .default({})
      .describe("Other tools; their evidence is no promise"),
    waivers: z.record(Name, PromisedWaiver).default({}),
    buckets: z.record(key, PromisedBucket).default({}).describe("Those offsite that the estate makes"),
  },
});
export type Posture = DocumentOf<typeof Posture>;
