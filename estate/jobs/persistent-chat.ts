import { z } from "zod";
import { syntaxOf } from "../cmdlets";
import { Day, Fqdn, PRODUCT_NAMES, SqlInstanceName, type Condition, type Job, type StepInput } from "../documents";
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

const EXPORT = "Export-CsPersistentChatData";

export const persistentChatShape = {
  pool: Fqdn.describe("The Persistent Chat pool"),
  instance: SqlInstanceName.describe("The SQL Server instance of its database"),
  mirror: SqlInstanceName.optional().describe("The instance of the mirror, which may have become the principal"),
  backup: SqlInstanceName.optional().describe(
    "The instance of the backup database of a stretched pool, which it uses while it is failed over",
  ),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_$#@]{0,127}$/, "expected the name of a database such as mgc")
    .default("mgc"),
  level: z
    .enum(["All", "User", "Category", "RoomDirectory", "Content"])
    .default("All")
    .describe("What is exported. Only all of it is a backup; the others are extracts"),
  startDate: Day.optional().describe("The content of rooms from this day on; with the level RoomDirectory only"),
};

type Own = z.output<z.ZodObject<typeof persistentChatShape>>;
export type PersistentChatExport = JobDeclaration & z.input<z.ZodObject<typeof persistentChatShape>>;

export function persistentChatRules(declared: Own & Pick<JobDeclaration, "product">, problem: Problem): void {
  const { product, instance, mirror, backup, level, startDate } = declared;
  if (!syntaxOf(EXPORT, product))
    problem(["product"], `has no Persistent Chat: ${PRODUCT_NAMES[product]} is without it`);
  if (startDate !== undefined && level !== "RoomDirectory") {
    problem(["startDate"], "is for the level RoomDirectory only");
  }
  if (mirror === instance) problem(["mirror"], "is the principal's own instance");
  if (backup === instance || (backup !== undefined && backup === mirror)) {
    problem(["backup"], "is the instance of another database of this pool");
  }
}

const scopeOf = ({ instance, database }: Pick<Own, "instance" | "database">) =>
  ({ of: "database", instance, database }) as const;

/** An extract covers nothing: no import of it brings the rooms back. */
export const persistentChatCovers = (declared: Pick<Own, "instance" | "database" | "level">): Covered[] =>
  declared.level === "All" ? [{ datum: "persistent-chat", scope: scopeOf(declared) }] : [];

/**
 * Rooms, categories, members and messages of a Persistent Chat pool, from the database that it uses now. What was
 * exported is imported again as it was then: there is no point in time between two exports.
 */
export function persistentChatJob(declared: PersistentChatExport): Job {
  const own = checkedInputs(persistentChatShape, declared, persistentChatRules);
  const { pool, instance, mirror, backup } = own;
  return backupJob(declared, {
    title: `Persistent Chat of ${shown(pool)}`,
    steps: [
      ...oneActs(declared.placement),
      ...findState(own),
      ...(mirror === undefined
        ? [exportFrom(own, instance, ...(backup === undefined ? [] : [AT_HOME]))]
        : [
            ...findPrincipal(own),
            exportFrom(own, instance, found("principal")),
            exportFrom(own, mirror, found("mirror")),
          ]),
      ...(backup === undefined ? [] : [exportFrom(own, backup, AWAY)]),
    ],
    seal: {
      facts: { "active-pool": pool, "failed-over": false, level: own.level },
      ...(backup === undefined ? {} : { factsWhen: [{ when: AWAY, facts: { "failed-over": true } }] }),
    },
  });
}

const STATES = { $ref: "state.items.*.PoolState" };
const AT_HOME: Condition = { value: STATES, is: "none-of", of: ["FailedOver"] };
const AWAY: Condition = { value: STATES, is: "one-of", of: ["FailedOver"] };
const found = (step: string): Condition => ({ value: { $ref: `${step}.items` }, is: "present" });

/** Microsoft's reference: Normal, with its own database, or FailedOver, with the backup database of the topology. */
function findState({ pool, backup }: Own): StepInput[] {
  const state: StepInput = {
    kind: "cmdlet",
    id: "state",
    title: "Ask whether the pool is failed over",
    cmdlet: "Get-CsPersistentChatState",
    parameters: { Filter: `*PersistentChatServer:${pool}` },
    select: ["Identity", "PoolState"],
  };
  if (backup !== undefined) return [state];
  const because = `${pool} is failed over and uses its backup database; declare the instance of that`;
  const title = "Make sure that the pool uses its own database";
  return [state, { kind: "guard", id: "at-home", title, condition: AT_HOME, otherwise: "fail", because }];
}

/** Two looks, each of which finds something where its side is the one to ask: the assumption `mirror-states`. */
const findPrincipal = ({ pool }: Own): StepInput[] =>
  (
    [
      ["principal", "Ask whether the principal is in its place", "none-of"],
      ["mirror", "Ask whether the mirror has become the principal", "one-of"],
    ] as const
  ).map(([id, title, is]) => ({
    kind: "cmdlet",
    id,
    title,
    when: AT_HOME,
    cmdlet: "Get-CsDatabaseMirrorState",
    parameters: { PoolFqdn: pool, DatabaseType: "PersistentChat" },
    where: [{ property: "StateOnMirror", is, of: ["Principal"] }],
    select: ["DatabaseName", "StateOnPrimary", "StateOnMirror"],
  }));

function exportFrom(own: Own, from: string, when?: Condition): StepInput {
  const { pool, instance, mirror, database, level, startDate } = own;
  const file = { $work: fileOfPool("PersistentChatData", pool, "zip") };
  const id = from === instance ? "export" : from === mirror ? "export-from-mirror" : "export-from-backup";
  const covers = persistentChatCovers(own);
  return {
    kind: "cmdlet",
    id,
    title: from === instance ? "Export Persistent Chat" : `Export it from ${shown(from)}, which the pool uses now`,
    ...(when ? { when } : {}),
    cmdlet: EXPORT,
    parameters: {
      DBInstance: from,
      DBName: database,
      FileName: file,
      Level: level,
      ...(startDate === undefined ? {} : { StartDate: startDate }),
    },
    produces: [
      {
        file,
        datum: "persistent-chat",
        scope: scopeOf(own),
        format: "zip",
        atLeastBytes: EMPTY_ZIP_BYTES,
        ...(covers.length === 0 ? { covers: [] } : {}),
        facts: { "exported-from": from, level },
      },
    ],
  };
}
