import { Job, type Owner, type Product, type StepInput } from "../documents";
import { callOf, DATABASES_HERE, INSTANCE_FACTS, INSTANCE_SERVICES, REPLICAS_HERE, type Statement } from "../sql";

/**
 * What a live deployment is asked: its topology by Lync's own cmdlets, then its SQL Servers what they are. Both run as
 * one-off jobs, because a remote session could log on to neither. They only read.
 */

export interface Asking {
  owner: Owner;
  host: string;
  product: Product;
  deployment: string;
  account: string;
}

/** Each is a switch of Get-CsService, which takes one at a time; below it what is read of each service. */
export const ROLES = {
  UserServer: ["UserDatabase"],
  Registrar: ["EdgeServer", "UserServer", "ArchivingDatabase", "MonitoringDatabase"],
  ApplicationServer: ["Applications"],
  ConferencingServer: ["EdgeServer"],
  CentralManagement: ["Active"],
  Director: [],
  MediationServer: ["EdgeServer"],
  EdgeServer: ["Registrar"],
  PersistentChatServer: [],
  TrustedApplicationPool: [],
  UserDatabase: ["SqlInstanceName"],
  CentralManagementDatabase: ["SqlInstanceName"],
  ArchivingDatabase: ["SqlInstanceName"],
  MonitoringDatabase: ["SqlInstanceName"],
  PersistentChatDatabase: ["SqlInstanceName"],
  PersistentChatComplianceDatabase: ["SqlInstanceName"],
  FileStore: ["UncPath"],
} as const satisfies Record<string, readonly string[]>;
export type ServiceRole = keyof typeof ROLES;

const OF_EVERY_SERVICE = ["Identity", "PoolFqdn", "SiteId", "Version", "DependentServiceList"];
const OF_DATABASES = [
  "MirrorSqlServerFqdn",
  "MirrorSqlInstanceName",
  "WitnessSqlServerFqdn",
  "WitnessSqlInstanceName",
  "AlwaysOnListenerFqdn",
  "AlwaysOnReplicas",
];

/** `user-server` of `UserServer`. */
export const stepOf = (role: ServiceRole): string => role.replace(/(?!^)(?=[A-Z])/g, "-").toLowerCase();

export const DISCOVERY = "discovery";

export function topologyJob(asking: Asking): Job {
  const cmdlet = (
    id: string,
    title: string,
    name: string,
    select: readonly string[],
    parameters: Record<string, boolean> = {},
  ): StepInput => ({ kind: "cmdlet", id, title, cmdlet: name, parameters, select: [...select], timeLimitMinutes: 15 });
  return jobOf(asking, `The topology of ${asking.deployment}`, [
    { kind: "observe", id: "computer", title: "Look at the computer", what: "computer" },
    cmdlet("sites", "List the sites", "Get-CsSite", [
      "Identity",
      "DisplayName",
      "FederationRoute",
      "XmppFederationRoute",
    ]),
    cmdlet("pools", "List the pools", "Get-CsPool", ["Identity", "Site", "BackupPoolFqdn"]),
    cmdlet("computers", "List the computers", "Get-CsComputer", ["Identity", "Pool"]),
    ...Object.entries(ROLES).map(([role, own]) =>
      cmdlet(
        stepOf(role as ServiceRole),
        `List the services of the role ${role}`,
        "Get-CsService",
        [...OF_EVERY_SERVICE, ...own, ...(role.endsWith("Database") ? OF_DATABASES : [])],
        { [role]: true },
      ),
    ),
    cmdlet(
      "master",
      "Ask which pool is in charge of the store",
      "Get-CsManagementStoreReplicationStatus",
      ["ActiveMasterFqdn"],
      { CentralManagementStoreStatus: true },
    ),
    cmdlet("replicas", "Ask what each server runs", "Get-CsManagementStoreReplicationStatus", [
      "ReplicaFqdn",
      "ProductVersion",
    ]),
    cmdlet("archiving", "Ask what archiving does", "Get-CsArchivingConfiguration", [
      "EnableArchiving",
      "BlockOnArchiveFailure",
      "EnableExchangeArchiving",
    ]),
    cmdlet("reporting", "Ask where monitoring is reported", "Get-CsReportingConfiguration", ["Identity"]),
    cmdlet("contacts", "Ask where contacts may be kept", "Get-CsUserServicesPolicy", ["UcsAllowed"]),
  ]);
}

/** What does not answer keeps nothing else from being asked. */
const LOOK = { onFailure: "note", timeLimitMinutes: 15 } as const;

export interface InstancesAsked {
  instances: readonly string[];
  /** Those that hold an availability group. */
  groups: readonly string[];
}

export function instancesJob(asking: Asking, { instances, groups }: InstancesAsked): Job {
  const servers = [...new Set(instances.map((instance) => instance.split("\\")[0] ?? instance))];
  const each = (id: string, title: string, statement: Statement, of: readonly string[]): StepInput => ({
    ...{ kind: "sql", id, title, forEach: [...of], instance: { $ref: "item" }, ...LOOK },
    ...callOf(statement, statement.parameters["host"] === undefined ? {} : { host: { $ref: "host.fqdn" } }),
  });
  return jobOf(asking, `The SQL Servers of ${asking.deployment}`, [
    {
      ...{ kind: "cmdlet", id: "configured", title: "Ask which databases are mirrored", ...LOOK },
      ...{ forEach: servers, cmdlet: "Test-CsDatabase" },
      parameters: { ConfiguredDatabases: true, SqlServerFqdn: { $ref: "item" } },
      select: ["SqlServerFqdn", "SqlInstanceName", "MirrorSqlServerFqdn", "MirrorSqlInstanceName", "DatabaseName"],
    },
    each("facts", "Ask each instance what it is", INSTANCE_FACTS, instances),
    each("services", "Ask for the accounts of its services", INSTANCE_SERVICES, instances),
    each("databases", "List its databases", DATABASES_HERE, instances),
    ...(groups.length > 0 ? [each("groups", "List its availability groups", REPLICAS_HERE, groups)] : []),
  ]);
}

const jobOf = ({ owner, host, product, deployment, account }: Asking, title: string, steps: StepInput[]): Job =>
  Job.make({
    ...{ name: DISCOVERY, owner, purpose: "probe", title, product, deployment },
    ...{ placement: [{ host }], account, timeLimitMinutes: 240, steps },
  });
