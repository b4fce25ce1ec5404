import { poolOf, serversOf, type Reach, type Sheet } from "../documents";
import { instancesOf } from "../topology/stores";
import { joined, protectorsOf, serverOf, type Facts } from "./facts";
import { plannedCopies } from "./offsite";
import { carrierText, plural } from "./words";
import { notesOn } from "./worksheets";

/** On which computers, as whom, with which certificates and through which ports. */

export const reachingSheets = (facts: Facts): Sheet[] => [
  hostSheet(facts),
  accountSheet(facts),
  certificateSheet(facts),
  portSheet(facts),
];

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

function portSheet(facts: Facts): Sheet {
  const { estate, reading, resources } = facts;
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
  const copies = plannedCopies(facts);
  if (copies.length > 0) {
    const carriers = copies.map(({ hosts }) => carrierText(hosts));
    const places = copies.map(({ place }) => place);
    rows.push([
      "Sets offsite",
      "TCP 443 (HTTPS), unless an endpoint has another",
      `${joined([...new Set(carriers)])} to ${joined([...new Set(places)])}`,
    ]);
  }
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
