import type { Actor } from "../files";
import type { World } from "../world";

export type Parameters = Readonly<Record<string, unknown>>;

export type Simulation = (
  world: World,
  actor: Actor,
  parameters: Parameters,
) => Promise<Record<string, unknown>[]> | Record<string, unknown>[];

/** What a cmdlet says when it refuses. */
export class CmdletRefusal extends Error {
  override readonly name = "CmdletRefusal";
  constructor(
    readonly code:
      | "unknown-cmdlet"
      | "unknown-parameter"
      | "wrong-type"
      | "ambiguous-parameters"
      | "missing-parameter"
      | "not-simulated"
      | "not-authorised"
      | "double-hop"
      | "store-unreachable"
      | "no-local-store"
      | "path-not-found"
      | "file-exists",
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}
