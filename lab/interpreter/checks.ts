import { createHash } from "node:crypto";
import fs from "node:fs";
import { SaxesParser } from "saxes";
import type { StepOf } from "../../estate/documents";
import { reach } from "../files";
import { readZip } from "../zip";
import { artefactPath, look, StepFailure, type Done, type Execution, type MadeArtefact } from "./execution";
import * as messages from "./messages";

/** The kinds that look at what was made before anybody trusts it. */

export async function check(execution: Execution, step: StepOf<"check">): Promise<Done> {
  for (const artefact of execution.artefacts) {
    const real = await readable(execution, artefact);
    const { size } = fs.statSync(real);
    if (size < artefact.atLeastBytes) {
      throw new StepFailure("too-small", messages.tooSmall(artefact.path, size, artefact.atLeastBytes));
    }
    if (step.opens) await open(artefact, real);
    compareWithLast(execution, artefact, size, step.shrinkPercent);
  }
  const artefacts = execution.artefacts.length;
  return { message: messages.checked(artefacts), data: { artefacts } };
}

export async function hash(execution: Execution, step: StepOf<"hash">): Promise<Done> {
  if (step.completes !== undefined) throw new StepFailure("not-simulated", messages.notYet("complete a listing"));
  let bytes = 0;
  for (const artefact of execution.artefacts) {
    const real = await readable(execution, artefact);
    artefact.bytes = fs.statSync(real).size;
    artefact.sha256 = await hashOfFile(real);
    bytes += artefact.bytes;
  }
  const artefacts = execution.artefacts.length;
  return { message: messages.hashed(artefacts, bytes), data: { artefacts, bytes } };
}

const readable = (execution: Execution, artefact: MadeArtefact): Promise<string> =>
  look(execution, (world) => {
    const { real } = reach(world, execution.actor, artefactPath(execution, artefact), "read");
    if (!fs.existsSync(real)) throw new StepFailure("not-made", messages.missingFromSet(artefact.path));
    return real;
  });

async function open({ path, format }: MadeArtefact, real: string): Promise<void> {
  try {
    await opensAs(format, real);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, "");
    throw new StepFailure("does-not-open", messages.doesNotOpen(path, format, reason));
  }
}

/** Rejects with the reason where a file is not, to its last byte, what it claims to be. */
export const opensAs = (format: MadeArtefact["format"], real: string): Promise<unknown> => OPENERS[format](real);

const text = (real: string): string => fs.readFileSync(real, "utf8").replace(/^\uFEFF/, "");
const readToEnd = async (real: string): Promise<void> => {
  await hashOfFile(real);
};

const OPENERS: Record<MadeArtefact["format"], (real: string) => Promise<unknown>> = {
  zip: readZip,
  xml: (real) => Promise.resolve().then(() => wellFormed(text(real))),
  json: (real) => Promise.resolve().then(() => parsed(text(real))),
  jsonl: (real) =>
    Promise.resolve().then(() => {
      const lines = text(real).split("\n");
      // A last line without an end may be half a line. How little is too little, the artefact itself declares.
      if (lines.pop() !== "") throw new Error("its last line has no end");
      for (const line of lines) parsed(line);
    }),
  text: readToEnd,
  bak: readToEnd,
  file: readToEnd,
};

/** The engine's own message would quote the text, and that may be a secret. */
function parsed(json: string): void {
  try {
    JSON.parse(json);
  } catch {
    throw new Error("it is no JSON");
  }
}

function wellFormed(xml: string): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(xml).close();
}

/** An operator's word counts from when it was given, until a set of that size is there to compare with. */
function compareWithLast({ last }: Execution, { path }: MadeArtefact, size: number, shrinkPercent: number): void {
  const set = last?.comparable;
  const before = set?.artefacts.find((one) => one.path === path);
  if (!set || !before) return;
  const accepted = last.accepted.findLast((one) => one.path === path && one.at >= set.sealedAt);
  if (size * 100 >= (accepted ?? before).bytes * shrinkPercent) return;
  throw new StepFailure("shrunk", messages.shrunk(path, size, before.bytes, set.set), messages.shrunkAdvice);
}

export async function hashOfFile(real: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of fs.createReadStream(real)) digest.update(chunk as Buffer);
  return digest.digest("hex");
}
