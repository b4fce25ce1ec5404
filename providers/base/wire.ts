/**
 * What crosses between the engine and a handler. Everything that leaves goes through `clean`; everything that
 * arrives in a preview may hold unknowns.
 */

export const PROVIDER_KEY = "__provider";
/** How a value that is not known yet arrives, at any depth, whatever its type will be. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type PlainObject = Record<string, Plain>;

/**
 * Only what the engine can store. It never throws: at this point the work is done, and an exception would leave an
 * orphan on a host. Keys are sorted, so that equal results are equal texts.
 */
export function clean(value: object): PlainObject {
  const cleaned = cleanAny(value, []);
  return typeof cleaned === "object" && cleaned !== null && !Array.isArray(cleaned) ? cleaned : {};
}

function cleanAny(value: unknown, above: readonly object[]): Plain | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // JSON knows no negative zero.
      return Number.isFinite(value) ? value + 0 : null;
    case "bigint":
      return value.toString();
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null || above.includes(value)) return null;
  const within = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].map((item: unknown) => cleanAny(item, within) ?? null);
  }
  const entries: [string, unknown][] =
    value instanceof Map
      ? [...value].flatMap(([key, item]: [unknown, unknown]) => (isKey(key) ? [[String(key), item]] : []))
      : Object.entries(value);
  const plain = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, item]): [string, Plain][] => {
      const cleaned = cleanAny(item, within);
      return cleaned === undefined ? [] : [[key, cleaned]];
    });
  return Object.fromEntries(plain);
}

const isKey = (key: unknown): key is string | number | boolean | bigint =>
  ["string", "number", "boolean", "bigint"].includes(typeof key);

export function withoutProvider(properties: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== PROVIDER_KEY));
}

export type Path = PropertyKey[];

/** Where a value is not known yet. */
export function unknownPaths(value: unknown, at: Path = []): Path[] {
  if (value === UNKNOWN) return [at];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...at, index]));
  return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...at, key]));
}

export const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean =>
  start.every((key, index) => path[index] === key);

/** Deep and canonical: the order of keys means nothing, and an absent key equals an undefined one. */
export function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(cleanAny(a, []) ?? null) === JSON.stringify(cleanAny(b, []) ?? null);
}

/** The keys in which two sets of inputs differ. Unknown is never equal to anything. */
export function differingKeys(keys: readonly string[], olds: object, news: object): string[] {
  const before = olds as Record<string, unknown>;
  const after = news as Record<string, unknown>;
  return keys.filter((key) => unknownPaths(after[key]).length > 0 || !equal(before[key], after[key]));
}

/** One line per difference, for a person: `schedule.at[0]: found "03:00", declared "02:00"`. */
export function differencesText(found: unknown, declared: unknown, at = ""): string[] {
  if (equal(found, declared)) return [];
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  if (isObject(found) && isObject(declared) && Array.isArray(found) === Array.isArray(declared)) {
    const keys = [...new Set([...Object.keys(found), ...Object.keys(declared)])].sort();
    return keys.flatMap((key) => {
      const path = Array.isArray(found) ? `${at}[${key}]` : at === "" ? key : `${at}.${key}`;
      return differencesText((found as Record<string, unknown>)[key], (declared as Record<string, unknown>)[key], path);
    });
  }
  const text = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
  return [`${at}: found ${text(found)}, declared ${text(declared)}`];
}
