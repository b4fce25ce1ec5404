import { PRODUCT_NAMES, serversOf, type Pool, type Sheet, type SqlStore } from "../documents";
import { databasesOf } from "../topology/databases";
import { fileStoreOf, instancesOf, productOf } from "../topology/stores";
import { joined, type Facts } from "./facts";
import { destinationOf } from "./obligations";
import { reachingSheets } from "./reaching";
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
  ...reachingSheets(facts),
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
