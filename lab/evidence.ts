import type { AssumptionId } from "../estate/catalogue";

/**
 * What the lab takes for true although Microsoft does not document it. All of it stands here, beside what the whole
 * product assumes, so that a correction from a real server is one edit here and one where the code stands.
 */

export interface LabPoint {
  says: string;
  /** Reports of operators, general knowledge of Windows and SQL Server, or a form that the lab chose itself. */
  evidence: "community" | "general" | "ours";
  /** The file that rests on it. */
  in: string;
}

export const LAB_POINTS: readonly LabPoint[] = [
  {
    says: "Lync cmdlets fail in a remote session, because it cannot log on to SQL Server in turn; the wording of that error.",
    evidence: "general",
    in: "lab/cmdlets/stores.ts",
  },
  {
    says: "A managed account must be installed on the computer where its task runs.",
    evidence: "general",
    in: "lab/start.ts",
  },
  {
    says: "0x8007052E is what a task shows after a failed logon, 0x41301 while it runs, 1 after its process was killed.",
    evidence: "general",
    in: "lab/start.ts",
  },
  {
    says: "A start that meets a running instance is dropped, and the task shows 0x800710E0 until that one has ended.",
    evidence: "community",
    in: "lab/start.ts",
  },
  {
    says: "Starts that were missed while a computer was off are made up for by one, ten minutes after it is on again. That the task can ask for it is documented, and the ten minutes.",
    evidence: "general",
    in: "lab/edits.ts",
  },
  {
    says: "Call detail records and those of quality are kept for 60 days.",
    evidence: "general",
    in: "lab/daily/records.ts",
  },
  {
    says: "A start inside the hour that summer time skips happens as long after it; one in the hour that comes twice happens once.",
    evidence: "general",
    in: "estate/schedules/readings.ts",
  },
  {
    says: "-LocalStore reads a replica that may be older than the store.",
    evidence: "general",
    in: "lab/model/central-management.ts",
  },
  {
    says: "A part of the exports of configuration and of user data is called DocItemSet.xml.",
    evidence: "community",
    in: "lab/cmdlets/user-data.ts",
  },
  {
    says: "The elements of that XML, and the names of the other parts. That user data are a pair of XML documents is documented.",
    evidence: "ours",
    in: "lab/docitems.ts",
  },
  {
    says: "An export of user data that ends at an invalid URN leaves a file that opens and holds what came before.",
    evidence: "general",
    in: "lab/cmdlets/user-data.ts",
  },
  {
    says: "Exports of configuration, user data and Persistent Chat replace a file that is there; those of locations and Response Groups refuse, which is documented.",
    evidence: "general",
    in: "lab/cmdlets/exports.ts",
  },
  {
    says: "An import of user data replaces the users that are in the file and leaves the others; it is read when the first Front End starts while all others are stopped.",
    evidence: "general",
    in: "lab/model/services.ts",
  },
  {
    says: "The contact-store mode of a user is known to the directory and to Exchange, and outlives the databases of the pool.",
    evidence: "general",
    in: "lab/model/homes.ts",
  },
  {
    says: "Without -Owner, Export-CsRgsConfiguration takes what the pool owns itself; an object keeps its identifier in export and import, and is no name conflict with itself.",
    evidence: "general",
    in: "lab/cmdlets/response-groups.ts",
  },
  {
    says: "Import-CsPersistentChatData replaces what has the same identifier and keeps what was added; each level holds what the one before it does.",
    evidence: "ours",
    in: "lab/cmdlets/persistent-chat.ts",
  },
  {
    says: "A location for emergency calls is identified by what it says, a part of the network by its kind and its name.",
    evidence: "ours",
    in: "lab/model/locations.ts",
  },
  {
    says: "Get-CsPoolBackupRelationship calls the partner BackupPoolFqdn, and returns nothing for a pool without one.",
    evidence: "ours",
    in: "lab/cmdlets/pairing.ts",
  },
  {
    says: "OverallExportStatus and OverallImportStatus; the modules and states of the Backup Service.",
    evidence: "community",
    in: "lab/cmdlets/pairing.ts",
  },
  {
    says: "Names of services beside those of the documentation: REPLICA, MASTER, FTA, RTCMEDSRV, RTCCHAT; which of them need which.",
    evidence: "general",
    in: "lab/model/services.ts",
  },
  {
    says: "Properties of services: Applications, Active, ShareName and UncPath, names of mirrors and listeners; versions 6, 7 and 8 of the products.",
    evidence: "general",
    in: "lab/cmdlets/topology.ts",
  },
  {
    says: "A mirror without a witness does not serve until somebody fails it over; with one, and in an availability group, another copy takes over by itself.",
    evidence: "general",
    in: "lab/model/databases.ts",
  },
  {
    says: "Install-CsDatabase refuses to clean mirrored databases as it refuses to update them, which is documented.",
    evidence: "general",
    in: "lab/cmdlets/databases.ts",
  },
  {
    says: "Enable-CsTopology sets the rights on a file store whose share is there, and leaves out one that is not.",
    evidence: "general",
    in: "lab/cmdlets/central-management.ts",
  },
  {
    says: "An extract of the archive is one mail message a day.",
    evidence: "ours",
    in: "lab/cmdlets/archiving.ts",
  },
  {
    says: "What robocopy counts as the same (size and time), what it adds to its exit code for extra files and mismatches, and that what is excluded or cannot be listed is not mirrored away. That 8 and above is failure operators report.",
    evidence: "general",
    in: "lab/robocopy.ts",
  },
  {
    says: "That robocopy with run hours (`/RH` with `/PF`) begins no file outside of them, goes on when they begin again, and takes hours that end before they begin for those over midnight. That it waits is documented.",
    evidence: "general",
    in: "lab/interpreter/hours.ts",
  },
  {
    says: "Rights on folders are copied through a share only where it gives full control; with the right to back up files, the rights on folders are no obstacle and those on the share still are.",
    evidence: "general",
    in: "lab/robocopy.ts",
  },
  {
    says: "Nobody reads a file that somebody else has open: a meeting its Meeting.Active, which is documented, or an antivirus program an export.",
    evidence: "general",
    in: "lab/files.ts",
  },
  {
    says: "Names of folders in a file store below those of the documentation, and the number at their end; where Persistent Chat keeps its files.",
    evidence: "community",
    in: "lab/model/file-stores.ts",
  },
  {
    says: "The services of Windows that a step names start with what they need, and stop with what depends on them.",
    evidence: "general",
    in: "lab/interpreter/waiting.ts",
  },
  {
    says: "Paths end at 259 characters; names lose dots and spaces at their end.",
    evidence: "general",
    in: "lab/paths.ts",
  },
  {
    says: "Numbers and wording of SQL Server's errors; which of them comes where several things are wrong; what Windows adds in brackets.",
    evidence: "general",
    in: "lab/sql/error.ts",
  },
  {
    says: "A full backup that is only a copy does not begin a chain of logs, so BACKUP LOG is refused until there is a full one. That nothing differential builds on it is documented.",
    evidence: "community",
    in: "lab/sql/backup.ts",
  },
  {
    says: "A backup that finds no room leaves no file; it overwrites what is there (FORMAT, INIT) without needing room for both.",
    evidence: "general",
    in: "lab/sql/backup.ts",
  },
  {
    says: "After a restore with recovery the database goes on in a new recovery fork, from the number of the log that it was restored to; its log can be backed up at once, and differentials build on the full backup that was restored.",
    evidence: "general",
    in: "lab/sql/restore.ts",
  },
  {
    says: "The form of a backup file: a header and the contents in JSON, each with a checksum. Its bytes are as many as the rows that the lab spells out need.",
    evidence: "ours",
    in: "lab/sql/backup-file.ts",
  },
  {
    says: "Lync's setup leaves databases in simple recovery, mirrored ones and those of availability groups excepted; a partner was made from a full backup, so that their chain of logs has begun.",
    evidence: "general",
    in: "lab/sql/log.ts",
  },
  {
    says: "Whoever lacks VIEW ANY DEFINITION sees no files of databases and gets no error; a statement that needs VIEW SERVER STATE is refused.",
    evidence: "general",
    in: "lab/sql/rights.ts",
  },
  {
    says: "A service that runs under a virtual account, Network Service or the system comes to a share as its computer; the service's own account is sysadmin of its instance.",
    evidence: "general",
    in: "lab/sql/servers.ts",
  },
  {
    says: "A remote session on the SQL Server itself can log on to it; to another one it comes as ANONYMOUS LOGON.",
    evidence: "general",
    in: "lab/sql/servers.ts",
  },
  {
    says: "An availability group prefers a secondary for backups, the first that answers; nobody has changed its preference.",
    evidence: "general",
    in: "lab/sql/ask.ts",
  },
  {
    says: "SQL Server Agent makes up for no start that fell due while it was off; a CmdExec step runs as its proxy, or as the account of the service.",
    evidence: "general",
    in: "lab/sql/agent-starts.ts",
  },
  {
    says: "Each server of a pool has one certificate, in its own name, which holds until the end of January 2028.",
    evidence: "ours",
    in: "lab/model/certificates.ts",
  },
];

/** Points of the whole product on which the lab rests too. */
export const SHARED_POINTS: readonly AssumptionId[] = [
  "user-settings-stay-behind",
  "application-databases-everywhere",
  "standby-has-the-databases",
  "always-on-is-full",
  "standard-edition-store",
  "standard-edition-share",
  "pool-member-needs-nothing",
  "pool-state",
  "last-update",
  "contact-store-policies",
  "mirror-states",
  "locations-are-a-zip",
  "service-properties",
  "service-versions",
  "replica-versions",
];
