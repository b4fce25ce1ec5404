import type { StepInput, TargetReference } from "../documents";
import {
  AGENT_JOBS,
  backupStatement,
  callOf,
  DATABASES_HERE,
  INSTANCE_FACTS,
  INSTANCE_SERVICES,
  quoteIdentifier,
  verifyStatement,
  type Statement,
} from "../sql";

/**
 * What the account of the jobs may do in an instance of SQL Server, and whether target and service account admit each
 * other: a small copy-only backup proves it, which is read back, and gone with the run.
 */

/** Each is tried by a statement of the jobs; `grant` is what an administrator runs where it fails. */
export const SQL_RIGHTS: readonly {
  id: string;
  what: string;
  statement: Statement;
  grant: (account: string) => string;
}[] = [
  {
    id: "databases",
    what: "databases and msdb's history",
    statement: DATABASES_HERE,
    grant: (account) =>
      `In master: GRANT VIEW ANY DEFINITION TO ${quoteIdentifier(account)}; in msdb: CREATE USER ${quoteIdentifier(account)}; GRANT SELECT ON dbo.backupset TO ${quoteIdentifier(account)}; GRANT SELECT ON dbo.backupmediafamily TO ${quoteIdentifier(account)};`,
  },
  {
    id: "state",
    what: "state of the server",
    statement: INSTANCE_SERVICES,
    grant: (account) => `In master: GRANT VIEW SERVER STATE TO ${quoteIdentifier(account)};`,
  },
  {
    id: "agent",
    what: "Agent jobs in msdb",
    statement: AGENT_JOBS,
    grant: (account) => `In msdb: EXEC sp_addrolemember N'SQLAgentReaderRole', ${quoted(account)};`,
  },
];

export const BACKUP_GRANT = (account: string): string =>
  `In master, msdb and each database: CREATE USER ${quoteIdentifier(account)}; EXEC sp_addrolemember N'db_backupoperator', ${quoted(account)};`;
export const VERIFY_GRANT = (account: string): string =>
  `In master: GRANT CREATE ANY DATABASE TO ${quoteIdentifier(account)};`;

const quoted = (name: string): string => `N'${name.replaceAll("'", "''")}'`;

/** The step of an instance, by its place among those of the host. */
export const sqlStepId = (index: number, what?: string): string =>
  ["sql", String(index), ...(what === undefined ? [] : [what])].join("-");
export const READ_STEP = "sql-read";

const LOOK = { onFailure: "note", timeLimitMinutes: 5 } as const;

export function sqlPreflightSteps(instances: readonly string[], target: TargetReference | undefined): StepInput[] {
  return [
    ...instances.flatMap((instance, index) => [
      step(
        sqlStepId(index),
        `Log on to ${instance}`,
        instance,
        callOf(INSTANCE_FACTS, { host: { $ref: "host.fqdn" } }),
      ),
      ...SQL_RIGHTS.map(({ id, what, statement }) =>
        step(sqlStepId(index, id), `Look at ${what} of ${instance}`, instance, callOf(statement)),
      ),
      ...(target ? backupSteps(instance, index, target) : []),
    ]),
    ...(target && instances.length > 0
      ? [
          {
            kind: "hash",
            id: READ_STEP,
            title: `Read back what SQL Server has written to ${target.path}`,
            ...LOOK,
          } as const,
        ]
      : []),
  ];
}

function backupSteps(instance: string, index: number, target: TargetReference): StepInput[] {
  const file = { $set: `preflight-${String(index)}.bak` };
  const statement = backupStatement({ kind: "copy-only", compressed: false, encrypted: false, files: 1 });
  const backup = callOf(statement, {
    database: "master",
    datum: "sql-instance",
    stem: "master",
    name: { $text: ["preflight ", { $ref: "run.id" }] },
    file,
  });
  return [
    {
      ...step(sqlStepId(index, "backup"), `Back up master of ${instance} to ${target.path}`, instance, backup),
      produces: [
        { file, datum: "sql-instance", scope: { of: "instance", instance }, format: "bak", covers: [], facts: {} },
      ],
    },
    step(sqlStepId(index, "verify"), `Verify it`, instance, callOf(verifyStatement(1), { file })),
  ];
}

const step = (
  id: string,
  title: string,
  instance: string,
  call: ReturnType<typeof callOf>,
): Extract<StepInput, { kind: "sql" }> => ({ kind: "sql", id, title, instance, ...LOOK, ...call });
