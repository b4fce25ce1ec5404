import { patternOf } from "./cmdlets/refusal";
import type { FoundFile } from "./disk";
import { mayRead, type Actor } from "./files";
import { below, FileError, type Place } from "./paths";
import type { World } from "./world";

/** A walk through a tree, as robocopy and an inventory make it. */

export interface Excluded {
  excludeFiles: readonly string[];
  excludeFolders: readonly string[];
}

/** Whether a name is one of these, in which `*` stands for any characters. */
export function namesOf(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map(patternOf);
  return (name) => compiled.some((pattern) => pattern.test(name));
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

interface Walk extends Excluded {
  /** What is said of a folder that the account may not look into; it is not entered. */
  onDenied: (folder: string) => void;
  onFolder?: (folder: string) => void;
  /** With the right to back up files. */
  pastPermissions: boolean;
}

export function* walk(world: World, actor: Actor, root: Place, walked: Walk): Generator<FoundFile> {
  const { onDenied, onFolder, pastPermissions } = walked;
  const [isLeftOut, isFolderLeftOut] = [namesOf(walked.excludeFiles), namesOf(walked.excludeFolders)];
  const enters = (folder: string): boolean => {
    if (isFolderLeftOut(nameOf(folder))) return false;
    if (!pastPermissions && !mayRead(world, actor, below(root, folder))) {
      onDenied(folder);
      return false;
    }
    onFolder?.(folder);
    return true;
  };
  for (const file of world.disk.files(root, enters)) if (!isLeftOut(nameOf(file.path))) yield file;
}

/** The folder to begin with must be there. */
export function mustBeFolder(world: World, root: Place, shown: string): void {
  if (world.disk.stat(root)?.kind === "folder") return;
  throw new FileError("path-not-found", `There is no folder ${shown}.`);
}
