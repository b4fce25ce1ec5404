import { PRODUCTS_WITH, type Datum, type Product } from "../documents";
import type { AssumptionId } from "./assumptions";
import type { SourceId } from "./sources";

/** What a SQL store of the topology is for: it says which databases lie in it. */
export type Holder =
  | "back-end"
  | "central-management"
  | "archiving"
  | "monitoring"
  | "persistent-chat"
  | "compliance"
  | "reports"
  | "local";

/** Names by which a SQL schedule may ask for databases; new ones of a role are covered without a change. */
export type DatabaseRole =
  | "userStore"
  | "responseGroup"
  | "centralManagement"
  | "archiving"
  | "monitoring"
  | "persistentChat"
  | "compliance"
  | "transient";

export interface Database {
  name: string;
  holder: Holder;
  holds: string;
  role?: DatabaseRole;
  /** How its data come back: by an import, by SQL Server's own restore, or not at all because they are rebuilt. */
  restoredBy: "import" | "sql" | "nothing";
  /** The datum that its contents are; none where they are rebuilt or replicated. */
  data?: Datum;
  /** The datum that its log is, where it is in full recovery. */
  log?: Datum;
  products?: readonly Product[];
  /** Its presence follows from no topology: it counts where discovery has found it. */
  onlyWhereFound?: true;
  why: string;
  sources: readonly SourceId[];
  assumptions?: readonly AssumptionId[];
}

export const DATABASES: readonly Database[] = [
  {
    name: "xds",
    holder: "central-management",
    holds: "Topology, policies and configuration",
    role: "centralManagement",
    restoredBy: "import",
    data: "configuration",
    log: "central-management-log",
    why: "Import-CsConfiguration restores it into an empty database",
    sources: ["data", "core"],
    assumptions: ["standby-has-the-databases"],
  },
  {
    name: "lis",
    holder: "central-management",
    holds: "Locations for emergency calls",
    role: "centralManagement",
    restoredBy: "import",
    data: "locations",
    log: "central-management-log",
    why: "Import-CsLisConfiguration restores it",
    sources: ["data", "core"],
    assumptions: ["standby-has-the-databases"],
  },
  {
    name: "rtcxds",
    holder: "back-end",
    holds: "Persistent user data: rights, contacts, scheduled conferences",
    role: "userStore",
    restoredBy: "import",
    data: "user-data",
    log: "user-store-log",
    why: "Import-CsUserData restores it",
    sources: ["data", "core"],
  },
  {
    name: "rtcshared",
    holder: "back-end",
    holds: "Conference directories",
    role: "userStore",
    restoredBy: "import",
    data: "user-data",
    log: "user-store-log",
    why: "The user data export holds conference directories and conference IDs",
    sources: ["data", "user-data"],
  },
  {
    name: "rtcab",
    holder: "back-end",
    holds: "Address book",
    role: "transient",
    restoredBy: "nothing",
    log: "transient-log",
    why: "Rebuilt from Active Directory",
    sources: ["data"],
    assumptions: ["mirrored-transient-log"],
  },
  {
    name: "rtcab1",
    holder: "back-end",
    holds: "Address book, the second copy of older servers",
    role: "transient",
    restoredBy: "nothing",
    log: "transient-log",
    onlyWhereFound: true,
    why: "Rebuilt from Active Directory",
    sources: ["data"],
    assumptions: ["mirrored-transient-log"],
  },
  {
    name: "rgsconfig",
    holder: "back-end",
    holds: "Response Group: agents, queues, workflows, audio",
    role: "responseGroup",
    restoredBy: "import",
    data: "response-groups",
    log: "response-group-log",
    why: "Import-CsRgsConfiguration restores it",
    sources: ["data", "core"],
    assumptions: ["application-databases-everywhere"],
  },
  {
    name: "rgsdyn",
    holder: "back-end",
    holds: "Response Group: calls in progress",
    role: "transient",
    restoredBy: "nothing",
    log: "transient-log",
    why: "Holds calls in progress only",
    sources: ["data"],
    assumptions: ["application-databases-everywhere", "mirrored-transient-log"],
  },
  {
    name: "cpsdyn",
    holder: "back-end",
    holds: "Call Park: parked calls",
    role: "transient",
    restoredBy: "nothing",
    log: "transient-log",
    why: "Holds parked calls only",
    sources: ["data"],
    assumptions: ["application-databases-everywhere", "mirrored-transient-log"],
  },
  {
    name: "LcsLog",
    holder: "archiving",
    holds: "Archived messages and meeting content",
    role: "archiving",
    restoredBy: "sql",
    data: "archiving",
    log: "archiving-log",
    why: "No export can be imported again; SQL Server's own backup can",
    sources: ["data", "databases"],
  },
  {
    name: "LcsCDR",
    holder: "monitoring",
    holds: "Call detail records",
    role: "monitoring",
    restoredBy: "sql",
    data: "cdr",
    log: "cdr-log",
    why: "There is no export; SQL Server's own backup restores it",
    sources: ["data", "databases"],
  },
  {
    name: "QoEMetrics",
    holder: "monitoring",
    holds: "Quality of experience",
    role: "monitoring",
    restoredBy: "sql",
    data: "qoe",
    log: "qoe-log",
    why: "There is no export; SQL Server's own backup restores it",
    sources: ["data", "databases"],
  },
  {
    name: "mgc",
    holder: "persistent-chat",
    holds: "Persistent Chat: rooms, members, messages",
    role: "persistentChat",
    restoredBy: "sql",
    data: "persistent-chat",
    log: "persistent-chat-log",
    products: PRODUCTS_WITH.persistentChat,
    why: "Restored by the tool that backed it up, SQL Server or Export-CsPersistentChatData, and never by both",
    sources: ["data", "persistent-chat"],
  },
  {
    name: "mgccomp",
    holder: "compliance",
    holds: "Persistent Chat: what an adapter has still to fetch for compliance",
    role: "compliance",
    restoredBy: "sql",
    data: "persistent-chat-compliance",
    log: "persistent-chat-compliance-log",
    products: PRODUCTS_WITH.persistentChat,
    why: "Transient where an adapter drains it, business-critical where none does",
    sources: ["data", "persistent-chat-2015"],
  },
  {
    name: "ReportServer",
    holder: "reports",
    holds: "Monitoring Reports",
    restoredBy: "nothing",
    data: "monitoring-reports",
    why: "SQL Server Reporting Services is backed up by its own means, with its encryption key",
    sources: ["databases"],
    assumptions: ["reports-own-backup"],
  },
  {
    name: "ReportServerTempDB",
    holder: "reports",
    holds: "Monitoring Reports: sessions",
    restoredBy: "nothing",
    why: "Made anew by Reporting Services",
    sources: ["databases"],
    assumptions: ["reports-own-backup"],
  },
  {
    name: "xds",
    holder: "local",
    holds: "A replica of topology, policies and configuration on every server",
    restoredBy: "nothing",
    why: "Replicated from the Central Management store",
    sources: ["data"],
    assumptions: ["local-databases"],
  },
  {
    name: "rtc",
    holder: "local",
    holds: "User data on each Front End",
    restoredBy: "nothing",
    why: "A copy of what the Back End keeps",
    sources: ["data"],
    assumptions: ["local-databases"],
  },
  {
    name: "rtcdyn",
    holder: "local",
    holds: "Presence and registrations",
    restoredBy: "nothing",
    why: "Made anew as clients sign in",
    sources: ["data"],
    assumptions: ["local-databases"],
  },
  {
    name: "lyss",
    holder: "local",
    holds: "Queue of the Storage Service",
    restoredBy: "nothing",
    why: "Drained in operation; Invoke-CsStorageServiceFlush empties it before a planned failover",
    sources: ["disaster-recovery"],
    assumptions: ["local-databases"],
  },
];
