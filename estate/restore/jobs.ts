import { Drilled, Job, type Owner, type Product, type Run, type StepInput, type Value } from "../documents";
import {
  BACKUP_FILE_LIST,
  BACKUP_HEADER,
  BACKUP_TAIL,
  callOf,
  CHECK_DATABASE,
  DATABASE_ROWS,
  DATABASE_USER,
  DROP_RESTORED,
  fileParameters,
  INSTANCE_FACTS,
  NAME_IS_FREE,
  RESTORE_LOG,
  RESTORE_LOG_TO,
  verifyStatement,
  type Stripes,
} from "../sql";
import { filesOf, restoreCalls, type Placing } from "./calls";
import { releasesFor } from "./destination";
import { isData, type Link } from "./links";
import type { Chain } from "./plan";

/**
 * A restore, and its rehearsal, as documents that are run once on a host with the rights for it. All that can be looked
 * at is looked at before anything is restored; a rehearsal drops what it has restored, whatever became of it.
 */

export interface RestoreDeclaration {
  owner: Owner;
  product: Product;
  deployment: string;
  /** That runs it, and the instance that it restores on. */
  host: string;
  instance: string;
  account: string;
  timeLimitMinutes?: number;
  chain: Chain;
  placing: Placing;
  /** The user without which Archiving and Monitoring cannot log on to the database. */
  user?: DatabaseUser;
  /** Before anything is replaced: a file for what the log of the present database still holds. */
  tail?: string;
}

export interface DatabaseUser {
  name: string;
  login: string;
  role: string;
}

/** Of the databases of Archiving and Monitoring: the domain's group, by the name of the domain in accounts. */
export const componentUser = (domain: string): DatabaseUser => ({
  name: "RTCComponentUniversalServices",
  login: `${domain}\\RTCComponentUniversalServices`,
  role: "ServerRole",
});

export function restoreJob(declared: RestoreDeclaration): Job {
  const { placing, user, tail } = declared;
  const { database } = placing;
  return jobOf(declared, "restore", `Restore ${database} on ${declared.instance}`, [
    ...lookingSteps(declared),
    ...verifyingSteps(declared),
    ...(tail === undefined ? [] : [tailStep(declared, tail)]),
    ...restoringSteps(declared),
    ...(user ? [userStep(declared, user)] : []),
    checkingStep(declared),
    countingStep(declared),
  ]);
}

/** Under another name, which must be free; on an instance that need not be the one that was backed up. */
export function drillJob(declared: RestoreDeclaration): Job {
  const { database, replaces } = declared.placing;
  if (replaces) throw new Error("a rehearsal replaces nothing");
  const since: Value = { $ref: "run.startedAt" };
  return jobOf(declared, "drill", `Rehearse the restore of ${database} on ${declared.instance}`, [
    sqlStep(declared, "free", `Make sure that there is no ${database}`, callOf(NAME_IS_FREE, { database })),
    ...lookingSteps(declared),
    ...restoringSteps(declared),
    { ...checkingStep(declared), onFailure: "note" },
    { ...countingStep(declared), onFailure: "note" },
    {
      ...sqlStep(declared, "drop", `Drop ${database} again`, callOf(DROP_RESTORED, { database, since }, { database })),
      runs: "always",
      // What was there before is not this rehearsal's to drop.
      when: { value: { $ref: "free.items.0.name" }, is: "present" },
    },
  ]);
}

export const RESTORE = "sql-restore";
export const DRILL = "sql-drill";

function jobOf(declared: RestoreDeclaration, purpose: "restore" | "drill", title: string, steps: StepInput[]): Job {
  const { owner, product, deployment, host, instance, account, timeLimitMinutes = 24 * 60 } = declared;
  return Job.make({
    ...{ name: purpose === "drill" ? DRILL : RESTORE, owner, purpose, title, product, deployment, account },
    ...{ placement: [{ host, instance }], timeLimitMinutes, steps },
    returns: { tables: { $ref: "rows.items.0.tables" }, rows: { $ref: "rows.items.0.table_rows" } },
  });
}

const sqlStep = (
  { instance, timeLimitMinutes = 24 * 60 }: RestoreDeclaration,
  id: string,
  title: string,
  call: ReturnType<typeof callOf>,
): Extract<StepInput, { kind: "sql" }> => ({ kind: "sql", id, title, instance, timeLimitMinutes, ...call });

/** Every file is opened, and is the backup that its set says; the database has the files that are to be moved. */
function lookingSteps(declared: RestoreDeclaration): StepInput[] {
  const { chain, placing } = declared;
  const firsts = chain.links.map((link) => ({ file: filesOf(link, placing.target)[0] ?? "" }));
  const moves = placing.moves ?? [];
  const [first] = firsts;
  return [
    sqlStep(
      declared,
      "server",
      "Find out what the instance is",
      callOf(INSTANCE_FACTS, { host: { $ref: "host.fqdn" } }),
    ),
    {
      kind: "guard",
      id: "release",
      title: "Make sure that it is not older than the backups",
      condition: { value: { $ref: "server.items.0.release" }, is: "one-of", of: releasesFor(chain.links) },
      otherwise: "fail",
      because: "an older SQL Server cannot restore backups of a newer one; restore on another instance",
    },
    {
      ...sqlStep(declared, "headers", "Read what each backup says of itself", callOf(BACKUP_HEADER, FILE)),
      forEach: firsts,
    },
    {
      kind: "guard",
      id: "same",
      title: "Make sure that they are the backups of the plan",
      condition: {
        value: { $ref: "headers.each.*.data.items.*.BackupSetGUID" },
        is: "one-of",
        of: chain.links.map(({ backupSet }) => backupSet),
      },
      otherwise: "fail",
      because: "a file holds another backup than its set says; fetch that set from offsite, and plan again",
    },
    ...(moves.length === 0
      ? []
      : ([
          sqlStep(declared, "files", "Read which files the database has", callOf(BACKUP_FILE_LIST, first)),
          {
            kind: "guard",
            id: "moved",
            title: "Make sure that each of them goes to a path of its own",
            condition: {
              value: { $ref: "files.items.*.LogicalName" },
              is: "one-of",
              of: moves.map(({ logical }) => logical),
            },
            otherwise: "fail",
            because:
              "the database has another file than the plan moves; plan again with the files that the step before lists",
          },
        ] satisfies StepInput[])),
  ];
}

const FILE = { file: { $ref: "item.file" } };

/** Where something is lost if a restore breaks off, every byte is read before it begins. */
function verifyingSteps(declared: RestoreDeclaration): StepInput[] {
  const { chain, placing } = declared;
  const by = new Map<number, Link[]>();
  for (const link of chain.links) by.set(link.files.length, [...(by.get(link.files.length) ?? []), link]);
  return [...by].map(([count, links]) => {
    const names = fileParameters(count as Stripes);
    const items = links.map((link) => {
      const files = filesOf(link, placing.target);
      return Object.fromEntries(names.map((name, index) => [name, files[index] ?? ""]));
    });
    const parameters = Object.fromEntries(names.map((name) => [name, { $ref: `item.${name}` }]));
    const call = callOf(verifyStatement(count as Stripes), parameters);
    const id = count === 1 ? "verify" : `verify-${String(count)}`;
    return { ...sqlStep(declared, id, "Read each backup to its end", call), forEach: items };
  });
}

/** It closes the database: whoever restores over it loses nothing that was in it. */
function tailStep(declared: RestoreDeclaration, file: string): StepInput {
  const { database } = declared.placing;
  const parameters = { database, file, datum: "database-log", stem: database, name: "tail" };
  return sqlStep(declared, "tail", `Back up the tail of the log of ${database}`, callOf(BACKUP_TAIL, parameters));
}

/** The logs in one step, however many there are: each must be there before the next. */
function restoringSteps(declared: RestoreDeclaration): StepInput[] {
  const { chain, placing } = declared;
  const { database, target } = placing;
  const calls = restoreCalls(chain, placing);
  const single = calls.filter(({ link }) => link === undefined || isData(link));
  const [recover, ...data] = single.toReversed();
  const logs = chain.links.filter((link) => !isData(link));
  const log =
    chain.stop === undefined
      ? callOf(RESTORE_LOG, { database, ...FILE })
      : callOf(RESTORE_LOG_TO, { database, ...FILE, moment: chain.stop });
  const title = chain.stop === undefined ? "Roll the logs forward" : `Roll the logs forward to ${chain.stop}`;
  const step = ({ id, title: what, call }: (typeof calls)[number]): StepInput => sqlStep(declared, id, what, call);
  return [
    ...data.toReversed().map(step),
    ...(logs.length === 0
      ? []
      : [
          {
            ...sqlStep(declared, "logs", title, log),
            forEach: logs.map((link) => ({ file: filesOf(link, target)[0] ?? "", set: link.set })),
          },
        ]),
    ...(recover ? [step(recover)] : []),
  ];
}

const checkingStep = (declared: RestoreDeclaration): Extract<StepInput, { kind: "sql" }> => {
  const { database } = declared.placing;
  return sqlStep(declared, "check", `Check that ${database} is consistent`, callOf(CHECK_DATABASE, { database }));
};

const countingStep = (declared: RestoreDeclaration): Extract<StepInput, { kind: "sql" }> => {
  const { database } = declared.placing;
  const call = callOf(DATABASE_ROWS, { database });
  return { ...sqlStep(declared, "rows", `Count what ${database} holds`, call), database };
};

function userStep(declared: RestoreDeclaration, user: DatabaseUser): StepInput {
  const { database } = declared.placing;
  const { name, login, role } = user;
  const call = callOf(DATABASE_USER, { database, user: name, login, role }, { user: name, login });
  return { ...sqlStep(declared, "user", `Make sure that ${name} may use ${database}`, call), database };
}

/** The verdict of a rehearsal, for the side of the sets. */
export function verdictOf(
  run: Run,
  { links: [first, ...rest], at }: Chain,
  { goodForDays }: { goodForDays: number },
): Drilled {
  const links = [first, ...rest];
  const passed = run.outcome === "succeeded";
  const restoring = run.steps.filter(({ id }) => /^restore-|^logs$|^recover$/.test(id));
  const minutes = restoring.reduce(
    (sum, { startedAt, finishedAt }) => sum + (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000,
    0,
  );
  const { rows, tables } = run.facts;
  const counted = typeof rows === "string" && typeof tables === "string" ? [`${rows} rows in ${tables} tables`] : [];
  return Drilled.make({
    series: first.series,
    sets: [...new Set(links.map(({ set }) => set))],
    at: run.finishedAt ?? run.beatAt,
    scenario: "sql-database",
    verdict: passed ? "passed" : "failed",
    minutes,
    goodForDays,
    notes: passed
      ? [`as of ${at}`, "consistent", ...counted]
      : run.steps.flatMap(({ error }) => (error ? [error.message] : [])).slice(0, 20),
  });
}
