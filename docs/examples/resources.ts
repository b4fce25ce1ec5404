/** One declaration per resource type: the pages show them, and the tests run them. */
export interface ResourceExample {
  name: string;
  args: Record<string, unknown>;
}

const reach = { via: "lab" };
const jobs = String.raw`CONTOSO\lync-backup$`;

const vault = { name: "vault", host: "bk01.contoso.com", path: String.raw`\\bk01.contoso.com\lyncbackup$` };

/** What all jobs of this estate say alike. */
const job = {
  product: "lync2013",
  deployment: "contoso",
  account: jobs,
  target: vault,
  startWhenMissed: true,
  enabled: true,
};

export const RESOURCE_EXAMPLES = {
  HostAgent: {
    name: "fe01",
    args: { host: "fe01.contoso.com", reach },
  },
  BackupTarget: {
    name: "vault",
    args: {
      host: "bk01.contoso.com",
      reach,
      domain: "contoso.com",
      name: "vault",
      path: String.raw`D:\LyncBackup`,
      share: "LyncBackup$",
      writers: [jobs, String.raw`CONTOSO\sql-service$`],
      readers: [String.raw`CONTOSO\restore-admins`],
      keepFreeGigabytes: 20,
      encryption: "bitlocker",
      location: "remote",
      media: "disk",
    },
  },
  CmsExport: {
    name: "configuration",
    args: {
      name: "configuration",
      hosts: [
        { name: "fe01.contoso.com", reach, pool: "pool01.contoso.com" },
        { name: "fe11.contoso.com", reach, pool: "pool02.contoso.com" },
      ],
      ...job,
      schedule: { every: "day", at: ["02:00"] },
      timeLimitMinutes: 60,
      retention: { last: 7, daily: 14, weekly: 8, monthly: 12 },
      keepFreeGigabytes: 10,
    },
  },
  UserDataExport: {
    name: "users-pool01",
    args: {
      name: "users-pool01",
      pool: "pool01.contoso.com",
      partner: "pool02.contoso.com",
      hosts: [{ name: "tools01.contoso.com", reach }],
      ...job,
      schedule: { every: "day", at: ["01:00"] },
      timeLimitMinutes: 120,
      retention: { last: 7, daily: 14, weekly: 8 },
      keepFreeGigabytes: 10,
    },
  },
  ResponseGroupExport: {
    name: "response-groups-pool01",
    args: {
      name: "response-groups-pool01",
      pool: "pool01.contoso.com",
      partner: "pool02.contoso.com",
      hosts: [
        { name: "fe01.contoso.com", reach, pool: "pool01.contoso.com" },
        { name: "fe11.contoso.com", reach, pool: "pool02.contoso.com" },
      ],
      ...job,
      schedule: { every: "day", at: ["01:30"] },
      timeLimitMinutes: 60,
      retention: { last: 7, daily: 14, weekly: 8 },
      keepFreeGigabytes: 10,
    },
  },
  PersistentChatExport: {
    name: "chat",
    args: {
      name: "chat",
      pool: "chat01.contoso.com",
      instance: String.raw`sql03.contoso.com\chat`,
      level: "All",
      hosts: [{ name: "tools01.contoso.com", reach }],
      ...job,
      schedule: { every: "day", at: ["03:30"] },
      timeLimitMinutes: 240,
      retention: { last: 7, weekly: 8 },
      keepFreeGigabytes: 10,
    },
  },
  FileStoreCopyJob: {
    name: "files-pool01",
    args: {
      name: "files-pool01",
      store: String.raw`\\fs01.contoso.com\lyncshare`,
      callParkPools: ["pool01.contoso.com"],
      announcementPools: ["pool01.contoso.com"],
      fullEveryDays: 30,
      mirror: false,
      backupMode: false,
      hosts: [{ name: "bk02.contoso.com", reach }],
      ...job,
      schedule: { every: "day", at: ["04:00"] },
      timeLimitMinutes: 240,
      retention: { last: 14, weekly: 8 },
      keepFreeGigabytes: 20,
    },
  },
  SqlBackupSchedule: {
    name: "sql-archive",
    args: {
      name: "sql-archive",
      instance: String.raw`sql03.contoso.com\archive`,
      release: "2012",
      databases: { roles: ["archiving", "monitoring"] },
      hosts: [{ name: "sql03.contoso.com", reach, instance: String.raw`sql03.contoso.com\archive` }],
      ...job,
      schedule: { every: "day", at: ["00:30"] },
      log: { schedule: { every: "minutes", minutes: 15 } },
      compress: true,
      timeLimitMinutes: 240,
      retention: { last: 7, daily: 14, withinDays: 3 },
      keepFreeGigabytes: 20,
    },
  },
  OffsiteBucket: {
    name: "offsite",
    args: {
      name: "contoso-lync-offsite",
      profile: "aws",
      region: "eu-central-1",
      credentials: "offsite-admin",
      versioning: "enabled",
      objectLock: { retention: { mode: "governance", days: 30 } },
      defaultEncryption: { by: "sse-s3" },
      publicAccessBlock: {
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets: true,
      },
      ownership: "owner-enforced",
      lifecycle: [{ abortIncompleteUploadsAfterDays: 7, expireNoncurrentAfterDays: 60 }],
      refusePlainHttp: true,
      tags: { service: "lync", environment: "production" },
    },
  },
  OffsiteCopy: {
    name: "courier",
    args: {
      name: "offsite",
      hosts: [{ name: "bk01.contoso.com", reach }],
      product: "lync2013",
      deployment: "contoso",
      account: String.raw`CONTOSO\lync-courier$`,
      store: { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup", prefix: "production/" },
      credentials: "lync-offsite",
      verifier: "lync-verifier",
      sources: [
        {
          target: vault,
          series: ["configuration", "users-pool01", "sql-archive"],
          keep: { last: 7, daily: 30, monthly: 24 },
          lock: { mode: "compliance", days: 30 },
        },
        { target: vault, series: ["files-pool01"], keep: { last: 7, weekly: 8 }, storageClass: "STANDARD_IA" },
      ],
      schedule: { every: "run", of: "all", lookEveryMinutes: 15 },
      verify: { schedule: { every: "week", on: ["sunday"], at: ["06:00"] } },
      megabitsPerSecond: 200,
      timeLimitMinutes: 720,
      startWhenMissed: true,
      enabled: true,
    },
  },
  BackupPosture: {
    name: "posture",
    args: {
      promises: {
        document: "posture",
        version: 1,
        protect: false,
        obligations: {
          "configuration deployment": { by: "job", rpoMinutes: 1440, levels: { rtoMinutes: 240 } },
          "dhcp deployment": { by: "waiver", levels: {} },
        },
        jobs: {
          configuration: {
            copies: {
              "target vault": {
                location: "remote",
                keeps: [{ everyMinutes: 1440, forMinutes: 20160 }],
                lock: null,
                legalHold: false,
              },
            },
          },
        },
        disabled: [],
        externals: {},
        waivers: { "no-dhcp": { data: ["dhcp"], scopes: "all", until: "2026-12-31" } },
        buckets: {},
      },
      acknowledge: ["rpo:configuration deployment: 1 h -> 24 h # exported by day only since March"],
    },
  },
} satisfies Record<string, ResourceExample>;
