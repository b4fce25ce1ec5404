import { serversOf, type Pool, type Product, type SqlStore, type Topology } from "../documents";
import { fileStoreOf, isFrontEnd, productOf } from "../topology/stores";

/**
 * A topology as single facts, by what they are said of. Two topologies that say the same in different ways have the
 * same facts, and what no cmdlet tells is none: so what was declared once can be compared with what is found now.
 */
type Facts = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface TopologyChange {
  /** `pool pool01.contoso.com` */
  what: string;
  change: "added" | "removed" | "changed";
  property?: string;
  from?: string;
  to?: string;
}

/** Whoever declares by hand need not say these: what is found then is no change. */
const MAY_BE_UNSAID = ["version", "title", "agent", "service account", "contacts", "databases", "nodes"];

export function topologyChanges(before: Topology, after: Topology): TopologyChange[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const changes: TopologyChange[] = [];
  for (const what of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(what), now.get(what)];
    // An instance comes and goes with the stores that name it.
    const follows = what.startsWith("SQL Server ");
    if (!was && is && !follows) changes.push({ what, change: "added" });
    if (was && !is && !follows) changes.push({ what, change: "removed" });
    if (!was || !is) continue;
    for (const property of new Set([...was.keys(), ...is.keys()])) {
      const [from, to] = [was.get(property), is.get(property)];
      if (from === to || (from === undefined && MAY_BE_UNSAID.includes(property))) continue;
      changes.push({
        ...{ what, change: "changed", property },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
    }
  }
  return changes;
}

/** `pool pool01.contoso.com: paired with was pool02.contoso.com, and is pool03.contoso.com` */
export function textOfChange({ what, change, property = "", from, to }: TopologyChange): string {
  if (change !== "changed") return `${what} was ${change}`;
  if (from === undefined) return `${what}: ${property} is ${String(to)}, and was not said`;
  return `${what}: ${property} was ${from}, and is ${to ?? "no more"}`;
}

export function factsOf(topology: Topology): Facts {
  const facts = new Map<string, Map<string, string>>();
  const say = (what: string, said: Readonly<Record<string, string | undefined>>): void => {
    const known = Object.entries(said).flatMap(([property, value]) =>
      value === undefined || value === "" ? [] : [[property, value] as const],
    );
    facts.set(what, new Map(known));
  };
  const { product, contactStore, archiving, centralManagement } = topology;
  say("the deployment", {
    product: familyOf(product),
    // Which users have their contacts in Exchange no cmdlet counts.
    contacts: contactStore === "lync" ? contactStore : undefined,
    archiving: archiving && "on",
    "archiving that blocks messages": archiving && String(archiving.blocksMessagesOnFailure),
    "archiving to Exchange": archiving && String(archiving.toExchange),
  });
  say("the Central Management store", {
    active: centralManagement.active,
    standby: centralManagement.standby,
    store: centralManagement.store && textOfStore(centralManagement.store),
  });
  for (const { name, title, federationRoute, xmppRoute } of topology.sites) {
    say(`site ${name}`, { title, "federation route": federationRoute, "XMPP route": xmppRoute });
  }
  for (const pool of topology.pools) {
    say(`pool ${pool.fqdn}`, factsOfPool(topology, pool));
    for (const server of serversOf(pool)) say(`server ${server}`, { pool: pool.fqdn });
  }
  for (const { instance, release, edition, agent, serviceAccount, ...more } of topology.sql) {
    say(`SQL Server ${instance}`, {
      release,
      edition,
      agent: agent === undefined ? undefined : String(agent),
      "service account": serviceAccount,
      nodes: more.nodes?.toSorted().join(", "),
      "availability groups": more.availabilityGroups
        .map(({ name, replicas }) => `${name} of ${replicas.toSorted().join(", ")}`)
        .join("; "),
      databases: more.databases
        ?.map(({ name, recovery }) => (recovery === undefined ? name : `${name} (${recovery})`))
        .toSorted()
        .join(", "),
    });
  }
  return facts;
}

/** The services of both say the same version. */
const familyOf = (product: Product): string =>
  product === "sfb2019" || product === "sfbse" ? "sfb2019 or sfbse" : product;

const SAID_BY_ROLE = ["archivingStore", "monitoringStore", "persistentChatStore"] as const;

function factsOfPool(topology: Topology, pool: Pool): Record<string, string | undefined> {
  const { kind, backEnd, cumulativeUpdate, complianceStore } = pool;
  const product = productOf(topology, pool);
  const own = kind === "standard" ? `${pool.fqdn}\\rtc` : backEnd?.instance;
  const [archiving, monitoring, chat] = SAID_BY_ROLE.map((key) => {
    const store = pool[key];
    return store === undefined || (store.instance === own && isFrontEnd(pool)) ? undefined : textOfStore(store);
  });
  const archivesHere = pool.roles.includes("archiving") && topology.archiving?.toExchange !== true;
  const roles = new Set([
    // Emergency locations belong to the deployment: no cmdlet tells them of a pool.
    ...pool.roles.filter((role) => role !== "e911" && role !== "archiving"),
    ...(archivesHere || archiving !== undefined ? ["archiving"] : []),
    ...(monitoring === undefined ? [] : ["monitoring"]),
    ...(kind === "persistent-chat" ? ["persistent-chat"] : []),
  ]);
  return {
    kind,
    site: pool.site,
    product: familyOf(product),
    version: cumulativeUpdate ?? (product === topology.product ? topology.cumulativeUpdate : undefined),
    roles: [...roles].sort().join(", "),
    "Back End": backEnd && textOfStore(backEnd),
    "file store": fileStoreOf(pool),
    "paired with": pool.pairedWith,
    "Edge pool": pool.edge,
    "next hop": pool.nextHop,
    registrar: pool.registrar,
    "Archiving store": archiving,
    "Monitoring store": monitoring,
    reports: pool.monitoringStore?.reports === true ? "Reporting Services beside the Monitoring store" : undefined,
    "Persistent Chat store": chat,
    "compliance store": complianceStore && textOfStore(complianceStore),
  };
}

const textOfStore = ({ instance, mirror, witness, listener }: SqlStore): string =>
  [
    instance,
    ...(mirror === undefined ? [] : [`mirrored in ${mirror}`]),
    ...(witness === undefined ? [] : [`watched by ${witness}`]),
    ...(listener === undefined ? [] : [`behind ${listener}`]),
  ].join(", ");
