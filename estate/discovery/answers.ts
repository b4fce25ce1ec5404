import type { Run } from "../documents";

/** What the one-off jobs have found, by step: rows of text, as the cmdlets and SQL Servers gave them. */

export type Row = Readonly<Record<string, unknown>>;

export interface Answers {
  rows: (step: string) => readonly Row[];
  /** Of a step that asks several, what each one answered; who did not answer is not in it. */
  each: (step: string) => ReadonlyMap<string, readonly Row[]>;
  /** Why one of these did not answer. */
  failures: (step: string) => ReadonlyMap<string, string>;
  facts: (step: string) => Row;
  /** When the first of them was asked. */
  at: string;
}

export function answersOf(runs: readonly Run[]): Answers {
  const steps = (id: string) => runs.flatMap((run) => run.steps.filter((step) => step.id === id));
  const items = (id: string) => steps(id).flatMap(({ each = [] }) => each);
  return {
    rows: (id) => steps(id).flatMap(({ data }) => rowsIn(data)),
    each: (id) => {
      const good = items(id).filter(({ outcome }) => outcome === "ok");
      return new Map(good.map(({ item, data }) => [nameOf(item), rowsIn(data)]));
    },
    failures: (id) => {
      const bad = items(id).filter(({ outcome }) => outcome !== "ok");
      return new Map(bad.map(({ item, message, error }) => [nameOf(item), error?.message ?? message]));
    },
    facts: (id) => (steps(id)[0]?.data["facts"] ?? {}) as Row,
    at: runs[0]?.startedAt ?? "",
  };
}

const nameOf = (item: unknown): string => (typeof item === "string" ? item : "");
const rowsIn = ({ items }: Readonly<Record<string, unknown>>): Row[] => (Array.isArray(items) ? (items as Row[]) : []);

/** What is there and not empty. */
export function textIn(row: Row | undefined, property: string): string | undefined {
  const value = row?.[property];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Names of computers, in lower case as everywhere. */
export const nameIn = (row: Row | undefined, property: string): string | undefined =>
  textIn(row, property)?.toLowerCase();

export function listIn(row: Row | undefined, property: string): string[] {
  const value = row?.[property];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === "string" && one !== "") as string[];
}

export const isTrue = (row: Row, property: string): boolean => textIn(row, property)?.toLowerCase() === "true";

/** `pool01.contoso.com` of `service:Registrar:pool01.contoso.com`. */
export const placeOf = (identity: string | undefined): string | undefined =>
  identity?.slice(identity.lastIndexOf(":") + 1).toLowerCase();
