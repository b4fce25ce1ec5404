import { DATABASES } from "../catalogue";
import type { InstanceAnswers, InstanceCall } from "../documents";
import { DATABASES_HERE, FOREIGN_BACKUPS } from "../sql";
import { instanceCall } from "./instance-call";
import { wantedDatabases, wantedLogs, type SqlBackup } from "./sql-declaration";

/**
 * What stands in the way of the backups of an instance, as it shows itself now: databases that have come or gone, a
 * recovery model that was changed, a backup of somebody else's in the chain. None of it is a property of the schedule,
 * because no update can put it right: a person sets the recovery model back, and the next full backup closes a gap. So
 * it is told beside them, by a refresh and by status.
 */
export const sqlWatch = ({ name }: Pick<SqlBackup, "name">): InstanceCall[] => [
  instanceCall(DATABASES_HERE),
  instanceCall(FOREIGN_BACKUPS, { series: name }),
];

type Row = InstanceAnswers["rows"][string][number];

/** By every instance that has answered. Nothing is said of what only another one could tell. */
export function sqlFindings(declared: SqlBackup, answers: readonly InstanceAnswers[]): string[] {
  const found = answers.flatMap((answer) => findingsOn(declared, answer));
  return [...new Set([...gone(declared, answers), ...found])];
}

const rowsOf = ({ rows }: InstanceAnswers, statement: string): readonly Row[] => rows[statement] ?? [];
const keyOf = (row: Row): string => (row["name"] ?? "").toLowerCase();

function gone(declared: SqlBackup, answers: readonly InstanceAnswers[]): string[] {
  const asked = new Set(answers.map(({ instance }) => instance));
  if (declared.placement.length === 0 || declared.placement.some(({ instance }) => !asked.has(instance))) return [];
  const there = new Set(answers.flatMap((answer) => rowsOf(answer, DATABASES_HERE.name).map(keyOf)));
  const where = [...asked].sort().join(" or ");
  return wantedDatabases(declared).flatMap(({ name, required }) =>
    !required || there.has(name.toLowerCase())
      ? []
      : [`There is no database ${name} on ${where}, and its backups are declared: create it, or take its name out.`],
  );
}

function findingsOn(declared: SqlBackup, answer: InstanceAnswers): string[] {
  const { instance } = answer;
  const wanted = new Map(wantedDatabases(declared).map((one) => [one.name.toLowerCase(), one]));
  const logs = new Map(wantedLogs(declared).map((one) => [one.name.toLowerCase(), one]));
  const databases = rowsOf(answer, DATABASES_HERE.name);
  return [
    ...databases.flatMap((row) => {
      const isCopy = row["mirroring_role"] === "MIRROR";
      if (!wanted.has(keyOf(row))) return strange(row, instance);
      if (isCopy) return [];
      return [
        ...unfit(row, instance),
        ...moved(row, instance, declared),
        ...(logs.get(keyOf(row))?.needsLog ? simple(row, instance) : []),
      ];
    }),
    ...rowsOf(answer, FOREIGN_BACKUPS.name).flatMap((row) =>
      wanted.has(keyOf(row)) ? foreign(row, { declared, instance, isLogged: logs.has(keyOf(row)) }) : [],
    ),
  ];
}

const SYSTEM = new Set(["master", "msdb", "model", "tempdb"]);
const LYNC = new Set(DATABASES.map(({ name }) => name.toLowerCase()));

/** What the catalogue knows is the business of coverage. */
function strange(row: Row, instance: string): string[] {
  const key = keyOf(row);
  if (SYSTEM.has(key) || LYNC.has(key) || key.startsWith("reportserver")) return [];
  return [`${String(row["name"])} on ${instance} is none of Lync's, and not backed up here: name it, if it is to be.`];
}

function unfit(row: Row, instance: string): string[] {
  if (row["state"] === "ONLINE") return [];
  return [`${String(row["name"])} on ${instance} is in the state ${String(row["state"])}, so it cannot be backed up.`];
}

/** Nothing is lost by it: whichever partner is the principal backs up. */
function moved(row: Row, instance: string, declared: SqlBackup): string[] {
  if (row["mirroring_role"] !== "PRINCIPAL" || instance === declared.instance) return [];
  return [
    `${String(row["name"])} has failed over: its principal is on ${instance}, and ${declared.instance} is declared. Its backups go on there.`,
  ];
}

function simple(row: Row, instance: string): string[] {
  if (row["recovery"] !== "SIMPLE") return [];
  return [
    `${String(row["name"])} on ${instance} is in simple recovery, so its log cannot be backed up, and the chain of its logs has ended: set it to full recovery, and run the full backup once.`,
  ];
}

function foreign(
  row: Row,
  { declared, instance, isLogged }: { declared: SqlBackup; instance: string; isLogged: boolean },
): string[] {
  const { name, kind, account, device, finished_at: at } = row;
  const who = `${String(account)} has made a ${String(kind)} backup of ${String(name)} on ${instance} at ${String(at)}, into ${String(device)}`;
  if (kind === "log") {
    return isLogged
      ? [`${who}: the logs of ${declared.name} have a gap there. Let it make none, and run the full backup once.`]
      : [];
  }
  const breaks = declared.differential
    ? `differentials of ${declared.name} cannot build on it`
    : `it is none of ${declared.name}`;
  return [`${who}: ${breaks}. Let it make copy-only backups, and run the full backup once.`];
}
