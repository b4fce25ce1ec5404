import { z } from "zod";
import { DATABASES, isIn, type Database, type DatabaseRole } from "../catalogue";
import type { Product, SqlAgentRunner } from "../documents";
import type { Release } from "../sql";
import type { JobDeclaration } from "./declaration";

/** What is declared of the backups of one SQL Server instance, and which databases that means. */

const ROLES = [
  "userStore",
  "responseGroup",
  "centralManagement",
  "archiving",
  "monitoring",
  "persistentChat",
  "compliance",
  "transient",
] as const satisfies readonly DatabaseRole[];

/** It becomes a part of messages and lists; what SQL Server would take besides, no Lync database is called. */
const DatabaseName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "expected a name without control characters");

export const SqlBackupOptions = z.strictObject({
  databases: z.strictObject({
    roles: z
      .array(z.enum(ROLES))
      .default([])
      .describe("The databases that the catalogue knows for a role, as far as they are there when a backup runs"),
    names: z.array(DatabaseName).default([]).describe("Databases that must be there"),
  }),
  differential: z.boolean().default(false),
  log: z
    .strictObject({
      leaveOut: z.array(DatabaseName).default([]).describe("Databases whose log is not backed up all the same"),
    })
    .optional()
    .describe(
      "Without it no log is backed up. Simple recovery is refused, for what Lync restores by an import or not at all excepted: without a log nothing fills the disk",
    ),
  copyOnly: z
    .boolean()
    .default(false)
    .describe("Another tool owns the chain: full backups beside it, neither differentials nor logs"),
  compress: z.boolean().default(false).describe("Express cannot; without it, the server's own default counts"),
  encryption: z
    .strictObject({ certificate: z.string().min(1).max(128).describe("Its name in the database master") })
    .optional()
    .describe("By SQL Server itself, from 2014 on and not in Express; the certificate's own backup is yours to keep"),
  striping: z
    .strictObject({
      files: z.union([z.literal(2), z.literal(4), z.literal(8)]).describe("How many files"),
      fromGigabytes: z.int().min(1).max(1_000_000).describe("Of data; smaller databases go into one file"),
    })
    .optional()
    .describe("Writes large databases into several files at the same time"),
  replica: z
    .enum(["primary", "preferred"])
    .default("primary")
    .describe("Of an availability group. Preferred: where the group prefers backups; fulls are copy-only then"),
});
export type SqlBackupOptions = z.infer<typeof SqlBackupOptions>;

/** Its name is that of the series; the jobs are called by it and their kind. */
export interface SqlBackup extends SqlBackupOptions, JobDeclaration {
  /** The declared principal or listener: a failover changes no scope. */
  instance: string;
  /** As the estate has recorded it; of several replicas the oldest. Found again by each run. */
  release: Release;
  /** Each host with the instance that it asks: all replicas, or all nodes of a failover cluster. */
  placement: readonly { host: string; instance: string }[];
  /** Without it Task Scheduler starts the jobs. */
  runner?: SqlAgentRunner | undefined;
}

/** A database that the declaration means, whether or not it is there. */
export interface WantedDatabase {
  name: string;
  /** The datum that a backup of it is. */
  data: string;
  /** The datum that a backup of its log is. */
  log: string;
  /** Declared by its name: it is an error when it is not there. */
  required: boolean;
  /** Under simple recovery its declared log backup is an error; otherwise there is nothing to do. */
  needsLog: boolean;
  /** Where the declaration says it. */
  path: readonly PropertyKey[];
}

/** What holds no datum of the catalogue: the base of a log that would fill the disk, or a database named by hand. */
const OTHER = { data: "database", log: "database-log" } as const;

export function wantedDatabases(declared: SqlBackupOptions & { product: Product }): WantedDatabase[] {
  const { roles, names } = declared.databases;
  const wanted = new Map<string, WantedDatabase>();
  for (const [index, role] of roles.entries()) {
    const rows = DATABASES.filter((row) => row.role === role && isIn(row, declared.product));
    for (const row of rows) {
      const path = ["databases", "roles", index];
      wanted.set(row.name.toLowerCase(), { ...known(row), required: false, needsLog: row.restoredBy === "sql", path });
    }
  }
  for (const [index, name] of names.entries()) {
    const row = DATABASES.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const path = ["databases", "names", index];
    wanted.set(name.toLowerCase(), { ...(row ? known(row) : OTHER), name, required: true, needsLog: true, path });
  }
  return [...wanted.values()];
}

const known = (row: Database): Pick<WantedDatabase, "name" | "data" | "log"> => ({
  name: row.name,
  data: row.data ?? OTHER.data,
  log: row.log ?? OTHER.log,
});

/** Those of them whose log is declared. */
export function wantedLogs(declared: SqlBackupOptions & { product: Product }): WantedDatabase[] {
  if (!declared.log) return [];
  const without = new Set(declared.log.leaveOut.map((name) => name.toLowerCase()));
  return wantedDatabases(declared).filter(({ name }) => !without.has(name.toLowerCase()));
}
