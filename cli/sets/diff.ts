import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Manifest, MANIFEST, targetLayout } from "../../estate/documents";
import { messageOf } from "../../providers/base/errors";
import { answer, CliError, colours, sizeText } from "../output";
import { differences, type Difference, type Part } from "./compare";
import { itemsOf } from "./items";

export interface DiffCommand {
  target?: string;
  series?: string;
  json?: boolean;
}

interface OpenSet {
  folder: string;
  manifest: Manifest;
}

type Artefact = Manifest["artefacts"][number];

interface ArtefactReport {
  path: string;
  state: "added" | "removed" | "same" | "changed";
  bytes: { before?: number; after?: number };
  /** Absent where its format or its size lets only the hashes be compared. */
  differences?: Difference[];
}

/** Larger ones are compared by hash: nobody reads what differs between two databases. */
const MOST_BYTES = 256 << 20;

/** Shows in words what changed between two sets of one series: an export after a change, against the one before. */
export async function diffSets(older: string, newer: string, command: DiffCommand): Promise<void> {
  const [before, after] = [openSet(older, command), openSet(newer, command)];
  if (before.manifest.series !== after.manifest.series) {
    throw new CliError(
      `${older} is of the series ${before.manifest.series} and ${newer} of ${after.manifest.series}: only sets of one series can be compared`,
      2,
    );
  }
  const paths = [...new Set([after, before].flatMap(({ manifest }) => manifest.artefacts.map((one) => one.path)))];
  const artefacts: ArtefactReport[] = [];
  for (const at of paths.sort()) artefacts.push(await compare(before, after, at));
  const { series, set } = after.manifest;
  answer(command, { series, before: before.manifest.set, after: set, artefacts }, () =>
    [`${series}: ${before.manifest.set} → ${set}`, ...artefacts.flatMap(artefactLines)].join("\n"),
  );
}

/** A folder that holds a set, fetched or on a target; or the name of a set, where target and series are told. */
function openSet(name: string, { target, series }: DiffCommand): OpenSet {
  const isName = target !== undefined && series !== undefined && !/[\\/]/.test(name);
  const folder = isName ? path.join(target, targetLayout.set(series, name)) : name;
  const file = path.join(folder, MANIFEST);
  if (!fs.existsSync(file)) {
    const hint = isName ? "" : "; give a folder, or the name of a set with --target and --series";
    throw new CliError(`${folder} is no sealed set: there is no ${MANIFEST}${hint}`, 2);
  }
  try {
    return { folder, manifest: Manifest.parse(fs.readFileSync(file, "utf8")) };
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

async function compare(before: OpenSet, after: OpenSet, at: string): Promise<ArtefactReport> {
  const [then, now] = [before, after].map(({ manifest }) => manifest.artefacts.find((one) => one.path === at));
  const bytes = { ...(then ? { before: then.bytes } : {}), ...(now ? { after: now.bytes } : {}) };
  if (!then || !now) return { path: at, state: then ? "removed" : "added", bytes };
  if (then.sha256 === now.sha256) return { path: at, state: "same", bytes };
  if (Math.max(then.bytes, now.bytes) > MOST_BYTES) return { path: at, state: "changed", bytes };
  const found = differences(await read(before, then), await read(after, now));
  // The same content is another file all the same: it says when it was written.
  if (found.length === 0) return { path: at, state: "same", bytes };
  return { path: at, state: "changed", bytes, differences: found };
}

async function read({ folder, manifest }: OpenSet, { path: at, format, sha256 }: Artefact) {
  const file = path.join(folder, ...at.split("/"));
  try {
    const content = fs.readFileSync(file);
    if (createHash("sha256").update(content).digest("hex") !== sha256) {
      throw new Error("it is not what was sealed; its SHA-256 differs from the manifest's");
    }
    return await itemsOf(format, content);
  } catch (error) {
    throw new CliError(`${manifest.series}/${manifest.set}: ${at} cannot be compared: ${messageOf(error)}`);
  }
}

function artefactLines({ path: at, state, bytes, differences: found }: ArtefactReport): string[] {
  const size = (value: number | undefined): string => (value === undefined ? "" : sizeText(value));
  if (state === "same") return ["", `${at}: no difference`];
  if (state !== "changed") return ["", `${at}: ${state}, ${size(bytes.after ?? bytes.before)}`];
  const head = `${colours.bold(at)}: ${size(bytes.before)} → ${size(bytes.after)}`;
  if (!found) return ["", `${head}, compared by hash only`];
  return ["", head, ...found.flatMap(differenceLines)];
}

const SIGNS = { added: colours.green("+"), removed: colours.red("-"), changed: "~" };

function differenceLines({ item, change, parts }: Difference): string[] {
  const head = `  ${SIGNS[change]} ${item === "" ? "(the file itself)" : item}`;
  return [head, ...parts.map((part) => `      ${partLine(part)}`)];
}

/** Long values lose their end: what changed stands in the JSON in full. */
const LONGEST = 120;
const shown = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

function partLine({ path: at, before, after }: Part): string {
  const name = at === "" ? "" : `${at}: `;
  if (before === undefined) return `${name}${shown(after ?? "")}`;
  if (after === undefined) return `${name}${shown(before)}`;
  return `${name}${shown(before)} → ${shown(after)}`;
}
