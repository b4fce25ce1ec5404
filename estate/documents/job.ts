import { z } from "zod";
import { Account, Cover, Fqdn, Name, Owner, Product, Sha256, WindowsPath } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { RESERVED_ROOTS, Step, referencesIn } from "./steps";

/** Where the sets of a job go. */
export const TargetReference = z.strictObject({
  name: Name,
  host: Fqdn.describe("The computer that keeps the sets"),
  path: WindowsPath.describe("How the job's account reaches it: the share, or the local path on that computer"),
});
export type TargetReference = z.infer<typeof TargetReference>;

/** A host on which a job is placed; a guard decides at run time which of several acts. */
export const Placement = z.strictObject({ host: Fqdn, pool: Fqdn.optional() });

export const Job = defineDocument({
  name: "job",
  version: 1,
  about: "What runs on a host: typed steps in order. It lies on the host; the scheduled task only names it.",
  writer: "estate/jobs, from the declared inputs of a resource",
  readers: "the two interpreters; the reconcile of job resources, by its hash",
  shape: {
    name: Name,
    owner: Owner,
    purpose: z.enum(["backup", "copy", "offsite", "probe", "restore", "failover", "drill"]),
    title: z.string().min(1).max(200),
    product: Product,
    deployment: z.strictObject({ name: Name, topologyHash: Sha256 }),
    placement: z.array(Placement).min(1),
    account: Account.describe("Under which it runs: Lync cmdlets, SQL Server and shares need a real logon"),
    timeLimitMinutes: z.int().min(1).max(10080),
    target: TargetReference.optional(),
    covers: z.array(Cover).default([]).describe("The obligations that a good run discharges"),
    steps: z.array(Step).min(1).max(1000),
  },
  rules(job, problem) {
    const seen = new Set<string>();
    for (const [index, step] of job.steps.entries()) {
      if (seen.has(step.id) || (RESERVED_ROOTS as readonly string[]).includes(step.id)) {
        problem(["steps", index, "id"], "is used by another step or reserved");
      }
      for (const reference of referencesIn(step)) {
        const root = reference.split(".")[0] ?? "";
        const own = step.kind === "wait" && root === step.id;
        const item = root === "item" && step.forEach !== undefined;
        const reserved = root !== "item" && (RESERVED_ROOTS as readonly string[]).includes(root);
        if (!own && !item && !reserved && !seen.has(root)) {
          problem(["steps", index], `refers to ${reference}, which no earlier step provides`);
        }
      }
      seen.add(step.id);
    }
    const publishes = job.steps.some((step) => step.kind === "publish" || step.kind === "seal");
    if (publishes && !job.target) problem(["target"], "is required by the steps that publish and seal a set");
    const seal = job.steps.findIndex((step) => step.kind === "seal");
    const retain = job.steps.findIndex((step) => step.kind === "retain");
    if (retain >= 0 && retain < seal) problem(["steps", retain], "retention must not run before the set is sealed");
  },
});
export type Job = DocumentOf<typeof Job>;
