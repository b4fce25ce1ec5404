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
import { PlanDetails } from "./plan-details";

/** What an estate may say. What follows from the topology, nobody need say: pairs, branches, mirrors, replicas. */

const gigabytes = z.number().min(0).max(1_000_000);
const minutes = z.int().min(1).max(10080);
const adopt = z.boolean().default(false).describe("Take over what is there and differs");
const hosts = z.array(Fqdn).min(1);

/** What is said once for all jobs; each may say otherwise. */
const Defaults = z.strictObject({
  hosts: hosts.optional().describe("Where exports are placed: computers with the management tools"),
  target: Name.optional().describe("Where sets go; not needed where there is only one target"),
  schedule: Schedule.optional().describe("Without it each kind of job has a time of its own, every night"),
  startWhenMissed: z.boolean().default(true),
  timeLimitMinutes: minutes.default(240),
  retention: Retention.prefault({ last: 14 }),
  keepFreeGigabytes: gigabytes.default(10),
});

/** What any job may say; the defaults of the estate are for what it does not. */
const job = {
  name: Name.optional().describe("Without it what it backs up gives the name"),
  target: Name.optional(),
  schedule: Schedule.optional(),
  startWhenMissed: z.boolean().optional(),
  timeLimitMinutes: minutes.optional(),
  retention: Retention.optional(),
  keepFreeGigabytes: gigabytes.optional(),
  runNow: z.boolean().default(false).describe("Start it right after it has been made"),
  enabled: z.boolean().default(true),
  disabledReason: z.string().min(1).max(500).optional(),
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

const part = (schedule: z.input<typeof Schedule>) => z.strictObject({ schedule: Schedule.prefault(schedule) });

const Configuration = z.strictObject({
  ...job,
  hosts: hosts.optional().describe("The export acts beside the Central Management store"),
  onChange: part({ every: "minutes", minutes: 60 })
    .optional()
    .describe("Besides, look this often whether the configuration was changed, and export it then"),
});

const OfPool = z.strictObject({ ...job, hosts: hosts.optional(), pool: Fqdn });

const { database, level, startDate, backup } = persistentChatShape;
const PersistentChat = z.strictObject({
  ...job,
  hosts: hosts.optional(),
  instance: SqlInstanceName.describe("Of the store of a Persistent Chat pool"),
  backup,
  database,
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
    .array(z.strictObject({ name: Fqdn, instance: SqlInstanceName.describe("That this host asks") }))
    .min(1)
    .optional()
    .describe("Without it the SQL Servers themselves: all partners, replicas or nodes that the topology knows"),
  release: SqlInstance.shape.release.optional().describe("Without it the oldest that the topology has recorded"),
  databases: databases.optional().describe("Without it all roles that have databases there"),
  differential: part({ every: "day", at: ["12:00"] }).optional(),
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
  topology: Topology.schema,
  account: Account.describe("Under which jobs run"),
  protect: z.boolean().default(true).describe("The engine then refuses to replace or destroy targets"),
  hosts: z
    .array(z.strictObject({ name: Fqdn, reach: Reach, adopt }))
    .min(1)
    .describe("Computers that get the module"),
  targets: z
    .array(
      TargetDeclaration.omit({ keepFreeBytes: true }).extend({
        host: Fqdn,
        keepFreeGigabytes: gigabytes.default(10),
        adopt,
      }),
    )
    .min(1),
  defaults: Defaults.prefault({}),
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
    .array(z.string().min(1).max(1000))
    .default([])
    .describe("Safety regressions that are meant, in the words of the preview that refused them"),
  plan: PlanDetails.prefault({}).describe(
    "What the plan document must say and no topology knows: who, where, with what",
  ),
};
export type EstateParts = z.infer<z.ZodObject<typeof ESTATE>>;
