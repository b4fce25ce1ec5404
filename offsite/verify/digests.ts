import { createHash } from "node:crypto";

/** A set of texts of which one only needs to know whether one is in it: eight bytes each. */
export class Digests {
  private values = new BigUint64Array(16);
  private count = 0;
  private sorted = true;

  get size(): number {
    return this.count;
  }

  add(text: string): void {
    if (this.count === this.values.length) {
      const wider = new BigUint64Array(2 * this.count);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.count++] = digestOf(text);
    this.sorted = false;
  }

  has(text: string): boolean {
    if (!this.sorted) this.values.subarray(0, this.count).sort();
    this.sorted = true;
    const wanted = digestOf(text);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.values[middle] ?? wanted) < wanted) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.values[low] === wanted;
  }
}

const digestOf = (text: string): bigint => createHash("sha256").update(text).digest().readBigUInt64BE();
