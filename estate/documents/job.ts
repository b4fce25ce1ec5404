import { z } from "zod";
import { Account, Fqdn, Name, Owner, Product, SetKind, SqlInstanceName } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { Step } from "./steps";
import { TargetReference } from "./target-reference";
import { RESERVED_ROOTS, Value } from "./values";

/** A host on which a job is placed; a guard decides at run time which of several acts. */
export const Placement = z.strictObject({
  host: Fqdn,
  pool: Fqdn.optional(),
  instance: SqlInstanceName.optional().describe("The SQL Server instance that it asks there, as `host.instance`"),
});

/** Nothing that runs on a schedule may change what it backs up. */
const READING_VERBS = new Set(["Get", "Test", "Export", "Debug"]);
const DESTRUCTIVE_SWITCHES = [
  "removeexportedconfiguration",
  "purge",
  "disableexportednodes",
  "resyncsignaturemismatchitems",
];
const RESTORING = /\b(?:RESTORE\s+(?:DATABASE|LOG)|(?:DROP|ALTER)\s+DATABASE)\b/;
/** Facts before opinions: nothing is produced after it was checked, and nothing goes before the new set is sealed. */
const ORDER = ["check", "hash", "publish", "seal", "retain"];

export const Job = defineDocument({
  name: "job",
  version: 1,
  about: "What runs on a host: typed steps in order. It lies on the host; the scheduled task only names it.",
  writer: "estate/jobs, from the declared inputs of a resource",
  readers: "the two interpreters; the reconcile of job resources, by its hash",
  shape: {
    name: Name,
    owner: Owner,
    purpose: z
      .enum(["backup", "offsite", "probe", "restore", "failover", "drill"])
      .describe("The first three run unattended, so they may only read what they back up"),
    title: z.string().min(1).max(200).describe("What a person reads"),
    product: Product,
    deployment: Name.describe("The deployment of the topology"),
    placement: z.array(Placement).min(1).describe("Where it lies; a guard decides at run time who acts"),
    account: Account.describe("Under which it runs: Lync cmdlets, SQL Server and shares need a real logon"),
    timeLimitMinutes: z.int().min(1).max(10080).describe("For the whole run"),
    target: TargetReference.optional().describe("Where its sets go; required where it publishes"),
    series: Name.optional().describe(
      "The line of sets that it adds to, where several jobs share one; else its own name",
    ),
    setKind: SetKind.default("full").describe(
      "How its sets depend on earlier ones. What a log run leaves unsealed is never removed: no later backup holds it",
    ),
    steps: z.array(Step).min(1).max(1000).describe("In this order"),
    returns: z.record(Name, Value).default({}).describe("Facts that a one-off job hands back"),
  },
  rules(job, problem) {
    const seen = new Set<string>();
    const inventories = new Set<string>();
    for (const [index, step] of job.steps.entries()) {
      if (seen.has(step.id) || isReserved(step.id)) {
        problem(["steps", index, "id"], "is used by another step or reserved");
      }
      const provided = (root: string): boolean => seen.has(root) || (root !== "item" && isReserved(root));
      for (const [field, value] of Object.entries(step)) {
        for (const { root, path } of rootsIn(value, ["steps", index, field])) {
          // What a loop goes over cannot be its own item. What a step finds is known to itself only afterwards: to the
          // `until` of a wait, and to the facts of what it makes.
          const item = root === "item" && step.forEach !== undefined && field !== "forEach";
          const own = root === step.id && (step.kind === "wait" ? field === "until" : isFact(path));
          if (!item && !own && !provided(root)) problem(path, "refers to what no earlier step provides");
        }
      }
      seen.add(step.id);
      if (step.kind === "inventory") inventories.add(step.id);
      if (step.kind === "hash" && step.completes !== undefined && !inventories.has(step.completes)) {
        problem(["steps", index, "completes"], "names no earlier inventory");
      }
      if (step.kind === "robocopy" && step.mirror && !isMirrorFolder(step.destination)) {
        problem(["steps", index, "mirror"], "deletes in its destination, so that must be a $mirror folder");
      }
      callProblems(step, job.purpose, (path, message) => problem(["steps", index, ...path], message));
    }
    for (const { root, path } of rootsIn(job.returns, ["returns"])) {
      if (!seen.has(root) && (root === "item" || !isReserved(root))) problem(path, "refers to what no step provides");
    }
    if (job.purpose === "backup") orderProblems(job.steps, (path, message) => problem(["steps", ...path], message));
    const needsTarget = job.steps.findIndex((step) => ORDER.slice(2).includes(step.kind));
    if (needsTarget >= 0 && !job.target) problem(["target"], "is required by the steps that publish, seal and retain");
  },
});
export type Job = DocumentOf<typeof Job>;

const SCHEDULED = new Set(["backup", "offsite", "probe"]);
/** The first part of every reference, and where it stands. */
function rootsIn(value: unknown, path: PropertyKey[]): { root: string; path: PropertyKey[] }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => rootsIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  const found = (value as { $ref?: unknown }).$ref;
  if (typeof found === "string") return [{ root: found.split(".")[0] ?? "", path }];
  return Object.entries(value).flatMap(([key, inner]) => rootsIn(inner, [...path, key]));
}

/** `steps[3].produces[0].facts.…` */
const isFact = (path: readonly PropertyKey[]): boolean => path[2] === "produces" && path[4] === "facts";

const isReserved = (root: string): boolean => (RESERVED_ROOTS as readonly string[]).includes(root);

type Problem = (path: PropertyKey[], message: string) => void;

/** What a step calls: two spellings of one parameter, and what only restores and failovers may do. */
function callProblems(step: Step, purpose: string, problem: Problem): void {
  const call = step.kind === "wait" ? step.look : step;
  const at = step.kind === "wait" ? ["look"] : [];
  const lists = call && "parameters" in call ? { parameters: call.parameters } : {};
  for (const [field, list] of Object.entries(
    call?.kind === "sql" ? { ...lists, identifiers: call.identifiers } : lists,
  )) {
    const names = Object.keys(list).map((name) => name.toLowerCase());
    if (new Set(names).size === names.length) continue;
    problem([...at, field], "names a parameter twice; upper and lower case are the same");
  }
  if (!SCHEDULED.has(purpose)) return;
  if (step.kind === "service" || step.kind === "confirm") {
    problem(["kind"], `${step.kind} is for a person who restores: a ${purpose} runs unattended and only reads`);
  }
  if (call?.kind === "sql" && RESTORING.test(call.text)) {
    problem([...at, "text"], `restores or drops a database, and a ${purpose} must not`);
  }
  if (call?.kind !== "cmdlet") return;
  if (!READING_VERBS.has(call.cmdlet.split("-")[0] ?? "")) {
    problem([...at, "cmdlet"], `changes the deployment, and a ${purpose} must not`);
  }
  for (const name of Object.keys(call.parameters)) {
    // PowerShell takes the beginning of a parameter's name for the whole.
    if (!DESTRUCTIVE_SWITCHES.some((whole) => whole.startsWith(name.toLowerCase()))) continue;
    problem([...at, "parameters", name], `changes what is looked at, and a ${purpose} must not`);
  }
}

const isMirrorFolder = (value: unknown): boolean => typeof value === "object" && value !== null && "$mirror" in value;

function orderProblems(steps: readonly Step[], problem: Problem): void {
  let reached = -1;
  for (const [index, step] of steps.entries()) {
    const stage = ORDER.indexOf(step.kind);
    if ("produces" in step && step.produces.length > 0 && reached >= 0) {
      problem([index], "produces an artefact after the artefacts were checked");
    }
    if (stage < 0) continue;
    if (step.runs === "always") problem([index, "runs"], "would seal or remove sets after a failure");
    if (stage !== reached + 1) problem([index, "kind"], `${step.kind} stands out of order: ${ORDER.join(", ")}`);
    reached = stage;
  }
  if (reached < ORDER.indexOf("seal")) problem([], "a backup must check, hash, publish and seal what it made");
}

/** The line of sets that a job adds to. */
export const seriesOf = (job: { name: string; series?: string | undefined }): string => job.series ?? job.name;
