import type { World } from "../../../offsite/prune/prune";

/** The world's time, ahead of the real one by as much as somebody has waited: stores count in the real one. */
export class Ahead implements World {
  private ms = 0;

  now(): Date {
    return new Date(Date.now() + this.ms);
  }

  wait(ms: number): Promise<void> {
    this.ms += ms;
    return Promise.resolve();
  }

  hours(count: number): void {
    this.ms += count * 3_600_000;
  }
}
