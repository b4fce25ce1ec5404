import { createHash } from "node:crypto";
import { instanceOf, storesOf } from "../../estate/topology/stores";
import {
  answers,
  databasesIn,
  serverOf,
  servingCopy,
  isStopped,
  stopInstance,
  type Database,
} from "../model/databases";
import { findAccount } from "../directory";
import type { Actor } from "../files";
import type { World } from "../world";
import { sqlError } from "./error";
import { loginOf, SQL_BACKUP_OPERATORS } from "./rights";
import { RIGHTS, type BackupHeader, type Role, type Session, type SqlServer } from "./model";

/** The instances of SQL Server, each a section of the world: what was installed, and what master and msdb keep. */

const PREFIX = "sqlserver-";
const partOf = (instance: string): string => `${PREFIX}${instance.replaceAll("\\", "~")}`.toLowerCase();

const historyPart = (instance: string): string => partOf(instance).replace(PREFIX, "sqlhistory-");

export function sqlServer(world: World, instance: string): SqlServer {
  const part = partOf(instance);
  if (world.part(part) === undefined) world.keepPart(part, installed(world, instance));
  return world.part(part) as SqlServer;
}

/** Those that somebody has asked, or has edited. */
export const knownServers = (world: World): SqlServer[] =>
  world.parts(PREFIX).map((part) => world.part(part) as SqlServer);

/** What msdb has noted of backups, oldest first. */
export function historyOf(world: World, instance: string): BackupHeader[] {
  const part = historyPart(instance);
  if (world.part(part) === undefined) world.keepPart(part, []);
  return world.part(part) as BackupHeader[];
}

/** How many backups it remembers: administrators trim it. */
const REMEMBERED = 1000;

export function noteBackup(world: World, instance: string, made: BackupHeader): void {
  const history = historyOf(world, instance);
  history.push(made);
  if (history.length > REMEMBERED) history.splice(0, history.length - REMEMBERED);
}

/** With all that master and msdb kept. */
export function forgetServer(world: World, instance: string): void {
  world.keepPart(partOf(instance), undefined);
  world.keepPart(historyPart(instance), undefined);
  stopInstance(world, instance, false);
}

/** As the topology has recorded it; what it has not, as setup does it. */
function installed(world: World, instance: string): SqlServer {
  const { topology } = world.deployment;
  const found = topology.sql.find((one) => one.instance === instance);
  const isStandardEdition = topology.pools.some(({ fqdn, kind }) => kind === "standard" && fqdn === serverOf(instance));
  const edition = found?.edition ?? (isStandardEdition ? "express" : "standard");
  const group = `${world.directory.netbios}\\${SQL_BACKUP_OPERATORS}`;
  return {
    instance,
    release: found?.release ?? (topology.product === "lync2013" ? "2012" : "2014"),
    edition,
    agent: edition === "express" ? "none" : found?.agent === false ? "stopped" : "running",
    serviceAccount: found?.serviceAccount ?? String.raw`NT SERVICE\MSSQLSERVER`,
    node: (found?.nodes ?? [])[0] ?? serverOf(instance),
    grants: RIGHTS.map((right) => ({ login: group, right })),
    certificates: {},
    ids: {},
    jobs: [],
  };
}

/** Logs on. A listener leads to the primary; a cluster runs on the next node where the first is down. */
export function connect(world: World, actor: Actor, name: string): Session {
  const instance = leadsTo(world, name.toLowerCase());
  if (instance === undefined || (!isKnown(world, instance) && !world.find(serverOf(instance)))) {
    throw sqlError(53, name);
  }
  const server = sqlServer(world, instance);
  moveToLivingNode(world, server);
  const isLocal = server.node === actor.host;
  const isNear = isLocal || (answers(world, instance) && world.computer(actor.host).reachable);
  if (!isNear || isStopped(world, instance)) throw sqlError(53, name);
  if (actor.logon === "network" && !isLocal) throw sqlError(18456, String.raw`NT AUTHORITY\ANONYMOUS LOGON`);
  const login = loginOf(world, server, actor.account);
  if (login === undefined) throw sqlError(18456, actor.account);
  return { world, server, login, service: serviceActor(world, server) };
}

function leadsTo(world: World, name: string): string | undefined {
  const group = storesOf(world.deployment.topology).find(({ sql }) => sql.listener === name);
  if (!group) return name;
  const database = databasesIn(world, group.sql.instance).find(({ store }) => store === instanceOf(group.sql));
  return database && servingCopy(world, database);
}

export function isKnown(world: World, instance: string): boolean {
  return (
    world.deployment.topology.sql.some((one) => one.instance === instance) || databasesIn(world, instance).length > 0
  );
}

function moveToLivingNode(world: World, server: SqlServer): void {
  const nodes = world.deployment.topology.sql.find(({ instance }) => instance === server.instance)?.nodes ?? [];
  if (world.find(server.node)?.reachable === true) return;
  server.node = nodes.find((node) => world.find(node)?.reachable === true) ?? server.node;
}

/** A virtual account and Network Service have no credentials of their own: others see the computer. */
function serviceActor(world: World, { serviceAccount, node }: SqlServer): Actor {
  const isOwn = findAccount(world.directory, serviceAccount) !== undefined;
  const computer = `${world.directory.netbios}\\${node.split(".")[0] ?? node}$`;
  return { host: node, account: isOwn ? serviceAccount : computer, logon: "batch" };
}

/** `SQL01\RTC`, as the server calls itself. */
export function serverName(instance: string): string {
  const [host = "", name] = instance.split("\\");
  return [host.split(".")[0] ?? host, ...(name === undefined ? [] : [name])].join("\\").toUpperCase();
}

const SYSTEM_DATABASES = ["master", "tempdb", "model", "msdb"] as const;
export const isSystemDatabase = (name: string): boolean =>
  (SYSTEM_DATABASES as readonly string[]).includes(name.toLowerCase());

/** What a database is called by in its instance, from 5 on. */
export function databaseId({ ids }: SqlServer, name: string): number {
  const key = name.toLowerCase();
  const system = (SYSTEM_DATABASES as readonly string[]).indexOf(key);
  if (system >= 0) return system + 1;
  return (ids[key] ??= SYSTEM_DATABASES.length + 1 + Object.keys(ids).length);
}

export function roleIn(world: World, { instance }: SqlServer, database: Database): Role {
  if (database.copies.length < 2) return "alone";
  const serves = (servingCopy(world, database) ?? database.serving) === instance;
  if (groupOf(world, database) !== undefined) return serves ? "primary" : "secondary";
  return serves ? "principal" : "mirror";
}

/** The listener of the availability group that a database is in. */
export const groupOf = (world: World, { store }: Database): string | undefined =>
  storesOf(world.deployment.topology).find(({ sql }) => instanceOf(sql) === store)?.sql.listener;

/** Reproducible, and no two alike in one lab. */
export function newGuid(world: World): string {
  const number = Number(world.part(GUIDS) ?? 0) + 1;
  world.keepPart(GUIDS, number);
  const hex = createHash("sha256")
    .update(`guid ${String(number)}`)
    .digest("hex")
    .toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
const GUIDS = "sql-guids";
