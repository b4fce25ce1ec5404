import assert from "node:assert/strict";
import fc from "fast-check";
import { rowOf } from "../../../estate/catalogue";
import { Verdict, type Check, type Protection, type ServiceLevel, type Topology } from "../../../estate/documents";
import { judgeLevels } from "../../../estate/levels";
import { promisesBy, speaksOf } from "../../../estate/levels/promises";
import { dutiesOf } from "../../../estate/obligations";
import * as known from "../topologies";
import { EVERYTHING, someProtections } from "./arbitraries";
import { level, NOW, obligationOf } from "./support";

const POOL = { of: "pool", pool: "pool1.contoso.com" } as const;

describe("What is promised for an obligation", () => {
  const users = obligationOf(known.enterpriseUnmirrored, "user-data pool pool1.contoso.com");
  const promised = (...levels: ServiceLevel[]) => promisesBy(levels.filter((one) => speaksOf(one, users)));

  it("is said by the most particular level, for each promise by itself", () => {
    const general = level({ name: "all", rpoHours: 24, rtoHours: 8, priorities: ["cost"] });
    const ofData = level({ name: "users", data: ["user-data"], rpoHours: 48 });
    const ofScope = level({ name: "pool1", scopes: [POOL], rpoHours: 12, priorities: ["criticality"] });
    const both = level({ name: "both", data: ["user-data"], scopes: [POOL], keepDays: 30 });
    assert.deepEqual(promised(general, ofData)?.rpoMinutes, { value: 2880, level: "users" });
    assert.deepEqual(promised(general, ofScope, ofData, both), {
      rpoMinutes: { value: 720, level: "pool1" },
      rtoMinutes: { value: 480, level: "all" },
      keepMinutes: { value: 43_200, level: "both" },
      priorities: new Map([["criticality", "pool1"]]),
    });
  });

  it("is the stricter of two that are equally particular", () => {
    const one = level({ name: "one", data: ["user-data"], rpoHours: 24, keepDays: 10, priorities: ["cost"] });
    const other = level({
      name: "other",
      data: ["user-data"],
      rpoHours: 12,
      keepDays: 20,
      priorities: ["criticality"],
    });
    const promises = promised(one, other);
    assert.deepEqual(promises?.rpoMinutes, { value: 720, level: "other" });
    assert.deepEqual(promises.keepMinutes, { value: 28_800, level: "other" });
    assert.deepEqual([...promises.priorities.keys()], ["cost", "criticality"]);
  });

  it("takes as many starts to be missed as a level says, and a host to be down as long", () => {
    const general = level({ name: "all", missedStarts: 1, downMinutes: 60 });
    const particular = level({ name: "users", data: ["user-data"], rpoHours: 24 });
    const weak = level({ name: "weak", data: ["user-data"], missedStarts: 2, downMinutes: 30 });
    const weaker = level({ name: "weaker", data: ["user-data"], missedStarts: 3, downMinutes: 20 });
    assert.deepEqual(promised(general, particular)?.missedStarts, { value: 1, level: "all" });
    assert.deepEqual(promised(general, particular)?.downMinutes, { value: 60, level: "all" });
    assert.deepEqual(promised(general, weak, weaker)?.missedStarts, { value: 3, level: "weaker" });
    assert.deepEqual(promised(general, weak, weaker)?.downMinutes, { value: 30, level: "weak" });
    assert.equal(promised(particular)?.missedStarts, undefined);
  });

  it("is nothing where no level speaks of it", () => {
    assert.equal(promised(level({ data: ["archiving"] })), undefined);
    assert.equal(promised(level({ scopes: [{ of: "pool", pool: "pool2.contoso.com" }] })), undefined);
  });
});

describe("The report on service levels", () => {
  const report = (topology: Topology, protections: Protection[], ...levels: ServiceLevel[]) =>
    judgeLevels({ topology, obligations: dutiesOf(topology).obligations, protections, levels, now: NOW });

  it("names levels that speak of nothing, and obligations of which none speaks", () => {
    const one = level({ name: "users", data: ["user-data"], rpoHours: 24 });
    const gone = level({ name: "chat", data: ["persistent-chat"], rpoHours: 24 });
    const { idle, unpromised } = report(known.enterpriseUnmirrored, [], one, gone);
    assert.deepEqual(idle, ["chat"]);
    assert.ok(unpromised.includes("configuration deployment"));
    assert.ok(!unpromised.includes("user-data pool pool1.contoso.com"));
    assert.deepEqual(report(known.enterpriseUnmirrored, [], level()).unpromised, []);
  });

  it("judges a log only where a level names it", () => {
    const keysOf = (one: ServiceLevel): string[] =>
      report(known.enterpriseMirrored, [], one).verdicts.map(({ about }) => about);
    assert.ok(!keysOf(level({ rpoHours: 24 })).some((key) => key.includes("-log ")));
    assert.ok(
      keysOf(level({ data: ["user-store-log"], rpoHours: 24 })).every((key) => key.startsWith("user-store-log ")),
    );
  });

  it("never passes in silence what nothing protects", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        const { verdicts } = report(topology, [], level(EVERYTHING));
        const allowed: readonly Check[] = ["continuity", "rpo-pool-loss", "cost"];
        for (const { check, outcome, about } of verdicts) {
          assert.ok(outcome !== "met" || allowed.includes(check), `${check} of ${about} is met by nothing`);
        }
        const asked = new Set(verdicts.filter(({ check }) => check === "rpo").map(({ about }) => about));
        const data = dutiesOf(topology).obligations.filter(({ datum }) => rowOf(datum).arises.per !== "log");
        assert.equal(asked.size, data.length);
      }),
      { numRuns: 30 },
    );
  });

  it("answers for every protection of every deployment with verdicts that add up", () => {
    fc.assert(
      fc.property(
        known.anyTopology.chain((topology) => fc.tuple(fc.constant(topology), someProtections(topology))),
        ([topology, protections]) => {
          for (const verdict of report(topology, protections, level(EVERYTHING)).verdicts) {
            const { sum, outcome, working, missing } = Verdict.parse(verdict);
            assert.ok(!/undefined|NaN|Infinity|\n/.test(working), working);
            assert.equal(outcome === "unknown", missing.length > 0);
            if (!sum) continue;
            const total = sum.terms.reduce((all, { amount }) => all + amount, 0);
            assert.ok(Math.abs(total - sum.total) < 1e-3 * Math.max(1, total));
            const isMet = sum.must === "reach" ? sum.total >= sum.limit : sum.total <= sum.limit;
            assert.equal(outcome, isMet ? "met" : "missed", working);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
