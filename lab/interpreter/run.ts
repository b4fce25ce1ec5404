import {
  referencesIn,
  type Failure,
  type Run,
  type Step,
  type StepKind,
  type StepOf,
  type StepResult,
} from "../../estate/documents";
import { saveRun } from "../runs";
import { cmdlet, guard } from "./calls";
import { chain } from "./chain";
import { courier } from "./carrying";
import { check, hash } from "./checks";
import { copyFiles } from "./copying";
import { CALL_MS, spend } from "./durations";
import { failureOf, look, StepFailure, type Done, type Execution, type Json } from "./execution";
import { inventory } from "./inventory";
import { discardUnsealed, publish, retain, seal } from "./keeping";
import * as messages from "./messages";
import { observe } from "./observing";
import { assemble, verify } from "./restoring";
import { readLast } from "./sets";
import { sql } from "./sql";
import { confirm, service, wait } from "./waiting";
import { holds, lookUp, textOf, valueOf } from "./values";

/**
 * The interpreter of job documents: the specification of the one in PowerShell. A run goes through the steps in order;
 * the first failure, a guard or a cancellation ends it, and then only steps that tidy up are still performed.
 */
type Kinds = { [K in StepKind]: (execution: Execution, step: StepOf<K>) => Promise<Done> };
const KINDS: Kinds = {
  guard,
  cmdlet,
  sql,
  chain,
  robocopy: copyFiles,
  inventory,
  check,
  hash,
  publish,
  seal,
  retain,
  courier,
  service,
  wait,
  confirm,
  observe,
  assemble,
  verify,
};

/** What belongs to a set: not for a run in which something has failed, however much went well after it. */
const KEEPING: readonly StepKind[] = ["publish", "seal", "retain", "courier"];

/**
 * Performs the next step, and tells when it ends; undefined where there is none. In the lab a step is done whole at its
 * beginning, with the world as it is then; then its time passes, in which others have their turn; then it is concluded.
 */
export async function performNext(execution: Execution): Promise<string | undefined> {
  const { run, job, control } = execution;
  const of = job.steps.length;
  for (; execution.next < of; execution.next++) {
    const step = job.steps[execution.next];
    if (!step) break;
    if (control.signal?.aborted === true) end(run, "cancelled", failureOf(cancelled(step.title)));
    if (run.outcome !== "running" && step.runs !== "always") {
      delete execution.waiting;
      continue;
    }
    if (!execution.waiting) {
      control.onProgress?.({ kind: "step-started", id: step.id, title: step.title, index: execution.next, of });
    }
    execution.performed = await perform(execution, step);
    return execution.performed.finishedAt;
  }
  return undefined;
}

/** The time of the step that was performed has passed; undefined: it looks again. */
export function conclude(execution: Execution): StepResult | undefined {
  const { run, job, next, performed } = execution;
  const step = job.steps[next];
  delete execution.performed;
  if (!step || !performed || execution.waiting) return undefined;
  run.steps.push(performed);
  const { data, each } = performed;
  execution.results.set(step.id, { ...data, ...(each ? { each: each as unknown as Json } : {}) });
  takeNote(execution, step, performed);
  execution.next++;
  return performed;
}

/** When there is no step any more. */
export async function finish(execution: Execution): Promise<Run> {
  const { run } = execution;
  const hasFailed = execution.noted.length + execution.kept.length > 0;
  // Neither a good end nor a guard's makes up for what has failed before it.
  if (hasFailed && run.outcome !== "cancelled") run.outcome = "failed";
  else if (run.outcome === "running") run.outcome = "succeeded";
  // What cannot be removed now, the next run removes.
  await discardUnsealed(execution).catch(() => undefined);
  run.facts = returned(execution);
  await look(execution, (world) => {
    run.finishedAt = world.clock.now;
    saveRun(world, run);
  });
  return run;
}

/** What a one-off job hands back; what was not found is not handed back. */
function returned(execution: Execution): Run["facts"] {
  const facts = Object.entries(execution.job.returns).flatMap(([name, value]): [string, Json][] => {
    try {
      return [[name, valueOf(execution, value)]];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(facts);
}

const cancelled = (before: string): StepFailure => new StepFailure("cancelled", messages.cancelled(before));

/** The first end counts; only a failure makes a good end a bad one. */
function end(run: Run, outcome: Run["outcome"], error?: Run["error"]): void {
  const bad = run.outcome === "failed" || run.outcome === "cancelled";
  if (bad || (run.outcome !== "running" && outcome !== "failed")) return;
  run.outcome = outcome;
  if (error) run.error = error;
}

function takeNote(execution: Execution, step: Step, { outcome, message, error }: StepResult): void {
  const { run, noted, kept } = execution;
  if (outcome === "stood-down" || outcome === "nothing-to-do") end(run, outcome);
  if (outcome !== "failed") return;
  if (error?.code === "cancelled") end(run, "cancelled", error);
  else if (step.onFailure === "stop") end(run, "failed", error);
  else {
    (step.onFailure === "keep" ? kept : noted).push(message);
    run.error ??= error;
  }
}

async function perform(execution: Execution, step: Step): Promise<StepResult> {
  const { now, load } = await look(execution, (world) => {
    return { now: world.clock.now, load: world.computer(execution.actor.host).load ?? 1 };
  });
  const startedAt = execution.waiting?.startedAt ?? now;
  execution.spentMs = 0;
  const found = await outcomeOf(execution, step);
  if (execution.waiting) execution.waiting.startedAt = startedAt;
  const limit = limitOf(execution, step, startedAt);
  const nextAt = Date.parse(execution.waiting?.nextAt ?? now);
  const end = Math.max(Date.parse(now) + Math.ceil(execution.spentMs * load), nextAt);
  const finishedAt = new Date(Math.min(end, limit.at)).toISOString();
  const isLate = end > limit.at;
  if (isLate) delete execution.waiting;
  // What hangs fails by its time only.
  const late = isLate && (found.outcome !== "failed" || end === Infinity) ? asFailure(limit.failure()) : {};
  return { id: step.id, kind: step.kind, startedAt, finishedAt, ...found, ...late };
}

/**
 * When a step is ended, because it takes longer than it may, or because the job's time has run out. Of a call to a host
 * (`CallOptions.timeoutMs`, in real time) the limit is the caller's.
 */
function limitOf(
  { run, job, waiting }: Execution,
  step: Step,
  startedAt: string,
): { at: number; failure: () => StepFailure } {
  const after = (since: string, minutes: number, message: string) => ({
    at: Date.parse(since) + minutes * 60_000,
    failure: () => new StepFailure("timed-out", message, messages.tooLongAdvice),
  });
  const { title, timeLimitMinutes } = step;
  const isInVain = waiting !== undefined && step.kind === "wait";
  const why = (isInVain ? messages.waitedInVain : messages.stepTooLong)(title, timeLimitMinutes);
  const own = after(startedAt, timeLimitMinutes, why);
  // What tidies up does so however late it is.
  if (run.outcome !== "running") return own;
  const whole = after(run.startedAt, job.timeLimitMinutes, messages.runTooLong(job.name, job.timeLimitMinutes));
  return whole.at < own.at ? whole : own;
}

type Outcome = Pick<StepResult, "outcome" | "message" | "data" | "answer" | "error" | "each">;

async function outcomeOf(execution: Execution, step: Step): Promise<Outcome> {
  try {
    if (KEEPING.includes(step.kind) && execution.noted.length > 0) {
      throw new StepFailure("failed-before", messages.notedBefore(execution.noted));
    }
    if (step.kind === "retain" && execution.kept.length > 0) {
      return { outcome: "skipped", message: messages.keptBefore(execution.kept), data: {} };
    }
    if (execution.job.target && needsLast(step)) {
      execution.last ??= await look(execution, (world) => readLast(world, execution));
    }
    if (step.forEach === undefined) return await once(execution, step);
    return await forEach(execution, step, itemsOf(execution, step.forEach));
  } catch (error) {
    delete execution.waiting;
    return failed(error);
  }
}

const needsLast = (step: Step): boolean =>
  step.kind === "check" ||
  step.kind === "chain" ||
  step.kind === "inventory" ||
  referencesIn(step).some((reference) => reference.split(".")[0] === "last");

function asFailure(error: unknown): Pick<Outcome, "outcome" | "message"> & { error: Failure } {
  const failure = failureOf(error);
  return { outcome: "failed", message: failure.message, error: failure };
}

const failed = (error: unknown): Outcome => ({
  ...asFailure(error),
  data: error instanceof StepFailure ? error.data : {},
});

async function once(execution: Execution, step: Step): Promise<Outcome> {
  if (step.when && !holds(execution, step.when)) {
    return { outcome: "skipped", message: messages.skipped(step.title), data: {} };
  }
  // The table has a function for each kind by its name; this is the one place where that must be said.
  const kind = KINDS[step.kind] as (execution: Execution, step: Step) => Promise<Done>;
  spend(execution, CALL_MS[step.kind]);
  const { outcome = "ok", ...done } = await kind(execution, step);
  return { outcome, ...done };
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
  const each = (execution.waiting?.each ?? []) as (Outcome & { item: Json })[];
  for (const item of items.slice(each.length)) {
    if (execution.control.signal?.aborted === true && step.runs !== "always") {
      each.push({ item, ...failed(cancelled(textOf(item))) });
      break;
    }
    execution.item = item;
    const { answer: _answer, ...outcome } = await once(execution, step).catch(failed);
    if (execution.waiting) {
      execution.waiting.each = each;
      break;
    }
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
