import assert from "node:assert/strict";
import fc from "fast-check";
import {
  Retention,
  runId,
  type Cover,
  type ProtectingJob,
  type Protection,
  type Schedule,
} from "../../../estate/documents";
import { startsInWeek } from "../../../estate/levels/pattern";
import { judgeLevels } from "../../../estate/levels";
import { decideRetention, type RetainableSet } from "../../../estate/retention";
import { setOf } from "../retention-support";
import { enterpriseUnmirrored } from "../topologies";
import { copy, job, level, NOW, obligationOf, told } from "./support";

const MINUTE = 60_000;
const WEEK = 10_080;
const MONDAY = Date.parse("2024-01-01T00:00:00.000Z");
const USERS: Cover = { datum: "user-data", scope: { of: "pool", pool: "pool1.contoso.com" } };
const GB = 1e9;

function costs(protections: readonly Protection[], budgetGigabytes: number | undefined, growthPercent = 0) {
  const { verdicts } = judgeLevels({
    topology: enterpriseUnmirrored,
    obligations: [obligationOf(enterpriseUnmirrored, "user-data pool pool1.contoso.com")],
    protections,
    levels: [level({ priorities: ["cost"], budgetGigabytes, growthPercent })],
    now: NOW,
  });
  const of = (check: string) => verdicts.filter((verdict) => verdict.check === check);
  return { target: of("cost")[0], copies: of("cost-offsite") };
}

describe("A budget", () => {
  const users = (more: Parameters<typeof job>[2] = {}) => job("users", [USERS], { bytesPerSet: 2 * GB, ...more });

  it("is for all that a policy keeps, the set that is being made, and the growth of a year", () => {
    assert.equal(
      told(costs([users()], 40, 20).target),
      "met: 36 GB users (14 sets of 2 GB, one set being made, 20 % growth) <= budget 40 GB",
    );
    assert.match(told(costs([users()], 30, 20).target), /^missed: 36 GB users .* > budget 30 GB$/);
    assert.match(told(costs([users({ retention: { daily: 14, weekly: 8, monthly: 12 } })], 100).target), /\(34 sets/);
  });

  it("counts what is kept for all of the last days once", () => {
    const policy = { last: 5, daily: 14, withinDays: 30 };
    assert.match(told(costs([users({ retention: policy })], 100).target), /\(31 sets of 2 GB/);
    const aged = { last: 100, maximumAgeDays: 10 };
    assert.match(told(costs([users({ retention: aged })], 100).target), /\(11 sets of 2 GB/);
  });

  it("counts whole chains where sets need each other", () => {
    const store = users({
      setKind: "incremental",
      bytesPerSet: 1 * GB,
      whole: { everyDays: 7, bytes: 50 * GB },
      retention: { daily: 14 },
    });
    assert.match(told(costs([store], 500).target), /^met: 335 GB users \(5 chains of 57 GB, one set being made/);
  });

  it("is not known where sizes are not, unless it is spent already", () => {
    const { bytesPerSet: _, ...unsized } = users();
    assert.equal(told(costs([unsized], 40).target), "unknown: not known: the size of a set of users");
    assert.equal(
      told(costs([users()], undefined).target),
      "unknown: not known: the budget, budgetGigabytes of the level",
    );
    const other = job("other", [USERS]);
    assert.deepEqual(costs([users(), other], 40).target?.missing, ["the size of a set of other"]);
    assert.match(told(costs([users(), other], 10).target), /^missed: 30 GB/);
    const partial = users({ setKind: "incremental" });
    assert.match(told(costs([partial], 40).target), /^unknown: not known: how often users takes everything anew/);
  });

  it("is one for each copy, in which sets stay as long as they are locked", () => {
    const lock = { mode: "compliance" as const, days: 60 };
    const kept = Retention.parse({ last: 7 });
    const north = copy({ retention: kept });
    const south = copy({ copy: "south", retention: kept, lock });
    const [first, second] = costs([users({ copies: [north, south] })], 50).copies;
    assert.match(told(first), /^met: 16 GB users \(7 sets/);
    assert.match(told(second), /^missed: 124 GB users \(61 sets/);
    assert.deepEqual([first?.by, second?.by], ["copy north", "copy south"]);
  });

  it("is missed in the end where nothing is ever removed", () => {
    const [forEver] = costs([users({ copies: [copy()] })], 1e6).copies;
    assert.equal(
      told(forEver),
      "missed: what users carries there stays, because nothing is declared that removes it: it grows without end",
    );
    const [held] = costs([users({ copies: [copy({ legalHold: true, lifecycleDays: 30 })] })], 1e6).copies;
    assert.match(told(held), /^missed: what users carries there is held without end/);
    const [expiring] = costs([users({ copies: [copy({ lifecycleDays: 30 })] })], 100).copies;
    assert.match(told(expiring), /^met: 64 GB users \(31 sets/);
  });

  it("names the largest of many", () => {
    const many = Array.from({ length: 9 }, (_, nth) =>
      job(`users${String(nth)}`, [USERS], { bytesPerSet: (nth + 1) * GB, retention: { last: 1 } }),
    );
    assert.match(
      told(costs(many, 100).target),
      /^met: 18 GB users8 .* \+ 16 GB users7 .* \+ 14 GB users6 .* \+ 42 GB 6 others = 90 GB <= budget 100 GB$/,
    );
  });
});

/** The most that lies on a target at any moment, while sets are made and removed. */
function mostBytes(jobs: readonly ProtectingJob[], weeks: number): number {
  const runs = jobs
    .flatMap((one) =>
      Array.from({ length: weeks }, (_, week) =>
        startsInWeek(one.schedule).map((at) => ({ one, at: week * WEEK + at })),
      ),
    )
    .flat()
    .sort((a, b) => a.at - b.at);
  const policy = jobs[0]?.retention ?? Retention.parse({});
  let sets: (RetainableSet & { bytes: number })[] = [];
  let [full, previous]: (string | undefined)[] = [];
  let lastWhole = -Infinity;
  let most = 0;
  for (const [index, { one, at }] of runs.entries()) {
    const now = new Date(MONDAY + at * MINUTE).toISOString();
    const set = runId(now, index.toString(16).padStart(8, "0"));
    const whole = one.whole && at - lastWhole >= one.whole.everyDays * 1440 ? one.whole : undefined;
    const isBase = one.setKind === "full" || whole !== undefined;
    if (!isBase && full === undefined) continue;
    if (whole) lastWhole = at;
    const basis = one.setKind === "differential" ? full : previous;
    const needs = isBase || basis === undefined ? [] : [basis];
    if (isBase) full = set;
    previous = set;
    const bytes = whole?.bytes ?? one.bytesPerSet ?? 0;
    const all = [{ ...setOf(now, { set, needs }), bytes }, ...sets];
    most = Math.max(
      most,
      all.reduce((sum, { bytes: size }) => sum + size, 0),
    );
    const kept = decideRetention(
      all.map(({ bytes: _, ...rest }) => rest),
      { policy, awaits: [], now },
    );
    const stay = new Set(kept.flatMap(({ set: name, keep }) => (keep ? [name] : [])));
    sets = all.filter(({ set: name }) => stay.has(name));
  }
  return most;
}

describe("What sets take", () => {
  const count = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: most }));
  const policies = fc
    .record({
      last: fc.integer({ min: 1, max: 9 }),
      daily: count(9),
      weekly: count(4),
      monthly: count(3),
      withinDays: count(12),
      age: count(30),
    })
    .map(({ withinDays, age, ...rules }) =>
      Retention.parse({
        ...rules,
        ...(withinDays > 0 ? { withinDays } : {}),
        ...(age > 0 ? { maximumAgeDays: age } : {}),
      }),
    );
  const daily = (...at: string[]): Schedule => ({ every: "day", at });
  const shapes: fc.Arbitrary<Parameters<typeof job>[2][]> = fc.constantFrom(
    [{ schedule: daily("02:00") }],
    [{ schedule: daily("02:00", "14:00", "15:00") }],
    [
      { schedule: { every: "week", on: ["sunday"], at: ["02:00"] } },
      { setKind: "differential", schedule: daily("03:00") },
    ],
    [
      { schedule: { every: "week", on: ["sunday", "wednesday"], at: ["02:00"] } },
      { setKind: "log", schedule: { every: "minutes", minutes: 360 }, bytesPerSet: 3 },
    ],
    [
      {
        setKind: "incremental",
        schedule: daily("02:00", "14:00"),
        whole: { everyDays: 5, bytes: 100 },
        bytesPerSet: 4,
      },
    ],
  );

  it("is never more than its budget is judged by", () => {
    fc.assert(
      fc.property(shapes, policies, (shape, retention) => {
        const jobs = shape.map((more, nth) =>
          job(`job${String(nth)}`, [USERS], { series: "line", bytesPerSet: 10, retention, ...more }),
        );
        const { target } = costs(jobs, 1);
        const total = target?.sum?.total ?? 0;
        const most = mostBytes(jobs, 16);
        assert.ok(total >= most, `${String(total)} judged, ${String(most)} taken`);
      }),
      { numRuns: 60 },
    );
  });
});
