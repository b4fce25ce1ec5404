import type { BackupVariant } from "../../estate/sql";
import { mustHaveRoom, reach } from "../files";
import { FileError, parentOf } from "../paths";
import { filesOf, packed } from "./backup-file";
import { OS_ERRORS, SqlError, sqlError, terminating } from "./error";
import { placedFiles } from "./inventory";
import { beginChain, findHeld, megabytesOf, noteChanges } from "./log";
import { newGuid, noteBackup, serverName } from "./servers";
import { canCompress, canEncrypt, editionOf, knowsEncryption, versionOf } from "./versions";
import type { Session, Held, BackupHeader } from "./model";

/** BACKUP DATABASE and BACKUP LOG. Until the files are written, nothing has changed. */

interface BackupCall extends Omit<BackupVariant, "files"> {
  database: string;
  /** What the caller calls it. */
  name: string;
  devices: readonly string[];
  certificate?: string | undefined;
  /** WITH NORECOVERY: the database is closed, for a restore. */
  closes?: boolean;
}

export function backUp(session: Session, call: BackupCall): BackupHeader {
  const what = call.kind === "log" ? "BACKUP LOG" : "BACKUP DATABASE";
  try {
    return tryToBackUp(session, call);
  } catch (error) {
    throw error instanceof SqlError ? terminating(what, error) : error;
  }
}

function tryToBackUp(session: Session, call: BackupCall): BackupHeader {
  const { world, server } = session;
  const held = mustBeOpen(session, call.database);
  const thumbprint = call.encrypted ? thumbprintOf(session, call.certificate ?? "") : undefined;
  if (call.compressed && !canCompress(server))
    throw sqlError(1844, "BACKUP DATABASE WITH COMPRESSION", editionOf(server));
  if (call.closes && held.log.inUse) throw sqlError(3101);
  if (call.closes && held.role !== "alone") throw sqlError(1468, held.name);
  noteChanges(world, held);
  const { first, payload } = taken(held, call.kind);
  const { log } = held;
  const last = Math.max(first, log.end) + 1;
  const [content, bytes] = packed(payload, call.compressed, thumbprint);
  const { now } = world.clock;
  const header: BackupHeader = {
    kind: call.kind,
    set: newGuid(world),
    name: call.name,
    database: held.name,
    schema: held.database?.version ?? "",
    family: log.family,
    fork: log.fork,
    firstFork: call.kind === "log" ? (log.forked?.from ?? log.fork) : log.fork,
    ...(call.kind === "log" && log.forked ? { forkedAt: log.forked.at } : {}),
    first,
    last,
    checkpoint: first,
    databaseBackup: log.base?.lsn ?? 0,
    ...(call.kind === "differential" && log.base ? { base: log.base } : {}),
    recovery: log.recovery,
    compressed: call.compressed,
    ...(thumbprint === undefined ? {} : { thumbprint }),
    login: session.login,
    server: serverName(server.instance),
    version: versionOf(server),
    startedAt: now,
    finishedAt: now,
    bytes,
    storedBytes: content.length,
    megabytes: megabytesOf(held),
    media: newGuid(world),
    devices: [...call.devices],
    files: placedFiles(session, held),
    timeZone: world.computer(server.node).timeZone,
    ...(log.inconsistent ? { inconsistent: true } : {}),
    ...(log.users ? { users: log.users } : {}),
  };
  write(session, header, content);
  settle(held, header);
  if (call.closes) close(session, held, header);
  noteBackup(world, server.instance, header);
  return header;
}

/** Ready to be read, and on this replica. */
function mustBeOpen({ world, server }: Session, name: string): Held {
  const held = findHeld(world, server, name);
  if (!held) throw sqlError(911, name);
  if (held.name === "tempdb") throw sqlError(3147, held.name);
  if (held.log.restoring) throw sqlError(922, held.name);
  if (held.role === "mirror") throw sqlError(954, held.name);
  return held;
}

/** Named as the grammar takes it: what an older release does not know is no option of its. */
function thumbprintOf({ server }: Session, name: string): string {
  if (!knowsEncryption(server)) throw sqlError(155, "ENCRYPTION");
  if (!canEncrypt(server)) throw sqlError(1844, "BACKUP WITH ENCRYPTION", editionOf(server));
  const found = server.certificates[name.toLowerCase()];
  if (!found) throw sqlError(33111, name);
  return found.thumbprint;
}

/** What goes into the file, and where in the log it begins. */
function taken(held: Held, kind: BackupVariant["kind"]): { first: number; payload: Parameters<typeof packed>[0] } {
  const { log, name, role, contents } = held;
  if (kind === "log") {
    if (log.recovery === "SIMPLE") throw sqlError(4208);
    if (log.next === undefined) throw sqlError(4214);
    return { first: log.next, payload: { changes: log.changes } };
  }
  // A secondary replica cannot note down that it was backed up.
  if (role === "secondary" && kind !== "copy-only") throw sqlError(3059);
  if (kind === "differential" && name === "master") throw sqlError(3024);
  if (kind === "differential" && !log.base) throw sqlError(3035, name);
  // It writes to the log itself: what came before it is before it also where nobody has looked since.
  return { first: log.end + 1, payload: { contents } };
}

/** By the server's own account, into folders that are there. */
function write({ world, service }: Session, header: BackupHeader, content: Buffer): void {
  const { devices } = header;
  const files = filesOf(header, content);
  const places = devices.map((device) => {
    try {
      const place = reach(world, service, device, "change");
      if (world.disk.stat(parentOf(place))?.kind !== "folder")
        throw sqlError(3201, device, OS_ERRORS["path-not-found"]);
      return place;
    } catch (error) {
      throw error instanceof FileError ? sqlError(3201, device, OS_ERRORS[error.code]) : error;
    }
  });
  for (const [index, place] of places.entries()) {
    const file = files[index] ?? Buffer.alloc(0);
    try {
      // What is overwritten makes room first.
      mustHaveRoom(world, place, file.length - (world.disk.body(place)?.bytes ?? 0));
      world.disk.write(place, file);
    } catch (error) {
      for (const written of places.slice(0, index)) world.disk.remove(written);
      throw error instanceof FileError ? sqlError(3202, devices[index] ?? "", OS_ERRORS[error.code]) : error;
    }
  }
}

/** As far as its last log, and no further until that is restored or it is opened. */
function close(
  { server: { instance } }: Session,
  { log, database, contents }: Held,
  { last, finishedAt }: BackupHeader,
): void {
  log.restoring = { instance, position: last, at: finishedAt, contents: structuredClone(contents) };
  if (database) Object.assign(database, { copies: [], contents: null });
}

/** It was made: the log is cut off, the base of the differentials moves. */
function settle({ log, contents }: Held, { kind, set, first, last, checkpoint }: BackupHeader): void {
  log.end = last;
  if (kind === "log") {
    log.next = last;
    log.changes = [];
    delete log.forked;
  }
  if (kind !== "full") return;
  log.base = { set, lsn: checkpoint };
  if (log.recovery !== "SIMPLE" && log.next === undefined) beginChain(log, first, contents);
}
