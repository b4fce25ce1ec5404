import assert from "node:assert/strict";
import fc from "fast-check";
import { runId, type Retention } from "../../estate/documents";
import { DAY, keptOf, NOW, policies, setOf } from "./retention-support";

/** The week of ISO 8601: that of its Thursday, whatever year that is in. */
function isoWeek(at: Date): string {
  const thursday = new Date(at);
  while (thursday.getUTCDay() !== 4) {
    thursday.setUTCDate(thursday.getUTCDate() + (at.getUTCDay() === 0 || at.getUTCDay() > 4 ? -1 : 1));
  }
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${String(thursday.getUTCFullYear())}-W${String(Math.floor((thursday.getTime() - firstOfYear) / DAY / 7))}`;
}

/** As restic picks snapshots: one walk from the newest to the oldest, in which each rule counts down for itself. */
function picksOfRestic(newestFirst: readonly string[], policy: Retention): string[] {
  const date = (at: Date): string => `${String(at.getUTCMonth())}/${String(at.getUTCDate())}`;
  const rules = [
    { left: policy.last, last: "", of: (_at: Date, nth: number) => String(nth) },
    { left: policy.daily, last: "", of: (at: Date) => `${String(at.getUTCFullYear())} ${date(at)}` },
    { left: policy.weekly, last: "", of: isoWeek },
    { left: policy.monthly, last: "", of: (at: Date) => `${String(at.getUTCFullYear())}/${String(at.getUTCMonth())}` },
    { left: policy.yearly, last: "", of: (at: Date) => String(at.getUTCFullYear()) },
  ];
  const latest = new Date(newestFirst[0] ?? NOW);
  latest.setUTCDate(latest.getUTCDate() - (policy.withinDays ?? 0));
  return newestFirst.filter((startedAt, nth) => {
    const at = new Date(startedAt);
    let keep = policy.withinDays !== undefined && at >= latest;
    for (const rule of rules) {
      const value = rule.of(at, nth);
      if (rule.left === 0 || value === rule.last) continue;
      rule.last = value;
      rule.left -= 1;
      keep = true;
    }
    return keep;
  });
}

describe("The picks of a policy", () => {
  it("are those of restic, over years, over midnight and over the new year", () => {
    const newYears = [Date.UTC(2021, 0, 3), Date.UTC(2024, 11, 30), Date.UTC(2026, 0, 1), Date.UTC(2024, 1, 29)];
    const moment = fc.oneof(
      fc.integer({ min: Date.parse("2020-12-20T00:00:00.000Z"), max: Date.parse(NOW) }),
      fc
        .tuple(fc.constantFrom(...newYears), fc.integer({ min: -10, max: 10 }), fc.integer({ min: -1, max: 1 }))
        .map(([at, days, milliseconds]) => at + days * DAY + milliseconds),
    );
    const moments = fc
      .uniqueArray(moment, { maxLength: 80 })
      .map((list) => list.sort((a, b) => b - a).map((at) => new Date(at).toISOString()));
    fc.assert(
      fc.property(moments, policies, (newestFirst, policy) => {
        const { maximumAgeDays: _, ...rules } = policy;
        const sets = newestFirst.map((at, nth) => setOf(at, { set: runId(at, nth.toString(16).padStart(8, "0")) }));
        const kept = keptOf(sets, { policy: rules, awaits: [], now: NOW });
        const picked = new Set(picksOfRestic(newestFirst, rules));
        assert.deepEqual(
          sets.filter(({ set }) => kept.has(set)).map(({ startedAt }) => startedAt),
          newestFirst.filter((at) => picked.has(at)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
