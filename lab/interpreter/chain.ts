import {
  problemsOf,
  Scope,
  scopeKey,
  seriesOf,
  type Manifest,
  type SetKind,
  type StepOf,
} from "../../estate/documents";
import { needsOf, type SealedSet } from "../../estate/chains";
import { StepFailure, type Done, type Execution, type Json } from "./execution";
import * as messages from "./messages";
import { textOf, textValueOf } from "./values";

/** A copy-only backup stands beside the chain: nothing builds on it. */
const LINKS: Record<StepOf<"chain">["on"], readonly SetKind[]> = {
  full: ["full"],
  newest: ["full", "differential", "log"],
};

/**
 * What a differential or a log builds on: not the last set of the series, but the one that holds the same thing and
 * was the last to be finished. A full backup of hours begins before logs that it does not reach.
 */
export function chain(execution: Execution, step: StepOf<"chain">): Promise<Done> {
  const entries = Object.entries(step.scope).map(([key, value]) => [key, textValueOf(execution, value)]);
  const scope = Scope.safeParse(Object.fromEntries(entries));
  if (!scope.success) {
    return Promise.reject(new StepFailure("no-scope", messages.noScope("this", problemsOf(scope.error))));
  }
  const what = scopeKey(scope.data);
  const base = restorable(execution.last?.sets ?? [])
    .filter(({ kind }) => LINKS[step.on].includes(kind))
    .flatMap((set) => linkOf(set, what))
    .reduce<Link | undefined>((best, link) => (best && best.order > link.order ? best : link), undefined);
  if (!base) {
    const message = messages.noBase(what, seriesOf(execution.job), step.on === "full");
    return Promise.reject(new StepFailure("no-base", message, messages.noBaseAdvice));
  }
  const { item = null } = execution;
  const fields = typeof item === "object" && !Array.isArray(item) ? item : {};
  return Promise.resolve({
    message: messages.foundBase(what, base.set),
    data: { items: [{ ...fields, base: { set: base.set, kind: base.kind, at: base.at, facts: base.facts } }] },
  });
}

interface Link {
  set: string;
  kind: SetKind;
  at: string;
  facts: Record<string, Json>;
  /** Texts that sort as the backups were finished. */
  order: string;
}

/** Oldest first, without what is damaged, and without what needs something damaged or gone. */
function restorable(sets: readonly SealedSet[]): Manifest[] {
  const needs = needsOf(sets);
  const inOrder = sets.toSorted((a, b) => (a.manifest.set < b.manifest.set ? -1 : 1));
  const good = new Set(inOrder.flatMap(({ manifest, good: isGood }) => (isGood ? [manifest.set] : [])));
  const sound = new Map<string, boolean>();
  const isSound = (set: string): boolean => {
    const known = sound.get(set);
    if (known !== undefined) return known;
    sound.set(set, false);
    const found = good.has(set) && (needs.get(set) ?? []).every(isSound);
    sound.set(set, found);
    return found;
  };
  return inOrder.flatMap(({ manifest }) => (isSound(manifest.set) ? [manifest] : []));
}

function linkOf(manifest: Manifest, what: string): Link[] {
  const artefact = manifest.artefacts.find(({ scope }) => scopeKey(scope) === what);
  if (!artefact) return [];
  const { set, kind, startedAt: at } = manifest;
  const { "finished-at": finished = at, "last-lsn": last = "" } = artefact.facts;
  // Two of one second are told apart by how far they reach.
  const order = `${textOf(finished)} ${textOf(last).padStart(30, "0")}`;
  return [{ set, kind, at, facts: artefact.facts, order }];
}
