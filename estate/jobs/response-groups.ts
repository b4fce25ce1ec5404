import type { z } from "zod";
import type { Condition, Job, StepInput } from "../documents";
import { oneActs } from "./acting";
import {
  backupJob,
  checkedInputs,
  EMPTY_ZIP_BYTES,
  fileOfPool,
  shown,
  type Covered,
  type JobDeclaration,
} from "./declaration";
import { AWAY, findHome, homeFacts, poolRules, poolShape, type PoolHome } from "./home";

/** One job per pool that runs the application. */
export const responseGroupShape = poolShape;
export const responseGroupRules = poolRules;
export type ResponseGroupExport = JobDeclaration & z.input<z.ZodObject<typeof responseGroupShape>>;

export const responseGroupCovers = ({ pool }: PoolHome): Covered[] => [
  { datum: "response-groups", scope: { of: "pool", pool } },
];

const service = (pool: string): string => `service:ApplicationServer:${pool}`;

/**
 * Agents, queues, workflows, hours, holidays and audio of a pool. Failover does not bring them along: they live in the
 * partner only where somebody has imported them there, still owned by this pool; else they stay where they were.
 */
export function responseGroupJob(declared: ResponseGroupExport): Job {
  const own = checkedInputs(responseGroupShape, declared, responseGroupRules);
  const { pool, partner } = own;
  const { facts } = homeFacts(own);
  return backupJob(declared, {
    title: `Response Groups of ${shown(pool)}`,
    steps: [
      ...oneActs(declared.placement),
      ...runsTheApplication(pool),
      ...findHome(own),
      ...(partner === undefined
        ? [...counts(pool), exportFrom(pool)]
        : [
            importedThere(pool, partner),
            ...counts(pool, { when: STAYED }),
            exportFrom(pool, { when: STAYED }),
            ...counts(pool, { when: IMPORTED, partner }),
            exportFrom(pool, { when: IMPORTED, partner }),
          ]),
    ],
    seal: {
      facts,
      ...(partner === undefined
        ? {}
        : {
            factsWhen: [
              { when: AWAY, facts: { "failed-over": true } },
              { when: IMPORTED, facts: { "active-pool": partner } },
            ],
          }),
    },
  });
}

/** Optional, so that its absence is no failure: Microsoft's reference tells by this list where the application runs. */
const runsTheApplication = (pool: string): StepInput[] => [
  {
    kind: "cmdlet",
    id: "applications",
    title: "Ask whether the pool runs the Response Group application",
    cmdlet: "Get-CsService",
    parameters: { ApplicationServer: true, PoolFqdn: pool },
    expand: "Applications",
    where: [{ property: "Value", is: "one-of", of: ["urn:application:RGS"] }],
    select: ["Value"],
  },
  {
    kind: "guard",
    id: "deployed",
    title: "Go on where it does",
    condition: { value: { $ref: "applications.items" }, is: "present" },
    otherwise: "nothing-to-do",
    because: `the Response Group application is not deployed in ${pool}`,
  },
];

/** Workflows are few enough for a result, and what has none of them was not imported. */
const importedThere = (pool: string, partner: string): StepInput => ({
  kind: "cmdlet",
  id: "imported",
  title: `Ask whether its groups were imported into ${shown(partner)}`,
  when: AWAY,
  cmdlet: "Get-CsRgsWorkflow",
  parameters: { Identity: service(partner), Owner: service(pool) },
  select: ["Name"],
});
const IMPORTED: Condition = { value: { $ref: "imported.items" }, is: "present" };
const STAYED: Condition = { value: { $ref: "imported.items" }, is: "empty" };

interface Branch {
  when?: Condition;
  partner?: string;
}

/** In the pool itself its own; in the partner those that this pool owns, which are not shown otherwise. */
const counts = (pool: string, { when, partner }: Branch = {}): StepInput[] =>
  (
    [
      ["workflows", "Get-CsRgsWorkflow"],
      ["queues", "Get-CsRgsQueue"],
      ["agent-groups", "Get-CsRgsAgentGroup"],
    ] as const
  ).map(([what, cmdlet]) => ({
    kind: "cmdlet",
    id: partner === undefined ? what : `${what}-in-partner`,
    title: `Count the ${what.replace("-", " ")}`,
    ...(when ? { when } : {}),
    cmdlet,
    parameters:
      partner === undefined ? { Identity: service(pool) } : { Identity: service(partner), Owner: service(pool) },
  }));

function exportFrom(pool: string, { when, partner }: Branch = {}): StepInput {
  const file = { $work: fileOfPool("RgsConfiguration", pool, "zip") };
  const count = (what: string): { $ref: string } => ({
    $ref: `${what}${partner === undefined ? "" : "-in-partner"}.count`,
  });
  return {
    kind: "cmdlet",
    id: partner === undefined ? "export" : "export-from-partner",
    title:
      partner === undefined ? "Export the Response Groups" : `Export them from ${shown(partner)}, where they live now`,
    ...(when ? { when } : {}),
    cmdlet: "Export-CsRgsConfiguration",
    parameters:
      partner === undefined
        ? { Source: service(pool), FileName: file }
        : { Source: service(partner), Owner: service(pool), FileName: file },
    produces: [
      {
        file,
        datum: "response-groups",
        scope: { of: "pool", pool },
        format: "zip",
        atLeastBytes: EMPTY_ZIP_BYTES,
        facts: {
          "exported-from": partner ?? pool,
          workflows: count("workflows"),
          queues: count("queues"),
          "agent-groups": count("agent-groups"),
        },
      },
    ],
  };
}
