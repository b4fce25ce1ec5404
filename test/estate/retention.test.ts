import assert from "node:assert/strict";
import fc from "fast-check";
import { Retention, runId } from "../../estate/documents";
import { decideRetention, type RetainableSet } from "../../estate/retention";

const NOW = "2026-03-31T12:00:00.000Z";
const DAY = 86_400_000;

function setOf(startedAt: string, more: Partial<RetainableSet> = {}): RetainableSet {
  return { set: runId(startedAt, "00000000"), startedAt, good: true, carried: false, needs: [], ...more };
}
const policyOf = (policy: Partial<Retention>): Retention => Retention.parse({ last: 1, ...policy });
const kept = (sets: readonly RetainableSet[], policy: Retention, now = NOW): Set<string> =>
  new Set(decideRetention(sets, policy, now).flatMap(({ set, keep }) => (keep ? [set] : [])));

/** Up to forty sets of the last two years, several in one second now and then, each needing some of the earlier ones. */
const history: fc.Arbitrary<RetainableSet[]> = fc
  .uniqueArray(
    fc.record({
      minutesAgo: fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 1_000_000 })),
      token: fc.integer({ min: 0, max: 3 }),
      good: fc.boolean(),
      carried: fc.boolean(),
      held: fc.constantFrom(false, false, false, true),
      awaited: fc.constantFrom([], [], ["vault-copy"]),
      needs: fc.array(fc.nat(39), { maxLength: 2 }),
    }),
    { maxLength: 40, selector: ({ minutesAgo, token }) => `${String(minutesAgo)} ${String(token)}` },
  )
  .map((entries) => {
    const oldestFirst = entries
      .map(({ minutesAgo, token, ...rest }) => {
        const startedAt = new Date(Date.parse(NOW) - minutesAgo * 60_000).toISOString();
        return { ...rest, startedAt, set: runId(startedAt, `0000000${String(token)}`) };
      })
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : b.set < a.set ? -1 : 1));
    return oldestFirst.map(({ needs, ...rest }, index) => ({
      ...rest,
      needs: index === 0 ? [] : needs.flatMap((nth) => oldestFirst[nth % index]?.set ?? []),
    }));
  });
const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const policies: fc.Arbitrary<Retention> = fc
  .record({
    last: fc.integer({ min: 1, max: 10 }),
    daily: count(20),
    weekly: count(10),
    monthly: count(12),
    yearly: count(3),
    maximumAgeDays: fc.option(fc.integer({ min: 1, max: 800 }), { nil: undefined }),
  })
  .map((policy) => Retention.parse(policy));

const newest = (sets: readonly RetainableSet[]): string | undefined =>
  sets
    .map(({ set }) => set)
    .sort()
    .at(-1);

describe("retention promises", () => {
  it("to keep the newest good set, however old, or all of them where none is good", () => {
    fc.assert(
      fc.property(history, policies, fc.integer({ min: 0, max: 4000 }), (sets, policy, daysLater) => {
        const left = kept(sets, policy, new Date(Date.parse(NOW) + daysLater * DAY).toISOString());
        const good = newest(sets.filter((set) => set.good));
        if (good === undefined) assert.equal(left.size, sets.length);
        else assert.ok(left.has(good));
      }),
    );
  });

  it("to keep the newest good set that is offsite, what is held, and what a copy has still to carry", () => {
    fc.assert(
      fc.property(history, policies, (sets, policy) => {
        const left = kept(sets, policy);
        const carried = newest(sets.filter((set) => set.good && set.carried));
        if (carried !== undefined) assert.ok(left.has(carried));
        for (const { set, held, awaited = [] } of sets) if (held || awaited.length > 0) assert.ok(left.has(set));
      }),
    );
  });

  it("to keep whatever a kept set needs", () => {
    fc.assert(
      fc.property(history, policies, (sets, policy) => {
        const left = kept(sets, policy);
        for (const { set, needs } of sets) if (left.has(set)) for (const needed of needs) assert.ok(left.has(needed));
      }),
    );
  });

  it("to decide on every set once, newest first, and to say why", () => {
    fc.assert(
      fc.property(history, policies, (sets, policy) => {
        const decisions = decideRetention(sets, policy, NOW);
        assert.deepEqual(
          decisions.map(({ set }) => set),
          sets
            .map(({ set }) => set)
            .sort()
            .reverse(),
        );
        for (const { reasons } of decisions) {
          assert.ok(reasons.length > 0);
          for (const reason of reasons) assert.ok(reason.length > 3);
        }
      }),
    );
  });

  it("to decide alike, in whatever order the sets are found", () => {
    fc.assert(
      fc.property(
        history.chain((sets) => fc.tuple(fc.constant(sets), fc.shuffledSubarray(sets, { minLength: sets.length }))),
        policies,
        ([sets, shuffled], policy) => {
          assert.deepEqual(decideRetention(shuffled, policy, NOW), decideRetention(sets, policy, NOW));
        },
      ),
    );
  });

  it("never to keep less where the policy asks for more", () => {
    const more = fc.record({
      last: count(5),
      daily: count(5),
      weekly: count(5),
      monthly: count(5),
      yearly: count(5),
      age: count(400),
      forEver: fc.boolean(),
    });
    fc.assert(
      fc.property(history, policies, more, (sets, policy, add) => {
        const { maximumAgeDays: age, ...rules } = policy;
        const generous = Retention.parse({
          last: rules.last + add.last,
          daily: rules.daily + add.daily,
          weekly: rules.weekly + add.weekly,
          monthly: rules.monthly + add.monthly,
          yearly: rules.yearly + add.yearly,
          ...(age === undefined || add.forEver ? {} : { maximumAgeDays: age + add.age }),
        });
        const left = kept(sets, generous);
        for (const set of kept(sets, policy)) assert.ok(left.has(set));
      }),
    );
  });

  it("to find nothing more to do when it is asked again", () => {
    fc.assert(
      fc.property(history, policies, (sets, policy) => {
        const left = kept(sets, policy);
        assert.deepEqual(
          kept(
            sets.filter(({ set }) => left.has(set)),
            policy,
          ),
          left,
        );
      }),
    );
  });

  it("to change nothing that it was given", () => {
    fc.assert(
      fc.property(history, policies, (sets, policy) => {
        const before = structuredClone({ sets, policy });
        decideRetention(sets, policy, NOW);
        assert.deepEqual({ sets, policy }, before);
      }),
    );
  });
});

describe("retention by hand", () => {
  const daily = Array.from({ length: 90 }, (_, days) =>
    setOf(new Date(Date.parse("2026-03-31T02:00:00.000Z") - days * DAY).toISOString()),
  );
  const days = (sets: ReadonlySet<string>): string[] => [...sets].map((set) => set.slice(0, 8)).sort();

  it("keeps the last ones", () => {
    assert.deepEqual(days(kept(daily, policyOf({ last: 3 }))), ["20260329", "20260330", "20260331"]);
  });

  it("keeps the newest of each week, which begins on Monday", () => {
    assert.deepEqual(days(kept(daily, policyOf({ weekly: 3 }))), ["20260322", "20260329", "20260331"]);
  });

  it("keeps the newest of each month and year", () => {
    assert.deepEqual(days(kept(daily, policyOf({ monthly: 3 }))), ["20260131", "20260228", "20260331"]);
    assert.deepEqual(days(kept(daily, policyOf({ yearly: 2 }))), ["20260331"]);
  });

  it("keeps one a day of several", () => {
    const hourly = ["01:00", "13:00", "23:59"].flatMap((at) =>
      ["29", "30"].map((day) => setOf(`2026-03-${day}T${at}:00.000Z`)),
    );
    assert.deepEqual([...kept(hourly, policyOf({ daily: 2 }))].sort(), [
      "20260329T235900Z-00000000",
      "20260330T235900Z-00000000",
    ]);
  });

  it("does not count what is not good", () => {
    const sets = [
      setOf("2026-03-31T02:00:00.000Z", { good: false }),
      setOf("2026-03-30T02:00:00.000Z"),
      setOf("2026-03-29T02:00:00.000Z"),
    ];
    const [first, second, third] = decideRetention(sets, policyOf({ last: 1 }), NOW);
    assert.deepEqual(first?.reasons, ["not a good set"]);
    assert.deepEqual(second?.reasons, ["one of the last 1", "the newest good set"]);
    assert.deepEqual(third?.reasons, ["no rule wants it"]);
  });

  it("keeps a chain to its full backup, past the maximum age", () => {
    const full = setOf("2026-01-01T02:00:00.000Z");
    const log = setOf("2026-01-02T02:00:00.000Z", { needs: [full.set] });
    const last = setOf("2026-03-31T02:00:00.000Z", { needs: [log.set] });
    const decisions = decideRetention([full, log, last], policyOf({ maximumAgeDays: 7 }), NOW);
    assert.deepEqual(
      decisions.map(({ keep }) => keep),
      [true, true, true],
    );
    assert.deepEqual(decisions[1]?.reasons, [`needed by ${last.set}`]);
    assert.deepEqual(decisions[2]?.reasons, [`needed by ${log.set}`]);
  });

  it("removes by age what a rule would keep, and says so", () => {
    const decisions = decideRetention(
      [setOf("2026-03-31T02:00:00.000Z"), setOf("2026-01-01T02:00:00.000Z")],
      policyOf({ monthly: 12, maximumAgeDays: 30 }),
      NOW,
    );
    assert.deepEqual(decisions[1], { set: "20260101T020000Z-00000000", keep: false, reasons: ["older than 30 days"] });
  });

  it("waits for copies, past the maximum age, and keeps what these sets need", () => {
    const full = setOf("2026-01-01T02:00:00.000Z");
    const log = setOf("2026-01-02T02:00:00.000Z", { needs: [full.set], awaited: ["north", "south"] });
    const last = setOf("2026-03-31T02:00:00.000Z");
    const decisions = decideRetention([full, log, last], policyOf({ maximumAgeDays: 7 }), NOW);
    assert.deepEqual(decisions[1]?.reasons, ["not yet carried by north", "not yet carried by south"]);
    assert.deepEqual(decisions[2]?.reasons, [`needed by ${log.set}`]);
  });

  it("follows a chain between sets of one second, whichever name comes first", () => {
    const at = "2026-01-01T02:00:00.000Z";
    const deep = setOf(at, { set: runId(at, "00000002") });
    const full = setOf(at, { set: runId(at, "00000001"), needs: [deep.set] });
    const log = setOf("2026-03-31T02:00:00.000Z", { needs: [full.set] });
    assert.equal(kept([full, deep, log], policyOf({ last: 1 })).size, 3);
  });

  it("has nothing to say about nothing", () => {
    assert.deepEqual(decideRetention([], policyOf({}), NOW), []);
  });
});
