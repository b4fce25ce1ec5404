import {
  backupVariant,
  CORPUS,
  fileParameters,
  isAtLeast,
  moveParameters,
  restoreVariant,
  statementNamed,
  type Statement,
} from "../../estate/sql";
import { zoneOf } from "../../estate/schedules/zone";
import type { Actor } from "../files";
import type { World } from "../world";
import { agentJob, agentJobCommands, agentJobs, agentJobSchedules, agentSchedules, agentSteps } from "./agent";
import { finishAgentJob, removeAgentJob, setAgentJob, setAgentSchedule, startAgentJob } from "./agent-changes";
import { databasesHere, differentialFollows, instantText, localTime, logFollows, lookAt, replicasHere } from "./ask";
import { backUp } from "./backup";
import { notSimulated, sqlError } from "./error";
import {
  certificate,
  endpoints,
  fileRowsOf,
  placedFiles,
  files,
  instanceFacts,
  logins,
  properties,
  registry,
  rights,
  services,
  settings,
} from "./inventory";
import { lsnText } from "./log";
import { dropRestored, readFileList, readHeader, recover, restoreDatabase, restoreLog, verify } from "./restore";
import { checkDatabase, databaseRows, databaseUser, nameIsFree } from "./restored";
import { mustBeAllowed } from "./rights";
import { connect, historyOf } from "./servers";
import { buildOf, COLLATION } from "./versions";
import type { Session, BackupHeader, Row, Values } from "./model";

/** A statement is executed as what it is declared to be, by its name and its parameters: the lab reads no T-SQL. */

type Behaviour = (session: Session, statement: string, values: Values) => Row[];

const nothing =
  (does: (session: Session, devices: string[]) => unknown): Behaviour =>
  (session, _, values) => {
    does(session, devicesIn(values));
    return [];
  };

const BEHAVIOUR: Readonly<Record<string, Behaviour>> = {
  "instance-facts": instanceFacts,
  "instance-properties": properties,
  "instance-services": services,
  "instance-registry": registry,
  "instance-settings": settings,
  "instance-files": files,
  "instance-logins": logins,
  "instance-rights": rights,
  "instance-endpoints": endpoints,
  certificate,
  "databases-here": databasesHere,
  "replicas-here": replicasHere,
  "database-2008r2": lookAt,
  database: lookAt,
  "database-log-2008r2": lookAt,
  "database-log": lookAt,
  "differential-follows": differentialFollows,
  "log-follows": logFollows,
  "backup-header": headerRows,
  "backup-file-list": fileListRows,
  "backup-history": history,
  "foreign-backups": foreignBackups,
  "agent-jobs": agentJobs,
  "agent-steps": agentSteps,
  "agent-schedules": agentSchedules,
  "agent-job": agentJob,
  "agent-job-commands": agentJobCommands,
  "agent-job-schedules": agentJobSchedules,
  "agent-job-set": setAgentJob,
  "agent-job-schedule": setAgentSchedule,
  "agent-job-ready": finishAgentJob,
  "agent-job-start": startAgentJob,
  "agent-job-remove": removeAgentJob,
  "backup-tail": backup,
  "restore-log": rollForward,
  "restore-log-to": rollForward,
  recover: (session, _, values) => {
    recover(session, String(values["database"]));
    return [];
  },
  "name-is-free": nameIsFree,
  "check-database": checkDatabase,
  "database-rows": databaseRows,
  "database-user": databaseUser,
  "drop-restored": (session, _, values) => {
    dropRestored(session, String(values["database"]), String(values["since"]));
    return [];
  },
  ...Object.fromEntries(
    CORPUS.flatMap(({ name }): [string, Behaviour][] =>
      backupVariant(name)
        ? [[name, backup]]
        : restoreVariant(name)
          ? [[name, restore]]
          : name.startsWith("verify-only")
            ? [[name, nothing(verify)]]
            : [],
    ),
  ),
};

/** What a newer release brought, as an older one complains of it. */
const NEWER: Readonly<Record<string, string>> = { "2014": "ENCRYPTION" };

export interface SqlCall {
  /** Server or server\instance, or a listener. */
  instance: string;
  statement: string;
  parameters: Values;
  identifiers?: Readonly<Record<string, string>>;
}

/** Executes it as an account on a host. Throws what SQL Server would answer. */
export function executeSql(world: World, actor: Actor, call: SqlCall): Row[] {
  const session = connect(world, actor, call.instance);
  const statement = statementNamed(call.statement);
  const behaviour = BEHAVIOUR[call.statement];
  if (!statement || !behaviour) throw notSimulated(call.statement);
  const values = { ...call.parameters, ...call.identifiers };
  mustBeKnown(session, statement);
  mustBeAllowed(session, statement, String(values["database"] ?? "master"));
  return behaviour(session, statement.name, values);
}

function mustBeKnown({ server }: Session, { since, name }: Statement): void {
  if (isAtLeast(server.release, since)) return;
  const option = NEWER[since];
  throw option === undefined
    ? sqlError(208, `sys.dm_hadr_availability_replica_states (${name})`)
    : sqlError(155, option);
}

const devicesIn = (values: Values): string[] =>
  (["file", ...fileParameters(8)] as const).flatMap((name) => (name in values ? [String(values[name])] : []));

function backup(session: Session, statement: string, values: Values): Row[] {
  const closes = statement === "backup-tail";
  const variant = closes ? TAIL : backupVariant(statement);
  if (!variant) throw notSimulated(statement);
  const made = backUp(session, {
    ...variant,
    database: String(values["database"]),
    name: String(values["name"]),
    devices: devicesIn(values),
    certificate: String(values["certificate"] ?? ""),
    closes,
  });
  return [{ datum: String(values["datum"]), stem: String(values["stem"]), ...madeRow(made) }];
}

const TAIL = { kind: "log", compressed: false, encrypted: false } as const;

function restore(session: Session, statement: string, values: Values): Row[] {
  const variant = restoreVariant(statement);
  if (!variant) throw notSimulated(statement);
  const text = (name: string): string => String(values[name]);
  const moves = moveParameters(variant.moved).map(({ logical, path }) => ({
    logical: text(logical),
    path: text(path),
  }));
  const { replaces: replace } = variant;
  restoreDatabase(session, { database: text("database"), devices: devicesIn(values), recovery: false, replace, moves });
  return [];
}

function rollForward(session: Session, _: string, values: Values): Row[] {
  const stop = values["moment"] === undefined ? {} : { stopWall: String(values["moment"]) };
  restoreLog(session, { database: String(values["database"]), devices: devicesIn(values), recovery: false, ...stop });
  return [];
}

function madeRow(made: BackupHeader): Row {
  return {
    name: made.database,
    backup_set: made.set,
    first_lsn: lsnText(made.first),
    last_lsn: lsnText(made.last),
    checkpoint_lsn: lsnText(made.checkpoint),
    database_backup_lsn: lsnOrNone(made.databaseBackup),
    recovery_fork: made.fork,
    first_fork: made.firstFork,
    fork_point: lsnOrNone(made.forkedAt ?? 0),
    copy_only: made.kind === "copy-only" ? "yes" : "no",
    checksum: "yes",
    compressed: made.storedBytes < made.bytes ? "yes" : "no",
    recovery: made.recovery,
    bytes: String(made.bytes),
    finished_at: instantText(made.finishedAt),
    utc_offset: String(zoneOf(made.timeZone ?? "UTC").offsetAt(Date.parse(made.finishedAt)) / 60_000),
    server: made.server,
    server_version: buildOf(made.version),
    ...(made.kind === "differential"
      ? { base_set: made.base?.set ?? null, base_lsn: made.base ? lsnText(made.base.lsn) : null }
      : {}),
  };
}

const lsnOrNone = (lsn: number): string => (lsn === 0 ? "0" : lsnText(lsn));

const TYPES: Record<BackupHeader["kind"], { number: string; word: string }> = {
  full: { number: "1", word: "full" },
  "copy-only": { number: "1", word: "full" },
  differential: { number: "5", word: "differential" },
  log: { number: "2", word: "log" },
};

function headerRows(session: Session, _: string, values: Values): Row[] {
  const found = readHeader(session, String(values["file"]));
  const [major = "0", minor = "0", build = "0"] = found.version.split(".");
  return [
    {
      BackupName: found.name,
      BackupType: TYPES[found.kind].number,
      Position: "1",
      ServerName: found.server,
      DatabaseName: found.database,
      BackupSize: String(found.bytes),
      FirstLSN: lsnText(found.first),
      LastLSN: lsnText(found.last),
      CheckpointLSN: lsnText(found.checkpoint),
      DatabaseBackupLSN: lsnOrNone(found.databaseBackup),
      BackupStartDate: localTime(session, found.startedAt),
      BackupFinishDate: localTime(session, found.finishedAt),
      SoftwareVersionMajor: major,
      SoftwareVersionMinor: minor,
      SoftwareVersionBuild: build,
      Collation: COLLATION,
      CompatibilityLevel: `${major}0`,
      RecoveryModel: found.recovery.replace("_", "-"),
      IsCopyOnly: found.kind === "copy-only" ? "1" : "0",
      HasBackupChecksums: "1",
      IsDamaged: "0",
      FirstRecoveryForkID: found.firstFork,
      RecoveryForkID: found.fork,
      DifferentialBaseLSN: found.base ? lsnText(found.base.lsn) : null,
      DifferentialBaseGUID: found.base?.set ?? null,
      BackupSetGUID: found.set,
    },
  ];
}

function fileListRows(session: Session, _: string, values: Values): Row[] {
  const { database, megabytes, files } = readFileList(session, String(values["file"]));
  return fileRowsOf(files ?? placedFiles(session, { name: database, log: {} }), megabytes);
}

function history({ world, server }: Session, _: string, values: Values): Row[] {
  const [database, since] = [String(values["database"]).toLowerCase(), String(values["since"])];
  return historyOf(world, server.instance)
    .filter((one) => one.database.toLowerCase() === database && one.finishedAt >= since)
    .map((one) => ({
      backup_set: one.set,
      kind: TYPES[one.kind].word,
      copy_only: one.kind === "copy-only" ? "yes" : "no",
      name: one.name,
      account: one.login,
      device: one.devices[0] ?? null,
      first_lsn: lsnText(one.first),
      last_lsn: lsnText(one.last),
      recovery: one.recovery,
      finished_at: instantText(one.finishedAt),
    }));
}

const WEEK_MS = 7 * 24 * 3_600_000;

function foreignBackups({ world, server }: Session, _: string, values: Values): Row[] {
  const own = `${String(values["series"])} `;
  const history = historyOf(world, server.instance).filter(({ kind }) => kind === "full" || kind === "log");
  const aWeekAgo = new Date(Date.parse(world.clock.now) - WEEK_MS).toISOString();
  const since = new Map<string, string>();
  for (const { kind, name, database, finishedAt } of history) {
    if (kind === "full" && name.startsWith(own)) since.set(database.toLowerCase(), finishedAt);
  }
  return history
    .filter(({ name }) => !name.startsWith(own))
    .filter(({ database, finishedAt }) => finishedAt > (since.get(database.toLowerCase()) ?? aWeekAgo))
    .map(({ database, kind, name, login, devices, finishedAt }) => ({
      name: database,
      kind,
      called: name,
      account: login,
      device: devices[0] ?? null,
      finished_at: instantText(finishedAt),
    }));
}
