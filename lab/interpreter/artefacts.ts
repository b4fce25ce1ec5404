import { problemsOf, Scope, type ArtefactDeclaration, type StepOf } from "../../estate/documents";
import { reach } from "../files";
import { parentOf, type Place } from "../paths";
import type { World } from "../world";
import { spendOn } from "./durations";
import { artefactPath, look, StepFailure, type Done, type Execution, type MadeArtefact } from "./execution";
import * as messages from "./messages";
import { fileNameOf, textOf, textValueOf, valueOf } from "./values";

/** What steps declare that they make, and whether they have made it. */

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

/** Who reports no error has still to be looked after. Facts may refer to what it has found itself. */
export async function made(
  execution: Execution,
  step: Pick<StepOf<"cmdlet">, "id" | "produces">,
  maker: string,
  artefacts: readonly MadeArtefact[],
  data: Done["data"],
): Promise<void> {
  execution.results.set(step.id, data);
  for (const [index, artefact] of artefacts.entries()) {
    const body = await look(execution, (world) => world.disk.body(placeOf(world, execution, artefact)));
    if (!body) throw new StepFailure("not-made", messages.notMade(maker, artefact.path));
    spendOn(execution, "export", body.bytes);
    const facts = Object.entries(step.produces[index]?.facts ?? {});
    execution.artefacts.push({
      ...artefact,
      facts: Object.fromEntries(facts.map(([name, value]) => [name, valueOf(execution, value)])),
    });
  }
}

/** Their folders are there before whoever makes them begins. */
export function makeRoomFor(world: World, execution: Execution, artefacts: readonly MadeArtefact[]): void {
  for (const artefact of artefacts) {
    execution.hasSetFolder ||= artefact.in === "set";
    world.disk.makeFolder(parentOf(placeOf(world, execution, artefact)));
  }
}

const placeOf = (world: World, execution: Execution, artefact: MadeArtefact): Place =>
  reach(world, execution.actor, artefactPath(execution, artefact), "change");
