import { wallAt, zoneOf } from "../../estate/schedules/zone";
import { instanceOf, storesOf } from "../../estate/topology/stores";
import { reach } from "../files";
import {
  allDatabases,
  copiesOf,
  dropDatabase,
  putDatabase,
  serverOf,
  type Database,
  type DatabaseName,
} from "../model/databases";
import { FileError } from "../paths";
import { headerIn, readBackup, unpacked } from "./backup-file";
import { OS_ERRORS, raised, SqlError, sqlError, terminating } from "./error";
import { beginChain, findHeld, logOf, lsnText, noteChanges } from "./log";
import { movedFiles, type Move } from "./moving";
import { patched } from "./patch";
import { isSystemDatabase, newGuid } from "./servers";
import { versionOf } from "./versions";
import type { BackupHeader, Held, Log, Restoring, Session } from "./model";

/** RESTORE: what looks at a backup, and what brings a database back from a chain of them. */

export interface RestoreCall {
  database: string;
  devices: readonly string[];
  /** WITH RECOVERY: the last of the chain; the database is opened. Otherwise more is to come. */
  recovery: boolean;
  /** Past the database that is there under this name. */
  replace?: boolean;
  /** Which of its files go elsewhere; without it, they are no matter. */
  moves?: readonly Move[];
  /** Of a log: no further than this moment. */
  stopAt?: string;
  /** The same by the clock that stands in the log, without a zone. */
  stopWall?: string;
}

export const verify = (session: Session, devices: readonly string[]): BackupHeader =>
  ending("VERIFY DATABASE", () => read(session, devices).header);

export const readHeader = (session: Session, device: string): BackupHeader =>
  ending("RESTORE HEADERONLY", () => headerOf(session, device));

export const readFileList = (session: Session, device: string): BackupHeader =>
  ending("RESTORE FILELIST", () => headerOf(session, device));

function headerOf(session: Session, device: string): BackupHeader {
  const { header } = headerIn(device, fileOf(session, device));
  mustHaveKey(session, header);
  return header;
}

/** A full backup, or a differential on top of one. */
export const restoreDatabase = (session: Session, call: RestoreCall): void => {
  ending("RESTORE DATABASE", () => {
    const { header, content } = readToRestore(session, call);
    const payload = unpacked(content, header);
    const contents = "contents" in payload ? payload.contents : null;
    const { last, finishedAt: at } = header;
    const position: Restoring = { instance: session.server.instance, position: last, at, contents };
    if (header.kind === "differential") {
      const { log } = mustBeRestoring(session, call.database);
      if (log.base?.set !== header.base?.set) throw sqlError(3136);
      Object.assign(log, { fork: header.fork, recovery: header.recovery, restoring: position });
    } else begin(session, call, header, position);
    if (call.recovery) recover(session, call.database);
  });
};

export const restoreLog = (session: Session, call: RestoreCall): void => {
  ending("RESTORE LOG", () => {
    const { log, name } = mustBeRestoring(session, call.database);
    const { header, content } = readToRestore(session, call);
    const { restoring } = log;
    if (header.kind !== "log" || header.family !== log.family || !restoring) throw sqlError(3154, name);
    const { position } = restoring;
    if (header.last < position) throw sqlError(4326, lsnText(header.last), lsnText(position));
    if (header.first > position) throw sqlError(4305, lsnText(header.first), lsnText(position));
    const isPastFork = header.forkedAt !== undefined && position > header.forkedAt;
    const isOnFork = log.fork === header.firstFork || log.fork === header.fork;
    if (!isOnFork || (isPastFork && log.fork !== header.fork)) throw sqlError(4330);
    const isWanted = wantedUntil(call, header);
    if (!isWanted(restoring.at)) throw sqlError(4335);
    const payload = unpacked(content, header);
    const all = "changes" in payload ? payload.changes.filter(({ lsn }) => lsn > position) : [];
    const wanted = all.filter(({ at }) => isWanted(at));
    restoring.contents = wanted.reduce((contents, { patch }) => patched(contents, patch), restoring.contents);
    const isStopped = !isWanted(header.finishedAt);
    restoring.position = isStopped ? (wanted.at(-1)?.lsn ?? position) : header.last;
    restoring.at = isStopped ? (wanted.at(-1)?.at ?? restoring.at) : header.finishedAt;
    log.fork = header.fork;
    log.inconsistent = header.inconsistent === true;
    // Whoever asks for a moment after the end of this log has not reached it: the database waits for the next.
    const isOpenEnded = call.stopAt === undefined && call.stopWall === undefined;
    if (call.recovery && (isOpenEnded || isStopped)) recover(session, call.database);
  });
};

function wantedUntil({ stopAt, stopWall }: RestoreCall, { timeZone = "UTC" }: BackupHeader): (at: string) => boolean {
  if (stopAt !== undefined) return (at) => at <= stopAt;
  if (stopWall === undefined) return () => true;
  const [zone, stop] = [zoneOf(timeZone), Date.parse(`${stopWall}Z`)];
  return (at) => wallAt(zone, Date.parse(at)) <= stop;
}

/** Opens it, as far as it has come: RESTORE DATABASE … WITH RECOVERY. */
export function recover(session: Session, name: string): void {
  const { world, server } = session;
  const { log, database } = mustBeRestoring(session, name);
  const { restoring } = log;
  if (!restoring || !database) throw sqlError(3117);
  database.contents = restoring.contents as Database["contents"];
  Object.assign(database, { copies: [server.instance], serving: server.instance });
  log.forked = { from: log.fork, at: restoring.position };
  log.fork = newGuid(world);
  log.end = restoring.position;
  delete log.restoring;
  if (log.recovery !== "SIMPLE") beginChain(log, log.end, database.contents);
}

function ending<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof SqlError ? terminating(what, error) : error;
  }
}

function fileOf({ world, service }: Session, device: string): Buffer {
  try {
    const body = world.disk.body(reach(world, service, device, "read"));
    if (!body) throw sqlError(3201, device, OS_ERRORS["file-not-found"]);
    return body.read();
  } catch (error) {
    throw error instanceof FileError ? sqlError(3201, device, OS_ERRORS[error.code]) : error;
  }
}

/** To the last byte. What is encrypted can be read only where the certificate is. */
function read(session: Session, devices: readonly string[]): { header: BackupHeader; content: Buffer } {
  const backup = readBackup(devices.map((device) => ({ device, file: fileOf(session, device) })));
  mustHaveKey(session, backup.header);
  return backup;
}

function mustHaveKey({ server }: Session, { thumbprint }: BackupHeader): void {
  const known = Object.values(server.certificates).some((one) => one.thumbprint === thumbprint);
  if (thumbprint !== undefined && !known) throw sqlError(33111, thumbprint);
}

function readToRestore(session: Session, { devices }: RestoreCall): { header: BackupHeader; content: Buffer } {
  const backup = read(session, devices);
  const [theirs, ours] = [backup.header.version, versionOf(session.server)];
  if (Number.parseFloat(theirs) > Number.parseFloat(ours)) throw sqlError(3169, theirs, ours);
  return backup;
}

function mustBeRestoring({ world, server }: Session, name: string): Held {
  const held = findHeld(world, server, name);
  if (!held) throw sqlError(911, name);
  if (!held.log.restoring) throw sqlError(3117);
  return held;
}

/** A full backup takes the place of what was there, if anything was. */
function begin(session: Session, call: RestoreCall, header: BackupHeader, position: Restoring): void {
  const { world, server } = session;
  if (header.kind === "log") throw sqlError(3117);
  if (isSystemDatabase(call.database)) throw sqlError(3147, call.database);
  const held = findHeld(world, server, call.database);
  if (held && held.role !== "alone") throw sqlError(3104, held.name);
  if (held?.log.inUse) throw sqlError(3101);
  if (held && call.replace !== true && !held.log.restoring) {
    if (held.log.family !== header.family) throw sqlError(3154, held.name);
    noteChanges(world, held);
    if (held.log.next !== undefined && held.log.end > held.log.next) throw sqlError(3159, held.name);
  }
  const files = call.moves && movedFiles(session, header, call.database, call.moves);
  const database = held?.database ?? lostOrNew(session, call.database, header);
  Object.assign(database, { copies: [], contents: null, version: header.schema });
  putDatabase(world, database);
  const log: Log = logOf(world, database);
  Object.assign(log, { family: header.family, fork: header.fork, recovery: header.recovery, end: header.last });
  Object.assign(log, { changes: [], noted: null, restoring: position });
  // Nothing builds on a copy.
  if (header.kind === "full") log.base = { set: header.set, lsn: header.checkpoint };
  else delete log.base;
  delete log.next;
  delete log.forked;
  Object.assign(log, { restoredAt: world.clock.now, inconsistent: header.inconsistent === true });
  if (files) log.files = files;
  if (header.users) log.users = header.users;
}

/** One that was restored, and no other; whether it was opened since or not. */
export function dropRestored({ world, server }: Session, name: string, since: string): void {
  const held = findHeld(world, server, name);
  if (!held) return;
  const { database, log, role } = held;
  if (!database || log.restoredAt === undefined || log.restoredAt < since) {
    throw raised(`The database ${name} was not restored since ${since}, so it is not dropped.`);
  }
  if (role !== "alone") throw sqlError(3743, held.name);
  dropDatabase(world, database);
}

/** Where the deployment misses one of this name here, that is what is brought back. */
function lostOrNew({ world, server: { instance } }: Session, name: string, header: BackupHeader): Database {
  const { topology } = world.deployment;
  const isHere = (store: string): boolean => {
    const sql = storesOf(topology).find((one) => instanceOf(one.sql) === store)?.sql;
    return sql !== undefined && copiesOf(topology, sql).includes(instance);
  };
  const lost = allDatabases(world).find(
    (one) => one.copies.length === 0 && one.name.toLowerCase() === name.toLowerCase() && isHere(one.store),
  );
  if (lost) return lost;
  const holder = allDatabases(world).find((one) => one.name === header.database)?.holder ?? "back-end";
  return {
    name: name as DatabaseName,
    holder,
    store: instance,
    copies: [],
    serving: serverOf(instance),
    version: header.schema,
    contents: null,
  };
}
