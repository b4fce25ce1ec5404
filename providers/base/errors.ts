import { clean, type PlainObject } from "./wire";

/**
 * What the engine shows of an error is its message, and for some methods its stack as well: a stack of ours tells an
 * administrator nothing, so these carry none.
 */
export class ProviderError extends Error {
  override readonly name: string = "ProviderError";
  constructor(message: string) {
    super(message);
    this.stack = "";
  }
}

/**
 * Something was made, but not all of it. With `id` and `properties` on the error the engine keeps the resource, and
 * the next `pulumi up` goes on instead of making it twice.
 */
export class IncompleteError extends ProviderError {
  override readonly name = "IncompleteError";
  readonly properties: PlainObject;
  constructor(
    readonly id: string,
    properties: object,
    readonly reasons: readonly string[],
  ) {
    super(`${id} is not complete: ${reasons.join("; ")}. The next pulumi up goes on from here.`);
    this.properties = clean(properties);
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whatever was thrown, as an error whose message a person can use. */
export function toProviderError(resource: string, error: unknown): Error {
  if (error instanceof ProviderError) return error;
  return new ProviderError(`${resource}: ${messageOf(error)}`);
}
