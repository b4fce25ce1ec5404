import { setTimeout as delay } from "node:timers/promises";

/** So many bytes a second for everything that passes through it, however many transfers there are. */
export class Throttle {
  private free: number;
  private at = performance.now();

  constructor(private readonly bytesPerSecond: number) {
    this.free = this.burst;
  }

  /** Small enough that no transfer of many has to wait so long for its next slice that it looks stalled. */
  get slice(): number {
    return Math.max(1024, Math.min(64 * 1024, Math.floor(this.bytesPerSecond / 20)));
  }

  /** What may pass at once after a rest: a tenth of a second's worth. */
  private get burst(): number {
    return this.bytesPerSecond / 10;
  }

  /** Resolves when so many bytes may pass. Who comes later waits for those who came before. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    this.free = Math.min(this.burst, this.free + ((now - this.at) / 1000) * this.bytesPerSecond) - bytes;
    this.at = now;
    if (this.free < 0) await delay((-this.free / this.bytesPerSecond) * 1000, undefined, signal ? { signal } : {});
  }
}

export function throttleOf(megabitsPerSecond: number | undefined): Throttle | undefined {
  return megabitsPerSecond === undefined ? undefined : new Throttle((megabitsPerSecond * 1_000_000) / 8);
}
