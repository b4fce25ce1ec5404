import fs from "node:fs";
import path from "node:path";
import { readIfThere, removeAll } from "./real";

/**
 * Many files change as a whole or not at all, whenever the process is killed: new contents are written beside the old
 * ones, one record says that they are complete, and what then remains to be done, anyone can finish, from any point of
 * it. What is removed is put aside first, so that doing it again never removes what took its place.
 */
export interface Changes {
  /** By path below the lab's folder: writes the new content to the file that it is given. */
  writes: Map<string, (file: string) => void>;
  /** Made, with all above them. */
  folders: Set<string>;
  /** Files, or folders with all that is in them; before anything else is done. */
  removals: Set<string>;
}

export const noChanges = (): Changes => ({ writes: new Map(), folders: new Set(), removals: new Set() });

const FOLDER = "commit";
const RECORD = "record.json";

type Recorded = Record<keyof Changes, string[]>;

export function commit(lab: string, { writes, folders, removals }: Changes): void {
  if (writes.size + folders.size + removals.size === 0) return;
  const beside = path.join(lab, FOLDER);
  // Of one that was killed before it came to the record.
  removeAll(beside);
  fs.mkdirSync(beside, { recursive: true });
  [...writes.values()].forEach((write, index) => {
    write(path.join(beside, `new-${String(index)}`));
  });
  const recorded: Recorded = { writes: [...writes.keys()], folders: [...folders], removals: [...removals] };
  const record = path.join(beside, RECORD);
  fs.writeFileSync(`${record}.partial`, JSON.stringify(recorded));
  fs.renameSync(`${record}.partial`, record);
  finishCommit(lab);
}

/** Whoever holds the lock begins with it. */
export function finishCommit(lab: string): void {
  const beside = path.join(lab, FOLDER);
  const record = readIfThere(path.join(beside, RECORD));
  if (record === undefined) return;
  const { writes, folders, removals } = JSON.parse(record) as Recorded;
  for (const [index, one] of removals.entries()) {
    const old = path.join(beside, `old-${String(index)}`);
    if (!fs.existsSync(old)) moveIfThere(path.join(lab, one), old);
  }
  for (const one of folders) fs.mkdirSync(path.join(lab, one), { recursive: true });
  for (const one of new Set(writes.map((file) => path.dirname(file)))) {
    fs.mkdirSync(path.join(lab, one), { recursive: true });
  }
  for (const [index, one] of writes.entries()) {
    moveIfThere(path.join(beside, `new-${String(index)}`), path.join(lab, one));
  }
  fs.rmSync(path.join(beside, RECORD));
  removeAll(beside);
}

/** Not there: it was moved by somebody who was killed. */
function moveIfThere(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
