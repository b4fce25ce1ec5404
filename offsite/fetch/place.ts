import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { OffsiteError } from "../error";
import { realFile } from "../sets/files";

/** Files are written beside their place and renamed when every byte is right: what has its name is whole. */

interface Wanted {
  path: string;
  bytes: number;
  sha256: string;
}

/** The same file again: it must not be fetched. Another file in its place: it must not be lost. */
export async function isPlaced(destination: string, { path: below, bytes, sha256 }: Wanted): Promise<boolean> {
  const real = realFile(destination, below);
  const stat = fs.statSync(real, { throwIfNoEntry: false });
  if (!stat) return false;
  if (stat.isFile() && stat.size === bytes && (await hashOf(real, bytes)).digest("hex") === sha256) return true;
  throw new OffsiteError(
    "refused",
    `${real} is there already, and is not the file of the set.`,
    "Fetch into an empty folder, or one that an earlier fetch of this set was interrupted in.",
  );
}

const SMALL = 1 << 20;

/** Of a file so far. */
export async function hashOf(real: string, bytes: number): Promise<ReturnType<typeof createHash>> {
  const hash = createHash("sha256");
  if (bytes <= SMALL) return hash.update(fs.readFileSync(real));
  for await (const chunk of fs.createReadStream(real, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash;
}

/** The same for every try, so that the next one goes on where this one ended. */
export function partialOf(destination: string, below: string): string {
  const name = createHash("sha256").update(below).digest("hex").slice(0, 16);
  return path.join(path.dirname(realFile(destination, below)), `.${name}.partial`);
}

export function place(destination: string, below: string, partial: string): void {
  fs.renameSync(partial, realFile(destination, below));
}

export function placeWhole(destination: string, below: string, content: Buffer): void {
  const partial = partialOf(destination, below);
  fs.mkdirSync(path.dirname(partial), { recursive: true });
  fs.writeFileSync(partial, content);
  place(destination, below, partial);
}
