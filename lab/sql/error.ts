/** What SQL Server says when it will not, by its own numbers. `%` stands for what is filled in, in order. */
const MESSAGES = {
  53: "A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible: %.",
  155: "'%' is not a recognized BACKUP option.",
  208: "Invalid object name '%'.",
  229: "The % permission was denied on the object '%', database 'msdb', schema 'dbo'.",
  262: "% permission denied in database '%'.",
  300: "VIEW SERVER STATE permission was denied on object 'server', database 'master'.",
  911: "Database '%' does not exist. Make sure that the name is entered correctly.",
  922: "Database '%' is being recovered. Waiting until recovery is finished.",
  927: "Database '%' cannot be opened. It is in the middle of a restore.",
  954: 'The database "%" cannot be opened. It is acting as a mirror database.',
  1468: 'The operation cannot be performed on database "%" because it is involved in a database mirroring session or an availability group.',
  1834: "The file '%' cannot be overwritten. It is being used by database '%'.",
  1844: "% is not supported on %.",
  3013: "% is terminating abnormally.",
  3024: "You can only perform a full backup of the master database. Use BACKUP DATABASE to back up the entire master database.",
  3035: 'Cannot perform a differential backup for database "%", because a current database backup does not exist. Perform a full database backup by reissuing BACKUP DATABASE, omitting the WITH DIFFERENTIAL option.',
  3059: "This BACKUP or RESTORE command is not supported on a database mirror or secondary replica.",
  3101: "Exclusive access could not be obtained because the database is in use.",
  3104: "RESTORE cannot operate on database '%' because it is configured for database mirroring or has joined an availability group.",
  3117: "The log or differential backup cannot be restored because no files are ready to rollforward.",
  3132: "The media set has % media families but only % are provided. All members must be provided.",
  3136: "This differential backup cannot be restored because the database has not been restored to the correct earlier state.",
  3147: "Backup and restore operations are not allowed on database %.",
  3154: "The backup set holds a backup of a database other than the existing '%' database.",
  3159: 'The tail of the log for the database "%" has not been backed up. Use BACKUP LOG WITH NORECOVERY to backup the log if it contains work you do not want to lose. Use the WITH REPLACE or WITH STOPAT clause of the RESTORE statement to just overwrite the contents of the log.',
  3169: "The database was backed up on a server running version %. That version is incompatible with this server, which is running version %.",
  3189: "Damage to the backup set was detected.",
  3201: "Cannot open backup device '%'. Operating system error %.",
  3202: "Write on '%' failed: %",
  3203: 'Read on "%" failed: %',
  3234: "Logical file '%' is not part of database '%'. Use RESTORE FILELISTONLY to list the logical file names.",
  3241: "The media family on device '%' is incorrectly formed. SQL Server cannot process this media family.",
  3254: "The volume on device '%' is empty.",
  3258: 'The volume on the device "%" is not part of the media set that is currently being processed. Ensure that the backup devices are loaded with the correct media.',
  3743: "The database '%' is enabled for database mirroring. Database mirroring must be removed before you drop the database.",
  4208: "The statement BACKUP LOG is not allowed while the recovery model is SIMPLE. Use BACKUP DATABASE or change the recovery model using ALTER DATABASE.",
  4214: "BACKUP LOG cannot be performed because there is no current database backup.",
  4305: "The log in this backup set begins at LSN %, which is too recent to apply to the database. An earlier log backup that includes LSN % can be restored.",
  4326: "The log in this backup set terminates at LSN %, which is too early to apply to the database. A more recent log backup that includes LSN % can be restored.",
  4330: "This backup set cannot be applied because it is on a recovery path that is inconsistent with the database. The recovery path is the sequence of data and log backups that have brought the database to a particular recovery point. Find a compatible backup to restore, or restore the rest of the database to match a recovery point within this backup set.",
  4335: "The specified STOPAT time is too early. All or part of the database is already rolled forward beyond that point.",
  5133: 'Directory lookup for the file "%" failed with the operating system error %.',
  8989: "CHECKDB found % allocation errors and % consistency errors in database '%'.",
  18456: "Login failed for user '%'.",
  33111: "Cannot find server certificate with thumbprint '%'.",
} as const;
export type SqlErrorNumber = keyof typeof MESSAGES | typeof RAISED | typeof NOT_SIMULATED;

/** Of RAISERROR with a text of its own. */
const RAISED = 50000;
/** No number of SQL Server's: the lab does not know the statement. */
const NOT_SIMULATED = -1;

export class SqlError extends Error {
  override readonly name = "SqlError";
  constructor(
    readonly number: SqlErrorNumber,
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }

  /** For programs. */
  get code(): string {
    return this.number === NOT_SIMULATED ? "not-simulated" : `sql-${String(this.number)}`;
  }
}

export function sqlError(number: keyof typeof MESSAGES, ...filled: (string | number)[]): SqlError {
  return new SqlError(number, textOf(number, filled));
}

function textOf(number: keyof typeof MESSAGES, filled: (string | number)[]): string {
  const rest = [...filled];
  return MESSAGES[number].replaceAll("%", () => String(rest.shift() ?? ""));
}

/** What the text of a statement itself raises. */
export const raised = (message: string): SqlError => new SqlError(RAISED, message);

export const notSimulated = (statement: string): SqlError =>
  new SqlError(NOT_SIMULATED, `The lab does not simulate the statement ${statement} yet.`);

/** The number of the first error counts; that the whole command has ended is said after it. */
export const terminating = (what: string, error: SqlError): SqlError =>
  new SqlError(error.number, `${error.message} ${textOf(3013, [what])}`, error.advice);

/** What Windows answers, as SQL Server quotes it. */
export const OS_ERRORS = {
  "file-not-found": "2(The system cannot find the file specified.)",
  "path-not-found": "3(The system cannot find the path specified.)",
  "access-denied": "5(Access is denied.)",
  "in-use": "32(The process cannot access the file because it is being used by another process.)",
  "end-of-file": "38(Reached the end of the file.)",
  "network-path-not-found": "53(The network path was not found.)",
  "disk-full": "112(There is not enough space on the disk.)",
  "path-too-long": "206(The filename or extension is too long.)",
} as const;
