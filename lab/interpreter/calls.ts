import { problemsOf, Scope, type ArtefactDeclaration, type StepOf } from "../../estate/documents";
import { callCmdlet } from "../cmdlets/call";
import { reach, writeOnDisk } from "../files";
import { parentOf, type Place } from "../paths";
import type { World } from "../world";
import {
  artefactPath,
  look,
  StepFailure,
  workPath,
  type Done,
  type Execution,
  type MadeArtefact,
  type Json,
} from "./execution";
import { spendOn } from "./durations";
import * as messages from "./messages";
import { fileNameOf, holds, satisfies, textOf, textValueOf, valueOf } from "./values";

/** The kinds that decide and that call Lync. */

export function guard(execution: Execution, step: StepOf<"guard">): Promise<Done> {
  if (holds(execution, step.condition)) {
    return Promise.resolve({ message: messages.guardHolds(step.title), data: { holds: true } });
  }
  if (step.otherwise === "fail") return Promise.reject(new StepFailure("guard", step.because));
  return Promise.resolve({
    message: step.because,
    data: { holds: false },
    outcome: step.otherwise === "stand-down" ? "stood-down" : "nothing-to-do",
  });
}

/** A result holds no more: RESULTS in estate/documents. */
export const MOST_ITEMS = 1000;

export async function cmdlet(execution: Execution, step: StepOf<"cmdlet">): Promise<Done> {
  const entries = Object.entries(step.parameters).map(([name, value]) => [name, valueOf(execution, value)]);
  const parameters = Object.fromEntries(entries) as Record<string, Json>;
  const artefacts = step.produces.map((declared) => declaredArtefact(execution, declared));
  const output = await look(execution, async (world) => {
    makeRoomFor(world, execution, artefacts);
    return callCmdlet(world, execution.actor, step.cmdlet, parameters);
  });
  const counted = expanded(output as Record<string, Json>[], step.expand).filter((item) =>
    step.where.every(({ property, is, of = [] }) => satisfies(execution, item[property], is, of)),
  );
  const items = counted.map((item) => Object.fromEntries(step.select.map((name) => [name, asText(item[name])])));
  const count = counted.length;
  if (!step.saveAs && step.select.length > 0 && count > MOST_ITEMS) {
    throw new StepFailure("too-many-items", messages.tooManyItems(step.cmdlet, count));
  }
  if (step.saveAs) await save(execution, step.saveAs, items);
  const data = { items: step.saveAs || step.select.length === 0 ? [] : items, count };
  await made(execution, step, step.cmdlet, artefacts, data);
  return { message: messages.calledCmdlet(step.cmdlet, count), data };
}

/** Neither a cmdlet nor SQL Server makes the folder that it writes into. */
export function makeRoomFor(world: World, execution: Execution, artefacts: readonly MadeArtefact[]): void {
  for (const artefact of artefacts) {
    execution.hasSetFolder ||= artefact.in === "set";
    world.disk.makeFolder(parentOf(placeOf(world, execution, artefact)));
  }
}

/** The items of a list property take the place of the output; what is no object is its own `Value`. */
function expanded(output: Record<string, Json>[], property: string | undefined): Record<string, Json>[] {
  if (property === undefined) return output;
  return output.flatMap((item) => {
    const list = item[property];
    return (Array.isArray(list) ? list : list === undefined || list === null ? [] : [list]).map((one) =>
      typeof one === "object" && one !== null && !Array.isArray(one) ? one : { Value: one },
    );
  });
}

/** Properties become text; of a list, each item does. */
export const asText = (value: Json | undefined): Json =>
  value === undefined || value === null ? null : Array.isArray(value) ? value.map(textOf) : textOf(value);

export async function save(
  execution: Execution,
  { file, as }: NonNullable<StepOf<"cmdlet" | "sql">["saveAs"]>,
  items: readonly Record<string, Json>[],
): Promise<void> {
  const lines = items.map((item) =>
    as === "jsonl"
      ? JSON.stringify(item)
      : Object.values(item)
          .map((one) => textOf(one))
          .join("\t"),
  );
  await look(execution, (world) => {
    const place = reach(world, execution.actor, workPath(execution, fileNameOf(execution, file.$work)), "change");
    writeOnDisk(world, place, lines.map((line) => `${line}\n`).join(""));
  });
}

export function declaredArtefact(execution: Execution, declared: ArtefactDeclaration): MadeArtefact {
  const { file, datum, format, atLeastBytes } = declared;
  const path = fileNameOf(execution, "$work" in file ? file.$work : file.$set);
  // Names of different things may become the same: the second file must not take the place of the first.
  if (execution.artefacts.some((made) => made.path.toLowerCase() === path.toLowerCase())) {
    throw new StepFailure("made-twice", messages.madeTwice(path));
  }
  const scopeFor = (template: ArtefactDeclaration["scope"]): Scope => scopeOf(execution, path, template);
  const covers = declared.covers?.map((cover) => ({ datum: cover.datum, scope: scopeFor(cover.scope) }));
  return {
    path,
    in: "$work" in file ? "work" : "set",
    datum: textValueOf(execution, datum),
    scope: scopeFor(declared.scope),
    format,
    atLeastBytes,
    ...(covers ? { covers } : {}),
    facts: {},
  };
}

function scopeOf(execution: Execution, path: string, template: ArtefactDeclaration["scope"]): Scope {
  const entries = Object.entries(template).map(([key, one]) => [key, textOf(valueOf(execution, one))]);
  const scope = Scope.safeParse(Object.fromEntries(entries));
  if (!scope.success) throw new StepFailure("no-scope", messages.noScope(path, problemsOf(scope.error)));
  return scope.data;
}

/** What reports no error has still to be looked after. Facts may refer to what it has found itself. */
export async function made(
  execution: Execution,
  step: Pick<StepOf<"cmdlet">, "id" | "produces">,
  called: string,
  artefacts: readonly MadeArtefact[],
  data: Done["data"],
): Promise<void> {
  execution.results.set(step.id, data);
  for (const [index, artefact] of artefacts.entries()) {
    const body = await look(execution, (world) => world.disk.body(placeOf(world, execution, artefact)));
    if (!body) throw new StepFailure("not-made", messages.notMade(called, artefact.path));
    spendOn(execution, "export", body.bytes);
    const facts = Object.entries(step.produces[index]?.facts ?? {});
    execution.artefacts.push({
      ...artefact,
      facts: Object.fromEntries(facts.map(([name, value]) => [name, valueOf(execution, value)])),
    });
  }
}

const placeOf = (world: World, execution: Execution, artefact: MadeArtefact): Place =>
  reach(world, execution.actor, artefactPath(execution, artefact), "change");
