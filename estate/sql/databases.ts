import { defineStatement, type SqlType, type Statement } from "./statement";

/** Which databases there are, which of them this replica has to back up, and whether the chain is still whole. */

const DEFINITIONS = "VIEW ANY DEFINITION";

export const DATABASES_HERE = defineStatement({
  name: "databases-here",
  purpose: "Every database with its state, recovery model, mirroring role, sizes and last backups",
  text: `SET NOCOUNT ON;
SELECT name = d.name, state = d.state_desc, recovery = d.recovery_model_desc,
  compatibility = CONVERT(nvarchar(10), d.compatibility_level), collation = d.collation_name, page_verify = d.page_verify_option_desc,
  owner = SUSER_SNAME(d.owner_sid), mirroring_role = m.mirroring_role_desc, mirroring_state = m.mirroring_state_desc, mirroring_partner = m.mirroring_partner_instance,
  data_megabytes = CONVERT(nvarchar(20), (SELECT SUM(CONVERT(bigint, f.size)) / 128 FROM sys.master_files AS f WHERE f.database_id = d.database_id AND f.type = 0)),
  log_megabytes = CONVERT(nvarchar(20), (SELECT SUM(CONVERT(bigint, f.size)) / 128 FROM sys.master_files AS f WHERE f.database_id = d.database_id AND f.type = 1)),
  last_full = CONVERT(nvarchar(30), (SELECT MAX(b.backup_finish_date) FROM msdb.dbo.backupset AS b WHERE b.database_name = d.name AND b.type = N'D' AND b.is_copy_only = 0), 126),
  last_differential = CONVERT(nvarchar(30), (SELECT MAX(b.backup_finish_date) FROM msdb.dbo.backupset AS b WHERE b.database_name = d.name AND b.type = N'I'), 126),
  last_log = CONVERT(nvarchar(30), (SELECT MAX(b.backup_finish_date) FROM msdb.dbo.backupset AS b WHERE b.database_name = d.name AND b.type = N'L' AND b.is_copy_only = 0), 126)
FROM sys.databases AS d LEFT JOIN sys.database_mirroring AS m ON m.database_id = d.database_id
ORDER BY d.name;`,
  columns: [
    "name",
    "state",
    "recovery",
    "compatibility",
    "collation",
    "page_verify",
    "owner",
    "mirroring_role",
    "mirroring_state",
    "mirroring_partner",
    "data_megabytes",
    "log_megabytes",
    "last_full",
    "last_differential",
    "last_log",
  ],
  rights: `${DEFINITIONS}; SELECT on backupset in msdb`,
});

export const REPLICAS_HERE = defineStatement({
  name: "replicas-here",
  purpose: "Databases in availability groups with the role of this replica, and where backups are preferred",
  text: `SET NOCOUNT ON;
SELECT name = d.name, availability_group = g.name, role = r.role_desc, synchronization = s.synchronization_state_desc,
  backup_preference = g.automated_backup_preference_desc,
  preferred_here = CASE WHEN sys.fn_hadr_backup_is_preferred_replica(d.name) = 1 THEN N'yes' ELSE N'no' END
FROM sys.databases AS d
JOIN sys.dm_hadr_availability_replica_states AS r ON r.replica_id = d.replica_id AND r.is_local = 1
JOIN sys.availability_groups AS g ON g.group_id = r.group_id
LEFT JOIN sys.dm_hadr_database_replica_states AS s ON s.database_id = d.database_id AND s.is_local = 1
ORDER BY d.name;`,
  columns: ["name", "availability_group", "role", "synchronization", "backup_preference", "preferred_here"],
  rights: `VIEW SERVER STATE and ${DEFINITIONS}`,
  since: "2012",
});

/**
 * One database: whether this replica has to back it up. No row: another replica does, or it is not there and need not
 * be. What cannot be honoured is an error that names the database; never silence.
 */
const LOOK = `SET NOCOUNT ON;
DECLARE @id int, @name sysname, @state tinyint, @stateText nvarchar(60), @recovery tinyint, @recoveryText nvarchar(60), @mirroring tinyint, @replicaRole tinyint, @server nvarchar(128);
SET @server = CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'));
SELECT @id = d.database_id, @name = d.name, @state = d.state, @stateText = d.state_desc, @recovery = d.recovery_model, @recoveryText = d.recovery_model_desc, @mirroring = m.mirroring_role
FROM sys.databases AS d LEFT JOIN sys.database_mirroring AS m ON m.database_id = d.database_id
WHERE d.name = @database;
IF @id IS NULL
BEGIN
  IF @required = N'yes' RAISERROR (N'There is no database %s on %s, and the backup was declared for it by its name. Create it, or take its name out of the declaration.', 16, 1, @database, @server);
  RETURN;
END;
IF @mirroring = 2 RETURN;
`;
const IN_GROUP = `SELECT @replicaRole = r.role FROM sys.databases AS d JOIN sys.dm_hadr_availability_replica_states AS r ON r.replica_id = d.replica_id WHERE d.database_id = @id AND r.is_local = 1;
IF @replicaRole IS NOT NULL AND @replica = N'primary' AND @replicaRole <> 1 RETURN;
IF @replicaRole IS NOT NULL AND @replica = N'preferred' AND sys.fn_hadr_backup_is_preferred_replica(@name) = 0 RETURN;
`;
/** What is asked for in the words of an older release must not pass over an availability group. */
const NO_GROUPS = `IF SERVERPROPERTY(N'IsHadrEnabled') = 1
BEGIN
  RAISERROR (N'%s can hold availability groups, and this job was made for SQL Server 2008 R2, which has none. Let the estate discover its SQL Servers again.', 16, 1, @server);
  RETURN;
END;
`;
const ONLINE = `IF @state <> 0
BEGIN
  RAISERROR (N'%s on %s is in the state %s, so it cannot be backed up.', 16, 1, @name, @server, @stateText);
  RETURN;
END;
`;
const IN_FULL_RECOVERY = `IF @recovery = 3
BEGIN
  IF @simple = N'refuse' RAISERROR (N'%s on %s is in simple recovery, so there is no log to back up. Set it to full recovery and run the full backup once, or take log backups out of the declaration.', 16, 1, @name, @server);
  RETURN;
END;
`;
/** A short name for files, which no other database of the instance has. */
const ROW = `SELECT name = @name, datum = @datum,
  stem = CASE WHEN LEN(@name) > 32 OR @name COLLATE Latin1_General_BIN LIKE N'%[^-A-Za-z0-9_.$ ]%' THEN LEFT(@name, 32) + N'~' + CONVERT(nvarchar(10), @id) ELSE @name END,
  role = CASE WHEN @mirroring = 1 THEN N'principal' WHEN @replicaRole = 1 THEN N'primary' WHEN @replicaRole = 2 THEN N'secondary' ELSE N'alone' END,
  recovery = @recoveryText,
  large = CASE WHEN @largeFromGigabytes > 0 AND (SELECT SUM(CONVERT(bigint, f.size)) FROM sys.master_files AS f WHERE f.database_id = @id AND f.type = 0) >= CONVERT(bigint, @largeFromGigabytes) * 131072 THEN N'yes' ELSE N'no' END;`;

const LOOKED = {
  columns: ["name", "datum", "stem", "role", "recovery", "large"],
  rights: DEFINITIONS,
} as const;
const ASKED: Record<string, SqlType> = {
  database: "sysname",
  datum: "nvarchar(64)",
  required: "nvarchar(36)",
  largeFromGigabytes: "int",
};
const SIMPLE: Record<string, SqlType> = { simple: "nvarchar(36)" };
const REPLICA: Record<string, SqlType> = { replica: "nvarchar(36)" };

const DATA = "Whether this replica has to back the database up";
const LOG = "Whether this replica has to back the log of the database up";
const WITHOUT_GROUPS = ", where there are no availability groups yet";

export const DATABASE_2008 = defineStatement({
  name: "database-2008r2",
  purpose: DATA + WITHOUT_GROUPS,
  text: LOOK + NO_GROUPS + ONLINE + ROW,
  parameters: ASKED,
  ...LOOKED,
});
export const DATABASE = defineStatement({
  name: "database",
  purpose: DATA,
  text: LOOK + IN_GROUP + ONLINE + ROW,
  parameters: { ...ASKED, ...REPLICA },
  ...LOOKED,
  rights: `${DEFINITIONS} and VIEW SERVER STATE`,
  since: "2012",
});
export const DATABASE_LOG_2008 = defineStatement({
  name: "database-log-2008r2",
  purpose: LOG + WITHOUT_GROUPS,
  text: LOOK + NO_GROUPS + ONLINE + IN_FULL_RECOVERY + ROW,
  parameters: { ...ASKED, ...SIMPLE },
  ...LOOKED,
});
export const DATABASE_LOG = defineStatement({
  name: "database-log",
  purpose: LOG,
  text: LOOK + IN_GROUP + ONLINE + IN_FULL_RECOVERY + ROW,
  parameters: { ...ASKED, ...SIMPLE, ...REPLICA },
  ...LOOKED,
  rights: `${DEFINITIONS} and VIEW SERVER STATE`,
  since: "2012",
});

const FOLLOWING: Record<string, SqlType> = {
  database: "sysname",
  datum: "nvarchar(64)",
  stem: "nvarchar(64)",
  large: "nvarchar(36)",
  set: "nvarchar(64)",
};
const FOLLOWED = {
  columns: ["name", "datum", "stem", "large"],
  rights: DEFINITIONS,
} as const;
const FOLLOWS = `SELECT name = @database, datum = @datum, stem = @stem, large = @large;`;

/** The database itself knows what its next differential builds on, whichever replica it was on then. */
export const DIFFERENTIAL_FOLLOWS = defineStatement({
  name: "differential-follows",
  purpose: "Makes sure that a differential would build on the full backup that the series holds",
  text: `SET NOCOUNT ON;
DECLARE @found nvarchar(36);
SELECT @found = CONVERT(nvarchar(36), f.differential_base_guid) FROM sys.master_files AS f WHERE f.database_id = DB_ID(@database) AND f.type = 0 AND f.file_id = 1;
IF @found IS NULL OR @found <> @base
BEGIN
  RAISERROR (N'A differential backup of %s would not build on the full backup in the set %s, because something else has made a full backup since. Find out what does, let it make copy-only backups, and run the full backup once.', 16, 1, @database, @set);
  RETURN;
END;
${FOLLOWS}`,
  parameters: { ...FOLLOWING, base: "nvarchar(36)" },
  ...FOLLOWED,
});

/** A database that nobody has opened since the start says nothing, and a secondary replica nothing that counts. */
export const LOG_FOLLOWS = defineStatement({
  name: "log-follows",
  purpose: "Makes sure that the log begins no later than where the sets of the series end",
  text: `SET NOCOUNT ON;
DECLARE @next numeric(25, 0), @fork uniqueidentifier;
SELECT @next = s.last_log_backup_lsn, @fork = s.recovery_fork_guid FROM sys.database_recovery_status AS s WHERE s.database_id = DB_ID(@database);
IF @role <> N'secondary' AND @fork IS NOT NULL
BEGIN
  IF @next IS NULL
  BEGIN
    RAISERROR (N'The log of %s cannot be backed up: its recovery model was changed since the set %s. Run the full backup once.', 16, 1, @database, @set);
    RETURN;
  END;
  IF @next > CONVERT(numeric(25, 0), @end)
  BEGIN
    RAISERROR (N'Between the set %s and the log of %s a part is missing: something else has backed the log up, or a run was broken off. Until the next full or differential backup closes the gap, this log is not backed up: run one now.', 16, 1, @set, @database);
    RETURN;
  END;
END;
${FOLLOWS}`,
  parameters: { ...FOLLOWING, role: "nvarchar(36)", end: "nvarchar(36)" },
  ...FOLLOWED,
});

export const OF_DATABASES: readonly Statement[] = [
  DATABASES_HERE,
  REPLICAS_HERE,
  DATABASE_2008,
  DATABASE,
  DATABASE_LOG_2008,
  DATABASE_LOG,
  DIFFERENTIAL_FOLLOWS,
  LOG_FOLLOWS,
];
