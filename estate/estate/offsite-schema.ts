import { z } from "zod";
import {
  Account,
  BucketPosture,
  BucketWaiver,
  CourierSource,
  Datum,
  Fqdn,
  Name,
  Schedule,
  StoreReference,
} from "../documents";
import { offsiteParts, offsiteShape } from "../jobs";

/** What an estate may say of the copies that leave the site. */

const { keep, lock, legalHold, storageClass, encryption } = CourierSource.shape;

const From = z.strictObject({
  target: Name.optional().describe("Not needed where there is only one"),
  jobs: z.array(Name).min(1).optional().describe("The sets of these jobs"),
  data: z.array(Datum).min(1).optional().describe("The sets of the jobs that back these up"),
  keep: keep.describe("Without it everything that is carried stays there"),
  lock,
  legalHold,
  storageClass,
  encryption,
});

const part = (schedule: z.input<typeof Schedule>) =>
  z.strictObject({ schedule: Schedule.prefault(schedule).describe("When it does so") });
const { store: _store, sources: _sources, ...own } = offsiteShape;

export const Offsite = z.strictObject({
  name: Name.default("offsite").describe("Of the copy, its jobs and its resource"),
  bucket: StoreReference.describe("Where the sets go"),
  make: z
    .strictObject({
      credentials: Name.describe("Of who may make buckets, and change what they keep"),
      adopt: z.boolean().default(false).describe("Take over a bucket that is there and differs"),
      waived: z.array(BucketWaiver).default([]).describe("What the store may be unable to keep"),
      ...BucketPosture.shape,
    })
    .optional()
    .describe("What the bucket is told to keep; without it the bucket is somebody else's"),
  ...own,
  host: Fqdn.optional().describe("Who carries; without it the computer that keeps the sets"),
  account: Account.optional().describe("Under which it runs; without it that of the jobs"),
  runBy: z.enum(["task", "external"]).default("task").describe("External: a Linux machine or a pipeline carries"),
  folders: z.record(Name, z.string().min(1)).default({}).describe("External: where each target is on that computer"),
  from: z
    .array(From)
    .min(1)
    .prefault([{}])
    .describe("Which sets; what names neither jobs nor data is for all that no other one names"),
  schedule: Schedule.prefault({ every: "run", of: "all" }).describe("When it carries"),
  verify: part({ every: "week", on: ["sunday"], at: ["06:00"] })
    .extend(offsiteParts.verify.shape)
    .optional()
    .describe("Besides, look closely at what lies there"),
  prune: part({ every: "week", on: ["sunday"], at: ["12:00"] })
    .extend(offsiteParts.prune.shape)
    .optional()
    .describe("Remove what `keep` does not want there"),
  startWhenMissed: z.boolean().default(true).describe("Whether a start that was missed is made up for"),
  timeLimitMinutes: z.int().min(1).max(10080).default(720).describe("After which a run is ended"),
  runNow: z.boolean().default(false).describe("Start it right after it has been made"),
  enabled: z.boolean().default(true).describe("Disabled, it is there and does not run"),
  disabledReason: z.string().min(1).max(500).optional().describe("Why; required where it is disabled"),
  lostHosts: z.array(Fqdn).default([]).describe("Hosts that are lost for good"),
  adopt: z.boolean().default(false).describe("Take over what is there and differs"),
});
export type Offsite = z.infer<typeof Offsite>;
