/** What a push tells while it runs. */
export type PushEvent =
  | { kind: "set-started"; series: string; set: string; index: number; of: number }
  /** What is to be sent of the set, after a look at what is there. */
  | {
      kind: "planned";
      series: string;
      set: string;
      files: number;
      bytes: number;
      sharedFiles: number;
      sharedBytes: number;
    }
  | {
      kind: "moved";
      series: string;
      set: string;
      bytes: number;
      of: number;
      bytesPerSecond: number;
      secondsLeft: number | undefined;
    }
  | { kind: "note"; series: string; set: string; message: string }
  | { kind: "set-ended"; outcome: SetOutcome };

export interface SetOutcome {
  series: string;
  set: string;
  /** Carried: complete offsite by this push. Already: it was complete before, or by another courier meanwhile. */
  outcome: "carried" | "already" | "refused";
  problem?: string;
  /** What this push has sent of it. */
  objects: number;
  bytes: number;
}

const EVERY_MS = 250;

/** Of one set: how much of it has moved, and how fast. */
export class SetProgress {
  sentObjects = 0;
  sentBytes = 0;
  private planned = 0;
  private settled = 0;
  private told = 0;
  private readonly began = performance.now();

  constructor(
    private readonly name: { series: string; set: string },
    private readonly tell: (event: PushEvent) => void,
  ) {}

  plan(toSend: { files: number; bytes: number }, shared: { files: number; bytes: number }): void {
    // A second plan counts what the first has settled as shared.
    this.planned = this.settled + toSend.bytes;
    const { files: sharedFiles, bytes: sharedBytes } = shared;
    this.tell({ kind: "planned", ...this.name, ...toSend, sharedFiles, sharedBytes });
  }

  /** Bytes that need not be sent any more: they were sent, or found there. */
  settle(bytes: number, sent: boolean): void {
    this.settled += bytes;
    if (sent) this.sentBytes += bytes;
    const now = performance.now();
    if (now - this.told < EVERY_MS && this.settled < this.planned) return;
    this.told = now;
    const bytesPerSecond = (this.settled / Math.max(1, now - this.began)) * 1000;
    const left = Math.max(0, this.planned - this.settled);
    const secondsLeft = bytesPerSecond > 0 ? left / bytesPerSecond : undefined;
    this.tell({ kind: "moved", ...this.name, bytes: this.settled, of: this.planned, bytesPerSecond, secondsLeft });
  }

  note(message: string): void {
    this.tell({ kind: "note", ...this.name, message });
  }
}
