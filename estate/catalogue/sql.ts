import { PRODUCTS_WITH, type Datum } from "../documents";
import type { CatalogueRow } from "./row";

/** What SQL Server itself backs up: databases without an export, logs that would fill the disk, the installation. */

const BACKUP_OPERATOR = "db_backupoperator, CREATE DATABASE to verify; the service account writes the file";
const SQL_BACKUP = "SQL Server backup, verified after each run";

interface DatabaseRow extends Pick<CatalogueRow, "title" | "what" | "service" | "sources" | "products"> {
  datum: Datum;
  guidance: string;
}
const database = ({ guidance, ...row }: DatabaseRow): CatalogueRow => ({
  ...row,
  arises: { per: "database" },
  protectedBy: ["sql"],
  tool: SQL_BACKUP,
  files: [],
  rights: BACKUP_OPERATOR,
  guidance: { text: guidance, hours: 24 },
  data: "kept",
  restoredIn: ["database", "back-end", "pool", "central-management-store", "standard-edition-server"],
  assumptions: ["sql-backup-rights"],
});

/** `of` completes the sentence "the log of …". */
const log = (
  datum: Datum,
  of: string,
  kept: "kept" | "transient",
  {
    products,
    assumptions = [],
    service = "needed",
  }: Pick<Partial<CatalogueRow>, "products" | "assumptions" | "service"> = {},
): CatalogueRow => ({
  datum,
  title: `Log of ${of}`,
  what:
    kept === "kept"
      ? "In full recovery the log grows until it is backed up; with it a restore reaches any point in time."
      : "In full recovery, as every mirrored database is, the log grows until it is backed up, or until the disk is full.",
  arises: { per: "log" },
  protectedBy: ["sql"],
  tool: "SQL Server log backup",
  files: [],
  rights: BACKUP_OPERATOR,
  guidance: { text: "Regularly where databases are mirrored: as often as the disk and the recovery point need" },
  data: kept,
  service,
  restoredIn: kept === "kept" ? ["database"] : [],
  ...(products ? { products } : {}),
  sources: ["mirroring", "practices"],
  assumptions: ["always-on-is-full", "unmirrored-recovery-unknown", "sql-backup-rights", ...assumptions],
});

export const IN_SQL: readonly CatalogueRow[] = [
  database({
    datum: "archiving",
    title: "Archived messages",
    what: "Instant messages and meeting content. `Export-CsArchivingData` extracts mail files, which nothing restores.",
    guidance: "As the law and the business ask",
    service: "where-archiving-blocks",
    sources: ["data", "databases", "archiving-configuration"],
  }),
  database({
    datum: "cdr",
    title: "Call detail records",
    what: "Who called whom, when and how.",
    guidance: "As the business asks",
    service: "not-needed",
    sources: ["data", "databases"],
  }),
  database({
    datum: "qoe",
    title: "Quality of experience",
    what: "How calls sounded.",
    guidance: "As the business asks",
    service: "not-needed",
    sources: ["data", "databases"],
  }),
  database({
    datum: "persistent-chat-compliance",
    title: "Persistent Chat compliance",
    what: "What was said in rooms, until an adapter fetches it; kept only where no adapter does.",
    guidance: "As the law asks",
    service: "not-needed",
    products: PRODUCTS_WITH.persistentChat,
    sources: ["data", "persistent-chat-2015"],
  }),
  log("central-management-log", "the Central Management store", "transient"),
  log("user-store-log", "the user store", "transient"),
  log("response-group-log", "the Response Group store", "transient", {
    assumptions: ["application-databases-everywhere"],
  }),
  log("transient-log", "transient databases", "transient", { assumptions: ["mirrored-transient-log"] }),
  log("archiving-log", "the Archiving database", "kept", { service: "where-archiving-blocks" }),
  log("cdr-log", "the database of call detail records", "kept", { service: "not-needed" }),
  log("qoe-log", "the database of quality of experience", "kept", { service: "not-needed" }),
  log("persistent-chat-log", "the Persistent Chat database", "kept", {
    products: PRODUCTS_WITH.persistentChat,
    service: "not-needed",
  }),
  log("persistent-chat-compliance-log", "the Persistent Chat compliance database", "kept", {
    products: PRODUCTS_WITH.persistentChat,
    service: "not-needed",
  }),
  {
    datum: "sql-instance",
    title: "SQL Server installation",
    what: "Version and cumulative update, collation, port, paths, service accounts, logins with their SIDs, master and msdb: a restore needs the same instance.",
    arises: { per: "instance" },
    protectedBy: ["sql"],
    tool: "Captured with each full backup",
    files: [],
    rights: "VIEW SERVER STATE, VIEW ANY DEFINITION, and db_backupoperator in master and msdb",
    guidance: { text: "After every change of the installation; with each full backup", hours: 168, afterChange: true },
    data: "kept",
    service: "needed",
    restoredIn: ["back-end", "pool", "database", "central-management-store", "standard-edition-server"],
    sources: ["preparing", "data-placement"],
    assumptions: ["standard-edition-store", "sql-backup-rights"],
  },
];
