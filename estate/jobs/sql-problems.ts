import { DATABASES, isIn } from "../catalogue";
import { Name, PRODUCT_NAMES, type SqlInstance, type Topology } from "../documents";
import { isAtLeast } from "../sql";
import { instanceIndex, storesOf, type Store } from "../topology/stores";
import { sqlJobName } from "./sql";
import { wantedDatabases, wantedLogs, type SqlBackup } from "./sql-declaration";
import { placementProblems } from "./sql-placement";
import { SCHEDULED_KINDS } from "./sql-steps";

export interface SqlProblem {
  path: readonly PropertyKey[];
  message: string;
}
/** For those who ask of many instances of one topology. */
export interface SqlReading {
  instances: ReadonlyMap<string, SqlInstance>;
  stores: readonly Store[];
}

type Report = (path: readonly PropertyKey[], message: string) => void;

/** What an instance cannot honour, as far as the estate knows it; runs look again. Never ignored, always a sentence. */
export function sqlProblems(
  declared: SqlBackup,
  topology: Topology,
  read: SqlReading = { instances: instanceIndex(topology), stores: storesOf(topology) },
): SqlProblem[] {
  const problems: SqlProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  problems.push(...sqlContradictions(declared));
  const known = read.instances;
  const instances = [...new Set(declared.placement.map(({ instance }) => instance))].flatMap(
    (instance) => known.get(instance) ?? [],
  );
  for (const instance of instances) instanceProblems(declared, instance, report);
  recoveryProblems(declared, instances, report);
  placementProblems(declared, read.stores, known, report);
  return problems;
}

/** What needs no topology to be wrong. */
export function sqlContradictions(declared: SqlBackup): SqlProblem[] {
  const problems: SqlProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  contradictions(declared, report);
  databaseProblems(declared, report);
  return problems;
}

function contradictions(declared: SqlBackup, report: Report): void {
  const { copyOnly, differential, log, replica, encryption, release, target, placement } = declared;
  for (const kind of SCHEDULED_KINDS) {
    const name = sqlJobName(declared, kind);
    if (Name.safeParse(name).success) continue;
    report(["name"], "is too long: its jobs are called by it and their kind, and a name has at most 64 characters");
    break;
  }
  if (copyOnly && differential)
    report(["differential"], "cannot build on copy-only backups; the tool that owns the chain makes them");
  if (copyOnly && log)
    report(["log"], "would break the chain that another tool owns; its log backups are the only ones");
  if (replica === "preferred" && differential) {
    report(
      ["differential"],
      "builds on full backups of the primary, and a preferred replica may be a secondary; declare replica: primary",
    );
  }
  if (replica === "preferred" && release === "2008R2")
    report(["replica"], "is of availability groups, and SQL Server 2008 R2 has none");
  if (encryption && !isAtLeast(release, "2014")) {
    report(
      ["encryption"],
      `needs SQL Server 2014 or newer, and this is ${release}; encrypt target and offsite storage instead`,
    );
  }
  const isLocal = !target.path.startsWith("\\\\");
  for (const [index, { host, instance }] of placement.entries()) {
    if (placement.findIndex((one) => one.host === host) < index) report(["placement", index, "host"], "is named twice");
    if (isLocal && serverOf(instance) !== target.host) {
      report(
        ["target", "path"],
        `must be a share: ${instance} writes the files itself, and would take ${target.path} for a folder of its own`,
      );
    }
  }
}

const serverOf = (instance: string): string => instance.split("\\")[0] ?? instance;

const SYSTEM = new Set(["master", "msdb", "model", "tempdb"]);

function databaseProblems(declared: SqlBackup, report: Report): void {
  const { roles, names } = declared.databases;
  if (roles.length + names.length === 0) report(["databases"], "names no database, neither by role nor by name");
  for (const [index, role] of roles.entries()) {
    const path = ["databases", "roles", index];
    if (roles.indexOf(role) < index) report(path, "is named twice");
    if (DATABASES.some((row) => row.role === role && isIn(row, declared.product))) continue;
    report(path, `has no databases in ${PRODUCT_NAMES[declared.product]}`);
  }
  const lower = names.map((name) => name.toLowerCase());
  for (const [index, name] of lower.entries()) {
    const path = ["databases", "names", index];
    if (lower.indexOf(name) < index) report(path, "is named twice; upper and lower case are the same");
    if (SYSTEM.has(name)) report(path, "is a database of SQL Server's own; master and msdb are in every full backup");
  }
  const wanted = new Set(wantedDatabases(declared).map(({ name }) => name.toLowerCase()));
  for (const [index, name] of (declared.log?.leaveOut ?? []).entries()) {
    if (!wanted.has(name.toLowerCase()))
      report(["log", "leaveOut", index], "is none of the databases that are backed up");
  }
}

function instanceProblems(declared: SqlBackup, found: SqlInstance, report: Report): void {
  const { instance, release, edition, agent, availabilityGroups } = found;
  if (!isAtLeast(release, declared.release)) {
    report(["release"], `is newer than ${instance}, which is SQL Server ${release}`);
  }
  if (declared.release === "2008R2" && availabilityGroups.length > 0) {
    report(["release"], `has no availability groups, and ${instance} is in one`);
  }
  if (declared.replica === "preferred" && availabilityGroups.length === 0) {
    report(["replica"], `is of availability groups, and ${instance} is in none`);
  }
  if (declared.runner && (edition === "express" || agent === false)) {
    const why =
      edition === "express" ? "the Express edition has no SQL Server Agent" : "its SQL Server Agent does not run";
    report(["runner"], `is not possible on ${instance}: ${why}; let Task Scheduler start the jobs`);
  }
  if (edition !== "express") return;
  if (declared.compress)
    report(["compress"], `is not possible on ${instance}: the Express edition cannot compress backups`);
  if (declared.encryption) {
    report(["encryption"], `is not possible on ${instance}: the Express edition cannot encrypt backups`);
  }
}

/** What is there, and in which recovery model, as discovery has recorded it on any replica. */
function recoveryProblems(declared: SqlBackup, instances: readonly SqlInstance[], report: Report): void {
  const recorded = instances.flatMap(({ databases, instance }) =>
    (databases ?? []).map((database) => ({ ...database, key: database.name.toLowerCase(), instance })),
  );
  for (const { name, path, needsLog } of wantedLogs(declared)) {
    const simple = recorded.find(({ key, recovery }) => key === name.toLowerCase() && recovery === "simple");
    if (!needsLog || !simple) continue;
    report(
      path,
      `means ${simple.name} on ${simple.instance}, which is in simple recovery, so that it has no log to back up; ` +
        "set it to full recovery, or name it in log.leaveOut",
    );
  }
  // Only who has listed every replica knows that a database is nowhere.
  if (instances.length === 0 || instances.some(({ databases }) => databases === undefined)) return;
  for (const { name, path, required } of wantedDatabases(declared)) {
    if (!required || SYSTEM.has(name.toLowerCase()) || recorded.some(({ key }) => key === name.toLowerCase())) continue;
    report(path, `is no database of ${instances.map(({ instance }) => instance).join(" or ")}`);
  }
}
