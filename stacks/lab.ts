import { defineEstate } from "../estate/estate";
import { contoso } from "../lab/deployments/contoso";

const simulated = { via: "lab" } as const;
const jobs = String.raw`CONTOSO\lync-backup$`;

/** The embedded default: a simulated Lync Server 2013 deployment, with all that is real around it. */
export const lab = defineEstate("lab", {
  topology: contoso,
  account: jobs,
  protect: false,
  hosts: ["fe01", "fe02", "fe11", "sql01", "sql02", "sql03", "sql11", "sql12", "bk01"].map((name) => ({
    name: `${name}.contoso.com`,
    reach: simulated,
  })),
  targets: [
    {
      name: "vault",
      host: "bk01.contoso.com",
      path: String.raw`D:\LyncBackup`,
      share: "LyncBackup$",
      // SQL Servers write their backups themselves.
      writers: [jobs, String.raw`CONTOSO\sql-service$`],
      readers: [String.raw`CONTOSO\restore-admins`],
      encryption: "bitlocker",
      location: "remote",
    },
  ],
  defaults: {
    hosts: ["fe01.contoso.com", "fe02.contoso.com", "fe11.contoso.com"],
    retention: { last: 7, daily: 14, weekly: 8, monthly: 12 },
  },
  everything: true,
  configuration: { onChange: {} },
});
