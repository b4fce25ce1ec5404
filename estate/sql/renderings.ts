import { GRAMMARS, isAtLeast, textOf, type Release, type Statement } from "./statement";
import { CORPUS } from ".";

/** Every text that can reach a SQL Server, for whoever reviews them or runs a grammar over them. */
export interface Rendering {
  /** Its number, as SQL Server counts compatibility levels. */
  grammar: number;
  file: string;
  text: string;
}

/** Names for which T-SQL takes no variable, as hostile as they may be. Whatever else is declared is a parameter. */
export const HOSTILE_IDENTIFIERS = [
  "backup",
  "a b",
  "x]; DROP DATABASE rtcxds; --",
  "]]",
  "[",
  "'; SHUTDOWN --",
  '"quoted"',
  "{certificate}",
  "/* comment",
  "-- comment",
  "GO",
  "a\nGO\nb",
  "$(calc)",
  "数据",
  "💾",
  "x".repeat(128),
  "]".repeat(128),
] as const;

export function renderings(statements: readonly Statement[] = CORPUS): Rendering[] {
  return (Object.keys(GRAMMARS) as Release[]).flatMap((release) =>
    statements.filter(({ since }) => isAtLeast(release, since)).flatMap((one) => renderingsOf(one, GRAMMARS[release])),
  );
}

function renderingsOf(statement: Statement, grammar: number): Rendering[] {
  const { name, identifiers } = statement;
  if (identifiers.length === 0) return [{ grammar, file: `${name}.sql`, text: statement.text }];
  return HOSTILE_IDENTIFIERS.map((hostile, index) => ({
    grammar,
    file: `${name}.${String(index + 1)}.sql`,
    text: textOf(statement, Object.fromEntries(identifiers.map((one) => [one, hostile]))),
  }));
}
