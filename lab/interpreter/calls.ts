import type { StepOf } from "../../estate/documents";
import { callCmdlet } from "../cmdlets/call";
import { faultOf } from "../faults";
import { reach, writeOnDisk } from "../files";
import { declaredArtefact, made, makeRoomFor } from "./artefacts";
import { look, StepFailure, workPath, type Done, type Execution, type Json, type MadeArtefact } from "./execution";
import { spend } from "./durations";
import * as messages from "./messages";
import { fileNameOf, holds, satisfies, textOf, valueOf } from "./values";

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
  const artefacts = step.produces.map((declared) => declaredArtefact(execution, declared));
  const { items, count } = await callAndSelect(execution, step, artefacts);
  const isShown = !step.saveAs && step.select.length > 0;
  if (isShown && count > MOST_ITEMS) {
    throw new StepFailure("too-many-items", messages.tooManyItems(step.cmdlet, count));
  }
  if (step.saveAs) await save(execution, step.saveAs, items);
  const data = { items: isShown ? items : [], count };
  await made(execution, step, step.cmdlet, artefacts, data);
  return { message: messages.calledCmdlet(step.cmdlet, count), data };
}

type CmdletCall = Pick<StepOf<"cmdlet">, "cmdlet" | "parameters" | "expand" | "where" | "select">;

/** What counts of the output, with the properties that are asked for. */
export async function callAndSelect(
  execution: Execution,
  { cmdlet: called, parameters, expand, where, select }: CmdletCall,
  artefacts: readonly MadeArtefact[] = [],
): Promise<{ items: Record<string, Json>[]; count: number }> {
  const given = Object.entries(parameters).map(([name, value]) => [name, valueOf(execution, value)]);
  const output = await look(execution, async (world) => {
    makeRoomFor(world, execution, artefacts);
    if (faultOf(world, execution.actor, called) === "hang") spend(execution, Infinity);
    return callCmdlet(world, execution.actor, called, Object.fromEntries(given) as Record<string, Json>);
  });
  const counted = expanded(output as Record<string, Json>[], expand).filter((item) =>
    where.every(({ property, is, of = [] }) => satisfies(execution, item[property], is, of)),
  );
  const items = counted.map((item) => Object.fromEntries(select.map((name) => [name, asText(item[name])])));
  return { items, count: counted.length };
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
