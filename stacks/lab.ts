import { defineEstate } from "../estate/estate";
import { contoso } from "../lab/deployments/contoso";

const simulated = { via: "lab" } as const;

/** The embedded default: a simulated Lync Server 2013 deployment, with all that is real around it. */
export const lab = defineEstate("lab", {
  topology: contoso,
  account: String.raw`CONTOSO\lync-backup$`,
  protect: false,
  hosts: [
    { name: "fe01.contoso.com", reach: simulated },
    { name: "fe02.contoso.com", reach: simulated },
    { name: "fe11.contoso.com", reach: simulated },
    { name: "bk01.contoso.com", reach: simulated },
  ],
  targets: [
    {
      name: "vault",
      host: "bk01.contoso.com",
      path: String.raw`D:\LyncBackup`,
      share: "LyncBackup$",
      writers: [String.raw`CONTOSO\lync-backup$`, String.raw`CONTOSO\sql-service$`],
      readers: [String.raw`CONTOSO\restore-admins`],
      encryption: "bitlocker",
      location: "remote",
    },
  ],
  configuration: {
    hosts: ["fe01.contoso.com", "fe02.contoso.com", "fe11.contoso.com"],
    target: "vault",
    schedule: { every: "day", at: ["02:00"] },
    retention: { last: 7, daily: 14, weekly: 8, monthly: 12 },
  },
});
