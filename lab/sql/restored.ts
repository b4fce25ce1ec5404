import { DATABASES } from "../../estate/catalogue";
import { findAccount } from "../directory";
import { databasesIn } from "../model/databases";
import { raised, sqlError } from "./error";
import { findHeld } from "./log";
import { serverName } from "./servers";
import type { DatabaseUser, Held, Row, Session, Values } from "./model";

/** What is asked of a database that was restored, and of a name before something is restored under it. */

const textOf = (values: Values, name: string): string => String(values[name] ?? "");

function mustBeOpen({ world, server }: Session, name: string): Held {
  const held = findHeld(world, server, name);
  if (!held) throw sqlError(911, name);
  if (held.log.restoring) throw sqlError(927, name);
  return held;
}

export function nameIsFree({ world, server }: Session, _: string, values: Values): Row[] {
  const name = textOf(values, "database");
  if (!findHeld(world, server, name)) return [{ name }];
  throw raised(
    `There is a database ${name} on ${serverName(server.instance)} already, so nothing is restored under this name. Choose another, or drop it if an earlier drill has left it.`,
  );
}

/** Every page is as it was written; what was written need not agree with itself. */
export function checkDatabase(session: Session, _: string, values: Values): Row[] {
  const { name, log } = mustBeOpen(session, textOf(values, "database"));
  if (log.inconsistent) throw sqlError(8989, 0, 1, name);
  return [];
}

/** Whatever the lab keeps in a list is a table with as many rows. */
export function databaseRows(session: Session, _: string, values: Values): Row[] {
  const { contents } = mustBeOpen(session, textOf(values, "database"));
  const tables = Object.values((contents ?? {}) as Record<string, unknown>).map((table) =>
    typeof table === "object" && table !== null ? Object.keys(table).length : 1,
  );
  const sum = tables.reduce((rows, count) => rows + count, 0);
  return [{ tables: String(tables.length), table_rows: String(sum) }];
}

/** As Lync's setup leaves it in the databases of Archiving and Monitoring. */
const SERVER_ROLE = "ServerRole";

export function databaseUser(session: Session, _: string, values: Values): Row[] {
  const { world, server } = session;
  const [name, login, role, user] = ["database", "login", "role", "user"].map((one) => textOf(values, one)) as [
    string,
    string,
    string,
    string,
  ];
  const { log } = mustBeOpen(session, name);
  if (!hasLogin(session, login)) {
    throw raised(
      `There is no login ${login} on ${serverName(server.instance)}, so the user of ${name} has nothing to be matched by. Create it there for the group of the domain.`,
    );
  }
  const account = findAccount(world.directory, login)?.name ?? login;
  if (role !== SERVER_ROLE) {
    throw raised(`There is no role ${role} in ${name}: this is no database of Lync, or another version of it.`);
  }
  const users: DatabaseUser[] = (log.users ?? []).filter((one) => one.name.toLowerCase() !== user.toLowerCase());
  log.users = [...users, { name: user, login: account, role }];
  return [{ name: user, login: account, role }];
}

/** Setup makes the logins of Lync's groups wherever it makes a database. */
function hasLogin({ world, server }: Session, login: string): boolean {
  const account = findAccount(world.directory, login);
  if (!account) return false;
  const isGranted = server.grants.some((grant) => grant.login.toLowerCase() === login.toLowerCase());
  const known = new Set<string>(DATABASES.map((row) => row.name.toLowerCase()));
  return isGranted || databasesIn(world, server.instance).some((one) => known.has(one.name.toLowerCase()));
}
