import { Topology } from "../../estate/documents";
import type { LabDeployment } from "../world";
import { buildDeployment, volume } from "./build";

/** The default deployment: two paired Enterprise pools of Lync Server 2013 in two sites. */
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
      roles: ["conferencing", "response-group", "call-park", "announcement"],
      backEnd: { instance: String.raw`sql01.contoso.com\rtc`, mirror: String.raw`sql02.contoso.com\rtc` },
      fileStore: String.raw`\\fs01.contoso.com\lyncshare`,
      pairedWith: "pool02.contoso.com",
      edge: "edge01.contoso.com",
    },
    {
      fqdn: "pool02.contoso.com",
      kind: "enterprise",
      site: "second",
      servers: ["fe11", "fe12", "fe13"].map((name) => ({ fqdn: `${name}.contoso.com` })),
      roles: ["conferencing", "response-group"],
      backEnd: { instance: String.raw`sql11.contoso.com\rtc`, mirror: String.raw`sql12.contoso.com\rtc` },
      fileStore: String.raw`\\fs11.contoso.com\lyncshare`,
      pairedWith: "pool01.contoso.com",
    },
    {
      fqdn: "edge01.contoso.com",
      kind: "edge",
      site: "main",
      nextHop: "pool01.contoso.com",
      servers: [{ fqdn: "edgea.contoso.com" }, { fqdn: "edgeb.contoso.com" }],
    },
  ],
  sql: ["sql01", "sql02", "sql11", "sql12"].map((name) => ({
    instance: `${name}.contoso.com\\rtc`,
    release: "2012" as const,
    edition: "standard" as const,
    agent: true,
    serviceAccount: String.raw`CONTOSO\sql-service$`,
  })),
  centralManagement: { active: "pool01.contoso.com", standby: "pool02.contoso.com" },
});

export const makeContoso = (): LabDeployment =>
  buildDeployment(contoso, {
    seed: "contoso",
    usersPerPool: 30,
    more: [
      { fqdn: "tools01.contoso.com", site: "main", tools: true },
      { fqdn: "bk01.contoso.com", site: "second", volumes: { D: volume(500, "bitlocker") } },
      { fqdn: "bk02.contoso.com", site: "main", volumes: { D: volume(500, "none") } },
    ],
  });
