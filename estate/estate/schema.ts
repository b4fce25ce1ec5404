import { z } from "zod";
import {
  Account,
  ExternalProtection,
  Fqdn,
  Name,
  Reach,
  Retention,
  Schedule,
  ServiceLevel,
  SqlAgentRunner,
  SqlInstance,
  SqlInstanceName,
  TargetDeclaration,
  Topology,
  Waiver,
} from "../documents";
import { fileStoreShape, persistentChatShape } from "../jobs";
import { SqlBackupOptions } from "../jobs/sql-declaration";
import { Offsite } from "./offsite-schema";
import { PlanDetails } from "./plan-details";

/** What an estate may say. What follows from the topology, nobody need say: pairs, branches, mirrors, replicas. */

const gigabytes = z.number().min(0).max(1_000_000);
const minutes = z.int().min(1).max(10080);
const adopt = z.boolean().default(false).describe("Take over what is there and differs");
const hosts = z.array(Fqdn).min(1);

const MISSED = "Whether a start that was missed is made up for";
const LIMIT = "After which a run is ended";
const KEPT = "Which sets are kept near the hosts";
const FREE = "A run refuses to fill the volume of the target below this";

/** What is said once for all jobs; each may say otherwise. */
const Defaults = z.strictObject({
  hosts: hosts.optional().describe("Where exports are placed: computers with the management tools"),
  target: Name.optional().describe("Where sets go; not needed where there is only one target"),
  schedule: Schedule.optional().describe("Without it each kind of job has a time of its own, every night"),
  startWhenMissed: z.boolean().default(true).describe(MISSED),
  timeLimitMinutes: minutes.default(240).describe(LIMIT),
  retention: Retention.prefault({ last: 14 }).describe(KEPT),
  keepFreeGigabytes: gigabytes.default(10).describe(FREE),
});

/** What any job may say; the defaults of the estate are for what it does not. */
const job = {
  name: Name.optional().describe("Without it what it backs up gives the name"),
  target: Name.optional().describe("Where its sets go"),
  schedule: Schedule.optional().describe("When it runs"),
  startWhenMissed: z.boolean().optional().describe(MISSED),
  timeLimitMinutes: minutes.optional().describe(LIMIT),
  retention: Retention.optional().describe(KEPT),
  keepFreeGigabytes: gigabytes.optional().describe(FREE),
  runNow: z.boolean().default(false).describe("Start it right after it has been made"),
  enabled: z.boolean().default(true).describe("A disabled job covers nothing"),
  disabledReason: z.string().min(1).max(500).optional().describe("Why it is disabled, for whoever looks later"),
  lostHosts: z.array(Fqdn).default([]).describe("Hosts that are lost for good, and from which nothing is removed"),
  adopt,
};
export type JobOptions = z.infer<z.ZodObject<typeof job>>;

export const JOB_OPTIONS = Object.keys(job);

/** What an entry says besides what any job may say. */
export function ownPart<One extends JobOptions>(entry: One): Omit<One, keyof JobOptions> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !JOB_OPTIONS.includes(key))) as Omit<
    One,
    keyof JobOptions
  >;
}

const part = (schedule: z.input<typeof Schedule>) =>
  z.strictObject({ schedule: Schedule.prefault(schedule).describe("When it runs, besides the full one") });

const Configuration = z.strictObject({
  ...job,
  hosts: hosts.optional().describe("The export acts beside the Central Management store"),
  onChange: part({ every: "minutes", minutes: 60 })
    .optional()
    .describe("Besides, look this often whether the configuration was changed, and export it then"),
});

const EXPORTERS = "Where the export is placed, if not where the defaults say";
const OfPool = z.strictObject({
  ...job,
  hosts: hosts.optional().describe(EXPORTERS),
  pool: Fqdn.describe("The Front End pool on which the users are homed"),
});

const { database, level, startDate, backup } = persistentChatShape;
const PersistentChat = z.strictObject({
  ...job,
  hosts: hosts.optional().describe(EXPORTERS),
  instance: SqlInstanceName.describe("Of the store of a Persistent Chat pool"),
  backup,
  database: database.describe("The database of its rooms"),
  level,
  startDate,
});

const { store, callParkPools, announcementPools, ...copying } = fileStoreShape;
const FileStore = z.strictObject({
  ...job,
  host: Fqdn.optional().describe("Who copies; without it the computer that keeps the sets"),
  store,
  callParkPools: callParkPools.unwrap().optional().describe("Without it those that the topology has"),
  announcementPools: announcementPools.unwrap().optional().describe("Without it those that the topology has"),
  ...copying,
});

const { databases, log, copyOnly, compress, encryption, striping, replica } = SqlBackupOptions.shape;
export const SqlLog = part({ every: "minutes", minutes: 60 }).extend(log.unwrap().shape);
const Sql = z.strictObject({
  ...job,
  instance: SqlInstanceName.describe("The principal or the listener that the topology declares"),
  hosts: z
    .array(
      z.strictObject({
        name: Fqdn.describe("The computer on which the job is placed"),
        instance: SqlInstanceName.describe("That this host asks"),
      }),
    )
    .min(1)
    .optional()
    .describe("Without it the SQL Servers themselves: all partners, replicas or nodes that the topology knows"),
  release: SqlInstance.shape.release.optional().describe("Without it the oldest that the topology has recorded"),
  databases: databases.optional().describe("Without it all roles that have databases there"),
  differential: part({ every: "day", at: ["12:00"] })
    .optional()
    .describe("What changed since the full backup, in between"),
  log: z
    .union([z.literal(false), SqlLog])
    .optional()
    .describe("Without it logs are backed up where a database is known to be in full recovery"),
  copyOnly,
  compress,
  encryption,
  striping,
  replica,
  runner: SqlAgentRunner.optional().describe("Without it Task Scheduler starts the jobs"),
});

/** One entry of each kind of job. */
export const ENTRIES = {
  configuration: Configuration,
  userData: OfPool,
  responseGroups: OfPool,
  persistentChat: PersistentChat,
  fileStores: FileStore,
  sql: Sql,
};
export type JobKind = keyof typeof ENTRIES;
export type Entry<Kind extends JobKind> = z.infer<(typeof ENTRIES)[Kind]>;

/** Everything that one stack declares. */
export const ESTATE = {
  topology: Topology.schema.describe("The deployment that is backed up"),
  account: Account.describe("Under which jobs run"),
  protect: z.boolean().default(true).describe("The engine then refuses to replace or destroy targets"),
  hosts: z
    .array(
      z.strictObject({
        name: Fqdn.describe("The computer"),
        reach: Reach.describe("How it is reached; credentials are named, never held"),
        adopt,
      }),
    )
    .min(1)
    .describe("Computers that get the module"),
  targets: z
    .array(
      TargetDeclaration.omit({ keepFreeBytes: true }).extend({
        name: Name.describe("By which jobs name it"),
        host: Fqdn.describe("The computer that keeps the sets; it is in no pool"),
        keepFreeGigabytes: gigabytes.default(10).describe(FREE),
        media: TargetDeclaration.shape.media.describe("What the sets lie on"),
        adopt,
      }),
    )
    .min(1)
    .describe("Folders and shares in which sets are kept"),
  defaults: Defaults.prefault({}).describe("What is said once for all jobs; each may say otherwise"),
  everything: z
    .boolean()
    .default(false)
    .describe("Also back up what the topology stores and nothing below names, as the defaults say"),
  configuration: Configuration.optional().describe("Topology, policies, configuration and locations"),
  userData: z.array(OfPool).default([]).describe("Rights, contacts and conferences of the users of a pool"),
  responseGroups: z.array(OfPool).default([]).describe("Response Groups of a pool"),
  persistentChat: z.array(PersistentChat).default([]).describe("Persistent Chat pools, by their store"),
  fileStores: z.array(FileStore).default([]).describe("Copies of file stores"),
  sql: z.array(Sql).default([]).describe("Backups of the databases of a SQL Server instance"),
  offsite: z.array(Offsite).default([]).describe("Copies of sets that leave the site, each to a bucket"),
  external: z
    .array(ExternalProtection.omit({ by: true }))
    .default([])
    .describe("What other tools protect"),
  waivers: z
    .array(Waiver.omit({ by: true }))
    .default([])
    .describe("What is left unprotected on purpose, for a while"),
  serviceLevels: z.array(ServiceLevel).default([]).describe("What is promised of the backups of each datum"),
  acknowledge: z
    .array(z.string().min(1).max(50_000))
    .default([])
    .describe("Safety regressions that are meant, in the words of the preview that refused them"),
  plan: PlanDetails.prefault({}).describe(
    "What the plan document must say and no topology knows: who, where, with what",
  ),
};
export type EstateParts = z.infer<z.ZodObject<typeof ESTATE>>;
