import type { StepInput, Value } from "../documents";
import {
  AGENT_JOBS,
  AGENT_SCHEDULES,
  AGENT_STEPS,
  callOf,
  CERTIFICATE,
  DATABASES_HERE,
  GRAMMARS,
  INSTANCE_ENDPOINTS,
  INSTANCE_FACTS,
  INSTANCE_FILES,
  INSTANCE_LOGINS,
  INSTANCE_PROPERTIES,
  INSTANCE_REGISTRY,
  INSTANCE_RIGHTS,
  INSTANCE_SERVICES,
  INSTANCE_SETTINGS,
  isAtLeast,
  type Release,
  type Statement,
} from "../sql";
import { callStep, INSTANCE_SCOPE, type Making } from "./sql-steps";

/** What the instance is, found again at each run; where it is not as declared, nothing is tried. */
export function instanceSteps(making: Making): StepInput[] {
  const { declared } = making;
  const { instance, compress, encryption, placement } = declared;
  const server = (column: string): Value => ({ $ref: `server.items.0.${column}` });
  const yes = (column: string): { value: Value; is: "one-of"; of: Value[] } => ({
    value: server(column),
    is: "one-of",
    of: ["yes"],
  });
  const hosts = new Map<string, number>();
  for (const place of placement) hosts.set(place.instance, (hosts.get(place.instance) ?? 0) + 1);
  const steps: (StepInput | false)[] = [
    callStep({
      id: "server",
      title: `Ask ${instance} what it is`,
      timeLimitMinutes: 5,
      ...callOf(INSTANCE_FACTS, { host: { $ref: "host.fqdn" } }),
    }),
    [...hosts.values()].some((count) => count > 1) && {
      kind: "guard",
      id: "node",
      title: "Act only on the node on which the instance runs",
      condition: yes("node_here"),
      otherwise: "stand-down",
      because: "the instance runs on another node of the cluster",
    },
    {
      kind: "guard",
      id: "release",
      title: "Make sure that the release is the declared one or newer",
      condition: { value: server("release"), is: "none-of", of: olderThan(declared.release) },
      otherwise: "fail",
      because: `this SQL Server is older than the estate says (${declared.release}); let the estate discover its SQL Servers again`,
    },
    compress && {
      kind: "guard",
      id: "compression",
      title: "Make sure that this edition can compress backups",
      condition: yes("compression"),
      otherwise: "fail",
      because: "this edition of SQL Server cannot compress backups; take compress out of the declaration",
    },
    encryption !== undefined && {
      kind: "guard",
      id: "encryption",
      title: "Make sure that this edition can encrypt backups",
      condition: yes("encryption"),
      otherwise: "fail",
      because:
        "this release or edition of SQL Server cannot encrypt backups; take encryption out of the declaration, and encrypt target and offsite storage",
    },
    encryption !== undefined &&
      callStep({
        id: "certificate",
        title: `Find the certificate ${encryption.certificate}`,
        timeLimitMinutes: 5,
        ...callOf(CERTIFICATE, { certificate: encryption.certificate }),
      }),
  ];
  return steps.filter((step) => step !== false);
}

const olderThan = (release: Release): string[] => [
  "older",
  ...(Object.keys(GRAMMARS) as Release[]).filter((one) => !isAtLeast(one, release)),
];

/** Beside each full backup: a restore needs the same instance. */
const CAPTURED: readonly { file: string; what: string; statement: Statement }[] = [
  { file: "Properties", what: "version, cumulative update, collation, port and paths", statement: INSTANCE_PROPERTIES },
  { file: "Services", what: "the services and their accounts", statement: INSTANCE_SERVICES },
  { file: "Registry", what: "ports and start parameters", statement: INSTANCE_REGISTRY },
  { file: "Settings", what: "the settings", statement: INSTANCE_SETTINGS },
  { file: "Databases", what: "the databases", statement: DATABASES_HERE },
  { file: "Files", what: "the files of the databases", statement: INSTANCE_FILES },
  { file: "Logins", what: "the logins with their SIDs", statement: INSTANCE_LOGINS },
  { file: "Rights", what: "roles and rights of the logins", statement: INSTANCE_RIGHTS },
  { file: "Endpoints", what: "the endpoints of mirroring", statement: INSTANCE_ENDPOINTS },
  { file: "AgentJobs", what: "the Agent jobs", statement: AGENT_JOBS },
  { file: "AgentSteps", what: "the steps of the Agent jobs", statement: AGENT_STEPS },
  { file: "AgentSchedules", what: "the schedules of the Agent jobs", statement: AGENT_SCHEDULES },
];

/**
 * Each replica writes down its own, whichever of them backs the databases up. What may not be read is a failure, and no
 * reason to do without the backups; only where all of it is there, with master and msdb, is the installation covered.
 */
export const captureSteps = (): StepInput[] =>
  CAPTURED.map(({ file, what, statement }, index) => {
    const isLast = index === CAPTURED.length - 1;
    const before = CAPTURED.slice(0, index).map((one) => ({ $ref: `${idOf(one)}.count` }));
    const system = [0, 1].map((number) => ({ $ref: `system.each.${String(number)}.data.count` }));
    return callStep({
      id: idOf({ file }),
      title: `Write down ${what}`,
      timeLimitMinutes: 15,
      onFailure: "keep",
      ...(isLast ? { when: { value: [...system, ...before], is: "present" } } : {}),
      ...callOf(statement),
      saveAs: { file: { $work: `Instance.${file}.jsonl` }, as: "jsonl" },
      produces: [
        {
          file: { $work: `Instance.${file}.jsonl` },
          datum: "sql-instance",
          scope: INSTANCE_SCOPE,
          format: "jsonl",
          atLeastBytes: 0,
          ...(isLast ? {} : { covers: [] }),
        },
      ],
    });
  });

const idOf = ({ file }: { file: string }): string => `instance-${file.toLowerCase()}`;
