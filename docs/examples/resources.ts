/** One declaration per resource type: the pages show them, and the tests run them. */
export interface ResourceExample {
  name: string;
  args: Record<string, unknown>;
}

const reach = { via: "lab" };
const jobs = String.raw`CONTOSO\lync-backup$`;

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
      product: "lync2013",
      deployment: "contoso",
      account: jobs,
      target: { name: "vault", host: "bk01.contoso.com", path: String.raw`\\bk01.contoso.com\lyncbackup$` },
      schedule: { every: "day", at: ["02:00"] },
      startWhenMissed: true,
      timeLimitMinutes: 60,
      retention: { last: 7, daily: 14, weekly: 8, monthly: 12 },
      keepFreeGigabytes: 10,
      enabled: true,
    },
  },
} satisfies Record<string, ResourceExample>;
