import type { Datum, Product } from "../documents";
import type { Scenario } from "./scenarios";
import type { SourceId } from "./sources";

/** How what was lost comes back: the stages of a restoration in their order, and what brings each datum back. */

export interface Stage {
  name: string;
  title: string;
  how: string;
  where: string;
  rights: string;
  by: "script" | "script on the server" | "hand";
  scenarios: readonly Scenario[];
  /** Only where the topology has it. */
  when?: "mirrored" | "response-groups" | "persistent-chat" | "sql-data" | "paired";
  sources: readonly SourceId[];
}

const ADMINISTRATORS = "RTCUniversalServerAdmins and local Administrators";
const SERVER_ADMINS = "RTCUniversalServerAdmins";
const SQL_ADMINS =
  "RTCUniversalServerAdmins, sysadmin of the SQL Server and of the one with the Central Management store";
const MANAGEMENT = "Any computer with the management tools";
const REBUILT: readonly Scenario[] = [
  "pool",
  "standard-edition-server",
  "central-management-store",
  "back-end",
  "pool-member",
];
const STORES: readonly Scenario[] = ["pool", "standard-edition-server", "central-management-store", "back-end"];

/** In the order in which they are gone through; each loss takes those that name it. */
export const STAGES: readonly Stage[] = [
  {
    name: "decide",
    title: "Find the cause, decide, and note the state",
    how: "Restore only after troubleshooting has failed. Write down which pool was active, whether it was failed over, and the newest sets that were verified.",
    where: "Wherever the sets and this plan can be read",
    rights: "Those who decide",
    by: "hand",
    scenarios: [...REBUILT, "file-store", "database"],
    sources: ["preparing", "plan"],
  },
  {
    name: "fail-over",
    title: "Where the pool is paired and its partner lives, fail it over first",
    how: "`Invoke-CsPoolFailOver -PoolFqdn <pool that first homed the users> -DisasterMode`, after the next hop of the Edge pool and the Central Management store; failback names the same pool.",
    where: "A Front End of the partner",
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: ["pool", "standard-edition-server"],
    when: "paired",
    sources: ["disaster-recovery"],
  },
  {
    name: "server",
    title: "A clean server of the same name",
    how: "Same FQDN, same computer account and groups in Active Directory, same operating system and updates, DNS, DHCP and paths as at the time of the backup.",
    where: "The lost server",
    rights: "Local Administrators",
    by: "hand",
    scenarios: REBUILT,
    sources: ["preparing"],
  },
  {
    name: "certificates",
    title: "Certificates",
    how: "Restore them with their private keys, or enrol them again.",
    where: "The lost server",
    rights: "Local Administrators, enrolment at the certificate authority",
    by: "hand",
    scenarios: REBUILT,
    sources: ["preparing"],
  },
  {
    name: "sql-server",
    title: "SQL Server of the same release with the same instance names",
    how: "Same instance names, collation, port, permissions and logins: each full backup of an instance has captured them.",
    where: "The lost Back End; a Standard Edition server gets its own from the Deployment Wizard",
    rights: "Local Administrators",
    by: "hand",
    scenarios: ["central-management-store", "back-end", "pool"],
    sources: ["preparing", "data-placement"],
  },
  {
    name: "image",
    title: "An image of the server, as the point to return to",
    how: "Take it once the operating system, SQL Server and the certificates are there.",
    where: "The lost server",
    rights: "Local Administrators",
    by: "hand",
    scenarios: REBUILT,
    sources: ["preparing"],
  },
  {
    name: "file-store",
    title: "The file store, at exactly the same path and share name",
    how: "Copy it back from the newest set, share it (Administrators: full control), then `Enable-CsTopology` sets its permissions anew.",
    where: "The file server, or the Standard Edition server",
    rights: "Local Administrators of the file server",
    by: "script",
    scenarios: ["file-store", "standard-edition-server", "central-management-store"],
    sources: ["file-stores"],
  },
  {
    name: "central-database",
    title: "An empty Central Management database",
    how: "`Install-CsDatabase -CentralManagementDatabase -Clean -SqlServerFqdn <Back End> -SqlInstanceName <instance>`: it drops what is there. On a Standard Edition server first: Deployment Wizard, Prepare first Standard Edition server. Where its mirror lives, back that up before.",
    where: "The server with the store, Management Shell",
    rights: SQL_ADMINS,
    by: "script",
    scenarios: ["central-management-store"],
    sources: ["strategy", "preparing"],
  },
  {
    name: "pointer",
    title: "The pointer in Active Directory",
    how: "`Set-CsConfigurationStoreLocation -SqlServerFqdn <Back End> -SqlInstanceName <instance>`, with `-MirrorSqlServerFqdn` and `-MirrorSqlInstanceName` where it is mirrored.",
    where: MANAGEMENT,
    rights: SQL_ADMINS,
    by: "script",
    scenarios: ["central-management-store"],
    sources: ["preparing"],
  },
  {
    name: "import-configuration",
    title: "Topology, policies and configuration",
    how: "`Import-CsConfiguration -FileName <Config.zip>`, then `Enable-CsTopology`.",
    where: MANAGEMENT,
    rights: "RTCUniversalServerAdmins, with the permission to set up or as Domain Admins",
    by: "script",
    scenarios: ["central-management-store"],
    sources: ["core"],
  },
  {
    name: "databases",
    title: "The other databases",
    how: "`Install-CsDatabase -ConfiguredDatabases -SqlServerFqdn <Back End>`, or Topology Builder, Install Database.",
    where: "Management Shell on a Front End",
    rights: SQL_ADMINS,
    by: "script",
    scenarios: ["central-management-store", "back-end", "pool", "database"],
    sources: ["preparing"],
  },
  {
    name: "mirrors",
    title: "Mirrors",
    how: "`Install-CsMirrorDatabase -ConfiguredDatabases -FileShare <share> -SqlServerFqdn <Back End>`: the service accounts of both SQL Servers read and write the share. Restart all Front Ends after a change of mirroring.",
    where: "Management Shell on a Front End",
    rights: SQL_ADMINS,
    by: "script",
    scenarios: ["central-management-store", "back-end", "pool", "database"],
    when: "mirrored",
    sources: ["mirroring"],
  },
  {
    name: "set-up",
    title: "Lync on the server",
    how: "Deployment Wizard (Setup.exe), steps 1 to 4: local configuration store, components, certificates, services; then the cumulative update that was installed.",
    where: "The lost server; of a pool each of its servers",
    rights: ADMINISTRATORS,
    by: "script on the server",
    scenarios: ["pool", "standard-edition-server", "central-management-store", "pool-member"],
    sources: ["preparing"],
  },
  {
    name: "user-data",
    title: "User data",
    how: "Copy the file to a local folder; `Stop-CsWindowsService` on all Front Ends of the pool; `Import-CsUserData -PoolFqdn <pool> -FileName <file>`; `Start-CsWindowsService` on all of them at the same time.",
    where: MANAGEMENT,
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: STORES,
    sources: ["core", "user-data"],
  },
  {
    name: "locations",
    title: "Locations for emergency calls",
    how: "`Import-CsLisConfiguration -FileName <E911Config.zip>`, then `Publish-CsLisConfiguration`.",
    where: MANAGEMENT,
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: ["central-management-store"],
    sources: ["lis"],
  },
  {
    name: "response-groups",
    title: "Response Groups",
    how: "`Import-CsRgsConfiguration -Destination service:ApplicationServer:<pool> -FileName <file> -OverwriteOwner -ReplaceExistingRgsSettings`; without `-OverwriteOwner` where it goes to the partner.",
    where: MANAGEMENT,
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: STORES,
    when: "response-groups",
    sources: ["response-groups"],
  },
  {
    name: "sql-data",
    title: "Data that SQL Server restores",
    how: "Full, then differential, then logs, in the order that `lync-backup` gives; then look that the database user RTCComponentUniversalServices is there with the role ServerRole. No service need be restarted.",
    where: "The SQL Server",
    rights: "sysadmin, or dbcreator and db_owner",
    by: "script",
    scenarios: ["database", "back-end", "pool", "central-management-store", "standard-edition-server"],
    when: "sql-data",
    sources: ["databases"],
  },
  {
    name: "persistent-chat",
    title: "Persistent Chat",
    how: "With the tool that backed it up, never with both: `Import-CsPersistentChatData -DBInstance <server\\instance> -FileName <file>`, or SQL Server's restore.",
    where: MANAGEMENT,
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: ["database", "back-end", "pool", "central-management-store", "standard-edition-server"],
    when: "persistent-chat",
    sources: ["persistent-chat"],
  },
  {
    name: "look",
    title: "Look that it works",
    how: "`Invoke-CsManagementStoreReplication`, until `Get-CsManagementStoreReplicationStatus` shows every replica up to date; `Test-CsDatabase -ConfiguredDatabases -SqlServerFqdn <Back End>`; sign in, call, meet; write down how long it took.",
    where: MANAGEMENT,
    rights: SERVER_ADMINS,
    by: "script",
    scenarios: [...REBUILT, "file-store", "database"],
    sources: ["plan"],
  },
];

/** What brings a datum back. What names a place in angle brackets is filled in for each obligation. */
export const RESTORED_BY: Readonly<Record<Datum, string>> = {
  configuration: "`Import-CsConfiguration -FileName Config.zip`, then `Enable-CsTopology`",
  locations: "`Import-CsLisConfiguration -FileName E911Config.zip`, then `Publish-CsLisConfiguration`",
  "user-data": "`Import-CsUserData -PoolFqdn <pool> -FileName <file>`, with the services of all Front Ends stopped",
  "user-settings": "By hand, or by a script from the inventory: `Enable-CsUser`, `Set-CsUser`, the `Grant-Cs…` cmdlets",
  "response-groups":
    "`Import-CsRgsConfiguration -Destination service:ApplicationServer:<pool> -FileName <file> -OverwriteOwner -ReplaceExistingRgsSettings`",
  "persistent-chat": "`Import-CsPersistentChatData -DBInstance <instance> -FileName <file>`",
  "persistent-chat-compliance": "SQL Server restore of the database",
  archiving: "SQL Server restore of the database, then the user RTCComponentUniversalServices",
  cdr: "SQL Server restore of the database, then the user RTCComponentUniversalServices",
  qoe: "SQL Server restore of the database, then the user RTCComponentUniversalServices",
  "file-store": "Copied back to the same path and share, then `Enable-CsTopology`",
  "call-park-music": "Copied back with the file store",
  "announcement-audio": "Copied back with the file store",
  "response-group-audio": "From where the recordings are kept; uploaded again",
  "user-store-log": "Nothing: the backup keeps the log from filling the disk",
  "central-management-log": "Nothing: the backup keeps the log from filling the disk",
  "response-group-log": "Nothing: the backup keeps the log from filling the disk",
  "transient-log": "Nothing: the backup keeps the log from filling the disk",
  "archiving-log": "SQL Server restore after the full backup, to any point in time",
  "cdr-log": "SQL Server restore after the full backup, to any point in time",
  "qoe-log": "SQL Server restore after the full backup, to any point in time",
  "persistent-chat-log": "SQL Server restore after the full backup, to any point in time",
  "persistent-chat-compliance-log": "SQL Server restore after the full backup, to any point in time",
  "monitoring-reports": "By its owner: the databases of Reporting Services and their encryption key",
  "sql-instance": "Set up again as captured: release and update, instance name, collation, port, paths, logins",
  certificates: "Imported with their private keys, or enrolled again",
  "certificate-authority": "By its owner",
  "backup-encryption-certificate": "Created again from its file and private key, before any encrypted backup is read",
  "installation-media": "From where they are kept, at the level that was installed",
  "active-directory": "By its owner, to the same time as Lync",
  dns: "By its owner, with the same names",
  dhcp: "By its owner",
  iis: "By its owner",
  "pstn-gateways": "By its owner, from the configuration of the gateway",
  "load-balancer": "By its owner",
  firewall: "By its owner",
  exchange: "By its owner",
  network: "By its owner",
  "operations-manager": "By its owner",
};

const SKYPE = {
  shell: "Skype for Business Server Management Shell",
  module: "SkypeForBusiness",
  builder: "Skype for Business Server Topology Builder",
};
/** How the management tools of a product are called. */
export const TOOLS_OF: Readonly<Record<Product, { shell: string; module: string; builder: string }>> = {
  lync2013: { shell: "Lync Server Management Shell", module: "Lync", builder: "Lync Server Topology Builder" },
  sfb2015: SKYPE,
  sfb2019: SKYPE,
  sfbse: SKYPE,
};
