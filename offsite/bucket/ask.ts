import type { S3Client } from "@aws-sdk/client-s3";
import { OffsiteError } from "../error";
import { Expected } from "../store/retry";
import type { Store } from "../store/store";

/** What a store says of a setting of the bucket: what it is, or that nothing there keeps such a thing. */
export type Answer<T> = { is: T } | { lacks: string };

/** One thing that a bucket can be told, in the words of a declaration. */
export interface Setting<T> {
  read(store: Store): Promise<Answer<T>>;
  write(store: Store, value: T): Promise<void>;
}

type Send<Output> = (
  client: S3Client,
  at: { Bucket: string },
  options: { abortSignal?: AbortSignal },
) => Promise<Output>;

/** Stores that do not know a setting say so, or answer with something else. That nothing is set is a value too. */
export async function ask<Output, T>(
  store: Store,
  what: string,
  send: Send<Output>,
  { none, read }: { none: T; read: (output: Output) => T | undefined },
): Promise<Answer<T>> {
  const answer = await store.sender.tries(`reading ${what}`, ["missing", "unsupported"], send);
  if (answer instanceof Expected) {
    return answer.kind === "missing" ? { is: none } : { lacks: `the store has no such thing as ${what}` };
  }
  const found = read(answer);
  return found === undefined ? { lacks: `asked for ${what}, the store answers with something else` } : { is: found };
}

/** What cannot be as the bucket is now is said at once: to try it again would change nothing. */
export async function tell(store: Store, what: string, send: Send<unknown>): Promise<void> {
  const answer = await store.sender.tries(`setting ${what}`, ["race"], send);
  if (!(answer instanceof Expected)) return;
  const { name, message } = answer.error as Error;
  throw new OffsiteError(
    "refused",
    `Setting ${what} is refused by ${store.where}: ${message.replace(/[.\s]+$/, "")} (${name}).`,
    "Where that cannot be changed in a bucket that is there, declare another one, and leave this one as it is.",
    answer.error,
  );
}
