import { DocumentError, serversOf, Topology, type Product } from "../documents";
import { isTrue, nameIn, textIn, type Answers, type Row } from "./answers";
import { poolIn, productOf, sitesIn, type FoundPool } from "./pools";
import { servicesIn, type Services } from "./services";
import { instancesBehind, instancesIn, type InstancesFound } from "./sql";

/** What a live deployment is, made of what its cmdlets and its SQL Servers have answered. */

export interface Discovery extends Omit<InstancesFound, "sql"> {
  topology: Topology;
  /** When it was so. */
  at: string;
  /** Pools of a product before Lync Server 2013: it has no exports. */
  tooOld: string[];
  /** What Topology Builder lists as a pool, and what stores nothing of Lync's. */
  outside: string[];
  /** Services whose names mean more than one. */
  ambiguous: string[];
  /** Stores of which no service says that it uses them. */
  unused: string[];
  /** Pools whose applications are not told: they are taken to have all. */
  applicationsUntold: string[];
}

export interface Asked {
  deployment: string;
  /** That of the computer which was asked. */
  product: Product;
}

/** The instances that the answers name and that have not been asked yet; with the groups among them. */
export function instancesToAsk(answers: Answers): { instances: string[]; groups: string[] } {
  const services = servicesIn(answers);
  const stores = services.stores();
  const known = new Set([...answers.each("facts").keys(), ...answers.failures("facts").keys()]);
  const instances = instancesBehind(stores, services.replicasBehind).filter((one) => !known.has(one));
  const inGroups = new Set(
    stores.flatMap(({ listener }) => (listener === undefined ? [] : services.replicasBehind(listener))),
  );
  return { instances, groups: instances.filter((one) => inGroups.has(one)) };
}

export function topologyFrom(answers: Answers, { deployment, product: asked }: Asked): Discovery {
  const services = servicesIn(answers);
  const sites = sitesIn(answers);
  const site = (identity: string): string => sites.get(identity)?.name ?? identity;
  const outside: string[] = [];
  const all = answers.rows("pools").flatMap((row): FoundPool[] => {
    const pool = poolIn(row, { answers, services, site });
    if (!pool) outside.push(nameIn(row, "Identity") ?? "");
    return pool ? [pool] : [];
  });
  const tooOld = all.filter(({ major }) => productOf(major, asked) === undefined);
  const pools = all.filter((pool) => !tooOld.includes(pool));
  const central = centralManagementIn(answers, services, pools);
  const active = pools.find(({ fqdn }) => fqdn === central.active);
  const product = (active && productOf(active.major, asked)) ?? asked;
  const { usual, versionOf } = versionsIn(answers, pools, product, asked);
  const servers = new Set(services.stores().flatMap((store) => serversIn(store, services)));
  const keepers = new Set([...servers, ...services.all("FileStore").flatMap((row) => nameIn(row, "PoolFqdn") ?? [])]);
  const known = new Set(pools.map(({ fqdn }) => fqdn));
  const { sql, ...found } = instancesIn(answers, {
    stores: services.stores(),
    replicasBehind: services.replicasBehind,
    standard: new Set(pools.flatMap(({ fqdn, kind }) => (kind === "standard" ? [fqdn] : []))),
    product,
  });
  const topology = made({
    deployment,
    product,
    ...(usual === undefined ? {} : { cumulativeUpdate: usual }),
    domain: textIn(answers.facts("computer"), "domain")?.toLowerCase() ?? domainOf(central.active),
    sites: [...sites.values()].map((one) => withoutLost(one, ["federationRoute", "xmppRoute"], known)),
    pools: pools.map(({ major, applicationsTold: _told, ...pool }) => {
      const own = productOf(major, asked) ?? product;
      const version = versionOf(pool.fqdn);
      return {
        ...withoutLost(pool, ["pairedWith", "edge", "nextHop", "registrar"], known),
        ...(own === product ? {} : { product: own }),
        ...(version === undefined || (version === usual && own === product) ? {} : { cumulativeUpdate: version }),
      };
    }),
    sql,
    fileStores: fileStoresIn(services, domainOf(central.active)),
    centralManagement: central,
    ...archivingIn(answers),
    ...contactsIn(answers),
  });
  return {
    ...found,
    topology,
    at: answers.at,
    tooOld: tooOld.map(({ fqdn }) => fqdn),
    outside: outside.filter((name) => !keepers.has(name)),
    ambiguous: [...services.ambiguous].sort(),
    unused: services.unused(),
    applicationsUntold: pools.flatMap(({ fqdn, applicationsTold }) => (applicationsTold ? [] : [fqdn])),
  };
}

function made(declared: Parameters<typeof Topology.make>[0]): Topology {
  try {
    return Topology.make(declared);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new Error(
      `what the cmdlets show is no topology that this product understands: ${error.problems.join("; ")}`,
      {
        cause: error,
      },
    );
  }
}

/** A pool that is named may be one that is left out. */
function withoutLost<T extends object, Key extends keyof T>(
  value: T,
  keys: readonly Key[],
  known: ReadonlySet<unknown>,
): Omit<T, Key> & Partial<Pick<T, Key>> {
  const kept = { ...value };
  for (const key of keys) if (kept[key] !== undefined && !known.has(kept[key])) Reflect.deleteProperty(kept, key);
  return kept;
}

const domainOf = (fqdn: string): string => fqdn.split(".").slice(1).join(".");

const serversIn = (
  { instance, mirror, witness, listener }: ReturnType<Services["stores"]>[number],
  services: Services,
): string[] =>
  [instance, mirror, witness, listener, ...(listener === undefined ? [] : services.replicasBehind(listener))].flatMap(
    (one) => one?.split("\\")[0] ?? [],
  );

/** The status of the store names the server that acts; where its services are down, the services do. */
function centralManagementIn(
  answers: Answers,
  services: Services,
  pools: readonly FoundPool[],
): Topology["centralManagement"] {
  const rows = services.all("CentralManagement");
  const master = nameIn(answers.rows("master")[0], "ActiveMasterFqdn");
  const acting = pools.find((pool) => pool.fqdn === master || serversOf(pool).includes(master ?? ""))?.fqdn;
  const active = acting ?? nameIn(rows.find((row) => isTrue(row, "Active")) ?? rows[0], "PoolFqdn");
  if (active === undefined) throw new Error("no pool has the Central Management store, so there is nothing to go by");
  const standby = rows
    .flatMap((row) => nameIn(row, "PoolFqdn") ?? [])
    .find((fqdn) => fqdn !== active && pools.some((pool) => pool.fqdn === fqdn));
  const store = services.store("CentralManagementDatabase", [services.of("CentralManagement", active)]);
  const pool = pools.find(({ fqdn }) => fqdn === active);
  const own = pool?.backEnd?.instance ?? `${active}\\rtc`;
  return {
    active,
    ...(standby === undefined ? {} : { standby }),
    ...(store === undefined || store.instance === own ? {} : { store }),
  };
}

/** What most servers of the deployment's product run, and what those of a pool run. */
function versionsIn(
  answers: Answers,
  pools: readonly FoundPool[],
  product: Product,
  asked: Product,
): { usual: string | undefined; versionOf: (pool: string) => string | undefined } {
  const byServer = new Map(
    answers.rows("replicas").map((row) => [nameIn(row, "ReplicaFqdn"), textIn(row, "ProductVersion")]),
  );
  const versions = new Map(
    pools.map((pool) => [pool.fqdn, mostFrequent(serversOf(pool).map((server) => byServer.get(server)))]),
  );
  const ofProduct = pools.filter(({ major }) => productOf(major, asked) === product);
  const usual = mostFrequent(ofProduct.map(({ fqdn }) => versions.get(fqdn)));
  return { usual, versionOf: (pool) => versions.get(pool) };
}

/** Of several that are as frequent, the first. */
function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** A share in the name of the domain itself is a namespace. */
function fileStoresIn(services: Services, domain: string): Topology["fileStores"] {
  const paths = services.all("FileStore").flatMap((row) => nameIn(row, "UncPath") ?? []);
  return [...new Set(paths)].filter((path) => path.split("\\")[2] === domain).map((path) => ({ path, dfs: true }));
}

/** Sites and services may have settings of their own: the strictest counts. */
function archivingIn(answers: Answers): Pick<Topology, "archiving"> {
  const rows = answers.rows("archiving");
  const isOn = (row: Row): boolean => (nameIn(row, "EnableArchiving") ?? "none") !== "none";
  if (!rows.some(isOn)) return {};
  return {
    archiving: {
      blocksMessagesOnFailure: rows.some((row) => isTrue(row, "BlockOnArchiveFailure")),
      toExchange: rows.some((row) => isTrue(row, "EnableExchangeArchiving")),
    },
  };
}

/** Where no policy allows it, no contacts are in Exchange; where one does, only the users tell. */
function contactsIn(answers: Answers): Pick<Topology, "contactStore"> {
  const rows = answers.rows("contacts");
  return rows.length > 0 && !rows.some((row) => isTrue(row, "UcsAllowed")) ? { contactStore: "lync" } : {};
}
