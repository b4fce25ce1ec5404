import type { StepOf, Value } from "../../estate/documents";
import { throughShare } from "../files";
import { joinWindows } from "../paths";
import { EXIT, robocopy, type Robocopied, type RobocopyCall } from "../robocopy";
import type { World } from "../world";
import { spend, spendOnCopy, spendOnFiles, wayBetween } from "./durations";
import { look, StepFailure, type Done, type Execution } from "./execution";
import { pausesIn, untilHours } from "./hours";
import { changedSince, folderIn } from "./inventory";
import { mustHaveTarget } from "./keeping";
import * as messages from "./messages";
import { fileNameOf, listOf, textOf, textValueOf, valueOf } from "./values";

/** The kind that copies files. */

/** Each call of the program after the first. */
const CALL_MS = 50;

export async function copyFiles(execution: Execution, step: StepOf<"robocopy">): Promise<Done> {
  if (await mustWait(execution, step)) return { message: "", data: {} };
  const { exitCode, copied, skipped, failed, bytes, errors } = await look(execution, (world) => {
    const where = step.destination;
    if (isOn("$set", where) || isOn("$mirror", where)) mustHaveTarget(world, execution);
    execution.hasSetFolder ||= isOn("$set", where);
    return callForEachFolder(world, execution, step);
  });
  if (exitCode >= EXIT.failed) {
    throw new StepFailure("copy-failed", messages.copyFailed(exitCode, errors.at(-1) ?? ""), messages.copyFailedAdvice);
  }
  return { message: messages.copied(copied, skipped), data: { exitCode, copied, skipped, failed, bytes } };
}

/** Outside of its hours the program begins nothing: the world is looked at when they begin. */
async function mustWait(execution: Execution, { hours }: StepOf<"robocopy">): Promise<boolean> {
  delete execution.waiting;
  if (!hours) return false;
  const { host } = execution.actor;
  const [now, ms] = await look(execution, (world) => [world.clock.now, untilHours(world, host, hours)] as const);
  if (ms === 0) return false;
  execution.waiting = { looks: 0, isDue: true, nextAt: new Date(Date.parse(now) + ms).toISOString() };
  return true;
}

const isOn = (kind: "$set" | "$mirror", value: Value): boolean =>
  typeof value === "object" && value !== null && kind in value;

/** The program takes names in one folder only: it is called for each folder that has some, until a call fails. */
function callForEachFolder(world: World, execution: Execution, step: StepOf<"robocopy">): Robocopied {
  const source = textValueOf(execution, step.source);
  const from = folderIn(world, execution, source, step.backupMode);
  const destination = textValueOf(execution, step.destination);
  const all: Robocopied = { exitCode: 0, copied: 0, skipped: 0, failed: 0, bytes: 0, waitedSeconds: 0, errors: [] };
  const call = (fromFolder: string, toFolder: string, names?: readonly string[]): void => {
    const where = { source: fromFolder, destination: toFolder, ...(names ? { names } : {}) };
    const done = robocopy(world, execution.actor, { ...optionsOf(step), ...where });
    all.exitCode |= done.exitCode;
    for (const key of ["copied", "skipped", "failed", "bytes", "waitedSeconds"] as const) all[key] += done[key];
    all.errors.push(...done.errors);
    spend(execution, CALL_MS);
  };
  if (step.files === undefined) call(source, destination);
  else {
    for (const [folder, names] of byFolder(namesIn(world, execution, step.files))) {
      const inFolder = (root: string): string => (folder === "" ? root : joinWindows(root, folder));
      call(inFolder(source), inFolder(destination), names);
      if (all.exitCode >= EXIT.failed) break;
    }
  }
  if (all.copied > 0) {
    const to = throughShare(world, execution.actor, destination, "read");
    spendOnCopy(execution, wayBetween(world, from, to), all.bytes, step.megabitsPerSecond);
  }
  spendOnFiles(execution, "copied", all.copied, step.threads);
  spend(execution, (all.waitedSeconds * 1000) / step.threads);
  if (step.hours) spend(execution, pausesIn(world, execution.actor.host, step.hours, execution.spentMs));
  return all;
}

const optionsOf = (step: StepOf<"robocopy">): Omit<RobocopyCall, "source" | "destination" | "names"> => {
  const { excludeFiles, excludeFolders, mirror, backupMode, security, retries, waitSeconds } = step;
  return { excludeFiles, excludeFolders, mirror, backupMode, security, retries, waitSeconds };
};

function namesIn(world: World, execution: Execution, files: NonNullable<StepOf<"robocopy">["files"]>): string[] {
  if (Array.isArray(files)) return files.map((name) => fileNameOf(execution, name));
  const [id = ""] = files.$ref.split(".");
  const isInventory = execution.job.steps.some((step) => step.id === id && step.kind === "inventory");
  return isInventory ? changedSince(world, execution, id) : listOf(valueOf(execution, files)).map(textOf);
}

function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const end = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(end, 0));
    const names = folders.get(folder);
    if (names) names.push(path.slice(end + 1));
    else folders.set(folder, [path.slice(end + 1)]);
  }
  return folders;
}
