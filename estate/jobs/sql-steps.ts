import type { ArtefactDeclaration, SetKind, StepInput, Value } from "../documents";
import { backupStatement, callOf, fileParameters, verifyStatement, type BackupKind, type Stripes } from "../sql";
import type { SqlBackup } from "./sql-declaration";

/** Backups and what is done with each of them. A loop goes over the rows of the step before: what failed drops out. */

export const SCHEDULED_KINDS = ["full", "differential", "log"] as const;
export type ScheduledKind = (typeof SCHEDULED_KINDS)[number];

export const rowsOf = (step: string): { $ref: string } => ({ $ref: `${step}.each.*.data.items` });
export const item = (field: string): { $ref: string } => ({ $ref: `item.${field}` });

export const INSTANCE_SCOPE = { of: "instance", instance: { $ref: "host.instance" } } as const;

/** What depends on the kind of the set, and what is declared. */
export interface Making {
  declared: SqlBackup;
  setKind: SetKind;
  backup: BackupKind;
}

export const callStep = (
  step: { id: string; title: string } & Partial<Extract<StepInput, { kind: "sql" }>> & ReturnType<typeof callOf>,
): StepInput => ({ kind: "sql", instance: { $ref: "host.instance" }, ...step });

/** master and msdb, beside whatever chain another tool keeps of them. */
export const systemSteps = (making: Making): StepInput[] =>
  backupAndVerify(
    { ...making, backup: "copy-only" },
    {
      id: "system",
      title: "master and msdb",
      forEach: ["master", "msdb"].map((name) => ({ name, stem: name, datum: "sql-instance" })),
      files: 1,
      scope: INSTANCE_SCOPE,
      covers: [],
    },
  );

/** The databases in the rows of an earlier step: small ones into one file, large ones into several. */
export function databaseSteps(making: Making, rows: string): StepInput[] {
  const { instance, striping } = making.declared;
  const scope = { of: "database", instance, database: item("name") } as const;
  const of = (id: string, title: string, files: Stripes, large?: "yes" | "no"): StepInput[] =>
    backupAndVerify(making, {
      id,
      title,
      forEach: rowsOf(rows),
      files,
      scope,
      ...(large === undefined ? {} : { when: { value: item("large"), is: "one-of", of: [large] } }),
    });
  const what = making.setKind === "log" ? "each log" : "each database";
  if (!striping || making.setKind === "log") return of("backup", what, 1);
  return [
    ...of("backup", `${what} that is not large`, 1, "no"),
    ...of("striped", `${what} that is large`, striping.files, "yes"),
  ];
}

/** The steps of `databaseSteps` that make something. */
export const makingSteps = ({ declared, setKind }: Making): string[] =>
  declared.striping && setKind !== "log" ? ["backup", "striped"] : ["backup"];

type Source = Pick<Extract<StepInput, { kind: "sql" }>, "forEach" | "when"> & {
  id: string;
  title: string;
  files: Stripes;
  scope: ArtefactDeclaration["scope"];
  covers?: [];
};

function backupAndVerify(making: Making, { id, title, forEach, when, files, scope, covers }: Source): StepInput[] {
  const { declared, setKind, backup } = making;
  const { compress, encryption, name } = declared;
  const statement = backupStatement({ kind: backup, compressed: compress, encrypted: encryption !== undefined, files });
  const names = fileNames(setKind, files);
  const placed = Object.fromEntries(fileParameters(files).map((parameter, index) => [parameter, names[index] ?? null]));
  return [
    callStep({
      id,
      title: `Back up ${title}`,
      forEach,
      ...(when === undefined ? {} : { when }),
      // It has cut its log off, or moved the base of the differentials: it cannot be made again.
      onFailure: "keep",
      ...callOf(
        statement,
        {
          database: item("name"),
          datum: item("datum"),
          stem: item("stem"),
          name: { $text: [`${name} `, { $ref: "run.id" }] },
          ...placed,
        },
        encryption ? { certificate: encryption.certificate } : {},
      ),
      produces: names.map((file) => ({
        file,
        datum: item("datum"),
        scope,
        format: "bak",
        ...(covers === undefined ? {} : { covers }),
        facts: factsOf(id, making),
      })),
    }),
    callStep({
      id: `${id}-verify`,
      title: `Verify ${title}`,
      forEach: rowsOf(id),
      onFailure: "keep",
      ...callOf(verifyStatement(files), placed),
      verifies: names,
    }),
  ];
}

/** Of our own making: the short name that the instance gave the database, and what it is. */
const fileNames = (setKind: SetKind, files: Stripes): { $set: ({ $ref: string } | string)[] }[] =>
  files === 1
    ? [{ $set: [item("stem"), `.${setKind}.bak`] }]
    : Array.from({ length: files }, (_, index) => ({
        $set: [item("stem"), `.${setKind}.${String(index + 1)}.bak`],
      }));

/** What a restore must know, and what the next differential or log builds on. */
function factsOf(step: string, { declared, backup }: Making): Record<string, Value> {
  const found = (column: string): Value => ({ $ref: `${step}.items.0.${column}` });
  return {
    type: backup,
    replica: { $ref: "host.instance" },
    server: found("server"),
    "server-version": found("server_version"),
    "backup-set": found("backup_set"),
    "first-lsn": found("first_lsn"),
    "last-lsn": found("last_lsn"),
    "checkpoint-lsn": found("checkpoint_lsn"),
    "database-backup-lsn": found("database_backup_lsn"),
    "recovery-fork": found("recovery_fork"),
    "first-recovery-fork": found("first_fork"),
    "fork-point-lsn": found("fork_point"),
    ...(backup === "differential" ? { "base-backup-set": found("base_set"), "base-lsn": found("base_lsn") } : {}),
    recovery: found("recovery"),
    "copy-only": found("copy_only"),
    checksum: found("checksum"),
    compressed: found("compressed"),
    encrypted: declared.encryption ? "aes-256" : "no",
    bytes: found("bytes"),
    "finished-at": found("finished_at"),
    "utc-offset-minutes": found("utc_offset"),
  };
}
