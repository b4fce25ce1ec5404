import { BACKUP_COLUMNS, devices, backupNotes, STRIPES, typedFiles, type Stripes } from "./backups";
import { defineStatement, type SqlType, type Statement } from "./statement";

/**
 * What brings a database back. No backup is read without its checksums, no database is opened but by `recover`, and
 * nothing that is there is overwritten but by a statement that says so in its name.
 */

/** A restore to other paths says it of each file of the database: at least one for the rows and one for the log. */
export const MOST_MOVED = 8;

export interface RestoreVariant {
  files: Stripes;
  /** How many files of the database go to other paths; none: all go where they were. */
  moved: number;
  /** Past the database of that name, whatever it is. */
  replaces: boolean;
}

/** `logical1` goes to `path1`. */
export const moveParameters = (moved: number): { logical: string; path: string }[] =>
  Array.from({ length: moved }, (_, index) => ({
    logical: `logical${String(index + 1)}`,
    path: `path${String(index + 1)}`,
  }));

const READS = "The service account reads the file";

function restore({ files, moved, replaces }: RestoreVariant): Statement {
  const moves = moveParameters(moved);
  const options = [
    "CHECKSUM",
    "NORECOVERY",
    ...(replaces ? ["REPLACE"] : []),
    ...moves.map(({ logical, path }) => `MOVE @${logical} TO @${path}`),
  ];
  const types = moves.flatMap(({ logical, path }): [string, SqlType][] => [
    [logical, "sysname"],
    [path, "nvarchar(260)"],
  ]);
  return defineStatement({
    name: nameOf({ files, moved, replaces }),
    purpose: `Restores a full backup, or a differential on top of it, from ${
      files === 1 ? "one file" : `${String(files)} files`
    }${moved === 0 ? "" : `; ${String(moved)} files of the database go to other paths`}${
      replaces ? "; past the database that is there" : ""
    }. The database is not opened`,
    text: `RESTORE DATABASE @database FROM ${devices(files)}\nWITH ${options.join(", ")};`,
    parameters: { database: "sysname", ...typedFiles(files), ...Object.fromEntries(types) },
    rights: `CREATE DATABASE, and dbcreator where the database is there. ${READS}`,
    changes: true,
  });
}

function nameOf({ files, moved, replaces }: RestoreVariant): string {
  const options = [
    files === 1 ? "" : `${String(files)}-files`,
    moved === 0 ? "" : `moving-${String(moved)}`,
    replaces ? "replacing" : "",
  ];
  return ["restore-database", ...options.filter((option) => option !== "")].join("-");
}

const MOVES = [0, ...Array.from({ length: MOST_MOVED - 1 }, (_, index) => index + 2)];
const RESTORE_OF = new Map(
  STRIPES.flatMap((files) =>
    MOVES.flatMap((moved) =>
      [false, true].map((replaces) => {
        const variant = { files, moved, replaces };
        return [nameOf(variant), { variant, statement: restore(variant) }] as const;
      }),
    ),
  ),
);

export function restoreStatement(variant: RestoreVariant): Statement {
  const found = RESTORE_OF.get(nameOf(variant));
  if (!found) throw new Error(`there is no statement ${nameOf(variant)}`);
  return found.statement;
}

/** What a statement of this name does, for who executes by name. */
export const restoreVariant = (statement: string): RestoreVariant | undefined => RESTORE_OF.get(statement)?.variant;

export const RESTORE_LOG = defineStatement({
  name: "restore-log",
  purpose: "Rolls a database forward to the end of a log backup, and leaves it so that the next can follow",
  text: `RESTORE LOG @database FROM ${devices(1)}\nWITH CHECKSUM, NORECOVERY;`,
  parameters: { database: "sysname", ...typedFiles(1) },
  rights: `dbcreator, or having restored the database. ${READS}`,
  changes: true,
});

/** STOPAT takes no nvarchar, and the log has the clock of the server that wrote it, without a zone. */
export const RESTORE_LOG_TO = defineStatement({
  name: "restore-log-to",
  purpose: "Rolls a database forward within a log backup, no further than a moment of the clock of its server",
  text: `SET NOCOUNT ON;
DECLARE @stop datetime;
SET @stop = CONVERT(datetime, @moment, 126);
RESTORE LOG @database FROM ${devices(1)}
WITH CHECKSUM, NORECOVERY, STOPAT = @stop;`,
  parameters: { database: "sysname", ...typedFiles(1), moment: "nvarchar(36)" },
  rights: RESTORE_LOG.rights,
  changes: true,
});

export const RECOVER = defineStatement({
  name: "recover",
  purpose: "Opens a database that was restored, as far as it has come: nothing can be rolled forward after it",
  text: "RESTORE DATABASE @database WITH RECOVERY;",
  parameters: { database: "sysname" },
  rights: RESTORE_LOG.rights,
  changes: true,
});

export const BACKUP_TAIL = defineStatement({
  name: "backup-tail",
  purpose: "Backs up what the log still holds, and closes the database for a restore: nothing is written after it",
  text: `SET NOCOUNT ON;
BACKUP LOG @database TO ${devices(1)}
WITH NORECOVERY, CHECKSUM, FORMAT, INIT, NAME = @name;
IF @@ERROR <> 0 RETURN;
${backupNotes("log", 1)}`,
  parameters: {
    database: "sysname",
    datum: "nvarchar(64)",
    stem: "nvarchar(64)",
    name: "nvarchar(128)",
    ...typedFiles(1),
  },
  columns: BACKUP_COLUMNS,
  rights: "BACKUP LOG in the database; nobody else uses it; the service account writes the file",
  changes: true,
});

export const NAME_IS_FREE = defineStatement({
  name: "name-is-free",
  purpose: "Makes sure that there is no database of a name, before something is restored under it and dropped again",
  text: `SET NOCOUNT ON;
DECLARE @server nvarchar(128);
SET @server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'));
IF DB_ID(@database) IS NOT NULL
BEGIN
  RAISERROR (N'There is a database %s on %s already, so nothing is restored under this name. Choose another, or drop it if an earlier drill has left it.', 16, 1, @database, @server);
  RETURN;
END;
SELECT name = @database;`,
  parameters: { database: "sysname" },
  columns: ["name"],
  rights: "To log on, and VIEW ANY DATABASE as everybody has it",
});

export const CHECK_DATABASE = defineStatement({
  name: "check-database",
  purpose: "Reads every page of a database and says what is not consistent",
  text: "DBCC CHECKDB (@database) WITH NO_INFOMSGS, ALL_ERRORMSGS;",
  parameters: { database: "sysname" },
  rights: "db_owner of the database",
});

/** Sent with the database itself as the connection's: whoever connects to another one must not count that. */
export const DATABASE_ROWS = defineStatement({
  name: "database-rows",
  purpose: "Counts the tables of a database and the rows in them",
  text: `SET NOCOUNT ON;
IF DB_NAME() <> @database
BEGIN
  RAISERROR (N'This connection is not in the database %s.', 16, 1, @database);
  RETURN;
END;
SELECT tables = CONVERT(nvarchar(20), COUNT(DISTINCT p.object_id)), table_rows = CONVERT(nvarchar(20), ISNULL(SUM(p.row_count), 0))
FROM sys.dm_db_partition_stats AS p JOIN sys.tables AS t ON t.object_id = p.object_id
WHERE p.index_id IN (0, 1) AND t.is_ms_shipped = 0;`,
  parameters: { database: "sysname" },
  columns: ["tables", "table_rows"],
  rights: "VIEW DATABASE STATE in the database",
});

/** The moment has its `Z`, which style 127 takes. What a restore did not bring must not be dropped, whatever it is called. */
export const DROP_RESTORED = defineStatement({
  name: "drop-restored",
  purpose: "Drops a database that came there by a restore since a moment, and no other",
  text: `SET NOCOUNT ON;
IF DB_ID(@database) IS NULL RETURN;
IF NOT EXISTS (SELECT 1 FROM msdb.dbo.restorehistory WHERE destination_database_name = @database
  AND restore_date >= DATEADD(minute, DATEPART(TZoffset, SYSDATETIMEOFFSET()), CONVERT(datetime, @since, 127)))
BEGIN
  RAISERROR (N'The database %s was not restored since %s, so it is not dropped.', 16, 1, @database, @since);
  RETURN;
END;
DROP DATABASE {database};`,
  parameters: { database: "sysname", since: "nvarchar(36)" },
  identifiers: ["database"],
  rights: "CREATE DATABASE, as whoever restored it has; SELECT on restorehistory in msdb",
  changes: true,
});

/** Archiving and Monitoring find no user after a restore onto another instance: it is matched by its login's SID. */
export const DATABASE_USER = defineStatement({
  name: "database-user",
  purpose: "Makes sure that a restored database has the user, with the role, that Archiving and Monitoring come as",
  text: `SET NOCOUNT ON;
DECLARE @server nvarchar(128);
SET @server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'));
IF DB_NAME() <> @database
BEGIN
  RAISERROR (N'This connection is not in the database %s.', 16, 1, @database);
  RETURN;
END;
IF SUSER_ID(@login) IS NULL
BEGIN
  RAISERROR (N'There is no login %s on %s, so the user of %s has nothing to be matched by. Create it there for the group of the domain.', 16, 1, @login, @server, @database);
  RETURN;
END;
IF DATABASE_PRINCIPAL_ID(@role) IS NULL
BEGIN
  RAISERROR (N'There is no role %s in %s: this is no database of Lync, or another version of it.', 16, 1, @role, @database);
  RETURN;
END;
IF DATABASE_PRINCIPAL_ID(@user) IS NULL CREATE USER {user} FOR LOGIN {login};
ELSE ALTER USER {user} WITH LOGIN = {login};
EXECUTE sys.sp_addrolemember @role, @user;
SELECT name = p.name, login = SUSER_SNAME(p.sid), role = @role FROM sys.database_principals AS p WHERE p.name = @user;`,
  parameters: { database: "sysname", user: "sysname", login: "sysname", role: "sysname" },
  identifiers: ["user", "login"],
  columns: ["name", "login", "role"],
  rights: "db_owner of the database",
  changes: true,
});

export const OF_RESTORES: readonly Statement[] = [
  ...[...RESTORE_OF.values()].map(({ statement }) => statement),
  RESTORE_LOG,
  RESTORE_LOG_TO,
  RECOVER,
  BACKUP_TAIL,
  NAME_IS_FREE,
  CHECK_DATABASE,
  DATABASE_ROWS,
  DROP_RESTORED,
  DATABASE_USER,
];
