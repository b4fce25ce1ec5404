/** Does the work for every item, so many at a time. The first failure stops what has not begun, and is the answer. */
export async function inParallel<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let failed = false;
  let failure: unknown;
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && !failed; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failed) throw failure;
}

/** In another order each time: couriers that begin together do not all begin with the same. */
export function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}

/** A few big buffers that are used again and again: so much memory and no more, however much passes through. */
export class Slabs {
  private readonly free: Buffer[] = [];
  private readonly waiting: ((slab: Buffer) => void)[] = [];
  private made = 0;

  constructor(
    readonly bytes: number,
    private readonly most: number,
  ) {}

  async use<T>(work: (slab: Buffer) => Promise<T>): Promise<T> {
    const slab = await this.take();
    try {
      return await work(slab);
    } finally {
      this.give(slab);
    }
  }

  async take(): Promise<Buffer> {
    const slab = this.free.pop();
    if (slab) return slab;
    if (this.made < this.most) {
      this.made++;
      return Buffer.allocUnsafeSlow(this.bytes);
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  give(slab: Buffer): void {
    const next = this.waiting.shift();
    if (next) next(slab);
    else this.free.push(slab);
  }
}
