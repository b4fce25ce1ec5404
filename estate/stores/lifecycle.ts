import type { LifecycleRule } from "../documents";

/** One rule for each prefix, in one order: where several say something of the same keys, the earliest day counts. */
export function canonicalLifecycle(rules: readonly LifecycleRule[]): LifecycleRule[] {
  const byPrefix = new Map<string, LifecycleRule>();
  for (const rule of rules) {
    const known = byPrefix.get(rule.prefix);
    byPrefix.set(rule.prefix, known ? merged(known, rule) : merged(rule, rule));
  }
  return [...byPrefix.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

function merged(a: LifecycleRule, b: LifecycleRule): LifecycleRule {
  const aborts = earliest(a.abortIncompleteUploadsAfterDays, b.abortIncompleteUploadsAfterDays);
  const expires = earliest(a.expireNoncurrentAfterDays, b.expireNoncurrentAfterDays);
  const tiers = [...new Set([...a.transitions, ...b.transitions].map(({ tier }) => tier))];
  const at = (tier: string): number =>
    Math.min(...[...a.transitions, ...b.transitions].flatMap((one) => (one.tier === tier ? [one.afterDays] : [])));
  return {
    prefix: a.prefix,
    ...(aborts === undefined ? {} : { abortIncompleteUploadsAfterDays: aborts }),
    ...(expires === undefined ? {} : { expireNoncurrentAfterDays: expires }),
    transitions: tiers
      .map((tier) => ({ afterDays: at(tier), tier }))
      .sort((one, other) => one.afterDays - other.afterDays || (one.tier < other.tier ? -1 : 1)),
  };
}

/** After how many days a key is subject to something; undefined: never. */
export function earliestAt(
  rules: readonly LifecycleRule[],
  key: string,
  what: (rule: LifecycleRule) => number | undefined,
): number | undefined {
  return rules
    .filter(({ prefix }) => key.startsWith(prefix))
    .map(what)
    .reduce(earliest, undefined);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
