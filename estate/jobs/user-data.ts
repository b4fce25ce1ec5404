import { z } from "zod";
import { Fqdn, type Condition, type Job, type StepInput } from "../documents";
import { oneActs } from "./acting";
import {
  backupJob,
  checkedInputs,
  EMPTY_ZIP_BYTES,
  fileOfPool,
  shown,
  type Covered,
  type JobDeclaration,
  type Problem,
} from "./declaration";
import { AT_HOME, AWAY, findHome, homeFacts, poolRules, poolShape } from "./home";
import { listUsers } from "./user-settings";

/** One job per pool: what one pool cannot give must not cost another its backup. */
export const userDataShape = {
  ...poolShape,
  branches: z
    .array(Fqdn)
    .max(200)
    .default([])
    .describe(
      "Branch pools whose users have their data here: they register there, and their settings belong to this pool",
    ),
};

type Own = z.output<z.ZodObject<typeof userDataShape>>;
export type UserDataExport = JobDeclaration & z.input<z.ZodObject<typeof userDataShape>>;

export function userDataRules(declared: Own, problem: Problem): void {
  const { pool, branches } = declared;
  poolRules(declared, problem);
  for (const [index, branch] of branches.entries()) {
    if (branch === pool) problem(["branches", index], "is the pool itself");
    else if (branches.indexOf(branch) < index) problem(["branches", index], "is named twice");
  }
}

export function userDataCovers({ pool }: Pick<Own, "pool">): Covered[] {
  const scope = { of: "pool", pool } as const;
  return [
    { datum: "user-data", scope },
    { datum: "user-settings", scope },
  ];
}

/**
 * Rights, contacts and conferences of the users of a pool, and beside them an inventory of the settings that no import
 * brings back. The export ends at the first contact whose name it cannot write, with an error and half a file: so an
 * error is a failed run, however much is there, and what is much smaller than the last time is refused.
 */
export function userDataJob(declared: UserDataExport): Job {
  const own = checkedInputs(userDataShape, declared, userDataRules);
  const { pool, partner, branches } = own;
  const { facts, factsWhen } = homeFacts(own);
  return backupJob(declared, {
    title: `User data of ${shown(pool)}`,
    steps: [
      ...oneActs(declared.placement),
      ...holdsUsers(pool),
      ...findHome(own),
      ...(partner === undefined
        ? [exportFrom(pool, pool)]
        : [exportFrom(pool, pool, AT_HOME), exportFrom(pool, partner, AWAY)]),
      listUsers(declared.product, pool, branches),
      ...CONTACT_STORE,
    ],
    seal: { facts: { ...facts, "contact-store": "mixed" }, factsWhen: [...factsWhen, ...contactStoreFacts] },
  });
}

/** Directors, Edge and Mediation pools have no user data, and Lync Server 2010 (version 5) exports it another way. */
const holdsUsers = (pool: string): StepInput[] => [
  {
    kind: "cmdlet",
    id: "services",
    title: "Ask for the user services of the pool",
    cmdlet: "Get-CsService",
    parameters: { UserServer: true, PoolFqdn: pool },
    where: [{ property: "Version", is: "none-of", of: ["5"] }],
    select: ["PoolFqdn", "Version"],
  },
  {
    kind: "guard",
    id: "deployed",
    title: "Make sure that the pool holds users",
    condition: { value: { $ref: "services.items" }, is: "present" },
    otherwise: "fail",
    because: `the topology has no user services of this product in ${pool}; name a Front End pool or a Standard Edition server`,
  },
];

function exportFrom(pool: string, from: string, when?: Condition): StepInput {
  const file = { $work: fileOfPool("ExportedUserData", pool, "zip") };
  return {
    kind: "cmdlet",
    id: from === pool ? "export" : "export-from-partner",
    title:
      from === pool
        ? "Export rights, contacts and conferences"
        : `Export them from ${shown(from)}, where they live now`,
    ...(when ? { when } : {}),
    cmdlet: "Export-CsUserData",
    parameters: { PoolFqdn: from, FileName: file },
    produces: [
      {
        file,
        datum: "user-data",
        scope: { of: "pool", pool },
        format: "zip",
        atLeastBytes: EMPTY_ZIP_BYTES,
        facts: { "exported-from": from },
      },
    ],
  };
}

/**
 * Contacts exported under one mode are damaged by an import under the other. What is compared at a restore is what the
 * policies allow, then and now (the assumption `contact-store-policies`).
 */
const CONTACT_STORE: readonly StepInput[] = (
  [
    ["in-exchange", "Count the policies that keep contacts in Exchange", true],
    ["in-lync", "Count the policies that keep contacts in Lync", false],
  ] as const
).map(([id, title, allowed]) => ({
  kind: "cmdlet",
  id,
  title,
  cmdlet: "Get-CsUserServicesPolicy",
  where: [{ property: "UcsAllowed", is: "one-of", of: [allowed] }],
}));

const none = (step: string): Condition => ({ value: { $ref: `${step}.count` }, is: "one-of", of: [0] });
const contactStoreFacts = [
  { when: none("in-lync"), facts: { "contact-store": "exchange" } },
  { when: none("in-exchange"), facts: { "contact-store": "lync" } },
];
