import { poolOf, PRODUCT_NAMES, serversOf, type Pool, type Reach, type Sheet, type SqlStore } from "../documents";
import { databasesOf } from "../topology/databases";
import { fileStoreOf, instancesOf, productOf } from "../topology/stores";
import { joined, protectorsOf, serverOf, type Facts } from "./facts";
import { destinationOf } from "./obligations";
import { notesOn } from "./worksheets";
import { plural } from "./words";

/** What a person needs to rebuild: names, instances, shares, accounts, certificates and ports, as they must be again. */

export const rebuildingSheets = (facts: Facts): Sheet[] => [
  deploymentSheet(facts),
  poolSheet(facts),
  storeSheet(facts),
  instanceSheet(facts),
  shareSheet(facts),
  targetSheet(facts),
  hostSheet(facts),
  accountSheet(facts),
  certificateSheet(facts),
  portSheet(facts),
];

const NOT_RECORDED = "not recorded";

function deploymentSheet({ estate }: Facts): Sheet {
  const { deployment, product, cumulativeUpdate, domain, sites, centralManagement, archiving, contactStore } =
    estate.topology;
  const { active, standby, store } = centralManagement;
  return {
    name: "deployment",
    title: "Deployment",
    about: "All of it must be the same again: names, versions, paths.",
    columns: ["What", "Is"],
    rows: [
      ["Deployment", deployment],
      ["Product", PRODUCT_NAMES[product]],
      ["Cumulative update", cumulativeUpdate ?? `${NOT_RECORDED}: add \`topology.cumulativeUpdate\``],
      ["Directory domain", domain],
      ["Central Management store, active", active],
      ["Central Management store, standby", standby ?? "none"],
      ...(store ? [["Central Management store, instance", storeText(store)]] : []),
      ["Archiving", archivingText(archiving)],
      ["Contacts", contactStore ?? `${NOT_RECORDED}: add \`topology.contactStore\``],
      ...sites.map(({ name, title, federationRoute, xmppRoute }) => [
        `Site ${name}`,
        joined([title, federationRoute && `federation by ${federationRoute}`, xmppRoute && `XMPP by ${xmppRoute}`]) ||
          name,
      ]),
    ],
  };
}

function archivingText(archiving: Facts["estate"]["topology"]["archiving"]): string {
  if (!archiving) return `${NOT_RECORDED}: add \`topology.archiving\``;
  const where = archiving.toExchange ? "to Exchange" : "to the databases below";
  return `${where}; ${archiving.blocksMessagesOnFailure ? "messages are blocked where it fails: needed for service" : "messages pass where it fails"}`;
}

const storeText = ({ instance, mirror, witness, listener }: SqlStore): string =>
  joined([instance, mirror && `mirror ${mirror}`, witness && `witness ${witness}`, listener && `listener ${listener}`]);

function poolSheet(facts: Facts): Sheet {
  const { topology } = facts.estate;
  return {
    name: "pools",
    title: "Pools",
    about: "Each server of a pool keeps its name, its computer account and its certificates.",
    columns: ["Pool", "Kind and version", "Site", "Servers", "Roles", "File store", "Partner, Edge, next hop", "Notes"],
    rows: topology.pools.map((pool) => [
      pool.fqdn,
      joined([pool.kind, PRODUCT_NAMES[productOf(topology, pool)], pool.cumulativeUpdate]),
      pool.site,
      serversOf(pool).join(", "),
      pool.roles.join(", ") || "none",
      fileStoreOf(pool) ?? "none",
      relationsOf(pool) || "none",
      notesOn(pool.fqdn, facts),
    ]),
  };
}

const relationsOf = ({ pairedWith, edge, nextHop, registrar }: Pool): string =>
  joined([
    pairedWith && `paired with ${pairedWith}`,
    edge && `Edge ${edge}`,
    nextHop && `next hop ${nextHop}`,
    registrar && `users register at ${registrar}`,
  ]);

function storeSheet({ estate, reading }: Facts): Sheet {
  const databases = databasesOf(estate.topology, reading.stores);
  return {
    name: "stores",
    title: "SQL stores",
    about: "Which databases lie where, and in which recovery model.",
    columns: ["Store of", "Kind", "Instance, mirror, witness", "Databases and recovery model"],
    rows: reading.stores.map((store) => [
      store.pools.map(({ fqdn }) => fqdn).join(", "),
      store.holder,
      storeText(store.sql),
      joined(databases.filter((one) => one.store === store).map(({ row, recovery }) => `${row.name} (${recovery})`)) ||
        "none",
    ]),
  };
}

function instanceSheet(facts: Facts): Sheet {
  const { estate, reading } = facts;
  return {
    name: "sql-servers",
    title: "SQL Server instances",
    about:
      "A restore needs the same release and instance name. Collation, data and log paths, logins and jobs stand in each full set, captured with it.",
    columns: ["Instance", "Release and edition", "Agent", "Service account", "Port", "Nodes and groups", "Notes"],
    rows: instancesOf(estate.topology, reading.stores).map((name) => {
      const found = reading.instances.get(name);
      if (!found) return [name, NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, "", notesOn(name, facts)];
      const { release, edition, agent, serviceAccount, port, nodes, availabilityGroups } = found;
      return [
        name,
        `SQL Server ${release}, ${edition}`,
        agent === undefined ? NOT_RECORDED : agent ? "yes" : "no",
        serviceAccount ?? NOT_RECORDED,
        port === undefined ? NOT_RECORDED : String(port),
        joined([
          nodes && `nodes ${nodes.join(", ")}`,
          ...availabilityGroups.map((group) => `${group.name}: ${group.replicas.join(", ")}`),
        ]),
        notesOn(name, facts),
      ];
    }),
  };
}

function shareSheet(facts: Facts): Sheet {
  const { estate, reading } = facts;
  return {
    name: "shares",
    title: "File shares of Lync",
    about: "Exactly the same path and share name, Administrators with full control; `Enable-CsTopology` sets the rest.",
    columns: ["Share", "Used by", "DFS", "Notes"],
    rows: [...reading.fileStores].map(([path, pools]) => [
      path,
      pools.map(({ fqdn }) => fqdn).join(", ") || "no pool",
      estate.topology.fileStores.some((one) => one.path === path && one.dfs) ? "yes" : "no",
      notesOn(path, facts),
    ]),
  };
}

function targetSheet(facts: Facts): Sheet {
  const { estate } = facts;
  return {
    name: "targets",
    title: "Backup locations",
    about: "Where sets are kept: shared folders of computers that are in no pool. Each run makes a folder of its own.",
    columns: [
      "Target",
      "Computer and folder",
      "Reached as",
      "Writers",
      "Readers",
      "At rest",
      "Location and media",
      "Notes",
    ],
    rows: estate.targets.map((target) => [
      target.name,
      `${target.host}, ${target.path}`,
      destinationOf(target.name, facts),
      target.writers.join(", "),
      target.readers.join(", ") || "administrators only",
      target.encryption === "none" ? "not encrypted" : target.encryption,
      `${target.location}, ${target.media}; ${plural(target.keepFreeGigabytes, "gigabyte stays", "gigabytes stay")} free`,
      notesOn(target.name, facts),
    ]),
  };
}

function hostSheet(facts: Facts): Sheet {
  const { estate, jobs, resources } = facts;
  return {
    name: "computers",
    title: "Computers on which backups run",
    about: "Those that have the module LyncBackup, how they are reached, and which jobs are placed there.",
    columns: ["Computer", "Part of", "Reached by", "Jobs", "Notes"],
    rows: estate.hosts.map(({ name, reach }) => {
      const pool = poolOf(estate.topology, name);
      const keeps = estate.targets.filter(({ host }) => host === name).map((target) => target.name);
      const sql = new Set(
        resources.flatMap((one) =>
          one.kind === "sql" ? one.common.hosts.filter((host) => host.name === name).map((host) => host.instance) : [],
        ),
      );
      return [
        name,
        joined([pool?.fqdn, ...sql, keeps.length > 0 ? `keeps ${keeps.join(", ")}` : undefined]) || "management",
        reachText(reach),
        jobs
          .filter(({ hosts }) => hosts.includes(name))
          .map((job) => job.name)
          .join(", ") || "none",
        notesOn(name, facts),
      ];
    }),
  };
}

function reachText(reach: Reach): string {
  switch (reach.via) {
    case "lab":
      return "the simulated deployment";
    case "local":
      return "this computer itself";
    case "ssh":
      return `OpenSSH${reach.port === undefined ? "" : `, port ${String(reach.port)}`}`;
    case "winrm": {
      const { logon } = reach;
      const way = logon.by === "kerberos" ? `Kerberos${logon.tls ? " over TLS" : ""}` : `a ${logon.by} over TLS`;
      return `Windows Remote Management with ${way}`;
    }
  }
}

function accountSheet(facts: Facts): Sheet {
  const { estate, jobs, reading } = facts;
  const hosts = [...new Set(jobs.flatMap((job) => job.hosts))];
  const services = new Map<string, string[]>();
  for (const { instance, serviceAccount } of reading.instances.values()) {
    if (serviceAccount === undefined) continue;
    services.set(serviceAccount, [...(services.get(serviceAccount) ?? []), instance]);
  }
  return {
    name: "accounts",
    title: "Accounts",
    about: "Names and rights; passwords stand in no plan.",
    columns: ["Account", "What for", "Rights"],
    rows: [
      [
        estate.account,
        `Runs all jobs on ${plural(hosts.length, "computer", "computers")}`,
        "RTCUniversalServerAdmins; log on as a batch job; db_backupoperator, CREATE DATABASE and msdb on SQL Servers; read on file stores, change on targets",
      ],
      ...[...services].map(([account, instances]) => [
        account,
        `Service account of ${instances.join(", ")}: it writes the backup files`,
        "Change on the targets",
      ]),
      ...estate.targets.flatMap(({ name, readers }) =>
        readers.map((reader) => [reader, `Restores from ${name}`, "Read on the target"]),
      ),
      [
        "Members of RTCUniversalServerAdmins and of the local Administrators",
        "Restore: Management Shell, Deployment Wizard, services",
        "Member of both groups; sysadmin of the SQL Servers to install databases; permission to set up or Domain Admins to enable the topology",
      ],
    ],
  };
}

function certificateSheet(facts: Facts): Sheet {
  const { estate, duties } = facts;
  return {
    name: "certificates",
    title: "Certificates",
    about:
      "Every server needs its own again, with the private key; the OAuth certificate comes with the configuration.",
    columns: ["Servers", "Names on it", "Backed up by"],
    rows: estate.topology.pools.map((pool) => {
      const obligation = duties.obligations.find(
        ({ datum, scope }) => datum === "certificates" && scope.of === "pool" && scope.pool === pool.fqdn,
      );
      const by = obligation ? protectorsOf(obligation, facts) : [];
      const text = by.map((one) => {
        if (one.by === "external") {
          return `${one.tool} (${one.owner})${one.expires === undefined ? "" : `, expires ${one.expires}`}`;
        }
        return one.by === "waiver" ? `waived until ${one.until}` : one.name;
      });
      return [
        serversOf(pool).join(", "),
        [...new Set([pool.fqdn, ...serversOf(pool)])].join(", "),
        text.join("; ") || "nobody",
      ];
    }),
  };
}

function portSheet({ estate, reading, resources }: Facts): Sheet {
  const { pools } = estate.topology;
  const mirrored = reading.stores.filter(({ sql }) => sql.mirror !== undefined);
  const paired = pools.filter(({ pairedWith }) => pairedWith !== undefined);
  const ways = new Set(estate.hosts.map(({ reach }) => reach.via));
  const writers = resources.flatMap(({ common }) => common.hosts.map(({ name }) => name));
  const ports = [...reading.instances.values()].flatMap(({ instance, port }) =>
    port === undefined ? [] : [`${instance} on ${String(port)}`],
  );
  const rows: string[][] = [
    [
      "Sets to the backup locations",
      "TCP 445 (SMB)",
      `${joined([...new Set(writers)])} to ${joined(estate.targets.map(({ host }) => host))}`,
    ],
    [
      "SQL Server",
      ports.length > 0
        ? `as recorded: ${ports.join(", ")}`
        : "TCP 1433 for a default instance; for a named one its own, found by UDP 1434 (SQL Server Browser)",
      `Management computers and Front Ends to ${joined([...new Set(instancesOf(estate.topology, reading.stores).map(serverOf))])}`,
    ],
    [
      "Directory",
      "Kerberos, LDAP, DNS of the domain",
      `All computers to the domain controllers of ${estate.topology.domain}`,
    ],
  ];
  if (ways.has("winrm"))
    rows.push(["Windows Remote Management", "TCP 5985, or 5986 with TLS", "Whoever runs lync-backup, to the hosts"]);
  if (ways.has("ssh")) rows.push(["OpenSSH", "TCP 22, or as declared", "Whoever runs lync-backup, to the hosts"]);
  if (mirrored.length > 0) {
    const partners = mirrored.map(({ sql }) => `${serverOf(sql.instance)} and ${serverOf(sql.mirror ?? "")}`);
    rows.push([
      "Mirroring endpoints",
      "TCP 5022; of a witness 7022, unless an endpoint has another",
      joined([...new Set(partners)]),
    ]);
  }
  if (paired.length > 0) {
    rows.push([
      "Backup Service of paired pools",
      "TCP 445 (SMB), not encrypted: secure the link",
      "Each Front End to the file store of the partner",
    ]);
  }
  return {
    name: "ports",
    title: "Network connectivity",
    about: "What backup and restore need to reach, besides what Lync itself needs.",
    columns: ["What", "Port", "From and to"],
    rows,
  };
}
