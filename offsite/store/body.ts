import { createHash } from "node:crypto";
import fs from "node:fs";
import { Readable } from "node:stream";
import type { Throttle } from "./throttle";

/** What is sent: its size and hash are known before, and it can be opened as often as it must be sent. */
export interface Body {
  readonly bytes: number;
  readonly sha256: Buffer;
  open(): Buffer | Readable;
}

export const sha256Of = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** A CRC as stores write it. */
export function crcText(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}

export const bodyOf = (bytes: Buffer, sha256 = sha256Of(bytes)): Body => ({
  bytes: bytes.length,
  sha256,
  open: () => bytes,
});

/** A range of a file that is too big to be kept in memory; whoever hashed it knows that it has not changed since. */
export const rangeBody = (file: string, start: number, bytes: number, sha256: Buffer): Body => ({
  bytes,
  sha256,
  open: () =>
    bytes === 0 ? Buffer.alloc(0) : fs.createReadStream(file, { start, end: start + bytes - 1, highWaterMark: SLICE }),
});

const SLICE = 256 * 1024;

/** What goes on the wire: as it is, or no faster than the throttle lets it pass. */
export function paced(body: Body, throttle: Throttle | undefined, signal: AbortSignal): Buffer | Readable {
  const opened = body.open();
  if (!throttle || body.bytes === 0) return opened;
  return Readable.from(slowly(opened, throttle, signal), { objectMode: false, highWaterMark: throttle.slice });
}

async function* slowly(opened: Buffer | Readable, throttle: Throttle, signal: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = Buffer.isBuffer(opened) ? [opened] : (opened as AsyncIterable<Buffer>);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += throttle.slice) {
      const slice = chunk.subarray(at, at + throttle.slice);
      await throttle.take(slice.length, signal);
      yield slice;
    }
  }
}
