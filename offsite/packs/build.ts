import { crc32 } from "node:zlib";
import { inParallel } from "../parallel";
import type { SetFile } from "../sets/files";
import { notAsSealed, withFile } from "../sets/read";
import type { SealedSet } from "../sets/target";
import { bodyOf, sha256Of, type Body } from "../store/body";
import { layOut, writeHeaders, type Placed } from "./zip";

/** Reading waits for disks and networks, not for the processor. */
const READERS = 8;

export interface BuiltPack {
  body: Body;
  /** The hash of the pack as text, as its key has it. */
  sha256: string;
  placed: Placed<PackedFile>[];
}

export type PackedFile = SetFile & { name: string };

/** Files of a set as one ZIP in a buffer that is big enough. Each is compared with what was sealed. */
export async function buildPack(sealed: SealedSet, files: readonly SetFile[], into: Buffer): Promise<BuiltPack> {
  const layout = layOut(files.map((file) => ({ ...file, name: file.path })));
  const sums = new Map<string, number>();
  await inParallel(layout.placed, READERS, async ({ entry, offset }) => {
    const bytes = into.subarray(offset, offset + entry.bytes);
    await withFile(sealed, entry, (open) => open.fill(bytes, 0));
    if (sha256Of(bytes).toString("hex") !== entry.sha256) throw notAsSealed(sealed, entry);
    sums.set(entry.name, crc32(bytes));
  });
  writeHeaders(into, layout, ({ name }) => sums.get(name) ?? 0);
  const body = bodyOf(into.subarray(0, layout.bytes));
  return { body, sha256: body.sha256.toString("hex"), placed: layout.placed };
}
