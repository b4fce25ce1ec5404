import { z } from "zod";
import {
  DocumentError,
  Job,
  problemsOf,
  type Datum,
  type Job as JobDocument,
  type Owner,
  type Product,
  type Retention,
  type Scope,
  type SetKind,
  type StepInput,
  type TargetReference,
} from "../documents";

/** What every job declares, whatever it does. */
export interface EveryJob {
  owner: Owner;
  name: string;
  product: Product;
  deployment: string;
  placement: readonly { host: string; pool?: string | undefined; instance?: string | undefined }[];
  account: string;
  timeLimitMinutes: number;
}

/** What every backup declares, whatever it backs up. Each kind of job adds what is its own. */
export interface JobDeclaration extends EveryJob {
  target: TargetReference;
  keepFreeBytes: number;
  retention: Retention;
  /** Copies that must have carried a set before it may go. */
  awaits?: readonly string[] | undefined;
}

export type Problem = (path: PropertyKey[], message: string) => void;

/** What is a job's own, judged before anything is made of it: no text of a document comes from what was not. */
export function checkedInputs<Shape extends z.ZodRawShape, Declared extends object>(
  shape: Shape,
  declared: Declared,
  rules: (declared: Declared & z.output<z.ZodObject<Shape>>, problem: Problem) => void,
): z.output<z.ZodObject<Shape>> {
  const schema = z.object(shape).superRefine((own, context) => {
    rules({ ...declared, ...own }, (path, message) => {
      context.addIssue({ code: "custom", path, message, input: undefined });
    });
  });
  const parsed = schema.safeParse(declared);
  if (!parsed.success) throw new DocumentError("job", problemsOf(parsed.error));
  return parsed.data;
}

type InputOf<K extends StepInput["kind"]> = Extract<StepInput, { kind: K }>;

/** What makes one backup different from another: the rest is the same for all. */
export interface Recipe {
  title: string;
  setKind?: SetKind;
  /** Where several jobs add to one line of sets. */
  series?: string;
  /** They make the artefacts. */
  steps: readonly StepInput[];
  check?: Pick<InputOf<"check">, "opens" | "shrinkPercent">;
  hash?: Pick<InputOf<"hash">, "completes">;
  seal?: Pick<InputOf<"seal">, "facts" | "factsWhen" | "needs">;
  /** What is no part of the set, and must not cost it. */
  afterwards?: readonly StepInput[];
}

/** Made, looked at, hashed, moved, sealed; only then do old sets go. */
export function backupJob(declared: JobDeclaration, recipe: Recipe): JobDocument {
  const { target } = declared;
  const steps: StepInput[] = [
    ...recipe.steps,
    { kind: "check", id: "check", title: "Open every artefact and compare its size with the last", ...recipe.check },
    { kind: "hash", id: "hash", title: "Hash the artefacts", ...recipe.hash },
    { kind: "publish", id: "publish", title: `Move them to ${target.name}`, keepFreeBytes: declared.keepFreeBytes },
    { kind: "seal", id: "seal", title: "Seal the set", ...recipe.seal },
    {
      kind: "retain",
      id: "retain",
      title: "Remove what retention no longer wants",
      policy: declared.retention,
      awaits: [...(declared.awaits ?? [])],
    },
    ...(recipe.afterwards ?? []),
  ];
  return documentOf(declared, {
    purpose: "backup",
    title: recipe.title,
    target,
    ...(recipe.series === undefined ? {} : { series: recipe.series }),
    ...(recipe.setKind === undefined ? {} : { setKind: recipe.setKind }),
    steps,
  });
}

type Own = Pick<Parameters<typeof Job.make>[0], "purpose" | "title" | "target" | "series" | "setKind" | "steps">;

/** The document of a job. A step may take what the run may take. */
export function documentOf(declared: EveryJob, { steps, ...own }: Own): JobDocument {
  const { timeLimitMinutes } = declared;
  return Job.make({
    ...own,
    name: declared.name,
    owner: declared.owner,
    product: declared.product,
    deployment: declared.deployment,
    placement: declared.placement.map(({ host, pool, instance }) => ({
      host,
      ...(pool === undefined ? {} : { pool }),
      ...(instance === undefined ? {} : { instance }),
    })),
    account: declared.account,
    timeLimitMinutes,
    steps: steps.map((step) => ({ timeLimitMinutes, ...step })),
  });
}

/** A cover whose datum this release knows. */
export interface Covered {
  datum: Datum;
  scope: Scope;
}

/** The smallest file that a ZIP can be: one without an entry. */
export const EMPTY_ZIP_BYTES = 22;

/** Windows ends at 260 characters, and a set lies deep: this is what is left for a pool in the name of a file. */
const LONGEST = 28;

/** `ExportedUserData.pool01.contoso.com.zip`: the documented name, and whose it is, because a deployment has many. */
export function fileOfPool(name: string, pool: string, extension: string): string {
  if (pool.length <= LONGEST) return `${name}.${pool}.${extension}`;
  const mark = checksum(pool);
  const start = pool.slice(0, LONGEST - mark.length - 1).replace(/[.-]+$/, "");
  return `${name}.${start}-${mark}.${extension}`;
}

/** For what people read: a name may have 253 characters, and a title has 200. */
export const shown = (name: string): string => (name.length <= 120 ? name : `${name.slice(0, 119)}…`);

/** FNV-1a: tells two long names that begin alike apart. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const one of text) hash = Math.imul(hash ^ (one.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
