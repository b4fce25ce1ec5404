import {
  problemsOf,
  Scope,
  scopeKey,
  seriesOf,
  type Manifest,
  type SetKind,
  type StepOf,
} from "../../estate/documents";
import { StepFailure, type Done, type Execution, type Json } from "./execution";
import * as messages from "./messages";
import { textValueOf } from "./values";

/** A copy-only backup stands beside the chain: nothing builds on it. */
const LINKS: Record<StepOf<"chain">["on"], readonly SetKind[]> = {
  full: ["full"],
  newest: ["full", "differential", "log"],
};

/** What a differential or a log builds on: not the last set of the series, but the last that holds the same thing. */
export function chain(execution: Execution, step: StepOf<"chain">): Promise<Done> {
  const entries = Object.entries(step.scope).map(([key, value]) => [key, textValueOf(execution, value)]);
  const scope = Scope.safeParse(Object.fromEntries(entries));
  if (!scope.success) {
    return Promise.reject(new StepFailure("no-scope", messages.noScope("this", problemsOf(scope.error))));
  }
  const what = scopeKey(scope.data);
  const base = restorable(execution.last?.good ?? [])
    .filter(({ kind }) => LINKS[step.on].includes(kind))
    .flatMap((set) => linkOf(set, what))
    .at(0);
  if (!base) {
    const message = messages.noBase(what, seriesOf(execution.job), step.on === "full");
    return Promise.reject(new StepFailure("no-base", message, messages.noBaseAdvice));
  }
  const { item = null } = execution;
  const fields = typeof item === "object" && !Array.isArray(item) ? item : {};
  return Promise.resolve({
    message: messages.foundBase(what, base.set),
    data: { items: [{ ...fields, base }] },
  });
}

/** Newest first, without those that need what is damaged or gone. */
function restorable(newestFirst: readonly Manifest[]): Manifest[] {
  const sound = new Set<string>();
  for (const { set, needs } of newestFirst.toReversed()) if (needs.every((one) => sound.has(one))) sound.add(set);
  return newestFirst.filter(({ set }) => sound.has(set));
}

function linkOf(manifest: Manifest, what: string): { set: string; kind: SetKind; at: string; facts: Json }[] {
  const artefact = manifest.artefacts.find(({ scope }) => scopeKey(scope) === what);
  const { set, kind, startedAt: at } = manifest;
  return artefact ? [{ set, kind, at, facts: artefact.facts }] : [];
}
