import { CATALOGUE, DATABASES, isIn, type CatalogueRow, type Feature, type SourceId } from "./catalogue";
import { coverKey, type Datum, type Pool, type Product, type Scope, type Topology } from "./documents";
import { databasesOf, type StoredDatabase } from "./topology/databases";
import {
  fileStoresOf,
  instanceIndex,
  instancesOf,
  isFrontEnd,
  productOf,
  storesOf,
  type Store,
} from "./topology/stores";

/** What this topology makes it necessary to back up: the topology, read through the catalogue. */

export interface Obligation {
  datum: Datum;
  scope: Scope;
  /** Datum and scope in one text: protections are matched by it. */
  key: string;
  /** Why it is one, in words. */
  because: string;
  neededForService: boolean;
  sources: readonly SourceId[];
}

/** A database whose data nobody need back up, and why: said, so that full coverage is an honest word. */
export interface Exempt {
  database: string;
  instance: string;
  because: string;
}

export interface Duties {
  obligations: Obligation[];
  exempt: Exempt[];
  /** What a topology leaves open, so that nobody takes silence for safety. */
  open: string[];
}

/** What follows from the protections, not from the topology. */
export interface Uses {
  /** SQL Server instances whose backups a job encrypts. */
  encryptingInstances?: readonly string[];
}

/** A place in which a row makes an obligation, with the reason. */
interface Place {
  scope: Scope;
  because: string;
}

interface Reading {
  topology: Topology;
  stores: Store[];
  databases: StoredDatabase[];
  products: Set<Product>;
  uses: Uses;
}

export function dutiesOf(topology: Topology, uses: Uses = {}): Duties {
  const stores = storesOf(topology);
  const reading: Reading = {
    topology,
    stores,
    databases: databasesOf(topology, stores),
    products: new Set(topology.pools.map((pool) => productOf(topology, pool))),
    uses,
  };
  const obligations = CATALOGUE.flatMap((row) => obligationsOf(row, reading));
  return { obligations, exempt: exemptIn(reading), open: openIn(reading) };
}

function obligationsOf(row: CatalogueRow, reading: Reading): Obligation[] {
  if (![...reading.products].some((product) => isIn(row, product))) return [];
  const neededForService = isNeeded(row, reading.topology);
  const once = new Map<string, Obligation>();
  for (const { scope, because } of placesOf(row, reading)) {
    const key = coverKey({ datum: row.datum, scope });
    if (!once.has(key))
      once.set(key, { datum: row.datum, scope, key, because, neededForService, sources: row.sources });
  }
  return [...once.values()];
}

function isNeeded(row: CatalogueRow, topology: Topology): boolean {
  if (row.service === "where-archiving-blocks") return topology.archiving?.blocksMessagesOnFailure === true;
  return row.service === "needed";
}

function placesOf(row: CatalogueRow, reading: Reading): Place[] {
  const { topology, stores, databases, uses } = reading;
  const { arises } = row;
  switch (arises.per) {
    case "deployment":
      return deploymentPlaces(topology, arises.where);
    case "pool":
      return topology.pools
        .filter((pool) => arises.kinds.includes(pool.kind))
        .filter((pool) => arises.role === undefined || pool.roles.includes(arises.role))
        .filter((pool) => isIn(row, productOf(topology, pool)))
        .map((pool) => ({
          scope: { of: "pool", pool: pool.fqdn },
          because: arises.role === undefined ? `it is a pool of kind ${pool.kind}` : `it has the role ${arises.role}`,
        }));
    case "file-store":
      return fileStoresOf(topology).map(({ path, pools }) => ({
        scope: { of: "store", path },
        because: pools.length > 0 ? `it is the file store of ${namesOf(pools)}` : "the topology names it",
      }));
    case "database":
      return databases
        .filter((database) => database.row.data === row.datum && keepsData(database))
        .map((database) => placeOf(database, `it holds data of ${namesOf(database.store.pools)}`));
    case "log":
      return databases
        .filter((database) => database.row.log === row.datum && database.recovery === "full")
        .map((database) => placeOf(database, `it is in full recovery${whyFull(database.store)}`));
    case "instance":
      return instancesOf(topology, stores).map((instance) => ({
        scope: { of: "instance", instance },
        because: "it holds a store of the topology, or a partner or replica of one",
      }));
    case "reports":
      return stores
        .filter(({ holder }) => holder === "reports")
        .map(({ sql }) => ({
          scope: { of: "instance", instance: sql.instance },
          because: "Monitoring Reports live there",
        }));
    case "encrypting-instance":
      return (uses.encryptingInstances ?? []).map((instance) => ({
        scope: { of: "instance", instance },
        because: "a job encrypts the backups of its databases",
      }));
    case "nowhere":
      return [];
  }
}

const placeOf = ({ instance, row }: StoredDatabase, because: string): Place => ({
  scope: { of: "database", instance, database: row.name },
  because,
});

const namesOf = (pools: readonly Pool[]): string =>
  pools.length > 3
    ? `${String(pools.length)} pools, ${String(pools[0]?.fqdn)} among them`
    : pools.map(({ fqdn }) => fqdn).join(" and ");

function whyFull({ sql }: Store): string {
  if (sql.mirror !== undefined) return ", as every mirrored database";
  return sql.listener === undefined ? "" : ", as every database of an availability group";
}

/** SQL Server's own backup is what restores it; an adapter that drains the compliance store makes it transient. */
function keepsData({ row, store }: StoredDatabase): boolean {
  if (row.restoredBy !== "sql") return false;
  return store.holder !== "compliance" || !store.pools.every(({ complianceAdapter }) => complianceAdapter === true);
}

const FEATURES: Record<Feature, (topology: Topology) => string | undefined> = {
  exchange: ({ contactStore, archiving }) => {
    if (archiving?.toExchange) return "archiving goes to Exchange";
    return contactStore === "exchange" || contactStore === "mixed" ? "contacts live in Exchange" : undefined;
  },
  "several-servers": ({ pools }) => {
    const pool = pools.find(({ servers }) => servers.length > 1);
    return pool && `${pool.fqdn} has several servers`;
  },
  "response-groups": ({ pools }) => {
    const pool = pools.find((one) => isFrontEnd(one) && one.roles.includes("response-group"));
    return pool && `${pool.fqdn} has the role response-group`;
  },
};

function deploymentPlaces(topology: Topology, where: Feature | undefined): Place[] {
  const because = where === undefined ? "every deployment has it" : FEATURES[where](topology);
  return because === undefined ? [] : [{ scope: { of: "deployment" }, because }];
}

function exemptIn({ databases, topology }: Reading): Exempt[] {
  const local = topology.pools
    .filter(isFrontEnd)
    .flatMap(({ fqdn }) =>
      LOCAL.map(({ name, why }) => ({ database: name, instance: `local instances of ${fqdn}`, because: why })),
    );
  const stored = databases
    .filter(
      (database) =>
        database.row.restoredBy !== "import" && !keepsData(database) && database.row.data !== "monitoring-reports",
    )
    .map(({ row, instance }) => ({ database: row.name, instance, because: row.why }));
  return [...stored, ...local];
}

const LOCAL = DATABASES.filter(({ holder }) => holder === "local");

/** What nobody has recorded: recovery models, one line for each instance, and the replicas behind a listener. */
function openIn({ databases, stores, topology }: Reading): string[] {
  const instances = instanceIndex(topology);
  const listeners = new Map(
    stores
      .filter(({ sql }) => sql.listener !== undefined && !instances.get(sql.instance)?.availabilityGroups.length)
      .map(({ sql }) => [sql.listener, sql.instance]),
  );
  const unknown = new Map<string, string[]>();
  for (const { row, instance, recovery } of databases) {
    if (row.log === undefined || recovery !== "unknown") continue;
    unknown.set(instance, [...(unknown.get(instance) ?? []), row.name]);
  }
  return [
    ...[...unknown].map(
      ([instance, names]) =>
        `the recovery model of ${names.join(", ")} in ${instance} is not recorded: in full recovery their logs must be ` +
        "backed up too; add it to `sql`",
    ),
    ...[...listeners].map(
      ([listener, instance]) =>
        `the replicas behind ${String(listener)} are not recorded, only ${instance}: each is an installation of its own; ` +
        "add its availability group to `sql`",
    ),
  ];
}
