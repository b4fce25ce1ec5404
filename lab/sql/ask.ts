import { wallAt, zoneOf } from "../../estate/schedules/zone";
import { answers, servingCopy } from "../model/databases";
import type { World } from "../world";
import { raised } from "./error";
import { databasesHeld, findHeld, lsnText, megabytesOf, noteChanges } from "./log";
import { may } from "./rights";
import { databaseId, groupOf, historyOf, serverName } from "./servers";
import { COLLATION, compatibilityOf } from "./versions";
import type { Session, Held, Row, Values } from "./model";

/** What SQL Server tells of its databases: what the job documents ask before they back anything up. */

const textOf = (values: Values, name: string): string => String(values[name] ?? "");
export const yesNo = (is: boolean): string => (is ? "yes" : "no");

/** As a `datetime` of the server's own clock prints: without a zone. */
export function localTime({ world, server }: Session, at: string): string {
  const zone = zoneOf(world.computer(server.node).timeZone);
  return new Date(wallAt(zone, Date.parse(at))).toISOString().slice(0, 19);
}

/** In UTC. */
export const instantText = (at: string): string => `${at.slice(0, 19)}Z`;

export function databasesHere(session: Session): Row[] {
  const { world, server } = session;
  const history = historyOf(world, server.instance);
  return databasesHeld(world, server).map((held) => {
    const { name, log, role, database } = held;
    const newest = (kind: string): string | null => {
      const found = history.findLast((one) => one.kind === kind && one.database === name);
      return found ? localTime(session, found.finishedAt) : null;
    };
    const isMirrored = role === "principal" || role === "mirror";
    const partner = database?.copies.find((copy) => copy !== server.instance);
    const megabytes = String(megabytesOf(held));
    return {
      name,
      state: stateOf(held),
      recovery: log.recovery,
      compatibility: String(compatibilityOf(server)),
      collation: COLLATION,
      page_verify: "CHECKSUM",
      owner: database ? String.raw`${world.directory.netbios}\RTCUniversalServerAdmins` : "sa",
      mirroring_role: isMirrored ? role.toUpperCase() : null,
      mirroring_state: isMirrored ? (allAnswer(world, held) ? "SYNCHRONIZED" : "DISCONNECTED") : null,
      mirroring_partner: isMirrored && partner !== undefined ? serverName(partner) : null,
      data_megabytes: may(session, "view-definition") ? megabytes : null,
      log_megabytes: may(session, "view-definition") ? "1" : null,
      last_full: newest("full"),
      last_differential: newest("differential"),
      last_log: newest("log"),
    };
  });
}

const allAnswer = (world: World, { database }: Held): boolean =>
  database?.copies.every((copy) => answers(world, copy)) ?? true;

function stateOf({ log, role }: Held): string {
  return (log.restoring ?? role === "mirror") ? "RESTORING" : "ONLINE";
}

/** Groups prefer a secondary, unless somebody has changed that: the first that answers. */
function isPreferred(session: Session, held: Held): boolean {
  const { world, server } = session;
  const { database } = held;
  if (!database) return true;
  const serving = servingCopy(world, database);
  const preferred = database.copies.find((copy) => copy !== serving && answers(world, copy)) ?? serving;
  return preferred === server.instance;
}

export function replicasHere(session: Session): Row[] {
  const { world, server } = session;
  return databasesHeld(world, server)
    .filter(({ role }) => role === "primary" || role === "secondary")
    .map((held) => ({
      name: held.name,
      availability_group: nameOfGroup(session, held),
      role: held.role.toUpperCase(),
      synchronization: allAnswer(world, held) ? "SYNCHRONIZED" : "NOT SYNCHRONIZING",
      backup_preference: "SECONDARY",
      preferred_here: yesNo(isPreferred(session, held)),
    }));
}

/** As the topology has recorded it; one that it has not is called after its listener. */
function nameOfGroup({ world, server }: Session, { database }: Held): string | null {
  const recorded = world.deployment.topology.sql.find(({ instance }) => instance === server.instance);
  const [group] = recorded?.availabilityGroups ?? [];
  return group?.name ?? (database && groupOf(world, database))?.split(".")[0] ?? null;
}

export const hasGroups = ({ world, server }: Session): boolean =>
  databasesHeld(world, server).some(({ role }) => role === "primary" || role === "secondary");

/** Whether this replica has to back one up, its data or its log. What cannot be honoured is said. */
export function lookAt(session: Session, statement: string, values: Values): Row[] {
  const { world, server } = session;
  const [called, required] = [textOf(values, "database"), textOf(values, "required")];
  const here = serverName(server.instance);
  const held = findHeld(world, server, called);
  if (!held) {
    if (required !== "yes") return [];
    throw raised(
      `There is no database ${called} on ${here}, and the backup was declared for it by its name. Create it, or take its name out of the declaration.`,
    );
  }
  const { name, role, log } = held;
  if (role === "mirror") return [];
  if (statement.endsWith("2008r2")) {
    if (hasGroups(session)) {
      throw raised(
        `${here} can hold availability groups, and this job was made for SQL Server 2008 R2, which has none. Let the estate discover its SQL Servers again.`,
      );
    }
  } else if (role === "primary" || role === "secondary") {
    if (textOf(values, "replica") === "primary" && role !== "primary") return [];
    if (textOf(values, "replica") === "preferred" && !isPreferred(session, held)) return [];
  }
  if (log.restoring) throw raised(`${name} on ${here} is in the state ${stateOf(held)}, so it cannot be backed up.`);
  if (statement.startsWith("database-log") && log.recovery === "SIMPLE") {
    if (textOf(values, "simple") !== "refuse") return [];
    throw raised(
      `${name} on ${here} is in simple recovery, so there is no log to back up. Set it to full recovery and run the full backup once, or take log backups out of the declaration.`,
    );
  }
  return [
    {
      name,
      datum: textOf(values, "datum"),
      stem: /^[-A-Za-z0-9_.$ ]{1,32}$/.test(name) ? name : `${name.slice(0, 32)}~${String(databaseId(server, name))}`,
      role,
      recovery: log.recovery,
      large: yesNo(isLarge(session, held, Number(values["largeFromGigabytes"]))),
    },
  ];
}

/** Whoever may not see its files sees no size. */
const isLarge = (session: Session, held: Held, gigabytes: number): boolean =>
  gigabytes > 0 && may(session, "view-definition") && megabytesOf(held) >= gigabytes * 1024;

const following = (values: Values): Row[] => [
  Object.fromEntries(
    ["name", "datum", "stem", "large"].map((key) => [key, textOf(values, key === "name" ? "database" : key)]),
  ),
];

export function differentialFollows(session: Session, _: string, values: Values): Row[] {
  const [database, set, base] = ["database", "set", "base"].map((name) => textOf(values, name));
  const held = findHeld(session.world, session.server, database ?? "");
  const found = may(session, "view-definition") ? held?.log.base?.set : undefined;
  if (found === base && found !== undefined) return following(values);
  throw raised(
    `A differential backup of ${String(database)} would not build on the full backup in the set ${String(set)}, because something else has made a full backup since. Find out what does, let it make copy-only backups, and run the full backup once.`,
  );
}

export function logFollows({ world, server }: Session, _: string, values: Values): Row[] {
  const [database, set, role, end] = ["database", "set", "role", "end"].map((name) => textOf(values, name));
  const held = findHeld(world, server, database ?? "");
  if (held && role !== "secondary") {
    noteChanges(world, held);
    const { next } = held.log;
    if (next === undefined) {
      throw raised(
        `The log of ${String(database)} cannot be backed up: its recovery model was changed since the set ${String(set)}. Run the full backup once.`,
      );
    }
    if (BigInt(lsnText(next)) > BigInt(String(end))) {
      throw raised(
        `Between the set ${String(set)} and the log of ${String(database)} a part is missing: something else has backed the log up, or a run was broken off. Until the next full or differential backup closes the gap, this log is not backed up: run one now.`,
      );
    }
  }
  return following(values);
}
