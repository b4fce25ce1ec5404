import { nameOf, resolve, type Node } from "./json-schema";
import { code, table } from "./page";

/** A table of fields from a JSON Schema, nested objects and the branches of unions included. */

export interface Row {
  path: string;
  type: string;
  required: boolean;
  fallback: unknown;
  description: string;
}

/** Where a named type is explained: a link, or its bare name. */
export type Link = (name: string) => string;

const UNBOUNDED = Number.MAX_SAFE_INTEGER;

export function typeText(node: Node, link: Link): string {
  const name = nameOf(node);
  if (name !== undefined) return link(name);
  if (node.const !== undefined) return code(JSON.stringify(node.const));
  if (node.enum) return node.enum.map((value) => code(String(value))).join(", ");
  const branches = node.anyOf ?? node.oneOf;
  if (branches) return [...new Set(branches.map((branch) => typeText(branch, link)))].join(" or ");
  switch (node.type) {
    case "string":
      return `text${range(node.minLength === 1 ? undefined : node.minLength, node.maxLength, " characters")}`;
    case "integer":
      return `whole number${range(minimumOf(node), node.maximum)}`;
    case "number":
      return `number${range(minimumOf(node), node.maximum)}`;
    case "boolean":
      return "yes or no";
    case "null":
      return code("null");
    case "array":
      return `list of ${typeText(node.items ?? {}, link)}`;
    case "object":
      return typeof node.additionalProperties === "object" && !node.properties
        ? `map to ${typeText(node.additionalProperties, link)}`
        : "object";
    default:
      return "any JSON";
  }
}

const minimumOf = (node: Node): number | undefined =>
  node.minimum ??
  (node.exclusiveMinimum === undefined ? undefined : node.exclusiveMinimum + (node.type === "integer" ? 1 : 0));

function range(from: number | undefined, to: number | undefined, unit = ""): string {
  const least = from !== undefined && from > -UNBOUNDED ? from : undefined;
  const most = to !== undefined && to < UNBOUNDED ? to : undefined;
  if (least !== undefined && most !== undefined) return `, ${String(least)} to ${String(most)}${unit}`;
  if (most !== undefined) return `, at most ${String(most)}${unit}`;
  return least === undefined ? "" : `, at least ${String(least)}${unit}`;
}

/** Every field below a node, in the order of the schema. Named types are not walked into: they are explained once. */
export function rowsOf(node: Node, link: Link, prefix = ""): Row[] {
  const rows: Row[] = [];
  for (const [key, field] of Object.entries(node.properties ?? {})) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    rows.push({
      path,
      type: typeText(field, link),
      required: node.required?.includes(key) ?? false,
      fallback: field.default,
      description: field.description ?? "",
    });
    rows.push(...below(field, link, path));
  }
  return rows;
}

function below(node: Node, link: Link, path: string): Row[] {
  if (node.$ref !== undefined) return [];
  if (node.items) return below(node.items, link, `${path}[]`);
  const branches = node.anyOf ?? node.oneOf;
  if (branches) return branches.flatMap((branch) => below(branch, link, `${path}${branchText(branch)}`));
  if (typeof node.additionalProperties === "object" && !node.properties) {
    return below(node.additionalProperties, link, `${path}.*`);
  }
  return rowsOf(node, link, path);
}

/** ` (set-agent)`: the branch of a union by the constant that tells it from the others. */
function branchText(branch: Node): string {
  const told = Object.values(branch.properties ?? {}).find((field) => field.const !== undefined);
  return told === undefined ? "" : ` (${String(told.const)})`;
}

export function fieldTable(rows: readonly Row[]): string {
  const need = ({ required, fallback }: Row): string => {
    if (required) return "required";
    return fallback === undefined ? "optional" : code(JSON.stringify(fallback));
  };
  return table(
    ["Field", "Type", "Required or default", "What it says"],
    rows.map((row) => [code(row.path), row.type, need(row), row.description]),
  );
}

/** What a named type is: its fields, its branches, or the values it takes. */
export function typeBlocks(node: Node, link: Link): string[] {
  const about = node.description === undefined ? [] : [`${node.description}.`];
  const branches = node.anyOf ?? node.oneOf;
  if (node.properties) return [...about, fieldTable(rowsOf(node, link))];
  if (branches?.some((branch) => branch.properties)) {
    return [
      ...about,
      "One of these.",
      ...branches.map((branch) =>
        branch.properties ? fieldTable(rowsOf(branch, link)) : `${typeText(branch, link)}.`,
      ),
    ];
  }
  const pattern = node.pattern === undefined ? [] : [`Pattern: ${code(node.pattern)}`];
  const type = typeText(node, link);
  return [...about, ...(node.$ref !== undefined && about.length > 0 ? [] : [`Type: ${type}`]), ...pattern];
}

/** The named types that a node refers to, each once, in the order in which a reader meets them. */
export function namesBelow(root: Node, node: Node, found: Set<string> = new Set()): Set<string> {
  const name = nameOf(node);
  if (name !== undefined) {
    if (found.has(name)) return found;
    found.add(name);
    return namesBelow(root, resolve(root, { $ref: node.$ref ?? "" }), found);
  }
  const inner = [
    ...Object.values(node.properties ?? {}),
    ...(node.items ? [node.items] : []),
    ...(node.propertyNames ? [node.propertyNames] : []),
    ...(typeof node.additionalProperties === "object" ? [node.additionalProperties] : []),
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
  ];
  for (const child of inner) namesBelow(root, child, found);
  return found;
}
