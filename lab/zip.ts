import { crc32, deflateRawSync } from "node:zlib";
import yauzl from "yauzl";

/** A ZIP of a few texts. The same contents at the same time are the same bytes. */
export function zipOf(entries: Readonly<Record<string, string>>, at: string): Promise<Buffer> {
  const [time, date] = dosTimeOf(new Date(at));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const { bytes, crc, packed } = packedOf(text);
    const path = Buffer.from(name);
    // UTF-8 names, deflated; then sizes, and no extra field.
    const common = [2, 20, 2, 0x800, 2, 8, 2, time, 2, date, 4, crc, 4, packed.length, 4, bytes, 2, path.length, 2, 0];
    files.push(fields(4, 0x04034b50, ...common), path, packed);
    directory.push(fields(4, 0x02014b50, 2, 20, ...common, 2, 0, 2, 0, 2, 0, 4, 0, 4, offset), path);
    offset += 30 + path.length + packed.length;
  }
  const count = directory.length / 2;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = fields(4, 0x06054b50, 2, 0, 2, 0, 2, count, 2, count, 4, size, 4, offset, 2, 0);
  return Promise.resolve(Buffer.concat([...files, ...directory, end]));
}

/** Widths and values, little end first. */
function fields(...pairs: number[]): Buffer {
  const made = Buffer.alloc(pairs.reduce((sum, one, index) => (index % 2 === 0 ? sum + one : sum), 0));
  for (let index = 0, at = 0; index < pairs.length; index += 2) {
    at = made.writeUIntLE(pairs[index + 1] ?? 0, at, pairs[index] ?? 0);
  }
  return made;
}

const dosTimeOf = (at: Date): [time: number, date: number] => [
  (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
];

interface Packed {
  bytes: number;
  crc: number;
  packed: Buffer;
}

/** Night after night many computers export the same: it is packed once. */
const known = new Map<string, Packed>();
const MOST_KNOWN = 64;

function packedOf(text: string): Packed {
  const found = known.get(text);
  if (found) return found;
  const content = Buffer.from(text);
  const made = { bytes: content.length, crc: crc32(content), packed: deflateRawSync(content) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, made);
  return made;
}

/** To be asked of a body: what was read once, or has just been written, need not be read again. */
export const wholeZip = (content: Buffer): Promise<unknown> => readZip(content).then(() => undefined);

/** Reads every entry to its last byte and compares its checksum; rejects with what is wrong. */
export async function readZip(content: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(content, { autoClose: false });
  try {
    const contents = new Map<string, Buffer>();
    for await (const entry of zip.eachEntry()) {
      const content = await buffer(await zip.openReadStreamPromise(entry));
      if (crc32(content) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
      contents.set(entry.fileName, content);
    }
    if (contents.size === 0) throw new Error("it has no entry");
    return contents;
  } finally {
    zip.close();
  }
}

async function buffer(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
