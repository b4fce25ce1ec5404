import { defineStatement, type SqlType, type Statement } from "./statement";

/** Backups, and what can be read of them. Options are no variables in T-SQL, so there is one statement for each use. */

export type BackupKind = "full" | "copy-only" | "differential" | "log";
/** One file, or several at once for what is large. */
export const STRIPES = [1, 2, 4, 8] as const;
export type Stripes = (typeof STRIPES)[number];

export interface BackupVariant {
  kind: BackupKind;
  compressed: boolean;
  encrypted: boolean;
  files: Stripes;
}

const KINDS: Readonly<Record<BackupKind, { verb: string; option: string }>> = {
  full: { verb: "BACKUP DATABASE", option: "" },
  "copy-only": { verb: "BACKUP DATABASE", option: "COPY_ONLY, " },
  differential: { verb: "BACKUP DATABASE", option: "DIFFERENTIAL, " },
  log: { verb: "BACKUP LOG", option: "" },
};

/** `file`, or `file1` to `file4`. */
export const fileParameters = (files: Stripes): string[] =>
  files === 1 ? ["file"] : Array.from({ length: files }, (_, index) => `file${String(index + 1)}`);

export const devices = (files: Stripes): string =>
  fileParameters(files)
    .map((name) => `DISK = @${name}`)
    .join(", ");
export const typedFiles = (files: Stripes): Record<string, SqlType> =>
  Object.fromEntries(fileParameters(files).map((name) => [name, "nvarchar(260)"]));

export const BACKUP_COLUMNS = [
  "name",
  "datum",
  "stem",
  "backup_set",
  "first_lsn",
  "last_lsn",
  "checkpoint_lsn",
  "database_backup_lsn",
  "recovery_fork",
  "first_fork",
  "fork_point",
  "copy_only",
  "checksum",
  "compressed",
  "recovery",
  "bytes",
  "finished_at",
  "utc_offset",
  "server",
  "server_version",
] as const;
const BUILT_ON = ["base_set", "base_lsn"] as const;

/** What msdb has noted of exactly this backup: of no other has a file this path. */
export const backupNotes = (
  kind: BackupKind,
  files: Stripes,
): string => `SELECT TOP (1) name = s.database_name, datum = @datum, stem = @stem,
  backup_set = CONVERT(nvarchar(36), s.backup_set_uuid),
  first_lsn = CONVERT(nvarchar(25), s.first_lsn), last_lsn = CONVERT(nvarchar(25), s.last_lsn),
  checkpoint_lsn = CONVERT(nvarchar(25), s.checkpoint_lsn), database_backup_lsn = CONVERT(nvarchar(25), ISNULL(s.database_backup_lsn, 0)),
  recovery_fork = ISNULL(CONVERT(nvarchar(36), s.last_recovery_fork_guid), N'unknown'),
  first_fork = ISNULL(CONVERT(nvarchar(36), s.first_recovery_fork_guid), N'unknown'), fork_point = CONVERT(nvarchar(25), ISNULL(s.fork_point_lsn, 0)),
  copy_only = CASE WHEN s.is_copy_only = 1 THEN N'yes' ELSE N'no' END,
  checksum = CASE WHEN s.has_backup_checksums = 1 THEN N'yes' ELSE N'no' END,
  compressed = CASE WHEN s.compressed_backup_size < s.backup_size THEN N'yes' ELSE N'no' END,
  recovery = s.recovery_model, bytes = CONVERT(nvarchar(20), s.backup_size),
  finished_at = CONVERT(nvarchar(30), DATEADD(minute, -DATEPART(TZoffset, SYSDATETIMEOFFSET()), s.backup_finish_date), 126) + N'Z',
  utc_offset = CONVERT(nvarchar(10), DATEPART(TZoffset, SYSDATETIMEOFFSET())),
  server = s.server_name,
  server_version = CONVERT(nvarchar(10), s.software_major_version) + N'.' + CONVERT(nvarchar(10), s.software_minor_version) + N'.' + CONVERT(nvarchar(10), s.software_build_version)${
    kind === "differential"
      ? `,
  base_set = CONVERT(nvarchar(36), s.differential_base_guid), base_lsn = CONVERT(nvarchar(25), s.differential_base_lsn)`
      : ""
  }
FROM msdb.dbo.backupset AS s JOIN msdb.dbo.backupmediafamily AS f ON f.media_set_id = s.media_set_id
WHERE f.physical_device_name = @${String(fileParameters(files)[0])} AND s.database_name = @database
ORDER BY s.backup_set_id DESC;`;

const ENCRYPTION = "ENCRYPTION (ALGORITHM = AES_256, SERVER CERTIFICATE = {certificate})";
const RIGHTS =
  "BACKUP DATABASE and BACKUP LOG (db_backupoperator) in the database; the service account writes the file";

function backup({ kind, compressed, encrypted, files }: BackupVariant): Statement {
  const options = `${KINDS[kind].option}CHECKSUM, FORMAT, INIT, NAME = @name`;
  return defineStatement({
    name: nameOf({ kind, compressed, encrypted, files }),
    purpose: `Makes a ${kind} backup${compressed ? ", compressed" : ""}${encrypted ? ", encrypted" : ""} in ${
      files === 1 ? "one file" : `${String(files)} files`
    }, and returns what msdb has noted of it`,
    text: `SET NOCOUNT ON;
${KINDS[kind].verb} @database TO ${devices(files)}
WITH ${options}${compressed ? ", COMPRESSION" : ""}${encrypted ? `, ${ENCRYPTION}` : ""};
IF @@ERROR <> 0 RETURN;
${backupNotes(kind, files)}`,
    parameters: {
      database: "sysname",
      datum: "nvarchar(64)",
      stem: "nvarchar(64)",
      name: "nvarchar(128)",
      ...typedFiles(files),
    },
    identifiers: encrypted ? ["certificate"] : [],
    columns: kind === "differential" ? [...BACKUP_COLUMNS, ...BUILT_ON] : BACKUP_COLUMNS,
    rights: encrypted ? `${RIGHTS}; VIEW DEFINITION of the certificate` : RIGHTS,
    since: encrypted ? "2014" : "2008R2",
  });
}

function nameOf({ kind, compressed, encrypted, files }: BackupVariant): string {
  const options = [
    compressed ? "compressed" : "",
    encrypted ? "encrypted" : "",
    files === 1 ? "" : `${String(files)}-files`,
  ];
  return ["backup", kind, ...options.filter((option) => option !== "")].join("-");
}

const VARIANTS: readonly BackupVariant[] = (Object.keys(KINDS) as BackupKind[]).flatMap((kind) =>
  STRIPES.flatMap((files) =>
    [false, true].flatMap((compressed) => [false, true].map((encrypted) => ({ kind, compressed, encrypted, files }))),
  ),
);
/** A log is never large enough for several files. */
const BACKUP_OF = new Map<string, { variant: BackupVariant; statement: Statement }>(
  VARIANTS.filter(({ kind, files }) => kind !== "log" || files === 1).map((variant) => [
    nameOf(variant),
    { variant, statement: backup(variant) },
  ]),
);

export function backupStatement(variant: BackupVariant): Statement {
  const found = BACKUP_OF.get(nameOf(variant));
  if (!found) throw new Error(`there is no statement ${nameOf(variant)}`);
  return found.statement;
}

/** What a statement of this name does, for who executes by name. */
export const backupVariant = (statement: string): BackupVariant | undefined => BACKUP_OF.get(statement)?.variant;

const VERIFY_OF = new Map<Stripes, Statement>(
  STRIPES.map((files) => [
    files,
    defineStatement({
      name: files === 1 ? "verify-only" : `verify-only-${String(files)}-files`,
      purpose: `Reads a backup in ${files === 1 ? "one file" : `${String(files)} files`} to its end and compares every checksum in it`,
      text: `RESTORE VERIFYONLY FROM ${devices(files)} WITH CHECKSUM;`,
      parameters: typedFiles(files),
      rights: "CREATE DATABASE; the service account reads the file",
    }),
  ]),
);

export function verifyStatement(files: Stripes): Statement {
  const found = VERIFY_OF.get(files);
  if (!found) throw new Error(`there is no statement that verifies ${String(files)} files`);
  return found;
}

const HEADER = [
  "BackupName",
  "BackupType",
  "Position",
  "ServerName",
  "DatabaseName",
  "BackupSize",
  "FirstLSN",
  "LastLSN",
  "CheckpointLSN",
  "DatabaseBackupLSN",
  "BackupStartDate",
  "BackupFinishDate",
  "SoftwareVersionMajor",
  "SoftwareVersionMinor",
  "SoftwareVersionBuild",
  "Collation",
  "CompatibilityLevel",
  "RecoveryModel",
  "IsCopyOnly",
  "HasBackupChecksums",
  "IsDamaged",
  "FirstRecoveryForkID",
  "RecoveryForkID",
  "DifferentialBaseLSN",
  "DifferentialBaseGUID",
  "BackupSetGUID",
] as const;

export const BACKUP_HEADER = defineStatement({
  name: "backup-header",
  purpose: "Reads what a backup file says of itself, without msdb",
  text: "RESTORE HEADERONLY FROM DISK = @file;",
  parameters: typedFiles(1),
  columns: HEADER,
  rights: "CREATE DATABASE; the service account reads the file",
});

export const BACKUP_FILE_LIST = defineStatement({
  name: "backup-file-list",
  purpose: "Reads which files a restore of this backup would lay down, so that they can be moved",
  text: "RESTORE FILELISTONLY FROM DISK = @file;",
  parameters: typedFiles(1),
  columns: ["LogicalName", "PhysicalName", "Type", "FileGroupName", "Size", "MaxSize", "FileId"],
  rights: "CREATE DATABASE; the service account reads the file",
});

export const BACKUP_HISTORY = defineStatement({
  name: "backup-history",
  purpose: "What msdb has noted of a database's backups since a moment, whoever made them: foreign ones break chains",
  text: `SET NOCOUNT ON;
SELECT backup_set = CONVERT(nvarchar(36), s.backup_set_uuid), kind = CASE s.type WHEN N'D' THEN N'full' WHEN N'I' THEN N'differential' WHEN N'L' THEN N'log' ELSE s.type END,
  copy_only = CASE WHEN s.is_copy_only = 1 THEN N'yes' ELSE N'no' END, name = s.name, account = s.user_name, device = f.physical_device_name,
  first_lsn = CONVERT(nvarchar(25), s.first_lsn), last_lsn = CONVERT(nvarchar(25), s.last_lsn), recovery = s.recovery_model,
  finished_at = CONVERT(nvarchar(30), DATEADD(minute, -DATEPART(TZoffset, SYSDATETIMEOFFSET()), s.backup_finish_date), 126) + N'Z'
FROM msdb.dbo.backupset AS s JOIN msdb.dbo.backupmediafamily AS f ON f.media_set_id = s.media_set_id AND f.family_sequence_number = 1
WHERE s.database_name = @database AND s.backup_finish_date >= DATEADD(minute, DATEPART(TZoffset, SYSDATETIMEOFFSET()), CONVERT(datetime, @since, 126))
ORDER BY s.backup_set_id;`,
  parameters: { database: "sysname", since: "nvarchar(36)" },
  columns: [
    "backup_set",
    "kind",
    "copy_only",
    "name",
    "account",
    "device",
    "first_lsn",
    "last_lsn",
    "recovery",
    "finished_at",
  ],
  rights: "SELECT on backupset and backupmediafamily in msdb",
});

export const OF_BACKUPS: readonly Statement[] = [
  ...[...BACKUP_OF.values()].map(({ statement }) => statement),
  ...VERIFY_OF.values(),
  BACKUP_HEADER,
  BACKUP_FILE_LIST,
  BACKUP_HISTORY,
];
