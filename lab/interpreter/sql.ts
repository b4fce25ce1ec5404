import type { StepOf } from "../../estate/documents";
import { executeSql } from "../sql/statements";
import { declaredArtefact, made, makeRoomFor } from "./artefacts";
import { asText, MOST_ITEMS, save } from "./calls";
import { look, StepFailure, type Done, type Execution, type Json, type MadeArtefact } from "./execution";
import * as messages from "./messages";
import { fileNameOf, textOf, textValueOf, valueOf } from "./values";

/** The kind that asks SQL Server: one constant statement by its name, whose parameters never become text. */

export async function sql(execution: Execution, step: StepOf<"sql">): Promise<Done> {
  const artefacts = step.produces.map((declared) => declaredArtefact(execution, declared));
  const { items, instance } = await ask(execution, step, artefacts).catch((error: unknown) => {
    noteDamage(execution, step, error);
    throw error;
  });
  const count = items.length;
  if (!step.saveAs && count > MOST_ITEMS) {
    throw new StepFailure("too-many-items", messages.tooManyItems(step.statement, count));
  }
  if (step.saveAs) await save(execution, step.saveAs, items);
  const data = { items: step.saveAs ? [] : items, count };
  await made(execution, step, step.statement, artefacts, data);
  return { message: messages.executedSql(step.statement, instance, count), data };
}

type Call = Pick<StepOf<"sql">, "instance" | "statement" | "parameters" | "identifiers" | "select">;

/** The rows, each with the columns that were selected, as text. */
export async function ask(
  execution: Execution,
  { statement, select, ...step }: Call,
  artefacts: readonly MadeArtefact[] = [],
): Promise<{ instance: string; items: Record<string, Json>[] }> {
  const instance = textValueOf(execution, step.instance);
  const parameters = Object.fromEntries(
    Object.entries(step.parameters).map(([name, value]) => [name, scalarOf(valueOf(execution, value))]),
  );
  const identifiers = Object.fromEntries(
    Object.entries(step.identifiers).map(([name, value]) => [name, textValueOf(execution, value)]),
  );
  const rows = await look(execution, (world) => {
    makeRoomFor(world, execution, artefacts);
    return executeSql(world, execution.actor, { instance, statement, parameters, identifiers });
  });
  const items = rows.map((row) => Object.fromEntries(select.map((column) => [column, asText(row[column])])));
  return { instance, items };
}

const scalarOf = (value: Json): string | number => (typeof value === "number" ? value : textOf(value));

/** A verification that fails says something of what it looked at: the seal writes it down. */
function noteDamage(execution: Execution, { verifies }: StepOf<"sql">, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  for (const file of verifies) {
    const path = fileNameOf(execution, "$work" in file ? file.$work : file.$set);
    execution.damaged.push({ path, message });
  }
}
