import { createCipheriv, createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { OS_ERRORS, sqlError } from "./error";
import type { LoggedChange, BackupHeader } from "./model";

/**
 * A backup as a file: a mark, a header, the contents, each with its checksum. It tells of itself all that a restore must
 * know, so that what is damaged, cut off or foreign is noticed. Of several files each holds a part of the contents.
 */

/** What the database held, or what has changed. */
export type Payload = { contents: unknown } | { changes: LoggedChange[] };

const MARK = Buffer.from("TAPE\u0000lab");
const HASH_BYTES = 32;

interface FileHeader {
  header: BackupHeader;
  family: number;
  bytes: number;
}

export function packed(payload: Payload, compressed: boolean, thumbprint: string | undefined): [Buffer, number] {
  const plain = Buffer.from(JSON.stringify(payload));
  const small = compressed ? deflateRawSync(plain) : plain;
  return [thumbprint === undefined ? small : encrypted(small, thumbprint), plain.length];
}

export function unpacked(content: Buffer, { compressed, thumbprint }: BackupHeader): Payload {
  const small = thumbprint === undefined ? content : encrypted(content, thumbprint);
  return JSON.parse((compressed ? inflateRawSync(small) : small).toString("utf8")) as Payload;
}

/** Once more, and it is plain again. */
function encrypted(content: Buffer, thumbprint: string): Buffer {
  const key = createHash("sha256").update(thumbprint).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(content);
}

/** One file for each device. */
export function filesOf(header: BackupHeader, content: Buffer): Buffer[] {
  const count = header.devices.length;
  const part = Math.ceil(content.length / count);
  return header.devices.map((_, index) => {
    const body = content.subarray(index * part, (index + 1) * part);
    const head: FileHeader = { header, family: index + 1, bytes: body.length };
    const text = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([MARK, length, text, digest(length, text), body, digest(body)]);
  });
}

const digest = (...parts: Buffer[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What a file says of itself: nothing is known of what comes after its header. */
export function headerIn(device: string, file: Buffer): FileHeader & { rest: Buffer } {
  if (file.length === 0) throw sqlError(3254, device);
  const unknown = sqlError(3241, device);
  const start = MARK.length + 4;
  if (file.length < start || !file.subarray(0, MARK.length).equals(MARK)) throw unknown;
  const length = file.subarray(MARK.length, start);
  const end = start + length.readUInt32BE();
  if (file.length < end + HASH_BYTES) throw sqlError(3203, device, OS_ERRORS["end-of-file"]);
  const text = file.subarray(start, end);
  if (!file.subarray(end, end + HASH_BYTES).equals(digest(length, text))) throw unknown;
  return { ...(JSON.parse(text.toString("utf8")) as FileHeader), rest: file.subarray(end + HASH_BYTES) };
}

/** A whole backup, read to the end of every file. */
export function readBackup(files: readonly { device: string; file: Buffer }[]): {
  header: BackupHeader;
  content: Buffer;
} {
  const parts = new Map<number, Buffer>();
  let found: BackupHeader | undefined;
  for (const { device, file } of files) {
    const { header, family, bytes, rest } = headerIn(device, file);
    found ??= header;
    if (header.media !== found.media || parts.has(family)) throw sqlError(3258, device);
    if (rest.length < bytes + HASH_BYTES) throw sqlError(3203, device, OS_ERRORS["end-of-file"]);
    const body = rest.subarray(0, bytes);
    if (rest.length > bytes + HASH_BYTES || !rest.subarray(bytes).equals(digest(body))) throw sqlError(3189);
    parts.set(family, body);
  }
  if (!found) throw new Error("a backup has at least one file");
  const { devices } = found;
  if (parts.size < devices.length) throw sqlError(3132, devices.length, parts.size);
  const content = Buffer.concat(devices.map((_, index) => parts.get(index + 1) ?? Buffer.alloc(0)));
  return { header: found, content };
}
