import { defineEstate } from "../estate/estate";
import { base, EXPORTERS, SQL_SERVERS } from "./base";
import { lab } from "./lab";

const account = String.raw`CONTOSO\svc-lync-backup$`;
const sql = String.raw`CONTOSO\sql-service$`;
const restorers = String.raw`CONTOSO\restore-admins`;

/** Servers are reached from a Windows desk that is logged on to the domain; SQL Servers by OpenSSH, with a key. */
const byWinRm = { via: "winrm", logon: { by: "kerberos", tls: true } } as const;
const bySsh = { via: "ssh", user: String.raw`CONTOSO\deploy` } as const;

type Target = Parameters<typeof defineEstate>[1]["targets"][number];
const kept: Pick<Target, "share" | "writers" | "readers" | "encryption" | "location"> = {
  share: "LyncBackup$",
  writers: [account, sql],
  readers: [restorers],
  encryption: "bitlocker",
  location: "remote",
};

/** Of each target; who has stolen every key cannot delete what is younger than the lock. */
const OFFSITE = ["vault", "records"].map((target) => ({
  target,
  keep: { last: 14, daily: 90, monthly: 24, yearly: 10 },
  lock: { mode: "compliance" as const, days: 30 },
}));

/**
 * A template for real servers: the same deployment as the lab's, which `lync-backup discover` replaces. Two targets, one
 * in each site; years instead of weeks; and what holds sets is protected.
 */
export const production = defineEstate("production", {
  ...base,
  topology: lab.topology,
  account,
  hosts: [
    ...EXPORTERS.map((name) => ({ name, reach: byWinRm })),
    ...SQL_SERVERS.map((name) => ({ name, reach: bySsh })),
    { name: "bk01.contoso.com", reach: byWinRm },
    { name: "bk02.contoso.com", reach: byWinRm },
  ],
  targets: [
    { ...kept, name: "vault", host: "bk01.contoso.com", path: String.raw`D:\LyncBackup`, keepFreeGigabytes: 50 },
    {
      ...kept,
      name: "records",
      host: "bk02.contoso.com",
      path: String.raw`E:\LyncRecords`,
      keepFreeGigabytes: 50,
      // In the site of the SQL Server that it keeps the records of.
      location: "local",
    },
  ],
  defaults: {
    hosts: EXPORTERS,
    target: "vault",
    retention: { ...base.defaults.retention, yearly: 7 },
  },
  everything: true,
  sql: [
    // What the law asks for is kept apart, and longer.
    {
      instance: String.raw`sql03.contoso.com\archive`,
      target: "records",
      retention: { last: 7, daily: 30, monthly: 24, yearly: 10 },
      differential: { schedule: { every: "day", at: ["12:30"] } },
    },
  ],
  // What others back up. Their evidence goes stale: whoever runs this stack brings the dates up to date.
  external: [
    {
      name: "directory",
      data: ["active-directory", "certificate-authority", "certificates", "dns", "dhcp"],
      tool: "Windows Server Backup",
      owner: "Directory team",
      rpoHours: 25,
      where: "Backup vault of the second site",
    },
    {
      name: "network",
      data: ["network", "firewall", "load-balancer", "iis", "pstn-gateways"],
      tool: "Configuration archive",
      owner: "Network team",
      rpoHours: 25,
    },
    {
      name: "software-library",
      data: ["installation-media", "response-group-audio"],
      tool: "File server backup",
      owner: "Unified communications team",
      rpoHours: 170,
    },
  ],
  // A bucket of the company's own account; the credentials lie on bk01, under these names.
  offsite: [
    {
      bucket: { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup", prefix: "production" },
      credentials: "lync-offsite",
      host: "bk01.contoso.com",
      from: OFFSITE,
      verify: {},
      prune: { credentials: "lync-offsite-pruner" },
    },
  ],
  plan: {
    ...base.plan,
    places: [
      ...base.plan.places,
      {
        name: "main-site",
        where: "Data centre of the main site, run by the storage team",
        targets: ["records"],
        media: "Disks of the computer bk02, encrypted; no removable media",
        hardware: ["2 TB behind bk02 for archived messages and call records"],
        software: ["Imaging of virtual servers"],
        network: ["TCP 445 from sql03 to bk02"],
        access: "Badge of the data centre; read only for restore-admins",
      },
    ],
  },
});
