import type { SqlAgentSchedule, SqlInstance } from "../../estate/documents";
import type { BackupKind } from "../../estate/sql";
import type { Actor } from "../files";
import type { Database } from "../model/databases";
import type { World } from "../world";
import type { Patch } from "./patch";

/** What SQL Servers are and keep, as sections of the world. */

export interface SqlServer {
  instance: string;
  release: SqlInstance["release"];
  edition: SqlInstance["edition"];
  /** None: Express. */
  agent: "running" | "stopped" | "none";
  /** `CONTOSO\sql-service$`; what begins with NT goes to others as the computer itself. */
  serviceAccount: string;
  /** The computer on which it runs now: of a failover cluster, one of its nodes. */
  node: string;
  grants: Grant[];
  certificates: Record<string, Certificate>;
  /** Of databases, by name in lower case, as they came. */
  ids: Record<string, number>;
  jobs: AgentJob[];
  /** Whom SQL Server Agent may tell. */
  operators?: string[];
}

export const RIGHTS = ["backup", "create-database", "view-definition", "view-state", "msdb", "agent"] as const;
export type Right = (typeof RIGHTS)[number];

/** To an account or a group of the directory; without a right, to log on and no more. */
export interface Grant {
  login: string;
  right: Right | "log-on";
}

export interface Certificate {
  thumbprint: string;
  expires: string;
  keySaved: string | null;
}

/** Whoever has logged on, and where. */
export interface Session {
  world: World;
  server: SqlServer;
  login: string;
  /** As whom the server itself touches files. */
  service: Actor;
}

/** Where a database has partners: which part this instance has. */
export type Role = "alone" | "principal" | "mirror" | "primary" | "secondary";

/**
 * What SQL Server itself keeps of a database. Its log is a line of changes, each with a number that only grows; a log
 * backup takes those since the last one. All copies of a database have one log.
 */
export interface Log {
  /** Whose it is, as the database has it. */
  store: string;
  name: string;
  /** One database has one, whatever it is called and wherever it was restored. */
  family: string;
  /** Changes when it is restored and opened: before and after do not follow upon each other. */
  fork: string;
  /** Where this fork left the one before, until a log backup has told so. */
  forked?: { from: string; at: number };
  recovery: "SIMPLE" | "FULL" | "BULK_LOGGED";
  /** The number of the last change. */
  end: number;
  /** The next log backup begins here. Without it there is none: no full backup was made since recovery became full. */
  next?: number;
  /** What differentials build on. */
  base?: { set: string; lsn: number };
  /** Since `next`. */
  changes: LoggedChange[];
  /** What the database held at the end of the log, where there is a chain. */
  noted: unknown;
  /** Beside the rows that the lab spells out. */
  extraMegabytes: number;
  /** It is being restored: not open, and rolled forward so far. */
  restoring?: Restoring;
  /** Where a restore has put its files; without it, where setup puts them. */
  files?: PlacedFile[];
  /** When a restore has brought it here, as msdb notes it. */
  restoredAt?: string;
  /** Somebody is connected to it: nothing can be restored over it. */
  inUse?: boolean;
  /** Rows and indexes disagree: no checksum of a page finds that. */
  inconsistent?: boolean;
  /** Its users with a login and a role; without it, those of setup. */
  users?: DatabaseUser[];
}

export interface PlacedFile {
  logical: string;
  path: string;
  type: "D" | "L";
}

export interface DatabaseUser {
  name: string;
  login: string;
  role: string;
}

export interface LoggedChange {
  lsn: number;
  at: string;
  patch: Patch;
}

export interface Restoring {
  instance: string;
  /** What it has been rolled forward to. */
  position: number;
  /** The moment that this was. */
  at: string;
  contents: unknown;
}

/** A database of an instance, the system's own among them. */
export interface Held {
  name: string;
  /** Null: it is SQL Server's own. */
  database: Database | null;
  role: Role;
  log: Log;
  contents: unknown;
}

/** What a file says of its backup, and msdb notes of it. Numbers of the log are the lab's own small ones. */
export interface BackupHeader {
  kind: BackupKind;
  set: string;
  /** As the caller called it. */
  name: string;
  database: string;
  /** Of the deployment: what was installed there. */
  schema: string;
  family: string;
  fork: string;
  firstFork: string;
  /** Where the fork began, if in this backup. */
  forkedAt?: number;
  first: number;
  last: number;
  checkpoint: number;
  databaseBackup: number;
  base?: { set: string; lsn: number };
  recovery: "SIMPLE" | "FULL" | "BULK_LOGGED";
  compressed: boolean;
  /** Of the certificate. */
  thumbprint?: string;
  login: string;
  server: string;
  version: string;
  startedAt: string;
  finishedAt: string;
  bytes: number;
  storedBytes: number;
  megabytes: number;
  /** Which of how many files; msdb names them all. */
  media: string;
  devices: string[];
  /** Where the files of the database were. */
  files?: PlacedFile[];
  /** Of the clock that stands in the log. */
  timeZone?: string;
  inconsistent?: boolean;
  users?: DatabaseUser[];
}

export interface AgentJob {
  name: string;
  enabled: boolean;
  owner: string;
  category: string;
  description: string;
  /** The operator who is told, and when: 2 is on failure. */
  notifies: string | null;
  notifyLevel: number;
  steps: AgentStep[];
  schedules: { name: string; schedule: SqlAgentSchedule }[];
  modifiedAt: string;
  /** Days and weeks are counted from here. */
  since: string;
  /** Schedules up to here have had their turn: a start that was missed is not made up for. */
  considered: string;
  lastOutcome: "succeeded" | "failed" | null;
  /** Somebody has started it, and it has not had its turn yet. */
  asked?: string;
}

export interface AgentStep {
  name: string;
  subsystem: "CmdExec" | "TSQL" | "PowerShell";
  command: string;
  /** In the lab a proxy is called by the account of its credential. */
  proxy: string | null;
}

export type Row = Record<string, string | null>;

export type Values = Readonly<Record<string, string | number>>;
