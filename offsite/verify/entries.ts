import { crc32 } from "node:zlib";
import type { FileLine } from "../sets/contents";

/** Where the bytes of an entry begin and end in its pack, what its name is and what its hash: 50 bytes, no more. */
const OFFSET = 0;
const BYTES = 6;
const NAME_LENGTH = 12;
const NAME_SUM = 14;
const HASH = 18;
const RECORD = 50;
const FIRST_ROOM = 16;

export type EntryLine = FileLine & { entry: string; offset: number };

/**
 * What contents say of the entries of one pack, each thing once, however many sets say it: kept small, because a series
 * may have millions of files.
 */
export class Entries {
  private records = Buffer.alloc(FIRST_ROOM * RECORD);
  private count = 0;

  add(line: EntryLine): void {
    if (this.count * RECORD === this.records.length) this.makeRoom();
    recordOf(line).copy(this.records, this.count * RECORD);
    this.count++;
  }

  addAll(others: Entries): void {
    for (let index = 0; index < others.count; index++) {
      if (this.count * RECORD === this.records.length) this.makeRoom();
      others.record(index).copy(this.records, this.count * RECORD);
      this.count++;
    }
  }

  /** The entries that are not in this pack as they are said to be. */
  wrongIn(pack: Buffer, sha256Of: (bytes: Buffer) => Buffer): Set<string> {
    const wrong = new Set<string>();
    for (let index = 0; index < this.count; index++) {
      const record = this.record(index);
      const offset = record.readUIntBE(OFFSET, 6);
      const content = pack.subarray(offset, offset + record.readUIntBE(BYTES, 6));
      const name = pack.subarray(Math.max(0, offset - record.readUInt16BE(NAME_LENGTH)), offset);
      const right =
        content.length === record.readUIntBE(BYTES, 6) &&
        crc32(name) === record.readUInt32BE(NAME_SUM) &&
        sha256Of(content).equals(record.subarray(HASH));
      if (!right) wrong.add(record.toString("latin1"));
    }
    return wrong;
  }

  private record(index: number): Buffer {
    return this.records.subarray(index * RECORD, (index + 1) * RECORD);
  }

  /** Sets of one series say much the same: first what is said twice makes room. */
  private makeRoom(): void {
    const all = Array.from({ length: this.count }, (_, index) => this.record(index)).sort((a, b) => a.compare(b));
    const distinct = all.filter((record, index) => index === 0 || !record.equals(all[index - 1] ?? record));
    const room = Math.max(this.count, 2 * distinct.length);
    const records = Buffer.alloc(room * RECORD);
    for (const [index, record] of distinct.entries()) record.copy(records, index * RECORD);
    this.records = records;
    this.count = distinct.length;
  }
}

/** What `wrongIn` calls an entry. */
export const entryId = (line: EntryLine): string => recordOf(line).toString("latin1");

function recordOf({ entry, offset, bytes, sha256 }: EntryLine): Buffer {
  const record = Buffer.alloc(RECORD);
  const name = Buffer.from(entry);
  record.writeUIntBE(offset, OFFSET, 6);
  record.writeUIntBE(bytes, BYTES, 6);
  record.writeUInt16BE(name.length, NAME_LENGTH);
  record.writeUInt32BE(crc32(name), NAME_SUM);
  record.write(sha256, HASH, "hex");
  return record;
}
