/** What failed, with which object or set and at which store, and what to do next. */
export class OffsiteError extends Error {
  override readonly name = "OffsiteError";
  constructor(
    readonly code: OffsiteErrorCode,
    message: string,
    readonly advice?: string,
    cause?: unknown,
  ) {
    super(`${message}${advice === undefined ? "" : ` ${advice}`}`, cause === undefined ? undefined : { cause });
  }
}

export type OffsiteErrorCode =
  /** The store refuses these credentials, or this request of theirs. */
  | "access-denied"
  /** There is no such bucket, set, file or target. */
  | "not-found"
  /** The store, or what was declared of it, cannot do what is needed. */
  | "lacks"
  /** Bytes are not what a manifest or a checksum says. */
  | "damaged"
  /** It did not answer, or answered with failures, for longer than one waits. */
  | "unreachable"
  | "cancelled"
  /** What was asked for makes no sense, or must not be done. */
  | "refused";

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `1 object`, `2 objects`. */
export const many = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? "" : "s"}`;
