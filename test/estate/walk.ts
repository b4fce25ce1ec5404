import { Job, type StepOf } from "../../estate/documents";
import type { Execution, Json } from "../../lab/interpreter/execution";
import { holds, valueOf } from "../../lab/interpreter/values";

/** A walk through a job by the rules of the interpreter, with what its looks find, and without doing anything. */
export interface Walk {
  /** The cmdlet steps that were performed, in order. */
  called: string[];
  /** A guard that did not hold, and what became of the run. */
  ended: { by: string; outcome: string } | undefined;
  /** Of the set, as it would be sealed. */
  facts: Record<string, Json>;
  /** Of the artefacts that were made. */
  artefacts: { file: unknown; datum: unknown; facts: Record<string, Json> }[];
}

export function walk(job: Job, finds: Readonly<Record<string, readonly object[]>>, host?: string): Walk {
  const results = new Map<string, Json>();
  const at = host ?? job.placement[0]?.host ?? "";
  const run = { id: "20260302T090000Z-00000001", trigger: "schedule", startedAt: "2026-03-02T09:00:00.000Z" };
  const execution = { job: Job.read(job), actor: { host: at }, run, results } as unknown as Execution;
  const walked: Walk = { called: [], ended: undefined, facts: {}, artefacts: [] };
  const factsOf = (facts: StepOf<"seal">["facts"]): Record<string, Json> =>
    Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, valueOf(execution, value)]));
  for (const step of job.steps) {
    if (step.when && !holds(execution, step.when)) continue;
    if (step.kind === "guard" && !holds(execution, step.condition)) {
      walked.ended = { by: step.id, outcome: step.otherwise };
      return walked;
    }
    if (step.kind === "cmdlet") {
      const items = (finds[step.id] ?? []) as Json[];
      results.set(step.id, { items: step.select.length > 0 && !step.saveAs ? items : [], count: items.length });
      walked.called.push(step.id);
      for (const { file, datum, facts } of step.produces) {
        walked.artefacts.push({ file, datum, facts: factsOf(facts) });
      }
    }
    if (step.kind === "seal") {
      const holding = step.factsWhen.filter(({ when }) => holds(execution, when));
      walked.facts = Object.assign({}, ...[step, ...holding].map(({ facts }) => factsOf(facts))) as Walk["facts"];
    }
  }
  return walked;
}
