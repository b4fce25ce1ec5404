import type { ExpectedObject } from "./expected";
import type { VerifyEvent } from "./report";

const EVERY_MS = 250;

/** How much of what is to be read of a series has been read, and how fast. */
export class ReadProgress {
  objects = 0;
  bytes = 0;
  readonly toRead: { toRead: number; bytes: number };
  private told = -Infinity;
  private readonly began = performance.now();

  constructor(
    private readonly series: string,
    objects: readonly ExpectedObject[],
    private readonly tell: (event: VerifyEvent) => void,
  ) {
    this.toRead = { toRead: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  done({ bytes }: ExpectedObject): void {
    this.objects++;
    this.bytes += bytes;
    const { toRead: ofObjects, bytes: of } = this.toRead;
    const now = performance.now();
    if (now - this.told < EVERY_MS && this.objects < ofObjects) return;
    this.told = now;
    const bytesPerSecond = (this.bytes / Math.max(1, now - this.began)) * 1000;
    const secondsLeft = bytesPerSecond > 0 ? (of - this.bytes) / bytesPerSecond : undefined;
    const { series, objects } = this;
    this.tell({ kind: "moved", series, bytes: this.bytes, of, objects, ofObjects, bytesPerSecond, secondsLeft });
  }
}
