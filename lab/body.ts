import { createCipheriv, createHash } from "node:crypto";
import fs from "node:fs";

/** Where bytes are: in memory, in a real file, or nowhere: made from a seed whenever somebody reads them. */
type Source = { content: Buffer } | { at: string } | { seed: string; bytes: number };

const CHUNK_BYTES = 1 << 20;
/** Of what is only described, by size and seed. */
const hashes = new Map<string, string>();

/** The bytes of a file. They never change: who writes a file gives it another body, and a copy shares it. */
export class Body {
  private size: number | undefined;
  private hash: string | undefined;
  private derived: Map<unknown, unknown> | undefined;

  constructor(private source: Source) {}

  get bytes(): number {
    this.size ??= sizeOf(this.source);
    return this.size;
  }

  /** Undefined: its bytes exist. */
  get seed(): string | undefined {
    return "seed" in this.source ? this.source.seed : undefined;
  }

  read(): Buffer {
    return "content" in this.source ? this.source.content : Buffer.concat([...chunksOf(this.source)]);
  }

  sha256(): string {
    this.hash ??= this.seed === undefined ? digestOf(this.source) : this.describedHash(this.seed);
    return this.hash;
  }

  /** Of each part of so many bytes, one after the other. */
  sha256OfParts(bytes: number): string {
    const digests: string[] = [];
    let hash = createHash("sha256");
    let left = bytes;
    for (const chunk of chunksOf(this.source)) {
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + left);
        hash.update(piece);
        at += piece.length;
        left -= piece.length;
        if (left > 0) continue;
        digests.push(hash.digest("hex"));
        hash = createHash("sha256");
        left = bytes;
      }
    }
    return (left < bytes ? [...digests, hash.digest("hex")] : digests).join("");
  }

  private describedHash(seed: string): string {
    const key = `${String(this.bytes)} ${seed}`;
    const hash = hashes.get(key) ?? digestOf(this.source);
    hashes.set(key, hash);
    return hash;
  }

  /** What somebody makes of the bytes, made once: it is shared, and nobody may change it. */
  derive<T>(make: (content: Buffer) => T): T {
    if (this.derived?.has(make) !== true) this.know(make, make(this.read()));
    return this.derived?.get(make) as T;
  }

  /** Whoever has just written something need not read it. */
  know<T>(make: (content: Buffer) => T, value: T): void {
    this.derived ??= new Map();
    this.derived.set(make, value);
  }

  writeTo(real: string): void {
    if ("at" in this.source) return fs.copyFileSync(this.source.at, real);
    if ("content" in this.source) return fs.writeFileSync(real, this.source.content);
    const file = fs.openSync(real, "w");
    try {
      for (const chunk of chunksOf(this.source)) fs.writeSync(file, chunk);
    } finally {
      fs.closeSync(file);
    }
  }

  /** For whoever only reads it: the file itself where there is one and both are on one disk. */
  placeAt(real: string): void {
    try {
      if ("at" in this.source) return fs.linkSync(this.source.at, real);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    }
    this.writeTo(real);
  }

  /** The body of a real file that now has these bytes: this one, unless another file has them already. */
  lyingAt(real: string): Body {
    const body = "content" in this.source ? this : new Body(this.source);
    // It may have been moved, so that nothing can be asked of where it was.
    body.size = this.size;
    body.hash = this.hash;
    body.source = { at: real };
    return body;
  }
}

function sizeOf(source: Source): number {
  if ("content" in source) return source.content.length;
  return "at" in source ? fs.statSync(source.at).size : source.bytes;
}

function digestOf(source: Source): string {
  const digest = createHash("sha256");
  for (const chunk of chunksOf(source)) digest.update(chunk);
  return digest.digest("hex");
}

function* chunksOf(source: Source): Generator<Buffer> {
  if ("content" in source) yield source.content;
  else if ("at" in source) yield* chunksOfFile(source.at);
  else yield* generated(source.seed, source.bytes);
}

function* chunksOfFile(real: string): Generator<Buffer> {
  const file = fs.openSync(real, "r");
  try {
    // Most files are small, and a buffer of a whole chunk for each would keep the garbage collector busy.
    const bytes = Math.min(CHUNK_BYTES, Math.max(1, fs.fstatSync(file).size));
    for (;;) {
      const chunk = Buffer.allocUnsafe(bytes);
      const length = fs.readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    fs.closeSync(file);
  }
}

/** The same bytes for the same seed; nothing makes them smaller, as with pictures and slides. */
function* generated(seed: string, bytes: number): Generator<Buffer> {
  const key = createHash("sha256").update(seed).digest().subarray(0, 16);
  const stream = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) yield stream.update(Buffer.alloc(Math.min(left, CHUNK_BYTES)));
}
