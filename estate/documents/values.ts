import { z } from "zod";
import { Bytes, Datum, Name, RelativePath, scopeOf } from "./common";

/**
 * What stands in a step: a value is literal, refers to what an earlier step found, or joins the two.
 *
 * References. `<step>.<path>` is the result of an earlier step (its shape: results.ts), and the reserved roots are
 * `host` (fqdn, pool, instance), `run` (id, trigger, startedAt), `job` (name, hosts, product), `last` (the newest good set of
 * the series: set, at, facts, and the same below `full`), and below `forEach` `item`. A segment `*` takes every item
 * of a list. The facts of an artefact may refer to the step that makes it, for what that has found; below `forEach`, for
 * the present item. What a skipped step or an absent field yields is empty: a condition may ask for that, elsewhere it is an
 * error. All values are compared as text without regard to case; booleans are `true` and `false`.
 */
export const RESERVED_ROOTS = ["host", "run", "job", "last", "item"] as const;
export const Reference = z.strictObject({
  $ref: z
    .string()
    .regex(/^[a-z0-9-]+(\.([A-Za-z0-9_-]+|\*))*$/, "expected a reference such as store.items.0.PoolFqdn")
    .describe("A step or a reserved root, then the path in its result"),
});
export type Reference = z.infer<typeof Reference>;

export const Scalar = z.union([z.string().max(65536), z.number(), z.boolean(), z.null()]);
const Parts = z.array(z.union([z.string().max(1000), Reference])).min(1);

/** A file name of literal parts and references; the parts are joined, and what a file name cannot hold becomes `_`. */
export const FileName = z.union([RelativePath, Parts]);
export type FileName = z.infer<typeof FileName>;
/** A file in the fresh local folder of this run. */
export const WorkFile = z.strictObject({ $work: FileName });
/** A file in the folder of this run's set on the target, for what can only be written there (SQL Server does). */
export const SetFile = z.strictObject({ $set: FileName });
/** A folder of working copies that belongs to the series, the only place where mirroring may delete. */
export const MirrorFolder = z.strictObject({ $mirror: FileName });

export const Value = z.union([
  Scalar,
  Reference,
  WorkFile,
  SetFile,
  MirrorFolder,
  z.strictObject({ $text: Parts }).describe("Joined as it is"),
  z.strictObject({ $map: z.record(z.string(), z.union([Scalar, Reference, z.array(Scalar)])) }),
  z.array(z.union([Scalar, Reference])).max(10000),
]);
export type Value = z.infer<typeof Value>;

export const Condition = z.strictObject({
  value: Value.describe("Of a list, every item must satisfy one-of and none-of"),
  is: z.enum(["one-of", "none-of", "empty", "present"]),
  of: z.array(Value).optional().describe("For one-of and none-of; a reference to a list stands for its items"),
});
export type Condition = z.infer<typeof Condition>;

export const ScopeTemplate = scopeOf((literal) => z.union([literal, Reference]));

/** What a step leaves in the set. Declared where it is made; check, hash, publish and seal go by these. */
export const ArtefactDeclaration = z.strictObject({
  file: z.union([WorkFile, SetFile]),
  datum: z.union([Datum, Reference]),
  scope: ScopeTemplate,
  format: z
    .enum(["zip", "xml", "json", "jsonl", "text", "bak", "file"])
    .describe("What the check step opens it as; file: anything"),
  atLeastBytes: Bytes.default(1).describe("Smaller is a failed export, however well-formed"),
  covers: z
    .array(z.strictObject({ datum: Datum, scope: ScopeTemplate }))
    .max(100)
    .optional()
    .describe(
      "What it is a backup of; without this, its datum in its scope. Empty: a part that restores nothing whole",
    ),
  facts: z
    .record(Name, Value)
    .default({})
    .describe("What a restore must know of this artefact; they may refer to the result of this very step"),
});
export type ArtefactDeclaration = z.infer<typeof ArtefactDeclaration>;

/** Every reference in a value, wherever it stands: the job document checks that each one points backwards. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  const found = (value as { $ref?: unknown }).$ref;
  return typeof found === "string" ? [found] : Object.values(value).flatMap(referencesIn);
}
