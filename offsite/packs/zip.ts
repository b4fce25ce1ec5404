/**
 * Plain ZIP, entries stored as they are, so that anyone can open a pack and each file can be read by its place alone.
 * The same files are the same bytes, whoever packs them and whenever: the time of every entry is ZIP's first day.
 */

export interface Entry {
  name: string;
  bytes: number;
}

export interface Placed<E extends Entry> {
  entry: E;
  /** Where its header begins, and where its bytes do. */
  header: number;
  offset: number;
}

export interface Layout<E extends Entry> {
  placed: Placed<E>[];
  /** Where the directory begins. */
  directory: number;
  bytes: number;
}

const LOCAL = 30;
const CENTRAL = 46;
const END = 22;
/** More would need ZIP64, which old tools do not read. */
export const MOST_ENTRIES = 65_535;
const UTF8 = 0x0800;
const FIRST_DAY = 0x0021;
const UNIX_FILE = 0o100644 << 16;
const MADE_BY_UNIX = 0x0314;

const nameBytes = (name: string): number => Buffer.byteLength(name);
/** What an entry takes in a pack, beyond nothing. */
export const roomOf = ({ name, bytes }: Entry): number => LOCAL + CENTRAL + 2 * nameBytes(name) + bytes;
export const EMPTY_PACK = END;

export function layOut<E extends Entry>(entries: readonly E[]): Layout<E> {
  if (entries.length > MOST_ENTRIES) throw new RangeError("too many entries for a ZIP file without extensions");
  let at = 0;
  const placed = entries.map((entry) => {
    const header = at;
    const offset = header + LOCAL + nameBytes(entry.name);
    at = offset + entry.bytes;
    return { entry, header, offset };
  });
  const directory = at;
  for (const { name } of entries) at += CENTRAL + nameBytes(name);
  return { placed, directory, bytes: at + END };
}

/** Writes headers and directory around contents that are in their places already. */
export function writeHeaders<E extends Entry>(
  pack: Buffer,
  { placed, directory, bytes }: Layout<E>,
  crcOf: (entry: E) => number,
): void {
  let at = directory;
  for (const { entry, header } of placed) {
    const crc = crcOf(entry) >>> 0;
    const length = nameBytes(entry.name);
    const common = (from: number): void => {
      pack.writeUInt16LE(10, from);
      pack.writeUInt16LE(UTF8, from + 2);
      pack.writeUInt16LE(0, from + 4);
      pack.writeUInt16LE(0, from + 6);
      pack.writeUInt16LE(FIRST_DAY, from + 8);
      pack.writeUInt32LE(crc, from + 10);
      pack.writeUInt32LE(entry.bytes, from + 14);
      pack.writeUInt32LE(entry.bytes, from + 18);
      pack.writeUInt16LE(length, from + 22);
      pack.writeUInt16LE(0, from + 24);
    };
    pack.writeUInt32LE(0x04034b50, header);
    common(header + 4);
    pack.write(entry.name, header + LOCAL);
    pack.writeUInt32LE(0x02014b50, at);
    pack.writeUInt16LE(MADE_BY_UNIX, at + 4);
    common(at + 6);
    pack.fill(0, at + 32, at + 38);
    pack.writeUInt32LE(UNIX_FILE >>> 0, at + 38);
    pack.writeUInt32LE(header, at + 42);
    pack.write(entry.name, at + CENTRAL);
    at += CENTRAL + length;
  }
  pack.writeUInt32LE(0x06054b50, at);
  pack.fill(0, at + 4, at + 8);
  pack.writeUInt16LE(placed.length, at + 8);
  pack.writeUInt16LE(placed.length, at + 10);
  pack.writeUInt32LE(at - directory, at + 12);
  pack.writeUInt32LE(directory, at + 16);
  pack.writeUInt16LE(0, at + 20);
  if (at + END !== bytes) throw new RangeError("the pack is not laid out as it was planned");
}
