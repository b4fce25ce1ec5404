import { setTimeout as delay } from "node:timers/promises";
import { cancelled, failureOf, toOffsiteError, type FailureKind } from "./failures";

/** How long one goes on trying, and how fast. */
export interface Patience {
  /** From the first failure of a request on. */
  forMs: number;
  /** The longest wait before the second try; it doubles from then on. */
  firstMs: number;
  longestMs: number;
}
export const PATIENCE: Patience = { forMs: 300_000, firstMs: 100, longestMs: 20_000 };

/** So often bytes may arrive otherwise than they were sent. */
const DOUBTS = 4;

interface Attempt {
  what: string;
  where: string;
  patience: Patience;
  signal: AbortSignal | undefined;
  /** Failures that the caller wants to see as they are. */
  expects?: readonly FailureKind[];
  onRetry?: ((error: unknown) => void) | undefined;
}

/** What a caller was ready for: it is an answer, not a failure. */
export class Expected {
  constructor(
    readonly kind: FailureKind,
    readonly error: unknown,
  ) {}
}

/**
 * Tries until it goes well, fails for good, or patience ends. Waits a random part of a growing time, so that many
 * couriers that were turned away together do not come back together.
 */
export async function attempt<T>(work: () => Promise<T>, how: Attempt): Promise<T | Expected> {
  const { what, where, patience, signal, expects = [], onRetry } = how;
  let until: number | undefined;
  let doubts = 0;
  for (let turn = 0; ; turn++) {
    try {
      return await work();
    } catch (error) {
      const kind = failureOf(error);
      if (signal?.aborted) throw cancelled(what);
      if (expects.includes(kind)) return new Expected(kind, error);
      const again = kind === "passing" || kind === "race" || (kind === "doubtful" && ++doubts < DOUBTS);
      if (!again) throw toOffsiteError(error, what, where);
      until ??= Date.now() + patience.forMs;
      const wait = Math.random() * Math.min(patience.longestMs, patience.firstMs * 2 ** turn);
      if (Date.now() + wait > until) throw toOffsiteError(error, what, where);
      onRetry?.(error);
      await delay(wait, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
