import { createCipheriv, createHash, type Cipher } from "node:crypto";

/** Bytes and numbers that look random and are the same for the same seed, at the speed of a disk. */
export class Random {
  private readonly stream: Cipher;

  constructor(seed: string) {
    const key = createHash("sha256").update(seed).digest();
    this.stream = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16));
  }

  bytes(count: number): Buffer {
    return this.stream.update(Buffer.alloc(count));
  }

  /** From 0 to just below 1. */
  number(): number {
    return this.bytes(4).readUInt32LE() / 2 ** 32;
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return Math.floor(this.number() * limit);
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.below(from.length)];
    if (one === undefined) throw new RangeError("nothing to pick from");
    return one;
  }
}
