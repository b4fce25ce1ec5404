import { referencesIn, type Run, type Step, type StepKind, type StepOf, type StepResult } from "../../estate/documents";
import type { Progress } from "../../hosts/host";
import { writeRun } from "../runs";
import { cmdlet, guard } from "./calls";
import { check, hash } from "./checks";
import { failureOf, look, StepFailure, type Done, type Execution, type Json } from "./execution";
import { discardUnsealed, publish, retain, seal } from "./keeping";
import * as messages from "./messages";
import { readLast } from "./sets";
import { holds, lookUp } from "./values";

/**
 * The interpreter of job documents: the specification of the one in PowerShell. A run goes through the steps in order;
 * the first failure, a guard or a cancellation ends it, and then only steps that tidy up are still performed.
 */
type Kinds = { [K in StepKind]?: (execution: Execution, step: StepOf<K>) => Promise<Done> };
const KINDS: Kinds = { guard, cmdlet, check, hash, publish, seal, retain };

/** What belongs to a set: not for a run in which something has failed, however much went well after it. */
const KEEPING: readonly StepKind[] = ["publish", "seal", "retain", "courier"];

export interface RunControl {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export async function interpret(execution: Execution, { signal, onProgress }: RunControl): Promise<Run> {
  const { run, job } = execution;
  const of = job.steps.length;
  for (const [index, step] of job.steps.entries()) {
    if (signal?.aborted === true) end(run, "cancelled");
    if (run.outcome !== "running" && step.runs !== "always") continue;
    onProgress?.({ kind: "step-started", id: step.id, title: step.title, index, of });
    const result = await perform(execution, step);
    run.steps.push(result);
    execution.results.set(step.id, {
      ...result.data,
      ...(result.each ? { each: result.each as unknown as Json } : {}),
    });
    conclude(execution, step, result);
    await save(execution);
    onProgress?.({ kind: "step-ended", result });
  }
  if (run.outcome === "running") run.outcome = execution.noted.length > 0 ? "failed" : "succeeded";
  await discardUnsealed(execution).catch((error: unknown) => {
    // The next run removes it.
    run.error ??= failureOf(error);
  });
  await save(execution, true);
  return run;
}

/** The first end counts; only a failure makes a good end a bad one. */
function end(run: Run, outcome: Run["outcome"], error?: Run["error"]): void {
  const bad = run.outcome === "failed" || run.outcome === "cancelled";
  if (bad || (run.outcome !== "running" && outcome !== "failed")) return;
  run.outcome = outcome;
  if (error) run.error = error;
}

function conclude(execution: Execution, step: Step, { outcome, message, error }: StepResult): void {
  const { run, noted } = execution;
  if (outcome === "stood-down" || outcome === "nothing-to-do") end(run, outcome);
  if (outcome !== "failed") return;
  if (step.onFailure === "stop") {
    end(run, "failed", error);
    return;
  }
  noted.push(message);
  run.error ??= error;
}

/** The result file is replaced at every step, with the outcome running until the end. */
async function save(execution: Execution, ended = false): Promise<void> {
  await look(execution, (world) => {
    const { run } = execution;
    run.beatAt = world.clock.now;
    if (ended) run.finishedAt = world.clock.now;
    writeRun(world, ended ? run : { ...run, outcome: "running" });
  });
}

async function perform(execution: Execution, step: Step): Promise<StepResult> {
  const now = (): Promise<string> => look(execution, (world) => world.clock.now);
  const startedAt = await now();
  const found = await outcomeOf(execution, step);
  return { id: step.id, kind: step.kind, startedAt, finishedAt: await now(), ...found };
}

type Outcome = Pick<StepResult, "outcome" | "message" | "data" | "error" | "each">;

async function outcomeOf(execution: Execution, step: Step): Promise<Outcome> {
  try {
    if (KEEPING.includes(step.kind) && execution.noted.length > 0) {
      throw new StepFailure("failed-before", messages.notedBefore(execution.noted));
    }
    if (execution.job.target && needsLast(step)) {
      execution.last ??= await look(execution, (world) => readLast(world, execution));
    }
    if (step.forEach === undefined) return await once(execution, step);
    return await forEach(execution, step, itemsOf(execution, step.forEach));
  } catch (error) {
    return failed(error);
  }
}

const needsLast = (step: Step): boolean =>
  step.kind === "check" || referencesIn(step).some((reference) => reference.split(".")[0] === "last");

function failed(error: unknown): Outcome {
  const failure = failureOf(error);
  return { outcome: "failed", message: failure.message, data: {}, error: failure };
}

async function once(execution: Execution, step: Step): Promise<Outcome> {
  if (step.when && !holds(execution, step.when)) {
    return { outcome: "skipped", message: messages.skipped(step.title), data: {} };
  }
  // The table has a function for each kind by its name; this is the one place where that must be said.
  const kind = KINDS[step.kind] as ((execution: Execution, step: Step) => Promise<Done>) | undefined;
  if (!kind) throw new StepFailure("unknown-step", messages.unknownKind(step.kind), messages.unknownKindAdvice);
  const { message, data, outcome = "ok" } = await kind(execution, step);
  return { outcome, message, data };
}

function itemsOf(execution: Execution, forEach: NonNullable<Step["forEach"]>): Json[] {
  if (Array.isArray(forEach)) return forEach;
  const found = lookUp(execution, forEach.$ref);
  if (found === undefined || found === null) {
    throw new StepFailure("empty-reference", messages.emptyReference(forEach.$ref));
  }
  return Array.isArray(found) ? found : [found];
}

/** Item by item; a failure ends it, unless failures are only noted. */
async function forEach(execution: Execution, step: Step, items: readonly Json[]): Promise<Outcome> {
  const each: (Outcome & { item: Json })[] = [];
  for (const item of items) {
    execution.item = item;
    const outcome = await once(execution, step).catch(failed);
    each.push({ item, ...outcome });
    if (outcome.outcome === "failed" && step.onFailure === "stop") break;
    if (outcome.outcome === "stood-down" || outcome.outcome === "nothing-to-do") break;
  }
  delete execution.item;
  const ok = each.filter(({ outcome }) => outcome === "ok").length;
  const ended = each.find(({ outcome }) => !["ok", "skipped"].includes(outcome));
  const message = ended?.message ?? messages.forEach(step.title, ok, items.length);
  const outcome = ended?.outcome ?? (items.length > 0 && ok === 0 ? "skipped" : "ok");
  return { outcome, message, data: {}, each, ...(ended?.error ? { error: ended.error } : {}) };
}
