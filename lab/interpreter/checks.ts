import { SaxesParser } from "saxes";
import { ARTEFACT_PARTS, type ResultOf, type StepOf } from "../../estate/documents";
import type { Body } from "../body";
import { mustNotBeOpen, reach } from "../files";
import { wholeZip } from "../zip";
import { artefactPath, look, StepFailure, type Done, type Execution, type MadeArtefact } from "./execution";
import { spendOn } from "./durations";
import { completeListing } from "./inventory";
import * as messages from "./messages";

/** The kinds that look at what was made before anybody trusts it. */

export async function check(execution: Execution, step: StepOf<"check">): Promise<Done> {
  const shrunk: Shrunk[] = [];
  for (const artefact of execution.artefacts) {
    const body = await readable(execution, artefact);
    const size = body.bytes;
    if (size < artefact.atLeastBytes) {
      throw new StepFailure("too-small", messages.tooSmall(artefact.path, size, artefact.atLeastBytes));
    }
    spendOn(execution, "disk", size);
    if (step.opens) await open(artefact, body);
    shrunk.push(...compareWithLast(execution, artefact, size, step.shrinkPercent));
  }
  // Whoever has to accept new sizes wants to see all of them at once.
  if (shrunk.length > 0) {
    const sentences = shrunk.map(({ path, bytes, before, set }) => messages.shrunk(path, bytes, before, set));
    throw new StepFailure("shrunk", sentences.join(" "), messages.shrunkAdvice, { artefacts: 0, shrunk });
  }
  const artefacts = execution.artefacts.length;
  return { message: messages.checked(artefacts), data: { artefacts } };
}

export async function hash(execution: Execution, step: StepOf<"hash">): Promise<Done> {
  if (step.completes !== undefined) await completeListing(execution, step.completes);
  let bytes = 0;
  let partsLeft: number = ARTEFACT_PARTS.most;
  for (const artefact of execution.artefacts) {
    const body = await readable(execution, artefact);
    artefact.bytes = body.bytes;
    artefact.sha256 = body.sha256();
    const parts = partsOf(body, partsLeft);
    if (parts) {
      artefact.parts = parts;
      partsLeft -= partsIn(body);
    }
    spendOn(execution, "disk", body.bytes);
    bytes += artefact.bytes;
  }
  const artefacts = execution.artefacts.length;
  return { message: messages.hashed(artefacts, bytes), data: { artefacts, bytes } };
}

/** Whoever carries it offsite sends it in such parts. */
export function partsOf(body: Body, most: number = ARTEFACT_PARTS.most): MadeArtefact["parts"] {
  const { bytes } = ARTEFACT_PARTS;
  const isListed = partsIn(body) > 1 && partsIn(body) <= most;
  return isListed ? { bytes, sha256: body.sha256OfParts(bytes) } : undefined;
}

const partsIn = (body: Body): number => Math.ceil(body.bytes / ARTEFACT_PARTS.bytes);

const readable = (execution: Execution, artefact: MadeArtefact): Promise<Body> =>
  look(execution, (world) => {
    const path = artefactPath(execution, artefact);
    const place = reach(world, execution.actor, path, "read");
    mustNotBeOpen(world, place, path);
    const body = world.disk.body(place);
    if (!body) throw new StepFailure("not-made", messages.missingFromSet(artefact.path));
    return body;
  });

async function open({ path, format }: MadeArtefact, body: Body): Promise<void> {
  try {
    await opensAs(format, body);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, "");
    throw new StepFailure("does-not-open", messages.doesNotOpen(path, format, reason));
  }
}

/** Rejects with the reason where a file is not, to its last byte, what it claims to be. */
export const opensAs = (format: MadeArtefact["format"], body: Body): Promise<unknown> =>
  Promise.resolve(body).then(OPENERS[format]);

const text = (body: Body): string =>
  body
    .read()
    .toString("utf8")
    .replace(/^\uFEFF/, "");
const readToEnd = (body: Body): unknown => body.sha256();

const OPENERS: Record<MadeArtefact["format"], (body: Body) => unknown> = {
  zip: (body) => body.derive(wholeZip),
  xml: (body) => {
    wellFormed(text(body));
  },
  json: (body) => {
    parsed(text(body));
  },
  jsonl: (body) => {
    const lines = text(body).split("\n");
    // A last line without an end may be half a line. How little is too little, the artefact itself declares.
    if (lines.pop() !== "") throw new Error("its last line has no end");
    for (const line of lines) parsed(line);
  },
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

type Shrunk = NonNullable<ResultOf<"check">["shrunk"]>[number];

/** An operator's word counts from when it was given, until a set of that size is there to compare with. */
function compareWithLast({ last }: Execution, { path }: MadeArtefact, size: number, shrinkPercent: number): Shrunk[] {
  const set = last?.comparable;
  const before = set?.artefacts.find((one) => one.path === path);
  if (!set || !before) return [];
  const accepted = last.accepted.findLast((one) => one.path === path && one.at >= set.sealedAt);
  if (size * 100 >= (accepted ?? before).bytes * shrinkPercent) return [];
  return [{ path, bytes: size, before: before.bytes, set: set.set }];
}
