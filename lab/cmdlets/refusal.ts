import type { Actor } from "../files";
import type { World } from "../world";

export type Parameters = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>[];

export type Simulation = (world: World, actor: Actor, parameters: Parameters) => Promise<Output> | Output;

/** What a cmdlet says when it refuses. */
export class CmdletRefusal extends Error {
  override readonly name = "CmdletRefusal";
  constructor(
    readonly code:
      // The shell.
      | "unknown-cmdlet"
      | "unknown-parameter"
      | "wrong-type"
      | "ambiguous-parameters"
      | "missing-parameter"
      | "not-simulated"
      // By command: lab/faults.ts.
      | "broken"
      // Rights and logons.
      | "not-authorised"
      | "double-hop"
      | "no-setup-permission"
      // Stores.
      | "store-unreachable"
      | "no-local-store"
      | "no-topology"
      | "database-unreachable"
      | "no-database"
      | "mirrored"
      // What is named.
      | "no-such-pool"
      | "wrong-kind-of-pool"
      | "no-such-service"
      | "not-found"
      | "not-paired"
      // Files.
      | "path-not-found"
      | "file-exists"
      | "bad-file"
      | "wrong-file"
      // Contents.
      | "invalid-urn"
      | "owner-exists"
      | "name-conflict",
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}

/** A parameter that is text, where it was given. */
export const textOf = (parameters: Parameters, name: string): string | undefined => {
  const value = parameters[name];
  return typeof value === "string" ? value : undefined;
};

/** `*` and `?` as Windows has them, without regard to case. */
export const like = (text: string, pattern: string): boolean => patternOf(pattern).test(text);

export function patternOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "is");
}

/** What `-Identity` and `-Filter` leave of what there is; with an identity it must be there. */
export function chosen<T>(all: readonly T[], parameters: Parameters, nameOf: (one: T) => string): T[] {
  const identity = textOf(parameters, "Identity");
  if (identity === undefined) return all.filter((one) => like(nameOf(one), textOf(parameters, "Filter") ?? "*"));
  const found = all.filter((one) => nameOf(one).toLowerCase() === identity.toLowerCase());
  if (found.length > 0) return found;
  throw new CmdletRefusal("not-found", `Cannot find any object with the identity "${identity}".`);
}
