import type { Statement } from "../../estate/sql";
import { findAccount, isMember, SQL_ADMINISTRATORS } from "../directory";
import type { World } from "../world";
import { sqlError, type SqlError } from "./error";
import type { Right, Session, SqlServer } from "./model";

/** Who may log on to an instance, and what for. */

/** Members may do on every SQL Server what the product's jobs need there, until somebody takes it away. */
export const SQL_BACKUP_OPERATORS = "sql-backup-operators";

/** The server's own account is one too. */
export const isAdministrator = (world: World, { serviceAccount }: SqlServer, account: string): boolean =>
  serviceAccount.toLowerCase() === account.toLowerCase() || isMember(world.directory, account, SQL_ADMINISTRATORS);

const isGrantedTo = (world: World, account: string, login: string): boolean =>
  login.toLowerCase() === account.toLowerCase() ||
  isMember(world.directory, account, login.slice(login.indexOf("\\") + 1));

/** Undefined: it has no login, neither itself nor through a group. */
export function loginOf(world: World, server: SqlServer, account: string): string | undefined {
  const name = findAccount(world.directory, account)?.name;
  if (name === undefined) return undefined;
  const has =
    isAdministrator(world, server, name) || server.grants.some(({ login }) => isGrantedTo(world, name, login));
  return has ? name : undefined;
}

export function may({ world, server, login }: Session, right: Right): boolean {
  return (
    isAdministrator(world, server, login) ||
    server.grants.some((grant) => grant.right === right && isGrantedTo(world, login, grant.login))
  );
}

/**
 * By what a statement says of the rights that it needs. What is not there to see (VIEW ANY DEFINITION) is no error: it
 * looks as if it were not there.
 */
const DEMANDS: readonly {
  says: string;
  right: Right;
  refuses: (statement: Statement, database: string) => SqlError;
}[] = [
  {
    says: "BACKUP DATABASE",
    right: "backup",
    refuses: ({ name }, database) =>
      sqlError(262, name.startsWith("backup-log") ? "BACKUP LOG" : "BACKUP DATABASE", database),
  },
  { says: "CREATE DATABASE", right: "create-database", refuses: () => sqlError(262, "CREATE DATABASE", "master") },
  { says: "restorehistory", right: "msdb", refuses: () => sqlError(229, "restorehistory") },
  { says: "VIEW SERVER STATE", right: "view-state", refuses: () => sqlError(300) },
  { says: "backupset", right: "msdb", refuses: () => sqlError(229, "SELECT", "backupset") },
  { says: "SQLAgentReaderRole", right: "agent", refuses: () => sqlError(229, "SELECT", "sysjobs") },
];

export function mustBeAllowed(session: Session, statement: Statement, database: string): void {
  if (statement.rights.includes("sysadmin") && !isAdministrator(session.world, session.server, session.login)) {
    throw sqlError(229, "EXECUTE", "sp_add_job");
  }
  for (const { says, right, refuses } of DEMANDS) {
    if (statement.rights.includes(says) && !may(session, right)) throw refuses(statement, database);
  }
}
