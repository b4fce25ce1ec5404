import fs from "node:fs";
import { promisify } from "node:util";
import { OffsiteError } from "../error";
import { realFile, type SetFile } from "./files";
import type { SealedSet } from "./target";

const open = promisify(fs.open);
const close = promisify(fs.close);
const stat = promisify(fs.fstat);
const read = (file: number, into: Buffer, from: number): Promise<number> =>
  new Promise((resolve, reject) => {
    fs.read(file, into, 0, into.length, from, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });

/** A file of a set that is open for reading, and has the size that was promised. */
export interface OpenFile {
  /** Fills the buffer from there on. */
  fill(into: Buffer, from: number): Promise<void>;
}

export async function withFile<T>(sealed: SealedSet, file: SetFile, work: (open: OpenFile) => Promise<T>): Promise<T> {
  const real = realFile(sealed.folder, file.path);
  let handle: number;
  try {
    handle = await open(real, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw damaged(sealed, file, "is not there any more");
    throw new OffsiteError("refused", `${real} cannot be read: ${(error as Error).message}.`, undefined, error);
  }
  try {
    const { size } = await stat(handle);
    if (size !== file.bytes) {
      throw damaged(sealed, file, `has ${String(size)} bytes and was sealed with ${String(file.bytes)}`);
    }
    return await work({
      async fill(into, from) {
        for (let at = 0; at < into.length;) {
          const count = await read(handle, into.subarray(at), from + at);
          if (count === 0) throw damaged(sealed, file, "became shorter while it was read");
          at += count;
        }
      },
    });
  } finally {
    await close(handle);
  }
}

/** What was sealed is not what lies there: the set is refused by the name of the file, and nothing of it published. */
export const damaged = ({ series, set }: SealedSet, { path }: SetFile, how: string): OffsiteError =>
  new OffsiteError(
    "damaged",
    `${series}/${set}: ${path} ${how}.`,
    "The set is not carried. Make a new one, and check the disk of the target.",
  );

export const notAsSealed = (sealed: SealedSet, file: SetFile): OffsiteError =>
  damaged(sealed, file, "is not what was sealed: its SHA-256 differs");
