import { z } from "zod";
import { Bytes, Cover, Datum, Day, Fqdn, Instant, Name, Scope, SetKind, ShortName } from "./common";
import { Retention, Schedule } from "./schedule";
import { ObjectLock, StoreProfile } from "./store";

/** What discharges an obligation: a job, an external tool, or a waiver. */

const everywhere = z
  .union([z.literal("all"), z.array(Scope).min(1)])
  .default("all")
  .describe("In which scopes; all: wherever one of these data is");
const data = z.array(Datum).min(1).describe("What it speaks for");
const Evidence = z
  .union([Day, Instant])
  .describe("A day, or a moment in UTC; a day counts from its first moment, which is the older");

/** A way by which sets of a job leave the site. */
export const CopyPath = z.strictObject({
  copy: ShortName,
  place: z.string().min(1).describe("The bucket, what keys begin with, and the store"),
  schedule: Schedule.describe("Of the courier; `run` looks for new sets every few minutes"),
  zone: z.string().min(1).describe("Of the courier's computer"),
  startWhenMissed: z.boolean().default(true),
  minutes: z
    .number()
    .nonnegative()
    .describe("What carrying one set takes, as expected or as last measured; sets of other jobs before it included"),
  verifyMinutes: z.number().nonnegative().default(0).describe("Until what was carried is also verified"),
  profile: StoreProfile,
  retention: Retention.optional().describe("Without it what is carried stays"),
  lock: ObjectLock.optional(),
  legalHold: z.boolean().default(false),
  lifecycleDays: z.int().min(1).optional().describe("The store itself removes objects of this age"),
});
export type CopyPath = z.infer<typeof CopyPath>;

/** A scheduled job, as far as coverage and service levels look at it. Made from its declaration, never by hand. */
export const ProtectingJob = z.strictObject({
  by: z.literal("job"),
  name: Name,
  series: Name.describe("The line of sets that it adds to: full, differential and log jobs share one"),
  covers: z.array(Cover).min(1).describe("What its artefacts hold"),
  setKind: SetKind,
  enabled: z.boolean(),
  disabledReason: z.string().min(1).optional(),
  schedule: Schedule,
  zone: z.string().min(1).describe("Of the hosts that it is placed on"),
  startWhenMissed: z.boolean(),
  minutes: z.number().nonnegative().describe("What a run takes, as expected or as last measured"),
  target: z.strictObject({ name: Name, host: Fqdn, location: z.enum(["local", "remote"]) }),
  retention: Retention,
  bytesPerSet: Bytes.optional().describe("As expected or as last measured"),
  whole: z
    .strictObject({ everyDays: z.int().min(1), bytes: Bytes })
    .optional()
    .describe("Incremental: how often everything is taken anew, and how much that is"),
  copies: z.array(CopyPath).default([]),
});
export type ProtectingJob = z.infer<typeof ProtectingJob>;

/** Somebody else's tool. It counts as long as its evidence is fresh. */
export const ExternalProtection = z.strictObject({
  by: z.literal("external"),
  name: Name.describe("By which reports call it"),
  data,
  scopes: everywhere,
  tool: z.string().min(1).max(200).describe("With what it is backed up"),
  owner: z.string().min(1).max(200).describe("Who is called when it must be restored"),
  rpoHours: z.number().positive().describe("What its owner promises: a nightly tool promises a little more than 24"),
  lastSuccess: Evidence.optional(),
  lastRestoreTest: Evidence.optional(),
  restoreTestGoodForDays: z
    .int()
    .min(1)
    .max(3660)
    .default(365)
    .describe("After so many days a restore test says nothing any more"),
  expires: Day.optional().describe(
    "Of certificates, the first day on which one of them no longer holds: stale from then on",
  ),
  where: z.string().min(1).max(500).optional().describe("Location and media"),
});
export type ExternalProtection = z.infer<typeof ExternalProtection>;

/** Left unprotected on purpose, for a while, by somebody. */
export const Waiver = z.strictObject({
  by: z.literal("waiver"),
  name: Name.describe("By which reports call it"),
  data,
  scopes: everywhere,
  reason: z.string().min(1).max(500).describe("Why it may be so"),
  owner: z.string().min(1).max(200).describe("Who decided it"),
  until: Day.describe("The last day on which it counts"),
});
export type Waiver = z.infer<typeof Waiver>;

export const Protection = z.discriminatedUnion("by", [ProtectingJob, ExternalProtection, Waiver]);
export type Protection = z.infer<typeof Protection>;
