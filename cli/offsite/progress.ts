import { ageText, note, sizeText } from "../output";

const EVERY_MS = 15_000;

/** What moves, on standard error: one line that changes on a terminal, and elsewhere a line now and then. */
export class ProgressLine {
  private readonly onTerminal = process.stderr.isTTY === true;
  private shown = 0;
  private at = performance.now();

  show(text: string): void {
    if (this.onTerminal) {
      const line = text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1));
      process.stderr.write(`\r${line.padEnd(this.shown)}`);
      this.shown = line.length;
    } else if (performance.now() - this.at > EVERY_MS) {
      this.at = performance.now();
      note(text);
    }
  }

  /** A line that stays, above the one that moves. */
  note(text: string): void {
    this.clear();
    note(text);
  }

  clear(): void {
    if (this.shown > 0) process.stderr.write(`\r${" ".repeat(this.shown)}\r`);
    this.shown = 0;
  }
}

/** `12 MB of 104 MB, 30 MB/s, 3 s left` */
export function movedText(bytes: number, of: number, bytesPerSecond: number, secondsLeft: number | undefined): string {
  const left = secondsLeft === undefined ? "" : `, ${timeText(secondsLeft)} left`;
  return `${sizeText(bytes)} of ${sizeText(of)}, ${sizeText(Math.round(bytesPerSecond))}/s${left}`;
}

export const timeText = (seconds: number): string =>
  seconds < 60 ? `${String(Math.ceil(seconds))} s` : ageText(seconds * 1000);
