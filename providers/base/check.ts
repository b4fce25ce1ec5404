import { z } from "zod";
import { problemsOf } from "../../estate/documents";
import { ProviderError } from "./errors";
import type { CommonInputs, ResourceType } from "./resource-type";
import { startsWith, UNKNOWN, unknownPaths, withoutProvider, type Path } from "./wire";

export interface CheckResult {
  inputs?: object;
  failures?: { property: string; reason: string }[];
}

/**
 * Judges a declaration: all failures at once, before anything is touched. A failure names its path in the reason and
 * leaves `property` empty, because the engine prints the value of a named property, also where it is a secret.
 */
export function check<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  declared: object,
  last: object = {},
): CheckResult {
  const news = withoutProvider(declared);
  const unknown = unknownPaths(news);
  const parsed = type.inputs.safeParse(news);
  if (parsed.success && unknown.length === 0) {
    const inputs = type.complete ? type.complete(parsed.data) : parsed.data;
    const refused = type.judge?.(inputs, Object.keys(last).length > 0 ? storedInputs(type, last) : undefined) ?? [];
    return refused.length > 0 ? { failures: refused.map(failure) } : { inputs: { ...inputs } };
  }
  const failures = parsed.success ? [] : failuresOf(parsed.error, unknown);
  if (failures.length > 0) return { failures };
  // What is known takes its canonical form all the same: another spelling would be planned as a replacement.
  const known = Object.entries(type.inputs.shape).flatMap(([key, schema]): [string, unknown][] => {
    if ((type.computed as readonly string[]).includes(key)) return [[key, UNKNOWN]];
    if (unknownPaths(news[key]).length > 0) return [[key, news[key]]];
    const { data } = schema.safeParse(news[key]);
    return data === undefined ? [] : [[key, data]];
  });
  return { inputs: Object.fromEntries(known) };
}

/** In a preview an unknown value is a text where a number may be wanted: what concerns it cannot be judged yet. */
function failuresOf(error: z.ZodError, unknown: readonly Path[]): { property: string; reason: string }[] {
  const concernsUnknown = (issue: z.core.$ZodIssue): boolean =>
    unknown.some(
      (path) =>
        startsWith(issue.path, path) ||
        ((issue.code === "invalid_union" || issue.code === "custom") && startsWith(path, issue.path)),
    );
  const known = error.issues.filter((issue) => !concernsUnknown(issue));
  return known.length === 0 ? [] : problemsOf(new z.ZodError(known)).map(failure);
}

const failure = (reason: string): { property: string; reason: string } => ({ property: "", reason });

/** Inputs that the engine hands over after `check`. They are judged again: state and check may be years apart. */
export function declaredInputs<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  properties: object,
): Inputs {
  const parsed = type.inputs.safeParse(withoutProvider(properties));
  if (parsed.success) return parsed.data;
  throw new ProviderError(`not a valid declaration: ${problemsOf(parsed.error).join("; ")}`);
}

/**
 * Inputs as they stand in the state. What was found on a host may be what no declaration allows, so each property is
 * taken as it is where it does not fit; only what says which thing it is must be right. Defaults fill what an older
 * release did not know.
 */
export function storedInputs<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  properties: object,
): Inputs {
  const state = properties as Record<string, unknown>;
  const entries = Object.entries(type.inputs.shape).flatMap(([key, schema]): [string, unknown][] => {
    const parsed = schema.safeParse(state[key]);
    if (parsed.success) return parsed.data === undefined ? [] : [[key, parsed.data]];
    if ((type.identity as readonly string[]).includes(key)) {
      throw new ProviderError(
        `the state of this ${type.type} has no usable ${key}: it was written by another release; use that one`,
      );
    }
    return state[key] === undefined ? [] : [[key, state[key]]];
  });
  return Object.fromEntries(entries) as unknown as Inputs;
}
