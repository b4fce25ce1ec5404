import { poolOf, serversOf, type Product, type Topology } from "../../estate/documents";
import { certificateOf } from "../model/certificates";
import { copiesOf, serverOf } from "../model/databases";
import { fileStoresOf, storesOf } from "../../estate/topology/stores";
import { masterStore } from "../model/central-management";
import { servicesOf } from "../model/services";
import { SERVER_VERSION } from "../deployment";
import {
  addAccount,
  BACKUP_OPERATORS,
  SQL_ADMINISTRATORS,
  UNIVERSAL_SERVER_ADMINS,
  type Directory,
} from "../directory";
import { SQL_BACKUP_OPERATORS } from "../sql/rights";
import type { Computer, LabDeployment, Volume } from "../world";
import { contentOf, type Size } from "./content";
import { placeFileStores } from "./file-stores";

/** A world around a topology: its computers, the directory, and what the databases hold. */

interface Options extends Size {
  /** Files of each file store, at least those that every store has. */
  filesPerStore?: number;
  /** Beside the servers of the topology. */
  more?: readonly Omit<ComputerOptions, "topology">[];
}

export function buildDeployment(topology: Topology, { more = [], filesPerStore = 0, ...size }: Options): LabDeployment {
  const version = topology.cumulativeUpdate ?? SERVER_VERSION[topology.product];
  const sites = new Map<string, string>();
  for (const { sql, pools } of storesOf(topology)) {
    const nodes = (instance: string) => topology.sql.find((one) => one.instance === instance)?.nodes;
    const instances = [...copiesOf(topology, sql), ...(sql.witness === undefined ? [] : [sql.witness])];
    for (const host of instances.flatMap((instance) => nodes(instance) ?? [serverOf(instance)])) {
      sites.set(host, pools[0]?.site ?? "");
    }
  }
  const namespaces = new Set(topology.fileStores.flatMap(({ path, dfs }) => (dfs ? [path] : [])));
  for (const { path, pools } of fileStoresOf(topology)) {
    if (!namespaces.has(path)) sites.set(path.split("\\")[2] ?? "", pools[0]?.site ?? "");
  }
  for (const pool of topology.pools) {
    for (const { fqdn, site = pool.site } of pool.servers) sites.set(fqdn, site);
    if (pool.servers.length === 0) sites.set(pool.fqdn, pool.site);
  }
  const computers = [
    ...[...sites].map(([fqdn, site]) => computer({ topology, fqdn, site })),
    ...more.map((one) => computer({ topology, ...one })),
  ];
  const active = topology.pools.find(({ fqdn }) => fqdn === topology.centralManagement.active);
  const master = active ? (serversOf(active)[0] ?? active.fqdn) : "";
  const directory = directoryOf(topology, computers);
  const fileStores = placeFileStores(topology, computers, directory, {
    seed: size.seed,
    filesPerStore,
    now: FIRST_MOMENT,
  });
  return {
    clock: { now: FIRST_MOMENT, seed: size.seed, runs: 0 },
    directory,
    deployment: {
      topology,
      setupDelegated: true,
      store: { running: true, location: masterStore(topology), master, fileTransferAgents: [master] },
    },
    computers,
    parts: { ...contentOf(topology, version, size), ...fileStores },
  };
}

/** When a lab begins. */
export const FIRST_MOMENT = "2026-03-02T09:00:00.000Z";

interface ComputerOptions {
  topology: Topology;
  fqdn: string;
  site: string;
  volumes?: Record<string, Volume>;
  /** The management tools on a computer that is in no pool. */
  tools?: boolean;
  courier?: true;
}

const SYSTEMS: Record<Product, { operatingSystem: string; powershell: string }> = {
  lync2013: { operatingSystem: "Microsoft Windows Server 2012 R2 Standard", powershell: "4.0" },
  sfb2015: { operatingSystem: "Microsoft Windows Server 2012 R2 Standard", powershell: "4.0" },
  sfb2019: { operatingSystem: "Microsoft Windows Server 2019 Standard", powershell: "5.1" },
  sfbse: { operatingSystem: "Microsoft Windows Server 2022 Standard", powershell: "5.1" },
};

function computer({ topology, fqdn, site, volumes = {}, tools = false, courier }: ComputerOptions): Computer {
  const pool = poolOf(topology, fqdn);
  const product = pool?.product ?? topology.product;
  return {
    fqdn,
    site,
    timeZone: "W. Europe Standard Time",
    // Edge Servers stand outside.
    domain: pool?.kind === "edge" ? null : topology.domain,
    ...SYSTEMS[product],
    lync: pool || tools ? { product, version: SERVER_VERSION[product], pool: pool?.fqdn ?? null } : null,
    ...(courier ? { courier } : {}),
    ...(pool ? { services: servicesOf(topology, pool), certificates: [certificateOf(fqdn)] } : {}),
    reachable: true,
    delayMs: 0,
    volumes: { C: { ...volume(120, "none"), otherBytes: 40 * GIGABYTE }, ...volumes },
    shares: {},
    access: {},
    tasks: {},
  };
}

const GIGABYTE = 1024 ** 3;
export const volume = (gigabytes: number, encryption: Volume["encryption"]): Volume => ({
  capacityBytes: gigabytes * GIGABYTE,
  otherBytes: 0,
  encryption,
});

function directoryOf(topology: Topology, computers: readonly Computer[]): Directory {
  const made: Directory = {
    netbios: (topology.domain.split(".")[0] ?? "").toUpperCase(),
    sid: "S-1-5-21-1004336348-1177238915-682003330",
    nextRid: 1104,
    accounts: {},
  };
  const joined = computers.filter(({ domain }) => domain !== null).map(({ fqdn }) => fqdn);
  const couriers = computers.filter(({ courier }) => courier).map(({ fqdn }) => fqdn);
  const sql = new Set(storesOf(topology).flatMap((store) => copiesOf(topology, store.sql).map(serverOf)));
  const add = (name: string, kind: "user" | "managed" | "computer", installedOn?: string[]): string =>
    addAccount(made, name, { kind, ...(installedOn ? { installedOn } : {}) }).name;
  const group = (name: string, members: string[]): void => {
    addAccount(made, name, { kind: "group", members });
  };
  const backup = add("lync-backup$", "managed", joined);
  add("lync-probe$", "managed", joined);
  add("lync-courier$", "managed", couriers);
  add(
    "sql-service$",
    "managed",
    joined.filter((fqdn) => sql.has(fqdn)),
  );
  const admin = add("lync-admin", "user");
  const domainAdmin = add("administrator", "user");
  add("intern", "user");
  for (const fqdn of joined) add(`${fqdn.slice(0, fqdn.indexOf("."))}$`, "computer");
  group(UNIVERSAL_SERVER_ADMINS, [backup, admin]);
  group("Domain Admins", [domainAdmin]);
  group("restore-admins", [admin]);
  group("backup-auditors", []);
  group(SQL_ADMINISTRATORS, [admin]);
  for (const name of [...LYNC_GROUPS, BACKUP_OPERATORS]) group(name, []);
  group(SQL_BACKUP_OPERATORS, [backup]);
  return made;
}

/** Of Lync's own, those that some cmdlet asks for or that own a file store. */
const LYNC_GROUPS = [
  "CsAdministrator",
  "CsServerAdministrator",
  "CsResponseGroupAdministrator",
  "CsPersistentChatAdministrator",
  "RTCComponentUniversalServices",
  "RTCHSUniversalServices",
];
