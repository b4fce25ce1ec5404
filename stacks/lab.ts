import { defineEstate } from "../estate/estate";
import { contoso } from "../lab/deployments/contoso";
import { S3_ENDPOINT } from "../lab/s3-endpoint";
import { ACCOUNT, base, EXPORTERS, SQL_SERVERS } from "./base";

const simulated = { via: "lab" } as const;
const shown = { lastSuccess: "2026-03-01", lastRestoreTest: "2025-11-15" };

/** The embedded default: a simulated Lync Server 2013 deployment, with all that is real around it. */
export const lab = defineEstate("lab", {
  ...base,
  topology: contoso,
  protect: false,
  hosts: [...EXPORTERS, ...SQL_SERVERS, "bk01.contoso.com"].map((name) => ({ name, reach: simulated })),
  targets: [
    {
      name: "vault",
      host: "bk01.contoso.com",
      path: String.raw`D:\LyncBackup`,
      share: "LyncBackup$",
      // SQL Servers write their backups themselves.
      writers: [ACCOUNT, String.raw`CONTOSO\sql-service$`],
      readers: [String.raw`CONTOSO\restore-admins`],
      encryption: "bitlocker",
      location: "remote",
    },
  ],
  defaults: { ...base.defaults, hosts: EXPORTERS },
  everything: true,
  offsite: [
    {
      bucket: { profile: "versitygw", endpoint: S3_ENDPOINT, region: "us-east-1", bucket: "contoso-lync-offsite" },
      credentials: "lync-offsite",
      schedule: { every: "day", at: ["05:00"] },
    },
  ],
  // What others back up, as they last said.
  external: [
    {
      name: "directory",
      data: ["active-directory", "dns", "dhcp"],
      tool: "Windows Server Backup, system state",
      owner: "directory team",
      rpoHours: 14 * 24,
      ...shown,
    },
    {
      name: "certificates",
      data: ["certificates", "certificate-authority"],
      tool: "Export with private keys, into a safe",
      owner: "security team",
      rpoHours: 31 * 24,
      ...shown,
    },
    {
      name: "network",
      data: ["pstn-gateways", "load-balancer", "firewall", "network"],
      tool: "Configuration archive, after each change and once a month",
      owner: "network team",
      rpoHours: 31 * 24,
      ...shown,
    },
    {
      name: "documents",
      data: ["installation-media", "iis", "response-group-audio"],
      tool: "File server of the IT department",
      owner: "communications team",
      rpoHours: 31 * 24,
      ...shown,
    },
  ],
});
