import { hostLayout, type StepOf } from "../../estate/documents";
import { reach, reachAsBackup } from "../files";
import { joinWindows } from "../paths";
import { EXIT, robocopy, type Robocopied } from "../robocopy";
import type { World } from "../world";
import { spend, spendOnCopy, spendOnFiles, wayBetween } from "./durations";
import { look, StepFailure, workPath, type Done, type Execution } from "./execution";
import * as messages from "./messages";
import { fileNameOf, textValueOf } from "./values";

/** The kind that copies files. */

/** Each call of the program after the first. */
const CALL_MS = 50;

export async function copyFiles(execution: Execution, step: StepOf<"robocopy">): Promise<Done> {
  const source = textValueOf(execution, step.source);
  const destination = textValueOf(execution, step.destination);
  if (typeof step.destination === "object" && step.destination !== null && "$set" in step.destination) {
    execution.hasSetFolder = true;
  }
  const { exitCode, copied, skipped, failed, bytes, errors } = await look(execution, (world) => {
    const done = callForEachFolder(world, execution, step, source, destination);
    const through = step.backupMode ? reachAsBackup : reach;
    if (done.copied > 0) {
      const [from, to] = [source, destination].map((path) => through(world, execution.actor, path, "read"));
      if (from && to) spendOnCopy(execution, wayBetween(world, from, to), done.bytes, step.megabitsPerSecond);
    }
    spendOnFiles(execution, "copied", done.copied, step.threads);
    spend(execution, (done.waitedSeconds * 1000) / step.threads);
    return done;
  });
  if ((exitCode & EXIT.fatal) !== 0) {
    throw new StepFailure("copy-failed", messages.notCopied(exitCode, errors), messages.notThereAdvice);
  }
  if (exitCode >= EXIT.failed) {
    throw new StepFailure("copy-failed", messages.notCopied(exitCode, errors), messages.notCopiedAdvice);
  }
  const message = messages.copied(copied, bytes, skipped, exitCode);
  return { message, data: { exitCode, copied, skipped, failed, bytes } };
}

/** The program takes names in one folder only: it is called for each folder that has some. */
function callForEachFolder(
  world: World,
  execution: Execution,
  step: StepOf<"robocopy">,
  source: string,
  destination: string,
): Robocopied {
  const { actor } = execution;
  const { excludeFiles, excludeFolders, mirror, backupMode, security, retries, waitSeconds } = step;
  const options = { excludeFiles, excludeFolders, mirror, backupMode, security, retries, waitSeconds };
  if (step.files === undefined) return robocopy(world, actor, { source, destination, ...options });
  const all: Robocopied = { exitCode: 0, copied: 0, skipped: 0, failed: 0, bytes: 0, waitedSeconds: 0, errors: [] };
  for (const [folder, names] of byFolder(namesIn(world, execution, step.files))) {
    const inFolder = (root: string): string => (folder === "" ? root : joinWindows(root, folder));
    const done = robocopy(world, actor, {
      source: inFolder(source),
      destination: inFolder(destination),
      names,
      ...options,
    });
    all.exitCode |= done.exitCode;
    for (const key of ["copied", "skipped", "failed", "bytes", "waitedSeconds"] as const) all[key] += done[key];
    all.errors.push(...done.errors);
    spend(execution, CALL_MS);
  }
  return all;
}

function namesIn(world: World, execution: Execution, files: NonNullable<StepOf<"robocopy">["files"]>): string[] {
  if (Array.isArray(files)) return files.map((name) => fileNameOf(execution, name));
  const [inventory = ""] = files.$ref.split(".");
  const list = workPath(execution, hostLayout.changedFiles(inventory));
  const text = world.disk.text(reach(world, execution.actor, list, "read"));
  if (text === undefined) throw new StepFailure("empty-reference", messages.emptyReference(files.$ref));
  return text.split("\n").filter((line) => line !== "");
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
