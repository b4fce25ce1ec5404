import type { Holder } from "../catalogue";
import { DATABASES } from "../catalogue";
import type { Pool, SqlStore } from "../documents";
import { listIn, nameIn, placeOf, textIn, type Answers, type Row } from "./answers";
import { ROLES, stepOf, type ServiceRole } from "./job";

/** The services of a topology: which pool has which, and what each one depends on. */

/** What a service of a database is for. The Back End is told by the user database: the others lie beside it. */
const HOLDERS = {
  UserDatabase: "back-end",
  ApplicationDatabase: "back-end",
  CentralManagementDatabase: "central-management",
  ArchivingDatabase: "archiving",
  MonitoringDatabase: "monitoring",
  PersistentChatDatabase: "persistent-chat",
  PersistentChatComplianceDatabase: "compliance",
} as const satisfies Record<string, Holder>;
export type DatabaseService = Exclude<keyof typeof HOLDERS, "ApplicationDatabase">;
export const DATABASE_SERVICES = Object.keys(HOLDERS).filter((role) => role in ROLES) as DatabaseService[];

export interface Services {
  of: (role: ServiceRole, pool: string) => Row | undefined;
  all: (role: ServiceRole) => readonly Row[];
  /** The store of this kind on which one of these services depends. */
  store: (role: DatabaseService, services: readonly (Row | undefined)[]) => SqlStore | undefined;
  /** Every store that there is. */
  stores: () => SqlStore[];
  fileStore: (services: readonly (Row | undefined)[]) => string | undefined;
  replicasBehind: (listener: string) => string[];
  /** Names by which more than one is meant. */
  ambiguous: ReadonlySet<string>;
  /** Stores that are there and that nothing has asked for: who uses them is not told. */
  unused: () => string[];
}

export function servicesIn(answers: Answers): Services {
  const ambiguous = new Set<string>();
  const used = new Set<Row>();
  const all = (role: ServiceRole): readonly Row[] => answers.rows(stepOf(role));
  const mirrors = mirrorsIn(answers);
  const reports = new Set(answers.rows("reporting").map((row) => placeOf(textIn(row, "Identity"))));

  /** A service names what it depends on in a property of its own, or among all that it depends on. */
  const needed = (role: ServiceRole, services: readonly (Row | undefined)[]): Row | undefined => {
    const named = services.flatMap((service) => [...listIn(service, role), ...listIn(service, "DependentServiceList")]);
    const wanted = new Set(named.filter((name) => roleOf(name) === role.toLowerCase()).map(placeOf));
    const found = all(role).filter((row) => wanted.has(placeOf(textIn(row, "Identity"))));
    const own = found.filter((row) => !mirrors.areMirrors(role, row));
    if (own.length > 1) for (const row of own) ambiguous.add(textIn(row, "Identity") ?? "");
    const chosen = own[0] ?? found[0];
    for (const row of found) used.add(row);
    return chosen;
  };

  const storeIn = (role: DatabaseService, row: Row): SqlStore | undefined => {
    const instance = instanceIn(row, "PoolFqdn", "SqlInstanceName");
    if (instance === undefined) return undefined;
    const mirror = instanceIn(row, "MirrorSqlServerFqdn", "MirrorSqlInstanceName") ?? mirrors.of(role, instance);
    const witness = instanceIn(row, "WitnessSqlServerFqdn", "WitnessSqlInstanceName");
    const listener = nameIn(row, "AlwaysOnListenerFqdn");
    return {
      instance,
      ...(mirror === undefined ? {} : { mirror }),
      ...(mirror === undefined || witness === undefined ? {} : { witness }),
      ...(listener === undefined ? {} : { listener }),
      reports: role === "MonitoringDatabase" && reports.has(nameIn(row, "PoolFqdn")),
    };
  };

  return {
    ambiguous,
    unused: () =>
      ([...DATABASE_SERVICES, "FileStore"] as const)
        // That of the standby is asked for by nobody.
        .filter((role) => role !== "CentralManagementDatabase")
        .flatMap((role) => all(role).filter((row) => !used.has(row) && !mirrors.areMirrors(role, row)))
        .flatMap((row) => textIn(row, "Identity") ?? []),
    all,
    of: (role, pool) => all(role).find((row) => nameIn(row, "PoolFqdn") === pool),
    store: (role, services) => {
      const row = needed(role, services);
      return row && storeIn(role, row);
    },
    stores: () => DATABASE_SERVICES.flatMap((role) => all(role).flatMap((row) => storeIn(role, row) ?? [])),
    fileStore: (services) => nameIn(needed("FileStore", services), "UncPath"),
    replicasBehind: (listener) => {
      const rows = DATABASE_SERVICES.flatMap(all).filter((row) => nameIn(row, "AlwaysOnListenerFqdn") === listener);
      return [...new Set(rows.flatMap((row) => listIn(row, "AlwaysOnReplicas").map((name) => name.toLowerCase())))];
    },
  };
}

const roleOf = (identity: string): string | undefined => identity.split(":").at(-2)?.toLowerCase();

/** Undefined where no server is named. */
function instanceIn(row: Row, server: string, instance: string): string | undefined {
  const [host, name] = [nameIn(row, server), nameIn(row, instance)];
  return host === undefined || name === undefined ? host : `${host}\\${name}`;
}

interface Mirrors {
  of: (role: DatabaseService, instance: string) => string | undefined;
  areMirrors: (role: ServiceRole, row: Row) => boolean;
}

/** What Test-CsDatabase says of mirrors, and, where that did not answer, SQL Server itself. */
function mirrorsIn(answers: Answers): Mirrors {
  const partners = new Map<string, string>();
  for (const [instance, rows] of answers.each("databases")) {
    for (const row of rows) {
      const partner = nameIn(row, "mirroring_partner");
      if (partner === undefined || nameIn(row, "mirroring_role") !== "principal") continue;
      for (const holder of holdersOf(nameIn(row, "name"))) {
        partners.set(`${holder} ${instance}`, inDomainOf(instance, partner));
      }
    }
  }
  for (const rows of answers.each("configured").values()) {
    for (const row of rows) {
      const instance = instanceIn(row, "SqlServerFqdn", "SqlInstanceName");
      const mirror = instanceIn(row, "MirrorSqlServerFqdn", "MirrorSqlInstanceName");
      if (instance === undefined || mirror === undefined) continue;
      for (const holder of holdersOf(nameIn(row, "DatabaseName"))) partners.set(`${holder} ${instance}`, mirror);
    }
  }
  const mirrors = new Set([...partners].map(([key, mirror]) => `${key.split(" ")[0] ?? ""} ${mirror}`));
  const keyOf = (role: string, instance: string): string => `${HOLDERS[role as DatabaseService]} ${instance}`;
  return {
    of: (role, instance) => partners.get(keyOf(role, instance)),
    areMirrors: (role, row) => mirrors.has(keyOf(role, instanceIn(row, "PoolFqdn", "SqlInstanceName") ?? "")),
  };
}

const holdersOf = (database: string | undefined): Holder[] =>
  DATABASES.filter(({ name }) => name.toLowerCase() === database).map(({ holder }) => holder);

/** `sql02.contoso.com\rtc` of `SQL02\RTC`, which is how SQL Server calls a partner. */
function inDomainOf(instance: string, partner: string): string {
  const domain = (instance.split("\\")[0] ?? "").split(".").slice(1);
  const [server = "", ...name] = partner.split("\\");
  return [server.includes(".") ? server : [server, ...domain].join("."), ...name].join("\\");
}

/** The stores of a pool, by the property of the topology. */
export const STORE_OF = {
  archivingStore: "ArchivingDatabase",
  monitoringStore: "MonitoringDatabase",
  persistentChatStore: "PersistentChatDatabase",
  complianceStore: "PersistentChatComplianceDatabase",
} as const satisfies Partial<Record<keyof Pool, DatabaseService>>;
