import { z } from "zod";
import { CourierSource, Name, ShortName, StoreReference, VerifyLevel, type Job, type StepInput } from "../documents";
import { CAPABILITIES, type Capability } from "../stores/capabilities";
import { can, whoSays } from "../stores/known";
import { checkedInputs, documentOf, shown, type EveryJob, type Problem } from "./declaration";

/** Sets of targets are carried to a bucket, looked at there and, by somebody else, removed when nothing wants them. */
export const offsiteShape = {
  store: StoreReference.describe("The bucket: `reference` of an OffsiteBucket, or any other"),
  copy: ShortName.default("offsite").describe(
    "What receipts call this copy: each bucket that the same sets go to has another",
  ),
  credentials: Name.describe(
    "The name of the credentials that carry; the account finds them on the computer that runs this, and nowhere else do they stand",
  ),
  verifier: Name.optional().describe(
    "The name of the credentials that look at what has arrived; without it those that carry, which must be allowed to leave reports then",
  ),
  sources: z
    .array(CourierSource)
    .min(1)
    .describe(
      "Which sets of which targets. Sources of one target let each line of sets be kept and locked differently",
    ),
  transfers: z.int().min(1).max(64).default(16).describe("At the same time"),
  megabitsPerSecond: z.number().positive().optional().describe("No faster than this"),
};

/** What has a job of its own, because it has a schedule of its own. */
export const offsiteParts = {
  verify: z.strictObject({ level: VerifyLevel.default("sampled").describe("How closely it looks") }),
  prune: z.strictObject({
    credentials: Name.describe("Of the pruner: who carries must not be able to delete"),
  }),
};

type Own = z.output<z.ZodObject<typeof offsiteShape>>;
type Parts = { [Part in keyof typeof offsiteParts]?: z.output<(typeof offsiteParts)[Part]> | undefined };
export type CopyDeclaration = Pick<EveryJob, "name"> & z.input<z.ZodObject<typeof offsiteShape>> & Parts;
export type OffsiteCopy = EveryJob & CopyDeclaration;

export const verifyJobName = (name: string): string => `${name}-verify`;
export const pruneJobName = (name: string): string => `${name}-prune`;

export function offsiteRules(declared: Own & Parts & { name: string }, problem: Problem): void {
  const { name, store, credentials, sources, verify, prune } = declared;
  const others = [...(verify ? [verifyJobName(name)] : []), ...(prune ? [pruneJobName(name)] : [])];
  if (others.some((job) => !Name.safeParse(job).success)) {
    problem(["name"], "is too long: the jobs beside it have longer ones, of at most 64 characters");
  }
  sourceRules(sources, problem);
  for (const [index, { keep, lock, legalHold }] of sources.entries()) {
    const at = (field: string): PropertyKey[] => ["sources", index, field];
    const demand = (field: string, capability: Capability): void => {
      if (can(store, capability)) return;
      const what = `asks for what ${store.bucket} cannot do: nothing there ${CAPABILITIES[capability]}`;
      problem(at(field), `${what} (${capability}), as ${whoSays(store, capability)}`);
    };
    if (lock) demand("lock", "object-lock");
    if (legalHold) demand("legalHold", "legal-hold");
    if (lock && keep?.maximumAgeDays !== undefined && keep.maximumAgeDays < lock.days) {
      problem(at("lock"), "keeps sets longer than maximumAgeDays lets them stay");
    }
    if (prune && !keep) problem(at("keep"), "is missing: nothing says which sets the prune leaves there");
  }
  if (prune?.credentials === credentials) {
    problem(["prune", "credentials"], "are those that carry: who carries must not be able to delete");
  }
}

/** In a bucket a line of sets is one, whatever target it came from. */
function sourceRules(sources: Own["sources"], problem: Problem): void {
  const seen = new Set<string>();
  for (const [index, { target, series }] of sources.entries()) {
    const others = sources.filter((other) => other !== sources[index] && other.target.name === target.name);
    if (series === "all") {
      if (others.length > 0)
        problem(["sources", index, "series"], `takes all of ${target.name}, as another source does`);
      continue;
    }
    for (const [at, one] of series.entries()) {
      if (seen.has(one)) problem(["sources", index, "series", at], "is named twice; in a bucket it can be one only");
      seen.add(one);
    }
  }
}

/** One of the jobs of a copy, wherever it runs. */
export interface CourierRun {
  name: string;
  title: string;
  steps: (Omit<Extract<StepInput, { kind: "courier" }>, "sources" | "transfers"> &
    Pick<Own, "sources" | "transfers">)[];
}
type PerPart<T> = { push: T } & { [Part in keyof typeof offsiteParts]?: T };

/** Carrying is one job; looking closely and removing are others where they are declared. */
export function courierRuns(declared: CopyDeclaration): PerPart<CourierRun> {
  const own = checkedInputs(offsiteShape, declared, offsiteRules);
  const { store, copy, credentials, verifier = credentials, sources, transfers, megabitsPerSecond } = own;
  const { name, verify, prune } = declared;
  const bucket = shown(store.bucket);
  const common = {
    ...({ kind: "courier", copy, store, sources, transfers } as const),
    ...(megabitsPerSecond === undefined ? {} : { megabitsPerSecond }),
  };
  const look = { ...common, id: "verify", action: "verify", credentials: verifier } as const;
  const runs: PerPart<CourierRun> = {
    push: {
      name,
      title: `Sets to ${bucket}`,
      steps: [
        { ...common, id: "push", title: `Carry what is sealed to ${bucket}`, action: "push", credentials },
        {
          ...look,
          title: "Look at what has arrived",
          // Also after a set that could not be carried: the others were.
          runs: "always",
          when: { value: { $ref: "push.sets" }, is: "present" },
        },
      ],
    },
  };
  if (verify) {
    const title = `Look closely at the sets in ${bucket}`;
    runs.verify = { name: verifyJobName(name), title, steps: [{ ...look, title, level: verify.level }] };
  }
  if (prune) {
    const title = "Mark what nothing needs, and remove what was marked before";
    runs.prune = {
      name: pruneJobName(name),
      title: `Remove from ${bucket} what is not to be kept`,
      steps: [{ ...common, id: "prune", title, action: "prune", credentials: prune.credentials }],
    };
  }
  return runs;
}

/** Where a task of ours carries. */
export function offsiteJobs(declared: OffsiteCopy): PerPart<Job> {
  const job = ({ name, title, steps }: CourierRun): Job =>
    documentOf({ ...declared, name }, { purpose: "offsite", title, steps });
  const { push, verify, prune } = courierRuns(declared);
  return { push: job(push), ...(verify ? { verify: job(verify) } : {}), ...(prune ? { prune: job(prune) } : {}) };
}
