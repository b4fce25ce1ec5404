import assert from "node:assert/strict";
import { DocumentError } from "../../estate/documents";

/** What the estate's tests share: the problems of a refusal, and texts that somebody hostile or careless writes. */

export function problemsIn(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
  return assert.fail("it was accepted");
}

export const LONG = "a".repeat(65_536);

/** Refused by every type that becomes a name, a path or a key. */
export const HOSTILE_NAMES = [
  "",
  " ",
  ".",
  "..",
  "../x",
  "a/../b",
  "a\\..\\b",
  "a\u0000b",
  "a\nb",
  "a\u001bb",
  "\u202e",
  "💾",
  "a💾",
  "\ud800",
  "$(calc)",
  "`calc`",
  "a;b",
  "a|b",
  "a'b",
  'a"b',
  "“a”",
  "%TEMP%",
  "<a>",
  "a b",
  " a",
  "a ",
  "a.",
  LONG,
] as const;
