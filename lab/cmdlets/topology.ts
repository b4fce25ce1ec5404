import { serversOf, type Pool, type Product, type SqlStore, type Topology } from "../../estate/documents";
import type { Holder } from "../../estate/catalogue";
import { fileStoreOf, fileStoresOf, isFrontEnd, productOf, storesOf, type Store } from "../../estate/topology/stores";
import { writeDocItems } from "../docitems";
import type { Actor } from "../files";
import { serverOf } from "../model/databases";
import type { World } from "../world";
import { asPlain } from "./exports";
import { chosen, textOf, type Output, type Parameters } from "./refusal";
import { topologyFor } from "./stores";

/** The topology as Lync's cmdlets show it: sites, pools, computers, and the services on them. */

export function getSite(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor);
  return chosen(topology.sites, parameters, ({ name }) => name).map(({ name, title, federationRoute, xmppRoute }) => ({
    Identity: `Site:${name}`,
    SiteId: `Site:${name}`,
    DisplayName: title ?? name,
    SiteType: "CentralSite",
    Pools: topology.pools.filter(({ site }) => site === name).map(({ fqdn }) => fqdn),
    FederationRoute: federationRoute === undefined ? null : `EdgeServer:${federationRoute}`,
    XmppFederationRoute: xmppRoute === undefined ? null : `EdgeServer:${xmppRoute}`,
  }));
}

export function getPool(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor);
  const services = servicesOf(topology);
  const title = textOf(parameters, "Site")?.toLowerCase();
  const sites = new Map(topology.sites.map(({ name, title: shown = name }) => [name, shown.toLowerCase()]));
  return chosen(topology.pools, parameters, ({ fqdn }) => fqdn)
    .filter(({ site }) => title === undefined || sites.get(site) === title)
    .map((pool) => ({
      Identity: pool.fqdn,
      Fqdn: pool.fqdn,
      Site: `Site:${pool.site}`,
      Services: services.filter(({ PoolFqdn }) => PoolFqdn === pool.fqdn).map(({ Identity }) => Identity),
      Computers: serversOf(pool),
      BackupPoolFqdn: pool.pairedWith ?? null,
    }));
}

export function getComputer(world: World, actor: Actor, parameters: Parameters): Output {
  const { pools } = topologyFor(world, actor);
  const wanted = textOf(parameters, "Pool")?.toLowerCase();
  const all = pools.flatMap((pool) => serversOf(pool).map((fqdn) => ({ Identity: fqdn, Pool: pool.fqdn, Fqdn: fqdn })));
  return chosen(all, parameters, ({ Identity }) => Identity)
    .filter(({ Pool: pool }) => wanted === undefined || pool === wanted)
    .filter(({ Fqdn }) => parameters["Local"] !== true || Fqdn === actor.host);
}

export function getTopology(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor, parameters);
  if (parameters["AsXml"] === true) {
    return [{ Value: writeDocItems({ of: "Topology", items: [["urn:xds:Topology", asPlain(topology)]] }) }];
  }
  return [
    {
      Sites: topology.sites.map(({ name }) => `Site:${name}`),
      Clusters: topology.pools.map(({ fqdn }) => fqdn),
      Machines: topology.pools.flatMap(serversOf),
      Services: servicesOf(topology).map(({ Identity }) => Identity),
      SqlInstances: [...new Set(storesOf(topology).map(({ sql }) => sql.instance))],
    },
  ];
}

interface Service extends Record<string, unknown> {
  Identity: string;
  Role: string;
  PoolFqdn: string;
}

const MAJOR: Record<Product, number> = { lync2013: 6, sfb2015: 7, sfb2019: 8, sfbse: 8 };

/** Roles of pools; each is a switch of Get-CsService too. */
const OF_POOLS: Readonly<Record<string, (pool: Pool, topology: Topology) => boolean>> = {
  UserServer: isFrontEnd,
  Registrar: (pool) => isFrontEnd(pool) || pool.kind === "director" || pool.kind === "branch",
  WebServer: (pool) => isFrontEnd(pool) || pool.kind === "director",
  ConferencingServer: (pool) => isFrontEnd(pool) && pool.roles.includes("conferencing"),
  ApplicationServer: isFrontEnd,
  BackupServer: ({ pairedWith }) => pairedWith !== undefined,
  CentralManagement: ({ fqdn }, { centralManagement: { active, standby } }) => fqdn === active || fqdn === standby,
  Director: ({ kind }) => kind === "director",
  MediationServer: ({ kind }) => kind === "mediation",
  EdgeServer: ({ kind }) => kind === "edge",
  PersistentChatServer: ({ kind, roles }) => kind === "persistent-chat" || roles.includes("persistent-chat"),
  TrustedApplicationPool: ({ kind }) => kind === "trusted-application",
};

/** Roles of SQL stores, by what they are for. */
const OF_STORES: Readonly<Record<string, Holder>> = {
  UserDatabase: "back-end",
  ApplicationDatabase: "back-end",
  CentralManagementDatabase: "central-management",
  ArchivingDatabase: "archiving",
  MonitoringDatabase: "monitoring",
  PersistentChatDatabase: "persistent-chat",
  PersistentChatComplianceDatabase: "compliance",
};

/** What a pool keeps in which store: services name what they depend on. */
const DEPENDS: Readonly<Record<string, readonly string[]>> = {
  UserServer: ["UserDatabase", "ArchivingDatabase", "MonitoringDatabase", "FileStore"],
  ApplicationServer: ["ApplicationDatabase", "FileStore"],
  WebServer: ["UserServer", "FileStore"],
  CentralManagement: ["CentralManagementDatabase", "FileStore"],
  PersistentChatServer: ["PersistentChatDatabase", "PersistentChatComplianceDatabase", "FileStore"],
};

function servicesOf(topology: Topology): Service[] {
  const stores = storesOf(topology);
  const made: Service[] = [];
  const siteNumber = (site: string): string => String(topology.sites.findIndex(({ name }) => name === site) + 1);
  const add = (role: string, fqdn: string, pool: Pool, more: Record<string, unknown>): void => {
    const number = String(made.filter(({ Role }) => Role === role).length + 1);
    const prefix = role === "UserServer" ? "UserServices" : role;
    made.push({
      Identity: `${role}:${fqdn}`,
      ServiceId: `${siteNumber(pool.site)}-${prefix}-${number}`,
      SiteId: `Site:${pool.site}`,
      PoolFqdn: fqdn,
      Version: MAJOR[productOf(topology, pool)],
      Role: role,
      ...more,
    });
  };
  for (const [role, holder] of Object.entries(OF_STORES)) {
    for (const { sql, pools } of stores.filter((store) => store.holder === holder)) {
      const [pool] = pools;
      if (pool) add(role, serverOf(sql.instance), pool, sqlProperties(topology, sql));
    }
  }
  for (const { path, pools } of fileStoresOf(topology)) {
    const [, , server = "", share = ""] = path.split("\\");
    const [pool] = pools;
    if (pool) add("FileStore", server, pool, { ShareName: share, UncPath: path });
  }
  for (const [role, has] of Object.entries(OF_POOLS)) {
    for (const pool of topology.pools.filter((one) => has(one, topology))) {
      add(role, pool.fqdn, pool, poolProperties(topology, stores, role, pool));
    }
  }
  return made;
}

function sqlProperties(topology: Topology, { instance, mirror, witness, listener }: SqlStore): Record<string, unknown> {
  const named = (full: string | undefined): string => full?.split("\\")[1] ?? "";
  const group =
    listener === undefined ? undefined : topology.sql.find((one) => one.instance === instance)?.availabilityGroups[0];
  return {
    SqlInstanceName: named(instance),
    MirrorSqlServerFqdn: mirror === undefined ? null : serverOf(mirror),
    MirrorSqlInstanceName: mirror === undefined ? null : named(mirror),
    WitnessSqlServerFqdn: witness === undefined ? null : serverOf(witness),
    WitnessSqlInstanceName: witness === undefined ? null : named(witness),
    AlwaysOnListenerFqdn: listener ?? null,
    AlwaysOnReplicas: group?.replicas ?? null,
    DependentServiceList: [],
  };
}

function poolProperties(
  topology: Topology,
  stores: readonly Store[],
  role: string,
  pool: Pool,
): Record<string, unknown> {
  const databases = (needed: string): string[] =>
    stores
      .filter(({ holder, pools }) => holder === OF_STORES[needed] && pools.some(({ fqdn }) => fqdn === pool.fqdn))
      .map(({ sql }) => `${needed}:${serverOf(sql.instance)}`);
  const dependent = (DEPENDS[role] ?? []).flatMap((needed) => {
    if (needed === "UserServer") return [`UserServer:${pool.fqdn}`];
    const path = needed === "FileStore" ? fileStoreOf(pool) : undefined;
    return path === undefined ? databases(needed) : [`FileStore:${path.split("\\")[2] ?? ""}`];
  });
  const store = (needed: string): string | null => databases(needed)[0] ?? null;
  const service = (of: string, name: string | undefined): string | null =>
    name === undefined ? null : `${of}:${name}`;
  const edge = { EdgeServer: service("EdgeServer", pool.edge) };
  const more: Record<string, Record<string, unknown>> = {
    CentralManagement: { Active: topology.centralManagement.active === pool.fqdn },
    ApplicationServer: {
      Applications: pool.roles.filter((one) => APPLICATIONS[one] !== undefined).map((one) => APPLICATIONS[one]),
      ApplicationDatabase: store("ApplicationDatabase"),
    },
    UserServer: { UserDatabase: store("UserDatabase") },
    Registrar: {
      BackupRegistrar: service("Registrar", pool.pairedWith),
      UserServer: service("UserServer", isFrontEnd(pool) ? pool.fqdn : pool.registrar),
      ArchivingDatabase: store("ArchivingDatabase"),
      MonitoringDatabase: store("MonitoringDatabase"),
      ...edge,
    },
    ConferencingServer: edge,
    MediationServer: edge,
    EdgeServer: { Registrar: service("Registrar", pool.nextHop) },
  };
  return { DependentServiceList: dependent, ...more[role] };
}

const APPLICATIONS: Partial<Record<string, string>> = {
  "response-group": "urn:application:RGS",
  "call-park": "urn:application:CPS",
  announcement: "urn:application:Announcement",
  conferencing: "urn:application:CAA",
};

/** Where Reporting Services show what monitoring has recorded. */
export function getReporting(world: World, actor: Actor, parameters: Parameters): Output {
  const stores = storesOf(topologyFor(world, actor, parameters)).filter(({ holder }) => holder === "reports");
  return chosen(stores, parameters, identityOfReports).map((store) => ({
    Identity: identityOfReports(store),
    ReportingUrl: `https://${serverOf(store.sql.instance)}/ReportServer`,
  }));
}

const identityOfReports = ({ sql }: Store): string => `Service:MonitoringDatabase:${serverOf(sql.instance)}`;

/** Roles by the switch that asks for them, as far as a topology has them. */
export function getService(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor);
  const pool = textOf(parameters, "PoolFqdn")?.toLowerCase();
  const asked = Object.keys(parameters).filter((name) => parameters[name] === true);
  const all = servicesOf(topology);
  const ofRole = asked.length === 0 ? all : all.filter(({ Role }) => asked.includes(Role));
  return chosen(ofRole, parameters, ({ Identity }) => Identity).filter(
    ({ PoolFqdn }) => pool === undefined || PoolFqdn === pool,
  );
}
