import { DATABASES } from "../catalogue";
import type { Product, SqlInstance, SqlStore } from "../documents";
import { nameIn, textIn, type Answers, type Row } from "./answers";

/** The installations of SQL Server behind the stores: what they tell of themselves. */

export interface InstancesFound {
  sql: SqlInstance[];
  /** Those that did not answer, with the reason; what is recorded of them is assumed. */
  silent: Map<string, string>;
  /** Of which only the node is known on which they run now. */
  clustered: string[];
  /** Databases that are not Lync's. */
  strangers: Map<string, string[]>;
}

/** Behind these stores: partners and replicas are installations of their own. */
export function instancesBehind(stores: readonly SqlStore[], replicasBehind: (listener: string) => string[]): string[] {
  const found = new Set<string>();
  for (const { instance, mirror, listener } of stores) {
    const behind = listener === undefined ? [] : replicasBehind(listener);
    for (const one of [instance, mirror, ...behind]) if (one !== undefined) found.add(one);
  }
  return [...found];
}

interface Behind {
  stores: readonly SqlStore[];
  replicasBehind: (listener: string) => string[];
  /** Servers that are Standard Edition pools themselves. */
  standard: ReadonlySet<string>;
  product: Product;
}

export function instancesIn(answers: Answers, { stores, replicasBehind, standard, product }: Behind): InstancesFound {
  const [facts, services, databases, groups] = ["facts", "services", "databases", "groups"].map((step) =>
    answers.each(step),
  ) as [Rows, Rows, Rows, Rows];
  const failures = answers.failures("facts");
  const found: InstancesFound = { sql: [], silent: new Map(), clustered: [], strangers: new Map() };
  const listeners = new Map(
    stores.flatMap(({ listener }) => (listener === undefined ? [] : [[listener, replicasBehind(listener)] as const])),
  );
  const own = new Set(stores.map(({ instance }) => instance));
  for (const instance of instancesBehind(stores, replicasBehind)) {
    const [row] = facts.get(instance) ?? [];
    if (!row) found.silent.set(instance, failures.get(instance) ?? "it was not asked");
    const isStandard = standard.has(instance.split("\\")[0] ?? "");
    const node = nameIn(row, "is_clustered") === "yes" ? nodeOf(instance, row) : undefined;
    if (node !== undefined) found.clustered.push(instance);
    const availabilityGroups = [...listeners].flatMap(([listener, replicas]) => {
      if (!replicas.includes(instance) || replicas.length < 2) return [];
      const names = replicas.flatMap((one) =>
        (groups.get(one) ?? []).map((seen) => textIn(seen, "availability_group")),
      );
      return [{ name: names.find((name) => name !== undefined) ?? listener.split(".")[0] ?? listener, replicas }];
    });
    const there = own.has(instance) ? databases.get(instance) : undefined;
    const strangers = (there ?? []).flatMap((one) => textIn(one, "name") ?? []).filter((name) => !isKnown(name));
    if (strangers.length > 0) found.strangers.set(instance, strangers);
    found.sql.push({
      instance,
      ...(row
        ? toldBy(row, services.get(instance) ?? [])
        : assumed(product, isStandard, availabilityGroups.length > 0)),
      ...(node === undefined ? {} : { nodes: [node] }),
      availabilityGroups,
      ...(there === undefined ? {} : { databases: databasesIn(there) }),
    });
  }
  return found;
}

type Rows = ReadonlyMap<string, readonly Row[]>;
type Told = Pick<SqlInstance, "release" | "edition" | "agent" | "serviceAccount">;

const RELEASES: readonly SqlInstance["release"][] = ["2008R2", "2012", "2014", "2016", "2017", "2019", "2022"];

function toldBy(row: Row, services: readonly Row[]): Told {
  const said = textIn(row, "release");
  // Older ones take what the oldest takes; newer ones what the newest does.
  const release = RELEASES.find((one) => one === said) ?? (said === "newer" ? "2022" : "2008R2");
  const edition = editionOf(nameIn(row, "edition") ?? "");
  const service = (name: string): Row | undefined =>
    services.find((one) => nameIn(one, "service")?.startsWith(`${name} (`) === true);
  const serviceAccount = textIn(service("sql server"), "account");
  const agent = service("sql server agent");
  return {
    release,
    edition,
    ...(agent && edition !== "express" ? { agent: nameIn(agent, "state") === "running" } : {}),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
}

function editionOf(text: string): SqlInstance["edition"] {
  if (text.startsWith("express") || text.startsWith("web") || text.startsWith("workgroup")) return "express";
  if (text.startsWith("enterprise")) return "enterprise";
  return text.startsWith("developer") || text.includes("evaluation") ? "developer" : "standard";
}

/** The oldest that the product is supported on, with the fewest features: nothing is sent that it would not take. */
function assumed(product: Product, isStandard: boolean, hasGroups: boolean): Told {
  if (isStandard) return { release: WITH_STANDARD_EDITION[product], edition: "express" };
  return { release: hasGroups ? "2012" : "2008R2", edition: hasGroups ? "enterprise" : "standard" };
}

/** What setup brings along. */
const WITH_STANDARD_EDITION: Record<Product, SqlInstance["release"]> = {
  lync2013: "2012",
  sfb2015: "2014",
  sfb2019: "2016",
  sfbse: "2019",
};

function nodeOf(instance: string, row: Row | undefined): string | undefined {
  const node = nameIn(row, "node");
  const domain = (instance.split("\\")[0] ?? "").split(".").slice(1);
  return node === undefined ? undefined : [node, ...domain].join(".");
}

const SYSTEM = ["master", "model", "msdb", "tempdb"];
const OURS = new Set([...SYSTEM, ...DATABASES.map(({ name }) => name.toLowerCase())]);
const isKnown = (name: string): boolean => OURS.has(name.toLowerCase()) || /^reportserver/i.test(name);

function databasesIn(rows: readonly Row[]): NonNullable<SqlInstance["databases"]> {
  return rows.flatMap((row) => {
    const name = textIn(row, "name");
    if (name === undefined || SYSTEM.includes(name.toLowerCase()) || !isKnown(name)) return [];
    const recovery = RECOVERY[nameIn(row, "recovery") ?? ""];
    return [{ name, ...(recovery === undefined ? {} : { recovery }) }];
  });
}

const RECOVERY: Readonly<Record<string, "simple" | "full" | "bulk-logged">> = {
  simple: "simple",
  full: "full",
  bulk_logged: "bulk-logged",
};
