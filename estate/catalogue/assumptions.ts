/**
 * What the product takes for true although Microsoft does not document it: reports of operators, or general knowledge
 * of Windows and SQL Server. All of it stands here, so that a correction from a real server is one edit.
 */
export interface Assumption {
  says: string;
  evidence: "community" | "general";
  /** How an administrator can confirm it on a real server. */
  confirm: string;
}

export const ASSUMPTIONS = {
  "user-settings-stay-behind": {
    says: "Import-CsUserData brings back contacts and conferences, and neither registrar pool, SIP address, line URI nor assigned policies, which live in Active Directory.",
    evidence: "general",
    confirm: "Import into a test pool after `Disable-CsUser`, and look at `Get-CsUser`.",
  },
  "application-databases-everywhere": {
    says: "Every Front End pool has rgsconfig, rgsdyn and cpsdyn, whether or not Response Group and Call Park are used.",
    evidence: "general",
    confirm: "`select name from sys.databases` on a Back End without Response Group.",
  },
  "standby-has-the-databases": {
    says: "The pool that holds the standby Central Management store has xds and lis on its own Back End, mirrored where the Back End is.",
    evidence: "general",
    confirm: "`select name from sys.databases` on the Back End of the standby pool.",
  },
  "always-on-is-full": {
    says: "Databases in an availability group are in full recovery; SQL Server takes no others into one.",
    evidence: "general",
    confirm: "`select name, recovery_model_desc from sys.databases` on a replica.",
  },
  "mirrored-transient-log": {
    says: "Transient databases that are mirrored fill their log like any other: their data need no backup, their logs do.",
    evidence: "general",
    confirm: "`dbcc sqlperf(logspace)` on a mirrored Back End, before and after a log backup.",
  },
  "unmirrored-recovery-unknown": {
    says: "Databases that are neither mirrored nor in an availability group may be in any recovery model; none is documented.",
    evidence: "general",
    confirm: "`lync-backup discover` records what sys.databases says.",
  },
  "standard-edition-store": {
    says: "A Standard Edition server keeps its databases in the local instance RTC, an Express edition without SQL Server Agent and without backup compression.",
    evidence: "general",
    confirm: "`select serverproperty('edition')` on the instance RTC.",
  },
  "standard-edition-share": {
    says: "A Standard Edition server whose file store is not named keeps it in its own share called `share`.",
    evidence: "general",
    confirm: "`Get-CsService -FileStore`.",
  },
  "local-databases": {
    says: "rtc, rtcdyn, lyss and the replica of xds live in the local instances of each Front End, and are rebuilt or replicated.",
    evidence: "community",
    confirm: "`select name from sys.databases` on RTCLOCAL and LYNCLOCAL.",
  },
  "sql-backup-rights": {
    says: "db_backupoperator suffices to back a database up, CREATE DATABASE to verify the file, and the service account of SQL Server writes it.",
    evidence: "general",
    confirm: "Back up and verify with an account that has these rights and no others.",
  },
  "file-copy-rights": {
    says: "Read rights on a file store suffice to copy it; past its permissions (backup mode), the share admitting it, with the rights to back up and to restore files, which Backup Operators have.",
    evidence: "general",
    confirm: "Copy with such an account, with and without robocopy /B.",
  },
  "reports-own-backup": {
    says: "Monitoring Reports need the backup of SQL Server Reporting Services itself: its databases and its encryption key.",
    evidence: "general",
    confirm: "Ask who owns Reporting Services; `rskeymgmt -e` exports the key.",
  },
  "pool-member-needs-nothing": {
    says: "A lost pool member is set up again from the topology: no datum is restored onto it but its certificates.",
    evidence: "general",
    confirm: "Rehearse the scenario of the pool member.",
  },
  "file-store-layout": {
    says: "Call Park music lies in `…\\AppServerFiles\\CPS`, announcement audio in `…\\AppServerFiles\\RGS\\AS` of the pool's file store; other folders differ by version.",
    evidence: "community",
    confirm: "Look into the file store after an upload.",
  },
  "pool-state": {
    says: "A failover writes `FailedOver` as PoolState into the Registrar configuration of the pool's own service, and a failback takes it away: by this an export knows where the pool's users live.",
    evidence: "general",
    confirm: "`Get-CsRegistrarConfiguration -Filter service:Registrar:<pool>` in a rehearsed failover.",
  },
  "last-update": {
    says: "Get-CsManagementStoreReplicationStatus shows another LastUpdateCreation of the replicas after each change of the configuration: by this a look every few minutes finds what must be exported. Where it also changes without one, there is an export too many.",
    evidence: "general",
    confirm: "`Get-CsManagementStoreReplicationStatus`, before and after a change of a policy, and an hour later.",
  },
  "contact-store-policies": {
    says: "Which user services policies allow the unified contact store tells under which contact-store mode contacts were exported.",
    evidence: "general",
    confirm: "`Get-CsUserServicesPolicy`, and `Debug-CsUnifiedContactStore -PoolFqdn <pool>` beside it.",
  },
  "mirror-states": {
    says: "Get-CsDatabaseMirrorState shows `Principal` in StateOnMirror where the mirror of a database has taken over.",
    evidence: "general",
    confirm: "`Get-CsDatabaseMirrorState` before and after a failover of the database.",
  },
  "locations-are-a-zip": {
    says: "The export of locations is a ZIP: its help calls it compressed, and names it both `.zip` and `.bak`.",
    evidence: "general",
    confirm: "Open the file that `Export-CsLisConfiguration` writes.",
  },
  "transient-folders": {
    says: "`CMSFileStore`, `ABFiles` and `<n>-BackupService-<n>` in a file store are queues and copies that are made again; a copy leaves them out unless told otherwise.",
    evidence: "general",
    confirm: "Look into them before and after a night.",
  },
  "targets-after-2015": {
    says: "From 2019 on the Backup Service keeps the recovery point that is documented for Skype for Business Server 2015.",
    evidence: "general",
    confirm: "`Get-CsBackupServiceConfiguration`, and how long `Get-CsBackupServiceStatus` takes to a steady state.",
  },
  "service-properties": {
    says: "Get-CsService shows as properties what Set-CsRegistrar, Set-CsUserServer, Set-CsConferenceServer and Set-CsEdgeServer set (UserDatabase, ArchivingDatabase, MonitoringDatabase, EdgeServer, Registrar, UserServer), of an application server Applications, of a database service SqlInstanceName, witness and availability group, of a file store UncPath; Get-CsPool shows BackupPoolFqdn.",
    evidence: "general",
    confirm: "`Get-CsService -Registrar | Format-List *`, and so for each role; `Get-CsPool | Format-List *`.",
  },
  "service-versions": {
    says: "The major version of a service tells the product: 6 is Lync Server 2013, 7 Skype for Business Server 2015, 8 each later one.",
    evidence: "community",
    confirm: "`Get-CsService -UserServer | Format-List PoolFqdn, Version`.",
  },
  "replica-versions": {
    says: "Get-CsManagementStoreReplicationStatus shows the ProductVersion of each replica, cumulative update included.",
    evidence: "general",
    confirm:
      "`Get-CsManagementStoreReplicationStatus | Format-List ReplicaFqdn, ProductVersion`, beside `Get-CsServerVersion`.",
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionId = keyof typeof ASSUMPTIONS;
