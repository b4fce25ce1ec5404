import type { InstanceCall } from "../documents";
import { callOf, type Statement } from "../sql";

/** A statement as a session asks it: all that is declared is at hand, and no name stands in the text. */
export function instanceCall(statement: Statement, parameters: InstanceCall["parameters"] = {}): InstanceCall {
  const { identifiers: _none, ...call } = callOf(statement, parameters);
  return { ...call, parameters };
}
