import { instancesOf } from "../topology/stores";
import type { Reading } from "./reading";

/** What the details of the plan say of an estate must be there: a note on nothing would be on no page. */

export type Problem = (path: PropertyKey[], message: string) => void;

export const NO_TARGET = "is not among the targets of this estate";

export function planRules({ estate, pools, fileStores, stores }: Reading, problem: Problem): void {
  const { plan, targets, hosts, topology } = estate;
  const targetNames = targets.map(({ name }) => name);
  once(
    ["plan", "places"],
    plan.places.map(({ name }) => name),
    problem,
  );
  for (const [index, place] of plan.places.entries()) {
    for (const [at, target] of place.targets.entries()) {
      if (!targetNames.includes(target)) problem(["plan", "places", index, "targets", at], NO_TARGET);
    }
  }
  const known = new Set([
    ...[...pools.keys(), ...fileStores.keys(), ...instancesOf(topology, stores)],
    ...[...targetNames, ...hosts.map(({ name }) => name)],
  ]);
  for (const [index, { of }] of plan.notes.entries()) {
    if (known.has(of.toLowerCase())) continue;
    problem(["plan", "notes", index, "of"], "is no pool, instance, file store, target or host of this estate");
  }
}

export function once(path: PropertyKey[], names: readonly string[], problem: Problem): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) problem([...path, index], "is named twice");
  }
}
