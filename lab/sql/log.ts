import { storesOf } from "../../estate/topology/stores";
import { databasesOf } from "../../estate/topology/databases";
import {
  databasesFor,
  findDatabase,
  LOG_PREFIX,
  logPartOf,
  type Database,
  type DatabaseName,
} from "../model/databases";
import type { World } from "../world";
import { differenceOf } from "./patch";
import { isSystemDatabase, newGuid, roleIn } from "./servers";
import type { SqlServer, Log, Held } from "./model";

export function logOf(world: World, database: Database): Log {
  const part = logPartOf(database.store, database.name);
  if (world.part(part) === undefined) {
    const log = newLog(world, database, recoveryAtFirst(world, database));
    world.keepPart(part, log);
    // A partner is made from a full backup: since then there is a chain, which somebody must back up.
    if (database.copies.length > 1) {
      log.base = { set: newGuid(world), lsn: log.end };
      beginChain(log, log.end, database.contents);
    }
  }
  return world.part(part) as Log;
}

function newLog(world: World, { store, name }: Pick<Log, "store" | "name">, recovery: Log["recovery"]): Log {
  return {
    store,
    name,
    family: newGuid(world),
    fork: newGuid(world),
    recovery,
    end: 100,
    changes: [],
    noted: null,
    extraMegabytes: 0,
  };
}

/** As the topology has recorded it; mirrors and groups demand full recovery; Lync's setup leaves the rest simple. */
function recoveryAtFirst({ deployment: { topology } }: World, { store, name, copies }: Database): Log["recovery"] {
  const found = databasesOf(topology, storesOf(topology)).find(
    ({ row, instance }) => row.name === name && instance === store,
  );
  return found?.recovery === "full" || copies.length > 1 ? "FULL" : "SIMPLE";
}

/** Those in an instance; what is being restored there has no copy yet. */
export function databasesHeld(world: World, server: SqlServer): Held[] {
  const { instance } = server;
  const isHere = ({ copies, store, name }: Database): boolean =>
    copies.includes(instance) ||
    (copies.length === 0 && (world.part(logPartOf(store, name)) as Log | undefined)?.restoring?.instance === instance);
  const own = databasesFor(world, instance)
    .filter(isHere)
    .map((database): Held => ({
      name: database.name,
      database,
      role: roleIn(world, server, database),
      log: logOf(world, database),
      contents: database.contents,
    }));
  return [...systemDatabases(world, server), ...own].sort((a, b) =>
    a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
  );
}

export function findHeld(world: World, server: SqlServer, name: string): Held | undefined {
  const wanted = name.toLowerCase();
  if (isSystemDatabase(wanted)) return systemDatabases(world, server).find((one) => one.name === wanted);
  return databasesHeld(world, server).find((one) => one.name.toLowerCase() === wanted);
}

function systemDatabases(world: World, { instance, grants, jobs, certificates }: SqlServer): Held[] {
  const contents: Record<string, unknown> = { master: { grants, certificates }, model: {}, msdb: { jobs }, tempdb: {} };
  return Object.entries(contents).map(([name, held]) => {
    const part = logPartOf(instance, name);
    if (world.part(part) === undefined) world.keepPart(part, newLog(world, { store: instance, name }, "SIMPLE"));
    return { name, database: null, role: "alone", log: world.part(part) as Log, contents: held };
  });
}

/** What has changed since somebody looked last stands in the log from now on. */
export function noteChanges(world: World, { log, contents }: Pick<Held, "log" | "contents">): void {
  if (log.next === undefined) return;
  const [before, now] = [JSON.stringify(log.noted), JSON.stringify(contents)];
  if (before === now) return;
  const held = JSON.parse(now) as unknown;
  log.end += 1;
  log.changes.push({ lsn: log.end, at: world.clock.now, patch: differenceOf(log.noted, held) });
  log.noted = held;
}

/** Before time moves on: what has changed until now has changed at this moment. */
export function noteAllChanges(world: World): void {
  for (const part of world.parts(LOG_PREFIX)) {
    const log = world.part(part) as Log;
    const contents = log.next === undefined ? null : findDatabase(world, log.store, log.name as DatabaseName)?.contents;
    if (contents) noteChanges(world, { log, contents });
  }
}

/** The log is kept from here on, until a backup has taken it. */
export function beginChain(log: Log, at: number, contents: unknown): void {
  log.next = at;
  log.changes = [];
  log.noted = JSON.parse(JSON.stringify(contents)) as unknown;
}

/** Nothing is kept of it any more. */
export function breakChain(log: Log): void {
  delete log.next;
  log.changes = [];
  log.noted = null;
}

const BYTES = 1024 ** 2;
export const megabytesOf = ({ log, contents }: Pick<Held, "log" | "contents">): number =>
  log.extraMegabytes + Math.max(8, Math.ceil(JSON.stringify(contents ?? null).length / BYTES));

/** Numbers of 25 digits in SQL Server, so they travel as text. */
export const lsnText = (lsn: number): string => `37${String(lsn).padStart(10, "0")}00001`;
