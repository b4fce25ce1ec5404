import assert from "node:assert/strict";
import fc from "fast-check";
import type { Check, Protection, Verdict } from "../../../estate/documents";
import { judgeLevels } from "../../../estate/levels";
import { enterpriseUnmirrored } from "../topologies";
import { EVERYTHING, protectionOf } from "./arbitraries";
import { drill, level, NOW, obligationOf } from "./support";

const RANK = { met: 2, unknown: 1, missed: 0 };
/** What is judged by the best of all that protects. A budget, a lock and a lifecycle are judged one by one. */
const BEST: readonly Check[] = [
  ...(["rpo", "rpo-offsite", "rpo-pool-loss", "rto", "keep", "keep-offsite"] as const),
  ...(["continuity", "completeness", "criticality-copy", "criticality-drill", "portability"] as const),
];
/** Also where the outcome is the same: no more is lost than before. */
const isNoWorse = (now: Verdict | undefined, before: Verdict): boolean => {
  if (!now || RANK[now.outcome] !== RANK[before.outcome])
    return now !== undefined && RANK[now.outcome] > RANK[before.outcome];
  return !now.sum || !before.sum || before.sum.must === "reach" || now.sum.total <= before.sum.total;
};
const outcomes = (verdicts: readonly Verdict[]): Map<string, Verdict> =>
  new Map(
    verdicts
      .filter(({ check }) => BEST.includes(check))
      .map((verdict) => [`${verdict.check} ${verdict.about}`, verdict]),
  );

describe("A verdict", () => {
  const obligations = ["user-data pool pool1.contoso.com", "configuration deployment"].map((key) =>
    obligationOf(enterpriseUnmirrored, key),
  );
  const protections = fc
    .array(fc.nat(1), { maxLength: 4 })
    .chain((picked) =>
      fc.tuple(
        ...picked.flatMap((nth, index) =>
          obligations[nth] ? [protectionOf(obligations[nth], `p${String(index)}`)] : [],
        ),
      ),
    );
  const judge = (list: readonly Protection[]): Map<string, Verdict> =>
    outcomes(
      judgeLevels({
        topology: enterpriseUnmirrored,
        obligations,
        protections: list,
        levels: [level(EVERYTHING)],
        restores: [
          {
            scenario: "pool",
            restores: obligations.map(({ key }) => key),
            steps: [{ id: "all", minutes: 60, after: [] }],
          },
        ],
        drills: [drill("p0", { scenario: "central-management-store" })],
        now: NOW,
      }).verdicts,
    );

  it("is never worse for one protection more", () => {
    fc.assert(
      fc.property(protections, protectionOf(obligations[0] ?? assert.fail(), "added"), (list, added) => {
        const before = judge(list);
        const after = judge([...list, added]);
        for (const [key, verdict] of before) {
          const now = after.get(key);
          assert.ok(isNoWorse(now, verdict), `${key}: ${verdict.working} became ${String(now?.working)}`);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is never better for a longer term", () => {
    const longer = fc.record({
      run: fc.nat(90),
      carrying: fc.nat(60),
      verifying: fc.nat(60),
      look: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(protections, longer, (list, more) => {
        const before = judge(list);
        const after = judge(
          list.map((one) =>
            one.by !== "job"
              ? one
              : {
                  ...one,
                  minutes: one.minutes + more.run,
                  copies: one.copies.map((way) => ({
                    ...way,
                    minutes: way.minutes + more.carrying,
                    verifyMinutes: way.verifyMinutes + more.verifying,
                    schedule:
                      way.schedule.every === "run"
                        ? { ...way.schedule, lookEveryMinutes: way.schedule.lookEveryMinutes * more.look }
                        : way.schedule,
                  })),
                },
          ),
        );
        for (const [key, verdict] of before) {
          const now = after.get(key);
          assert.ok(now && isNoWorse(verdict, now), `${key}: ${verdict.working} became ${String(now?.working)}`);
        }
      }),
      { numRuns: 150 },
    );
  });
});
