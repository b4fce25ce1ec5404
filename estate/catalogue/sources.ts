/** Where the rules come from. What Microsoft documents is named by topic; everything else is an assumption. */

export interface Source {
  title: string;
  /** File name of the topic in Microsoft's documentation of Lync Server and Skype for Business Server, or a cmdlet. */
  topic: string;
}

const lync = (title: string, topic: string): Source => ({
  title: `Lync Server 2013: ${title}`,
  topic: `lync-server-2013-${topic}`,
});
const sfb = (title: string, topic: string): Source => ({ title: `Skype for Business Server: ${title}`, topic });
const cmdlet = (name: string): Source => ({ title: `Cmdlet reference: ${name}`, topic: name });

export const SOURCES = {
  data: lync("Backup and restoration requirements: data", "backup-and-restoration-requirements-data"),
  tools: lync(
    "Backup and restoration requirements: tools and permissions",
    "backup-and-restoration-requirements-tools-and-permissions",
  ),
  core: lync("Backing up core data and settings", "backing-up-core-data-and-settings"),
  "file-stores": lync("Backing up file stores", "backing-up-file-stores"),
  databases: lync("Backing up Archiving and Monitoring databases", "backing-up-archiving-and-monitoring-databases"),
  "persistent-chat": lync("Backing up Persistent Chat databases", "backing-up-persistent-chat-databases"),
  "persistent-chat-2015": sfb("Back up and restore Persistent Chat databases", "back-up-and-restore-databases"),
  practices: lync("Best practices for backup and restoration", "best-practices-for-backup-and-restoration"),
  location: lync("Setting up a backup location", "setting-up-a-backup-location"),
  plan: lync("Establishing a backup and restoration plan", "establishing-a-backup-and-restoration-plan"),
  preparing: lync("Preparing to restore Lync Server", "preparing-to-restore-lync-server"),
  strategy: lync("Establishing a backup and restoration strategy", "establishing-a-backup-and-restoration-strategy"),
  mirroring: lync("Deploying SQL mirroring for Back End Server high availability", "deploying-sql-mirroring"),
  "always-on": sfb("Always On availability groups for Back End Servers", "alwayson-availability-group"),
  pairing: lync("Supported pool pairing options", "supported-pool-pairing-options"),
  "disaster-recovery": lync(
    "Managing disaster recovery, high availability, and Backup Service",
    "managing-lync-server-disaster-recovery-high-availability-and-backup-service",
  ),
  "response-groups": lync("Response Group disaster recovery procedures", "response-group-disaster-recovery-procedures"),
  "call-park": lync("Planning for Call Park disaster recovery", "planning-for-call-park-disaster-recovery"),
  announcements: lync("Manage announcements during disaster recovery", "manage-announcements-during-disaster-recovery"),
  "file-sharing": lync("File sharing high availability", "file-sharing-high-availability"),
  branch: lync(
    "Using cmdlets to deploy a Survivable Branch Appliance",
    "appendix-a-using-cmdlets-to-deploy-a-survivable-branch-appliance",
  ),
  "data-placement": lync("SQL Server data and log file placement", "sql-server-data-and-log-file-placement"),
  "deprecated-2019": sfb("Features removed from Skype for Business Server 2019", "deprecated"),
  "archiving-configuration": cmdlet("Set-CsArchivingConfiguration"),
  "user-data": cmdlet("Export-CsUserData"),
  lis: cmdlet("Export-CsLisConfiguration"),
} as const satisfies Record<string, Source>;

export type SourceId = keyof typeof SOURCES;
