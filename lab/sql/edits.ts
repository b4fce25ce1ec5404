import { ALWAYS } from "../../estate/schedules/sql-agent";
import type { SqlAgentSchedule } from "../../estate/documents";
import { taskAction } from "../../estate/documents";
import { LabError } from "../error";
import { findAccount, SQL_ADMINISTRATORS } from "../directory";
import { answers, putDatabase, stopInstance, type Database, type DatabaseName } from "../model/databases";
import { Store } from "../store";
import { inWorld, type World } from "../world";
import { backUp } from "./backup";
import { breakChain, findHeld, logOf, noteChanges } from "./log";
import { sqlError } from "./error";
import { connect, isKnown, sqlServer } from "./servers";
import type { SqlServer, Certificate, Session, Log, Held, BackupHeader, AgentJob, Grant } from "./model";

/** What fate and colleagues do to SQL Servers: past the product, and often past good sense. */

const onServer =
  <Words extends unknown[], T>(edit: (server: SqlServer, world: World, ...words: Words) => T) =>
  (folder: string, instance: string, ...words: Words): Promise<T> =>
    inWorld(new Store(folder), (world) => edit(mustBeInstalled(world, instance), world, ...words));

function mustBeInstalled(world: World, instance: string): SqlServer {
  if (isKnown(world, instance)) return sqlServer(world, instance);
  throw new LabError(String.raw`There is no SQL Server ${instance}; they are called such as sql01.contoso.com\rtc.`, 2);
}

function mustHold(world: World, server: SqlServer, name: string): Held & { database: Database } {
  const { database, ...held } = findHeld(world, server, name) ?? { database: null };
  if (database && "log" in held) return { ...held, database };
  throw new LabError(`There is no database ${name} in ${server.instance}.`, 2);
}

/** Whoever administers the directory administers SQL Server too, and works right on the server. */
export function asAdministrator<T>(folder: string, instance: string, work: (session: Session) => T): Promise<T> {
  return inWorld(new Store(folder), (world) => {
    const group = findAccount(world.directory, `${world.directory.netbios}\\${SQL_ADMINISTRATORS}`);
    const account = group?.members?.[0] ?? "";
    const { node } = mustBeInstalled(world, instance);
    return work(connect(world, { host: node, account, logon: "batch" }, instance));
  });
}

/** The service of the instance: what it serves is served by a partner then, if by anybody. */
export const stopSqlServer = onServer(({ instance }, world, stopped: boolean = true) => {
  stopInstance(world, instance, stopped);
});

export const stopSqlAgent = onServer((server, _, stopped: boolean = true) => {
  if (server.agent !== "none") server.agent = stopped ? "stopped" : "running";
});

export const setServiceAccount = onServer((server, _, account: string) => {
  server.serviceAccount = account;
});

export const grantSql = onServer((server, _, grant: Grant) => {
  server.grants.push(grant);
});

/** From everybody, or one right only. */
export const revokeSql = onServer((server, _, right?: Grant["right"]) => {
  server.grants = right === undefined ? [] : server.grants.filter((grant) => grant.right !== right);
});

export const addCertificate = onServer((server, _, name: string, certificate: Certificate) => {
  server.certificates[name.toLowerCase()] = certificate;
});

/** ALTER DATABASE … SET RECOVERY. Simple recovery lets go of the log. */
export const setRecovery = onServer((server, world, name: string, recovery: Log["recovery"]) => {
  const { log, role } = mustHold(world, server, name);
  if (role !== "alone" && recovery !== "FULL") throw sqlError(1468, name);
  log.recovery = recovery;
  if (recovery === "SIMPLE") breakChain(log);
});

/** Beside what the lab spells out: for what depends on the size. */
export const growDatabase = onServer((server, world, name: string, megabytes: number) => {
  mustHold(world, server, name).log.extraMegabytes = megabytes;
});

export const makeDatabase = onServer((server, world, name: string, contents: unknown = {}) => {
  if (findHeld(world, server, name)) throw new LabError(`There is a database ${name} in ${server.instance} already.`);
  putDatabase(world, {
    name: name as DatabaseName,
    holder: "reports",
    store: server.instance,
    copies: [server.instance],
    serving: server.instance,
    version: "",
    contents: contents as Database["contents"],
  });
});

/** What it holds is something else from now on. */
export const editDatabase = onServer((server, world, name: string, edit: (contents: unknown) => unknown) => {
  const { database, log } = mustHold(world, server, name);
  noteChanges(world, { log, contents: database.contents });
  database.contents = edit(database.contents) as Database["contents"];
});

/** Somebody else's, into a folder of the server's own that nobody looks at. */
export function foreignBackup(
  folder: string,
  instance: string,
  database: string,
  kind: BackupHeader["kind"],
): Promise<BackupHeader> {
  return asAdministrator(folder, instance, (session) => {
    const { world, service } = session;
    const name = `${database}.${world.clock.now.replaceAll(/[-:.]/g, "")}.${kind}.bak`;
    const at = { host: service.host, local: String.raw`C:\Program Files\Microsoft SQL Server\Backup` };
    world.disk.makeFolder(at);
    const own = { ...session, service: { ...service, account: session.login } };
    const access = world.computer(service.host).access;
    access[at.local.toLowerCase()] ??= [{ account: "Everyone", sid: "S-1-1-0", right: "change" }];
    const devices = [`${at.local}\\${name}`];
    return backUp(own, { kind, database, name: "foreign", devices, compressed: false, encrypted: false });
  });
}

/** The partners of a database change their parts. */
export const failOverDatabase = onServer((server, world, name: string) => {
  const { database } = mustHold(world, server, name);
  const next = database.copies.find((copy) => copy !== database.serving && answers(world, copy));
  if (next === undefined) throw new LabError(`${name} of ${database.store} has no partner that answers.`);
  database.serving = next;
});

/** An Agent job that starts a job of the product, as the product would make it, unless it is said otherwise. */
export const putAgentJob = onServer(
  (server, world, job: string, schedules: readonly SqlAgentSchedule[], more: Partial<AgentJob> = {}) => {
    const { program, arguments: words } = taskAction(job);
    const { now } = world.clock;
    const made: AgentJob = {
      name: job,
      enabled: true,
      owner: "sa",
      category: "Database Maintenance",
      description: "",
      notifies: null,
      notifyLevel: 0,
      steps: [{ name: job, subsystem: "CmdExec", command: `${program} ${words}`, proxy: null }],
      schedules: schedules.map((schedule, index) => ({ name: `${job} ${String(index + 1)}`, schedule })),
      modifiedAt: now,
      since: now,
      considered: now,
      lastOutcome: null,
      ...more,
    };
    server.jobs = [...server.jobs.filter(({ name }) => name !== job), made];
  },
);

export const addOperator = onServer((server, _, operator: string) => {
  server.operators = [...(server.operators ?? []), operator];
});

/** A colleague opens it in Management Studio. */
export const editAgentJob = onServer((server, _, job: string, edit: (found: AgentJob) => Partial<AgentJob>) => {
  const found = server.jobs.find(({ name }) => name === job);
  if (!found) throw new LabError(`There is no Agent job ${job} in ${server.instance}.`, 2);
  Object.assign(found, edit(structuredClone(found)));
});

export const removeAgentJob = onServer((server, _, job: string) => {
  server.jobs = server.jobs.filter(({ name }) => name !== job);
});

/** Every day at this time. */
export const daily = (time: number): SqlAgentSchedule => ({
  ...ALWAYS,
  freqType: 4,
  freqInterval: 1,
  freqSubdayType: 1,
  freqSubdayInterval: 0,
  freqRelativeInterval: 0,
  freqRecurrenceFactor: 0,
  activeStartTime: time,
  activeEndTime: 235959,
});

/** What is in the log of a database, and where it goes on. */
export const logNow = onServer((server, world, name: string): Log =>
  structuredClone(logOf(world, mustHold(world, server, name).database)),
);
