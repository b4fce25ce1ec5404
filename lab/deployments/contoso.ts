import { Topology } from "../../estate/documents";
import type { LabDeployment } from "../world";
import { buildDeployment, volume } from "./build";

/** Where both pools keep what was archived and recorded. */
const records = {
  archivingStore: { instance: String.raw`sql03.contoso.com\archive` },
  monitoringStore: { instance: String.raw`sql03.contoso.com\archive` },
};

/**
 * The default deployment: two paired Enterprise pools of Lync Server 2013 in two sites, with Persistent Chat, and with
 * Archiving and Monitoring in a SQL Server of their own.
 */
export const contoso = Topology.make({
  deployment: "contoso",
  product: "lync2013",
  cumulativeUpdate: "5.0.8308.1068",
  domain: "contoso.com",
  sites: [
    { name: "main", title: "Main site", federationRoute: "edge01.contoso.com" },
    { name: "second", title: "Second site" },
  ],
  pools: [
    {
      fqdn: "pool01.contoso.com",
      kind: "enterprise",
      site: "main",
      servers: ["fe01", "fe02", "fe03"].map((name) => ({ fqdn: `${name}.contoso.com` })),
      roles: ["conferencing", "response-group", "call-park", "announcement", "archiving", "monitoring"],
      backEnd: { instance: String.raw`sql01.contoso.com\rtc`, mirror: String.raw`sql02.contoso.com\rtc` },
      ...records,
      fileStore: String.raw`\\fs01.contoso.com\lyncshare`,
      pairedWith: "pool02.contoso.com",
      edge: "edge01.contoso.com",
    },
    {
      fqdn: "pool02.contoso.com",
      kind: "enterprise",
      site: "second",
      servers: ["fe11", "fe12", "fe13"].map((name) => ({ fqdn: `${name}.contoso.com` })),
      roles: ["conferencing", "response-group", "archiving", "monitoring"],
      backEnd: { instance: String.raw`sql11.contoso.com\rtc`, mirror: String.raw`sql12.contoso.com\rtc` },
      ...records,
      fileStore: String.raw`\\fs11.contoso.com\lyncshare`,
      pairedWith: "pool01.contoso.com",
    },
    {
      fqdn: "chat01.contoso.com",
      kind: "persistent-chat",
      site: "main",
      roles: ["persistent-chat"],
      persistentChatStore: { instance: String.raw`sql03.contoso.com\chat` },
      complianceStore: { instance: String.raw`sql03.contoso.com\chat` },
      fileStore: String.raw`\\fs01.contoso.com\lyncshare`,
    },
    {
      fqdn: "edge01.contoso.com",
      kind: "edge",
      site: "main",
      nextHop: "pool01.contoso.com",
      servers: [{ fqdn: "edgea.contoso.com" }, { fqdn: "edgeb.contoso.com" }],
    },
  ],
  sql: [
    ...["sql01", "sql02", "sql11", "sql12"].map((name) => `${name}.contoso.com\\rtc`),
    ...["archive", "chat"].map((name) => `sql03.contoso.com\\${name}`),
  ].map((instance) => ({
    instance,
    release: "2012" as const,
    edition: "standard" as const,
    agent: true,
    serviceAccount: String.raw`CONTOSO\sql-service$`,
  })),
  archiving: {},
  centralManagement: { active: "pool01.contoso.com", standby: "pool02.contoso.com" },
});

export const makeContoso = (seed: string): LabDeployment =>
  buildDeployment(contoso, {
    seed,
    usersPerPool: 30,
    filesPerStore: 60,
    more: [
      { fqdn: "tools01.contoso.com", site: "main", tools: true },
      { fqdn: "bk01.contoso.com", site: "second", volumes: { D: volume(500, "bitlocker") }, courier: true },
      { fqdn: "bk02.contoso.com", site: "main", volumes: { D: volume(500, "none") }, courier: true },
    ],
  });
