import { createHash } from "node:crypto";
import { serversOf, Topology } from "../../estate/documents";
import { SERVER_VERSION, type Deployment, type Location, type Policy } from "../deployment";
import { addAccount, UNIVERSAL_SERVER_ADMINS, type Directory } from "../directory";
import type { Clock, Computer, Volume } from "../world";

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

export interface LabDeployment {
  clock: Clock;
  directory: Directory;
  deployment: Deployment;
  computers: Computer[];
}

export function makeContoso(): LabDeployment {
  const configuration = { serial: 1, policies: policies() };
  return {
    clock: { now: "2026-03-02T09:00:00.000Z", runs: 0 },
    directory: directory(),
    deployment: {
      topology: contoso,
      store: {
        running: true,
        master: "fe01.contoso.com",
        fileTransferAgents: ["fe01.contoso.com"],
        contents: configuration,
        replica: structuredClone(configuration),
      },
      locations: locations(),
    },
    computers: computers(),
  };
}

function computers(): Computer[] {
  const inPools = contoso.pools.flatMap((pool) =>
    serversOf(pool).map((fqdn) => ({ ...computer(fqdn, pool.site), lync: lync(pool.fqdn) })),
  );
  const others = [
    ...["sql01", "sql02", "fs01"].map((name) => computer(`${name}.contoso.com`, "main")),
    ...["sql11", "sql12", "fs11"].map((name) => computer(`${name}.contoso.com`, "second")),
    { ...computer("tools01.contoso.com", "main"), lync: lync(null) },
    computer("bk01.contoso.com", "second", { D: volume(500, "bitlocker") }),
    computer("bk02.contoso.com", "main", { D: volume(500, "none") }),
  ];
  return [...inPools, ...others];
}

const lync = (pool: string | null): Computer["lync"] => ({
  product: "lync2013",
  version: SERVER_VERSION.lync2013,
  pool,
});

const GIGABYTE = 1024 ** 3;
const volume = (gigabytes: number, encryption: Volume["encryption"]): Volume => ({
  capacityBytes: gigabytes * GIGABYTE,
  otherBytes: 0,
  encryption,
});

function computer(fqdn: string, site: string, volumes: Record<string, Volume> = {}): Computer {
  const edge = fqdn.startsWith("edge");
  return {
    fqdn,
    site,
    timeZone: "W. Europe Standard Time",
    // Edge Servers stand outside.
    domain: edge ? null : contoso.domain,
    operatingSystem: "Microsoft Windows Server 2012 R2 Standard",
    powershell: "4.0",
    lync: null,
    reachable: true,
    delayMs: 0,
    volumes: { C: { ...volume(120, "none"), otherBytes: 40 * GIGABYTE }, ...volumes },
    shares: {},
    access: {},
    tasks: {},
  };
}

function directory(): Directory {
  const made: Directory = {
    netbios: "CONTOSO",
    sid: "S-1-5-21-1004336348-1177238915-682003330",
    nextRid: 1104,
    accounts: {},
  };
  const everywhere = computers()
    .filter(({ domain }) => domain !== null)
    .map(({ fqdn }) => fqdn);
  const sql = everywhere.filter((fqdn) => fqdn.startsWith("sql"));
  const add = (name: string, kind: "user" | "managed" | "computer", installedOn?: string[]): string =>
    addAccount(made, name, { kind, ...(installedOn ? { installedOn } : {}) }).name;
  const backup = add("lync-backup$", "managed", everywhere);
  add("lync-probe$", "managed", everywhere);
  add("lync-courier$", "managed", ["bk01.contoso.com", "bk02.contoso.com"]);
  add("sql-service$", "managed", sql);
  const admin = add("lync-admin", "user");
  const domainAdmin = add("administrator", "user");
  add("intern", "user");
  for (const fqdn of everywhere) add(`${fqdn.slice(0, fqdn.indexOf("."))}$`, "computer");
  addAccount(made, UNIVERSAL_SERVER_ADMINS, { kind: "group", members: [backup, admin] });
  addAccount(made, "Domain Admins", { kind: "group", members: [domainAdmin] });
  addAccount(made, "restore-admins", { kind: "group", members: [admin] });
  addAccount(made, "backup-auditors", { kind: "group", members: [] });
  return made;
}

/** Two buildings of a few floors, one for each site. */
function locations(): Location[] {
  const buildings = [
    { street: "Bahnhofstrasse 1", city: "Zürich", country: "CH", subnet: 10 },
    { street: "Hafenstraße 20", city: "Hamburg", country: "DE", subnet: 20 },
  ];
  return buildings.flatMap(({ subnet, ...address }) =>
    ["Ground floor", "First floor", "Second floor"].map((place, floor) => ({
      ...address,
      place,
      company: "Contoso",
      subnets: [`10.${String(subnet)}.${String(floor)}.0`],
    })),
  );
}

const KINDS = ["Voice", "Conferencing", "Client", "ExternalAccess", "Archiving", "Mobility", "Presence", "Location"];
const GROUPS = ["Global", "Site:main", "Site:second", "Tag:Executives", "Tag:Sales", "Tag:Support", "Tag:Guests"];

/** Different enough from each other that an export has a size worth comparing. */
function policies(): Policy[] {
  return KINDS.flatMap((kind) => GROUPS.map((identity) => policy(kind, identity)));
}

export function policy(kind: string, identity: string): Policy {
  const digest = createHash("sha256").update(`${kind} ${identity}`).digest("hex");
  return {
    kind,
    identity,
    settings: { Description: `${kind} policy of ${identity}`, Enabled: String(digest < "c"), Signature: digest },
  };
}
