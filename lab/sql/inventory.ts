import { findAccount } from "../directory";
import { hasGroups, yesNo } from "./ask";
import { raised } from "./error";
import { databasesHeld, megabytesOf } from "./log";
import { may } from "./rights";
import { serverName } from "./servers";
import { canCompress, canEncrypt, COLLATION, editionOf, knowsGroups, VERSIONS, versionOf } from "./versions";
import type { Log, PlacedFile, Session, Row, Values } from "./model";

/** What an installation of SQL Server tells of itself: found again by each run, and written down with each full backup. */

const PORT = "1433";
const MIRRORING_PORT = "5022";
const nameOf = ({ server }: Session): string => server.instance.split("\\")[1]?.toUpperCase() ?? "MSSQLSERVER";
const netBios = (computer: string): string => (computer.split(".")[0] ?? computer).toUpperCase();

export function instanceFacts(session: Session, _: string, values: Values): Row[] {
  const { server } = session;
  const host = netBios(String(values["host"] ?? ""));
  return [
    {
      server: serverName(server.instance),
      node: netBios(server.node),
      node_here: yesNo([host, host.slice(0, 15)].includes(netBios(server.node))),
      version: versionOf(server),
      level: VERSIONS[server.release].level,
      edition: editionOf(server),
      release: server.release,
      collation: COLLATION,
      is_clustered: yesNo(isClustered(session)),
      always_on: yesNo(hasGroups(session)),
      compression: yesNo(canCompress(server)),
      encryption: yesNo(canEncrypt(server)),
    },
  ];
}

const isClustered = ({ world, server }: Session): boolean =>
  (world.deployment.topology.sql.find(({ instance }) => instance === server.instance)?.nodes ?? []).length > 0;

export function properties(session: Session): Row[] {
  const { server } = session;
  const [name, isNamed] = [nameOf(session), server.instance.includes("\\")];
  const data = dataFolder(session);
  const flag = (is: boolean): string => (is ? "1" : "0");
  const values: Row = {
    Collation: COLLATION,
    ComputerNamePhysicalNetBIOS: netBios(server.node),
    Edition: editionOf(server),
    EngineEdition: { express: "4", standard: "2", enterprise: "3", developer: "3" }[server.edition],
    ErrorLogFileName: data.replace(/DATA$/, String.raw`Log\ERRORLOG`),
    FilestreamEffectiveLevel: "0",
    InstanceDefaultDataPath: knowsGroups(server) ? `${data}\\` : null,
    InstanceDefaultLogPath: knowsGroups(server) ? `${data}\\` : null,
    InstanceName: isNamed ? name : null,
    IsClustered: flag(isClustered(session)),
    IsFullTextInstalled: "1",
    IsHadrEnabled: knowsGroups(server) ? flag(hasGroups(session)) : null,
    IsIntegratedSecurityOnly: "1",
    IsSingleUser: "0",
    LocalTcpPort: PORT,
    MachineName: netBios(server.instance.split("\\")[0] ?? ""),
    ProductLevel: VERSIONS[server.release].level,
    ProductUpdateLevel: null,
    ProductUpdateReference: null,
    ProductVersion: versionOf(server),
    ServerName: serverName(server.instance),
  };
  return Object.entries(values).map(([key, value]) => ({ name: key, value }));
}

export const dataFolder = (session: Session): string =>
  String.raw`C:\Program Files\Microsoft SQL Server\MSSQL${versionOf(session.server).split(".")[0] ?? ""}.${nameOf(session)}\MSSQL\DATA`;

export function services(session: Session): Row[] {
  const { server } = session;
  const name = nameOf(session);
  const program = dataFolder(session).replace(/DATA$/, "Binn\\");
  const engine = { service: `SQL Server (${name})`, startup: "Automatic", state: "Running" };
  const agent = {
    service: `SQL Server Agent (${name})`,
    startup: server.agent === "running" ? "Automatic" : "Disabled",
    state: server.agent === "running" ? "Running" : "Stopped",
  };
  return [
    { ...engine, account: server.serviceAccount, program: `"${program}sqlservr.exe" -s${name}` },
    { ...agent, account: server.serviceAccount, program: `"${program}SQLAGENT.EXE" -i ${name}` },
  ];
}

export function registry(session: Session): Row[] {
  const key = `HKLM\\Software\\Microsoft\\Microsoft SQL Server\\MSSQL.${nameOf(session)}\\MSSQLServer`;
  return [
    { registry_key: `${key}\\Parameters`, name: "SQLArg0", value: `-d${dataFolder(session)}\\master.mdf` },
    { registry_key: `${key}\\SuperSocketNetLib\\Tcp\\IPAll`, name: "TcpPort", value: PORT },
  ];
}

const SETTINGS: readonly [string, string][] = [
  ["backup compression default", "0"],
  ["max degree of parallelism", "0"],
  ["max server memory (MB)", "2147483647"],
  ["xp_cmdshell", "0"],
];
export const settings = (): Row[] => SETTINGS.map(([name, value]) => ({ name, value, in_use: value }));

/** Whoever may not see definitions sees what is the server's own. */
const seen = (session: Session): ReturnType<typeof databasesHeld> =>
  databasesHeld(session.world, session.server).filter(
    ({ database }) => database === null || may(session, "view-definition"),
  );

export const files = (session: Session): Row[] =>
  seen(session).flatMap((held) =>
    fileRowsOf(placedFiles(session, held), megabytesOf(held)).map(({ LogicalName, PhysicalName, Type, Size }) => ({
      database_name: held.name,
      file_name: LogicalName ?? null,
      kind: Type === "D" ? "ROWS" : "LOG",
      path: PhysicalName ?? null,
      megabytes: String(Number(Size) / MEGABYTE),
    })),
  );

const MEGABYTE = 1024 ** 2;

/** A database has one file for its rows and one for its log, unless a restore has put them elsewhere. */
export const placedFiles = (session: Session, { name, log }: { name: string; log: Pick<Log, "files"> }): PlacedFile[] =>
  log.files ?? usualFiles(session, name);

function usualFiles(session: Session, name: string): PlacedFile[] {
  const folder = dataFolder(session);
  return [
    { logical: name, path: `${folder}\\${name}.mdf`, type: "D" },
    { logical: `${name}_log`, path: `${folder}\\${name}_log.ldf`, type: "L" },
  ];
}

export const fileRowsOf = (files: readonly PlacedFile[], megabytes: number): Row[] =>
  files.map(({ logical, path, type }, index) => ({
    LogicalName: logical,
    PhysicalName: path,
    Type: type,
    FileGroupName: type === "D" ? "PRIMARY" : null,
    Size: String((type === "D" ? megabytes : 1) * MEGABYTE),
    MaxSize: "35184372080640",
    FileId: String(index + 1),
  }));

export function logins(session: Session): Row[] {
  const { world, server } = session;
  const none = { policy_checked: null, expiration_checked: null };
  const common = { default_database: "master", default_language: "us_english" };
  const names = [...new Set([...server.grants.map(({ login }) => login), session.login])].sort();
  const windows = names.flatMap((name): Row[] => {
    const account = findAccount(world.directory, name);
    if (!account || (name !== session.login && !may(session, "view-definition"))) return [];
    const kind = account.kind === "group" ? "WINDOWS_GROUP" : "WINDOWS_LOGIN";
    return [{ name: account.name, sid: sidBytes(account.sid), kind, disabled: "no", ...common, ...none }];
  });
  const sa = {
    name: "sa",
    sid: "0x01",
    kind: "SQL_LOGIN",
    disabled: "yes",
    policy_checked: "yes",
    expiration_checked: "no",
  };
  return [...windows, { ...sa, ...common }];
}

/** As `CONVERT(…, sid, 1)` prints a binary one. */
function sidBytes(sid: string): string {
  const [revision = 0, authority = 0, ...rest] = sid.split("-").slice(1).map(Number);
  const bytes = Buffer.alloc(8 + rest.length * 4);
  bytes.writeUInt8(revision, 0);
  bytes.writeUInt8(rest.length, 1);
  bytes.writeUIntBE(authority, 2, 6);
  for (const [index, part] of rest.entries()) bytes.writeUInt32LE(part, 8 + index * 4);
  return `0x${bytes.toString("hex").toUpperCase()}`;
}

const PERMISSIONS = {
  backup: { kind: "database", what: "db_backupoperator", granted: "MEMBER" },
  "create-database": { kind: "server", what: "CREATE ANY DATABASE", granted: "GRANT" },
  "view-definition": { kind: "server", what: "VIEW ANY DEFINITION", granted: "GRANT" },
  "view-state": { kind: "server", what: "VIEW SERVER STATE", granted: "GRANT" },
  msdb: { kind: "database", what: "SELECT on backupset", granted: "GRANT" },
  agent: { kind: "database", what: "SQLAgentReaderRole", granted: "MEMBER" },
  "log-on": { kind: "server", what: "CONNECT SQL", granted: "GRANT" },
} as const;

/** Of the server as a whole; what a database grants is in the database. */
export const rights = ({ server }: Session): Row[] =>
  server.grants
    .map(({ login, right }): Row => ({ login, ...PERMISSIONS[right] }))
    .filter(({ kind }) => kind === "server");

export function endpoints(session: Session): Row[] {
  const hasPartners = databasesHeld(session.world, session.server).some(({ role }) => role !== "alone");
  if (!hasPartners || !may(session, "view-definition")) return [];
  const common = {
    name: hasGroups(session) ? "Hadr_endpoint" : "mirroring_endpoint",
    state: "STARTED",
    role: "PARTNER",
  };
  return [{ ...common, port: MIRRORING_PORT, encryption: "AES", authentication: "NEGOTIATE" }];
}

export function certificate({ server }: Session, _: string, values: Values): Row[] {
  const name = String(values["certificate"] ?? "");
  const found = server.certificates[name.toLowerCase()];
  if (found) return [{ thumbprint: found.thumbprint, expires: found.expires, key_saved: found.keySaved ?? "never" }];
  throw raised(
    `There is no certificate ${name} with a private key in the database master of ${serverName(server.instance)}, so its backups cannot be encrypted. Create it there on each replica, from one and the same backup of certificate and key.`,
  );
}
