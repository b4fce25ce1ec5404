import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { FILES, LISTING, ListingLine, Sha256, StoredPath, type Artefact } from "../../estate/documents";
import { OffsiteError } from "../error";
import { linesOf } from "../lines";
import type { SealedSet } from "./target";

/** A file of a set, with what was promised of it when the set was sealed. */
export interface SetFile {
  /** Below the folder of the set. */
  path: string;
  bytes: number;
  sha256: string;
  /** Of its parts, where they were sealed too. */
  parts?: Artefact["parts"];
}

/**
 * The files that make up a set, by path: its artefacts, and those files of a file store that its listing says are in
 * it. Whatever else lies in the folder is no part of the set. The listing is believed when its bytes are those that the
 * manifest promises.
 */
export async function filesOf({ series, set, folder, manifest }: SealedSet): Promise<SetFile[]> {
  const files: SetFile[] = manifest.artefacts.map(({ path: at, bytes, sha256, parts }) => ({
    path: at,
    bytes,
    sha256,
    ...(parts ? { parts } : {}),
  }));
  const listing = manifest.artefacts.find(({ path: at }) => at === LISTING);
  if (listing) {
    const hash = createHash("sha256");
    const read = hashed(fs.createReadStream(path.join(folder, LISTING), { highWaterMark: 1 << 20 }), hash);
    for await (const file of heldBy(read, set, `${series}/${set}`)) files.push(file);
    if (hash.digest("hex") !== listing.sha256) {
      throw new OffsiteError(
        "damaged",
        `${series}/${set}: ${LISTING} is not what was sealed; its SHA-256 differs from the manifest's.`,
        "The set is not carried. Make a new one, and check the disk of the target.",
      );
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Of a listing, the files that lie in this set itself; the others lie in sets that it needs. */
export async function* heldBy(listing: AsyncIterable<Buffer>, set: string, name: string): AsyncGenerator<SetFile> {
  for await (const { value, number } of linesOf(listing)) {
    const line = ListingLine.safeParse(value);
    const problem = (why: string): OffsiteError =>
      new OffsiteError("damaged", `${name}: line ${String(number)} of ${LISTING} ${why}.`, "The set is not carried.");
    if (!line.success) throw problem("is no line of a listing");
    if (line.data.set !== set) continue;
    const { path: below, bytes, sha256 } = line.data;
    if (!Sha256.safeParse(sha256).success) throw problem("has no SHA-256");
    yield { path: StoredPath.parse(`${FILES}/${below}`), bytes, sha256 };
  }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Where a file of a set lies on this computer. */
export const realFile = (folder: string, below: string): string => path.join(folder, ...below.split("/"));
