import type { SqlInstance, Value } from "../documents";

/**
 * The T-SQL that the product sends, as constant statements. What is declared reaches SQL Server as parameters; no
 * statement is put together from it. The one exception are names for which the grammar takes no variable: they stand
 * as `{name}` in the text, and `quoteIdentifier` alone puts them there.
 */
export type Release = SqlInstance["release"];

/** Each with the number of its grammar and compatibility level: the older, the smaller. */
export const GRAMMARS: Readonly<Record<Release, number>> = {
  "2008R2": 100,
  "2012": 110,
  "2014": 120,
  "2016": 130,
  "2017": 140,
  "2019": 150,
  "2022": 160,
};

export const isAtLeast = (release: Release, since: Release): boolean => GRAMMARS[release] >= GRAMMARS[since];

/** Numbers that are longer than JSON's, such as log sequence numbers, travel as text. */
export type SqlType =
  | "sysname"
  | "nvarchar(36)"
  | "nvarchar(64)"
  | "nvarchar(128)"
  | "nvarchar(260)"
  | "nvarchar(512)"
  | "nvarchar(4000)"
  | "int";

export interface Statement {
  /** The lab executes by it. */
  name: string;
  purpose: string;
  text: string;
  /** Without the leading `@`. */
  parameters: Readonly<Record<string, SqlType>>;
  identifiers: readonly string[];
  /** What each row has; every value is text, or NULL. None: it returns no rows. */
  columns: readonly string[];
  /** The least that the account needs. */
  rights: string;
  /** The earliest release that it may be sent to. */
  since: Release;
  /** It brings something back, drops it or makes an Agent job: never for what runs unattended. */
  changes: boolean;
}

export function defineStatement(
  declared: Omit<Statement, "parameters" | "identifiers" | "columns" | "since" | "changes"> & Partial<Statement>,
): Statement {
  return { parameters: {}, identifiers: [], columns: [], since: "2008R2", changes: false, ...declared };
}

/** A name as the grammar takes it: in brackets, with each closing one doubled. */
export function quoteIdentifier(name: string): string {
  if (name === "" || name.length > 128 || name.includes("\u0000")) {
    throw new Error("an identifier of SQL Server has 1 to 128 characters, and none of them is NUL");
  }
  return `[${name.replaceAll("]", "]]")}]`;
}

/** The text that is sent. It is read once: what an identifier brings along is not looked at again. */
export function textOf(statement: Pick<Statement, "text">, identifiers: Readonly<Record<string, string>> = {}): string {
  return statement.text.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const identifier = Object.hasOwn(identifiers, name) ? identifiers[name] : undefined;
    if (identifier === undefined) throw new Error(`the statement needs the identifier ${name}`);
    return quoteIdentifier(identifier);
  });
}

/** The part of a step that calls a statement: exactly the parameters that it declares, and all its columns. */
export function callOf(
  statement: Statement,
  parameters: Readonly<Record<string, Value>> = {},
  identifiers: Readonly<Record<string, string>> = {},
): {
  statement: string;
  text: string;
  parameters: Record<string, Value>;
  identifiers: Record<string, string>;
  select: string[];
} {
  const { name, text, columns } = statement;
  for (const [what, declared, given] of [
    ["parameters", Object.keys(statement.parameters), Object.keys(parameters)],
    ["identifiers", statement.identifiers, Object.keys(identifiers)],
  ] as const) {
    if (declared.toSorted().join() === given.toSorted().join()) continue;
    throw new Error(`the statement ${name} takes the ${what} ${declared.join(", ")}, not ${given.join(", ")}`);
  }
  return {
    statement: name,
    text,
    parameters: { ...parameters },
    identifiers: { ...identifiers },
    select: [...columns],
  };
}
