import { defineEstate } from "../estate/estate";
import { contoso } from "../lab/deployments/contoso";
import { ACCOUNT, base, EXPORTERS, SQL_SERVERS } from "./base";

const simulated = { via: "lab" } as const;

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
});
