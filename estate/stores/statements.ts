import type { PolicyStatement } from "../documents";

type Values = string | readonly string[];
type ConditionValue = NonNullable<PolicyStatement["Condition"]>[string][string];

/**
 * One form for one meaning: a list of one is its member, the order of lists and of statements says nothing, and an
 * account has one name. Stores tell policies back in forms of their own.
 */
export function canonicalStatements(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const byText = new Map(statements.map(canonicalStatement).map((one) => [JSON.stringify(one), one]));
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}

function canonicalStatement(statement: PolicyStatement): PolicyStatement {
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return {
    ...(Sid === undefined || Sid === "" ? {} : { Sid }),
    Effect,
    ...(Principal === undefined ? {} : { Principal: canonicalPrincipal(Principal) }),
    ...(NotPrincipal === undefined ? {} : { NotPrincipal: canonicalPrincipal(NotPrincipal) }),
    ...(Action === undefined ? {} : { Action: canonicalValues(Action) }),
    ...(NotAction === undefined ? {} : { NotAction: canonicalValues(NotAction) }),
    ...(Resource === undefined ? {} : { Resource: canonicalValues(Resource) }),
    ...(NotResource === undefined ? {} : { NotResource: canonicalValues(NotResource) }),
    ...(Condition === undefined || Object.keys(Condition).length === 0
      ? {}
      : { Condition: sorted(Condition, (keys) => sorted(keys, canonicalCondition)) }),
  };
}

function canonicalPrincipal(principal: NonNullable<PolicyStatement["Principal"]>): typeof principal {
  if (principal === "*") return principal;
  const canonical = sorted(principal, (names) => canonicalValues(asList(names).map(accountName)));
  return canonical["AWS"] === "*" && Object.keys(canonical).length === 1 ? "*" : canonical;
}

/** Amazon writes the number of an account as the name of its root. */
const accountName = (name: string): string => /^arn:aws[^:]*:iam::(\d{12}):root$/.exec(name)?.[1] ?? name;

const asList = (values: Values): string[] => (typeof values === "string" ? [values] : [...values]);

function canonicalValues(values: Values): string | string[] {
  const distinct = [...new Set(asList(values))].sort();
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? only : distinct;
}

const canonicalCondition = (values: ConditionValue): string | string[] =>
  canonicalValues(Array.isArray(values) ? values.map(String) : String(values));

function sorted<From, To>(record: Readonly<Record<string, From>>, each: (value: From) => To): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, each(value)]),
  );
}
