import type { Job, SetKind, StepInput, Value } from "../documents";
import {
  callOf,
  DATABASE,
  DATABASE_2008,
  DATABASE_LOG,
  DATABASE_LOG_2008,
  DIFFERENTIAL_FOLLOWS,
  LOG_FOLLOWS,
  type Statement,
} from "../sql";
import { backupJob } from "./declaration";
import { wantedDatabases, wantedLogs, type SqlBackup } from "./sql-declaration";
import { captureSteps, instanceSteps } from "./sql-instance";
import {
  callStep,
  databaseSteps,
  item,
  makingSteps,
  rowsOf,
  systemSteps,
  type Making,
  type ScheduledKind,
} from "./sql-steps";

/** The jobs of one SQL Server instance. They add to one series, and each has a schedule of its own. */
export interface SqlJobs {
  full: Job;
  differential?: Job;
  log?: Job;
}

export function sqlJobs(declared: SqlBackup): SqlJobs {
  return {
    full: jobOf(declared, "full"),
    ...(declared.differential ? { differential: jobOf(declared, "differential") } : {}),
    ...(declared.log ? { log: jobOf(declared, "log") } : {}),
  };
}

export const sqlJobName = (declared: Pick<SqlBackup, "name">, kind: ScheduledKind): string =>
  `${declared.name}-${kind}`;

const TITLES: Record<ScheduledKind, string> = {
  full: "Full backups",
  differential: "Differential backups",
  log: "Log backups",
};

function jobOf(declared: SqlBackup, kind: ScheduledKind): Job {
  const making = makingOf(declared, kind);
  const server = (column: string): Value => ({ $ref: `server.items.0.${column}` });
  // A log that has been cut off is kept, however full the disk.
  const keepFreeBytes = kind === "log" ? 0 : declared.keepFreeBytes;
  return backupJob(
    { ...declared, name: sqlJobName(declared, kind), keepFreeBytes },
    {
      title: `${TITLES[kind]} of ${declared.instance}`,
      series: declared.name,
      setKind: making.setKind,
      steps: [...instanceSteps(making), ...(kind === "full" ? fullSteps(making) : followingSteps(making, kind))],
      // SQL Server has read them to their end, and hashing does it again. A database may shrink, a log by any amount.
      check: { opens: false, shrinkPercent: kind === "full" ? 10 : 0 },
      seal: {
        facts: {
          "sql-version": server("version"),
          "sql-edition": server("edition"),
          replica: { $ref: "host.instance" },
          ...(declared.encryption ? { "certificate-thumbprint": { $ref: "certificate.items.0.thumbprint" } } : {}),
        },
        needs: kind === "full" ? [] : [{ $ref: "chain.each.*.data.items.*.base.set" }],
      },
    },
  );
}

/** A replica that is only preferred may be a secondary, and that makes no full backups but copies. */
function makingOf(declared: SqlBackup, kind: ScheduledKind): Making {
  if (kind !== "full") return { declared, setKind: kind, backup: kind };
  const setKind: SetKind = declared.copyOnly ? "copy-only" : "full";
  return { declared, setKind, backup: declared.replica === "preferred" ? "copy-only" : setKind };
}

/** Each replica captures its own state; of the databases it backs up those that are its own to back up. */
function fullSteps(making: Making): StepInput[] {
  return [...systemSteps(making), ...captureSteps(), findSteps(making, "data"), ...databaseSteps(making, "databases")];
}

/** Differentials and logs: only where this replica acts, and only on top of what the series holds. */
function followingSteps(making: Making, kind: "differential" | "log"): StepInput[] {
  const { declared } = making;
  const replicas = new Set(declared.placement.map(({ instance }) => instance)).size;
  const what = kind === "log" ? "log" : "database";
  const common = { database: item("name"), datum: item("datum"), stem: item("stem"), large: item("large") };
  const base = { set: item("base.set") };
  const follows =
    kind === "log"
      ? callOf(LOG_FOLLOWS, { ...common, ...base, role: item("role"), end: item("base.facts.last-lsn") })
      : callOf(DIFFERENTIAL_FOLLOWS, { ...common, ...base, base: item("base.facts.backup-set") });
  return [
    findSteps(making, kind === "log" ? "log" : "data"),
    {
      kind: "guard",
      id: "here",
      title: "Act only where there is something to back up",
      condition: { value: rowsOf("databases"), is: "present" },
      otherwise: replicas > 1 ? "stand-down" : "nothing-to-do",
      because:
        replicas > 1
          ? `no ${what} is this replica's to back up: others are the principals, or there is none`
          : `there is no ${what} to back up on this instance`,
    },
    {
      kind: "chain",
      id: "chain",
      title: `Find the sets that each ${kind} builds on`,
      forEach: rowsOf("databases"),
      onFailure: "keep",
      scope: { of: "database", instance: declared.instance, database: item("name") },
      on: kind === "log" ? "newest" : "full",
    },
    callStep({
      id: "follows",
      title: "Make sure that nothing has broken the chain since",
      forEach: rowsOf("chain"),
      onFailure: "keep",
      ...follows,
      timeLimitMinutes: 15,
    }),
    ...databaseSteps(making, "follows"),
    {
      kind: "guard",
      id: "made",
      title: "See whether there is a backup to keep",
      condition: { value: makingSteps(making).map(rowsOf), is: "present" },
      otherwise: "nothing-to-do",
      because: "no backup was made, as the steps before say",
    },
  ];
}

/** One question for each database that is meant. */
function findSteps(making: Making, of: "data" | "log"): StepInput {
  const { declared } = making;
  const isOld = declared.release === "2008R2";
  const statement: Statement =
    of === "log" ? (isOld ? DATABASE_LOG_2008 : DATABASE_LOG) : isOld ? DATABASE_2008 : DATABASE;
  const wanted = of === "log" ? wantedLogs(declared) : wantedDatabases(declared);
  return callStep({
    id: "databases",
    title: of === "log" ? "Find the databases whose logs must be backed up here" : "Find the databases to back up here",
    forEach: wanted.map(({ name, data, log, required, needsLog }) => ({
      name,
      datum: of === "log" ? log : data,
      required: required ? "yes" : "no",
      ...(of === "log" ? { simple: needsLog ? "refuse" : "pass" } : {}),
    })),
    onFailure: "keep",
    ...callOf(statement, {
      database: item("name"),
      datum: item("datum"),
      required: item("required"),
      largeFromGigabytes: declared.striping?.fromGigabytes ?? 0,
      ...(of === "log" ? { simple: item("simple") } : {}),
      ...(isOld ? {} : { replica: declared.replica }),
    }),
    timeLimitMinutes: 15,
  });
}
