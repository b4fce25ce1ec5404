import { RelativePath, type Condition, type FileName, type Value } from "../../estate/documents";
import { mirrorPath, setPath, StepFailure, workPath, type Execution, type Json } from "./execution";
import * as messages from "./messages";

/**
 * What a value in a step stands for, by the rules in estate/documents/values.ts. Nothing is computed here: a value is
 * literal, looked up, or joined.
 */

type HostPlacement = { host: string; pool?: string | null | undefined; instance?: string | null | undefined };

/** Undefined: a skipped step or an absent field. */
type Found = Json | undefined;

export const isEmpty = (found: Found): boolean =>
  found === undefined || found === null || found === "" || (Array.isArray(found) && found.length === 0);

/** All values are compared as text without regard to case. */
export const textOf = (value: Json): string =>
  value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
const sameText = (a: Json, b: Json): boolean => textOf(a).toLowerCase() === textOf(b).toLowerCase();

export function lookUp(execution: Execution, reference: string): Found {
  const [root = "", ...path] = reference.split(".");
  return follow(rootOf(execution, root), path);
}

function rootOf(execution: Execution, root: string): Found {
  const { job, run, actor } = execution;
  switch (root) {
    case "host":
      return hostRoot(job.placement.find(({ host }) => host === actor.host) ?? { host: actor.host });
    case "run":
      return { id: run.id, trigger: run.trigger, startedAt: run.startedAt };
    case "job":
      return { name: job.name, hosts: job.placement.map(({ host }) => host), product: job.product };
    case "last":
      return execution.last?.reference;
    case "item":
      return execution.item;
    default:
      return execution.results.get(root);
  }
}

const hostRoot = ({ host, pool = null, instance = null }: HostPlacement): Json => ({ fqdn: host, pool, instance });

function follow(value: Found, path: readonly string[]): Found {
  const [segment, ...rest] = path;
  if (segment === undefined || value === undefined || value === null) return value;
  if (segment === "*") return Array.isArray(value) ? value.flatMap((one) => listOf(follow(one, rest))) : undefined;
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(segment) ? follow(value[Number(segment)], rest) : undefined;
  const key = Object.keys(value).find((one) => one.toLowerCase() === segment.toLowerCase());
  return key === undefined ? undefined : follow(value[key], rest);
}

export const listOf = (found: Found): Json[] =>
  found === undefined || found === null ? [] : Array.isArray(found) ? found : [found];

/** Outside conditions, what is empty is an error: a file name or a parameter must not vanish unnoticed. */
function demanded(execution: Execution, reference: string): Json {
  const found = lookUp(execution, reference);
  if (found === undefined || found === null || found === "") {
    throw new StepFailure("empty-reference", messages.emptyReference(reference));
  }
  return found;
}

export function valueOf(execution: Execution, value: Value): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.flatMap((one) =>
      typeof one === "object" && one !== null ? listOf(demanded(execution, one.$ref)) : [one],
    );
  }
  if ("$ref" in value) return demanded(execution, value.$ref);
  if ("$work" in value) return workPath(execution, fileNameOf(execution, value.$work));
  if ("$set" in value) return setPath(execution, fileNameOf(execution, value.$set));
  if ("$mirror" in value) return mirrorPath(execution, fileNameOf(execution, value.$mirror));
  if ("$text" in value) return value.$text.map((part) => partOf(execution, part)).join("");
  return Object.fromEntries(Object.entries(value.$map).map(([key, one]) => [key, valueOf(execution, one)]));
}

export const textValueOf = (execution: Execution, value: Value): string => textOf(valueOf(execution, value));

const partOf = (execution: Execution, part: string | { $ref: string }): string =>
  typeof part === "string" ? part : textOf(demanded(execution, part.$ref));

/** Parts become one name, of a device never; a plain name may have folders in it. */
export function fileNameOf(execution: Execution, name: FileName): string {
  if (typeof name === "string") return name;
  const joined = name.map((part) => partOf(execution, part)).join("");
  const possible = joined.replace(/[<>:"/\\|?*\p{Cc}\p{Cs}]/gu, "_").replace(/[. ]$/, "_");
  return RelativePath.safeParse(possible).success ? possible : `_${possible}`;
}

/** A condition may ask for what is empty. Nothing is one of a list, and none of it, when it is empty itself. */
export function holds(execution: Execution, { value, is, of = [] }: Condition): boolean {
  return satisfies(execution, foundOf(execution, value), is, of);
}

export function satisfies(execution: Execution, found: Found, is: Condition["is"], of: readonly Value[]): boolean {
  switch (is) {
    case "empty":
      return isEmpty(found);
    case "present":
      return !isEmpty(found);
    case "one-of":
    case "none-of": {
      const listed = of.flatMap((one) => listOf(foundOf(execution, one)));
      const items = isEmpty(found) ? [] : listOf(found);
      const isListed = (item: Json): boolean => listed.some((one) => sameText(one, item));
      return is === "one-of" ? items.length > 0 && items.every(isListed) : !items.some(isListed);
    }
  }
}

const foundOf = (execution: Execution, value: Value): Found =>
  typeof value === "object" && value !== null && "$ref" in value
    ? lookUp(execution, value.$ref)
    : valueOf(execution, value);
