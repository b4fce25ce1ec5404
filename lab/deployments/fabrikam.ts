import { Topology, type Pool, type Product, type SqlInstance } from "../../estate/documents";
import { randomFrom, type Random } from "../random";
import type { LabDeployment } from "../world";
import { buildDeployment, volume } from "./build";

/**
 * The large deployment: 20 pools on 60 computers in four sites, with all kinds of pools and Back Ends that its product
 * has, and 100,000 files in eight file stores. Which is where, and how it is made, follows from a seed.
 */

const DOMAIN = "fabrikam.com";
const fqdn = (name: string): string => `${name}.${DOMAIN}`;
const FILES = 100_000;
const USERS_PER_POOL = 100;

const SITES = {
  zurich: "W. Europe Standard Time",
  london: "GMT Standard Time",
  newyork: "Eastern Standard Time",
  singapore: "Singapore Standard Time",
};
type Site = keyof typeof SITES;

type BackEnd = "mirrored" | "always-on" | "alone";
type Release = SqlInstance["release"];

/** What differs: which Back Ends there are, the SQL Server, and the older product that is still around. */
const PRODUCTS: Record<Product, { backEnds: BackEnd[]; release: Release; before?: Product; chats: boolean }> = {
  lync2013: { backEnds: ["mirrored", "mirrored", "alone"], release: "2012", chats: true },
  sfb2015: { backEnds: ["mirrored", "always-on", "alone"], release: "2014", before: "lync2013", chats: true },
  sfb2019: { backEnds: ["mirrored", "always-on", "alone"], release: "2016", before: "sfb2015", chats: false },
  sfbse: { backEnds: ["mirrored", "always-on", "alone"], release: "2019", before: "sfb2019", chats: false },
};

const ROLES = ["conferencing", "response-group", "call-park", "announcement"] as const;
const SHARED_SQL = fqdn("sqlshared");

export function fabrikam(product: Product, seed: string): Topology {
  const random = randomFrom(`${seed} ${product}`);
  const { backEnds, release, before, chats } = PRODUCTS[product];
  const sites = shuffled(random, Object.keys(SITES) as Site[]);
  const siteOf = (index: number): Site => sites[index % sites.length] ?? "zurich";
  const sql: SqlInstance[] = [];
  const instance = (name: string, more: Partial<SqlInstance> = {}): string => {
    sql.push({
      instance: name,
      release,
      edition: "standard",
      agent: random.below(4) > 0,
      serviceAccount: String.raw`FABRIKAM\sql-service$`,
      availabilityGroups: [],
      ...more,
    });
    return name;
  };
  const pools: Partial<Pool>[] = [];
  const pool = (name: string, kind: Pool["kind"], index: number, servers: number, more: Partial<Pool> = {}): void => {
    const names = Array.from({ length: servers }, (_, server) => ({ fqdn: fqdn(`${name}${"abc".charAt(server)}`) }));
    pools.push({ fqdn: fqdn(name), kind, site: siteOf(index), ...(servers > 1 ? { servers: names } : {}), ...more });
  };
  const named = (name: string, number: number): string => fqdn(`${name}0${String(number)}`);

  for (const [pair, kind] of shuffled(random, backEnds).entries()) {
    for (const number of [pair * 2 + 1, pair * 2 + 2]) {
      pool(`pool0${String(number)}`, "enterprise", number, 3, {
        roles: [...ROLES.slice(0, 2 + random.below(3)), "archiving", "monitoring"],
        backEnd: backEndOf(kind, number, instance),
        fileStore: String.raw`\\${named("files", pair + 1)}\lync`,
        archivingStore: { instance: `${SHARED_SQL}\\archive`, reports: false },
        monitoringStore: { instance: `${SHARED_SQL}\\archive`, reports: true },
        pairedWith: named("pool", number % 2 === 1 ? number + 1 : number - 1),
        edge: named("edge", 1 + (pair % 2)),
      });
    }
  }
  for (let number = 1; number <= 5; number++) {
    const partner = ({ 1: 2, 2: 1 } as Record<number, number>)[number];
    pool(`se0${String(number)}`, "standard", number, 1, {
      roles: ROLES.slice(0, 1 + random.below(4)),
      ...(partner === undefined ? {} : { pairedWith: named("se", partner) }),
      ...(number === 5 && before ? { product: before } : {}),
    });
  }
  for (const number of [1, 2]) {
    pool(`director0${String(number)}`, "director", number, 2);
    pool(`mediation0${String(number)}`, "mediation", number, 2);
    pool(`edge0${String(number)}`, "edge", number, 2, { nextHop: named("pool", number) });
  }
  const chat = { instance: `${SHARED_SQL}\\chat`, reports: false };
  if (chats) pool("chat01", "persistent-chat", 1, 2, { persistentChatStore: chat, complianceStore: chat });
  else pool("mediation03", "mediation", 3, 2);
  pool("branch01", "branch", 3, 1, { registrar: named("pool", 3) });
  pool("app01", "trusted-application", 1, 1);
  instance(`${SHARED_SQL}\\archive`);
  if (chats) instance(chat.instance);

  return Topology.make({
    deployment: "fabrikam",
    product,
    domain: DOMAIN,
    sites: sites.map((name, index) => ({
      name,
      title: `Site ${name}`,
      ...(index === 0 ? { federationRoute: named("edge", 1) } : {}),
    })),
    pools: pools as Pool[],
    sql,
    archiving: { blocksMessagesOnFailure: random.below(2) === 0, toExchange: false },
    contactStore: random.pick(["lync", "mixed"]),
    centralManagement: { active: named("pool", 1), standby: named("pool", 2) },
  });
}

function backEndOf(
  kind: BackEnd,
  number: number,
  instance: (name: string, more?: Partial<SqlInstance>) => string,
): NonNullable<Pool["backEnd"]> {
  const [first, second] = ["a", "b"].map((letter) => `${fqdn(`sql0${String(number)}${letter}`)}\\rtc`);
  if (first === undefined || second === undefined) throw new Error("a Back End has two names");
  const reports = false;
  if (kind === "alone") return { instance: instance(first), reports };
  if (kind === "mirrored") {
    // One witness of both pools of a pair, as they are in different sites.
    const witness = `${fqdn("sqlwitness")}\\rtc${String(number)}`;
    return { instance: instance(first), mirror: instance(second), witness, reports };
  }
  const group = { name: `group0${String(number)}`, replicas: [first, second] };
  for (const name of [first, second]) instance(name, { edition: "enterprise", availabilityGroups: [group] });
  return { instance: first, listener: fqdn(`listener0${String(number)}`), reports };
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const rest = [...list];
  return list.flatMap(() => rest.splice(random.below(rest.length), 1));
}

export function makeFabrikam(product: Product, seed: string): LabDeployment {
  const topology = fabrikam(product, seed);
  const made = buildDeployment(topology, {
    seed: `${product} ${seed}`,
    usersPerPool: USERS_PER_POOL,
    filesPerStore: FILES / 8,
    more: topology.sites.flatMap(({ name: site }, index) => [
      ...(index < 2 ? [{ fqdn: fqdn(`tools0${String(index + 1)}`), site, tools: true }] : []),
      {
        fqdn: fqdn(`keep0${String(index + 1)}`),
        site,
        volumes: { D: volume(2000, index % 2 === 0 ? "bitlocker" : "none") },
        courier: true as const,
      },
    ]),
  });
  for (const computer of made.computers) computer.timeZone = SITES[computer.site as Site];
  return made;
}
