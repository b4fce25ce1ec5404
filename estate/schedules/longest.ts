import { MINUTE } from "./day";

/** The longest time between two starts, in lists of them. Nothing here knows a zone or a schedule. */

/** The starts of one job, in order; all times are milliseconds. */
export interface Line {
  starts: readonly number[];
  /** How long a run lasts at most: what should start meanwhile does not. */
  runs: number;
  /** A start that is missed is made up for after this time at most; Infinity: nobody knows when; undefined: never. */
  madeUpAfter: number | undefined;
}

export interface Span {
  from: number;
  until: number;
}

export const lengthOf = ({ from, until }: Span): number => until - from;

/**
 * The longest span that begins in [low, high), from one start to the next of any line that is made, when so many moments
 * at which something should start are missed. The first where several are as long.
 */
export function longestSpan(lines: readonly Line[], low: number, high: number, missed: number): Span | undefined {
  let longest: Span | undefined;
  for (const line of lines) {
    const end = firstFrom(line.starts, high);
    for (let index = firstFrom(line.starts, low); index < end; index++) {
      for (const from of beginsAt(line, index, missed)) {
        const until = endOf(lines, missed, from, line);
        if (until !== undefined && isLonger({ from, until }, longest)) longest = { from, until };
      }
    }
  }
  return longest;
}

function isLonger(span: Span, than: Span | undefined): boolean {
  if (!than) return true;
  const more = lengthOf(span) - lengthOf(than);
  return more > 0 || (more === 0 && span.from < than.from);
}

/** When the start is; and when it is made up for, if so late that this holds up the next one, or the next ones. */
function beginsAt({ starts, runs, madeUpAfter }: Line, index: number, missed: number): number[] {
  const start = starts[index] ?? NaN;
  if (missed === 0 || runs === 0 || madeUpAfter === undefined) return [start];
  const begins = [start];
  for (const heldUp of starts.slice(index + 1)) {
    const late = Math.max(start, heldUp - runs) + MINUTE;
    if (late >= (starts[index + 1] ?? NaN) || late > start + madeUpAfter) break;
    begins.push(late);
  }
  return begins;
}

/** When the wait ends that began with this start of one of the lines; undefined where the lists end before. */
function endOf(lines: readonly Line[], missed: number, from: number, line: Line): number | undefined {
  const next = lines.map((one) => {
    const { starts, runs, madeUpAfter } = one;
    const head = firstFrom(starts, from + 1);
    if (runs === 0) return head;
    const last = starts[head - 1];
    if (last === undefined) return head;
    // It went on when it was due, or as late as it may have been made up for.
    const running = one === line ? from : Math.min(from, last + (missed > 0 ? (madeUpAfter ?? 0) : 0));
    return Math.max(head, firstFrom(starts, running + runs));
  });
  let madeUp = Infinity;
  for (let left = missed; ; left--) {
    const moment = soonest(lines, next);
    if (left === 0 || moment >= madeUp) {
      const end = Math.min(moment, madeUp);
      return end === Infinity ? undefined : end;
    }
    lines.forEach(({ starts, madeUpAfter }, index) => {
      const head = next[index] ?? 0;
      if (starts[head] !== moment) return;
      next[index] = head + 1;
      madeUp = Math.min(madeUp, moment + (madeUpAfter ?? Infinity));
    });
  }
}

function soonest(lines: readonly Line[], next: readonly number[]): number {
  let moment = Infinity;
  for (const [index, { starts }] of lines.entries()) moment = Math.min(moment, starts[next[index] ?? 0] ?? Infinity);
  return moment;
}

/** The index of the first start that is not before the moment. */
function firstFrom(starts: readonly number[], moment: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
