/** What has changed from one value of JSON to another: a line of the log, with which the one becomes the other. */

export type Patch = Change[];
/** Where, and what is there now; without a value: nothing is. With `from`: of a list, what comes from there on. */
interface Change {
  path: (string | number)[];
  value?: unknown;
  from?: number;
}

export function differenceOf(before: unknown, after: unknown): Patch {
  const changes: Patch = [];
  compare(before, after, [], changes);
  return changes;
}

function compare(before: unknown, after: unknown, path: Change["path"], changes: Patch): void {
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, changes);
  if (!isRecord(before) || !isRecord(after)) {
    if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ path, value: after });
    return;
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes.push({ path: [...path, key] });
  for (const [key, value] of Object.entries(after)) {
    if (Object.hasOwn(before, key)) compare(before[key], value, [...path, key], changes);
    else changes.push({ path: [...path, key], value });
  }
}

/** Lists grow at their end, as a rule. */
function compareLists(before: unknown[], after: unknown[], path: Change["path"], changes: Patch): void {
  const common = Math.min(before.length, after.length);
  for (let index = 0; index < common; index++) compare(before[index], after[index], [...path, index], changes);
  if (before.length !== after.length) changes.push({ path, from: common, value: after.slice(common) });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A new value; the old one stays as it is. */
export function patched(value: unknown, patch: Patch): unknown {
  const holder = { value: structuredClone(value) };
  for (const { path, value: next, from } of structuredClone(patch)) {
    const keys = ["value", ...path];
    const last = keys.pop() ?? "value";
    const parent = keys.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], holder);
    const there = parent as Record<string | number, unknown>;
    if (from !== undefined) (there[last] as unknown[]).splice(from, Infinity, ...(next as unknown[]));
    else if (next === undefined) Reflect.deleteProperty(there, last);
    else there[last] = next;
  }
  return holder.value;
}
