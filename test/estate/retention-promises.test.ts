import assert from "node:assert/strict";
import fc from "fast-check";
import { Retention } from "../../estate/documents";
import { decideRetention, RetentionDecision, type RetainableSet, type RetentionRules } from "../../estate/retention";
import { DAY, histories, judgements, keptOf, NOW } from "./retention-support";

/** What each promise says, in its own words: nothing here knows how the decision is made. */

/** With all that it needs, and all that these need, sound and there. */
function isWhole(
  set: RetainableSet,
  sets: readonly RetainableSet[],
  isSound: (set: RetainableSet) => boolean,
): boolean {
  const looked = new Set<string>();
  const look = (one: RetainableSet | undefined): boolean => {
    if (!one || !isSound(one)) return false;
    if (looked.has(one.set)) return true;
    looked.add(one.set);
    return one.needs.every((needed) => look(sets.find((other) => other.set === needed)));
  };
  return look(set);
}

const canBeRestored = (set: RetainableSet, sets: readonly RetainableSet[]): boolean =>
  isWhole(set, sets, ({ good }) => good);
const isOffsite = (set: RetainableSet, sets: readonly RetainableSet[], { awaits }: RetentionRules): boolean =>
  canBeRestored(set, sets) &&
  isWhole(set, sets, ({ carried }) =>
    awaits.length === 0 ? carried.length > 0 : awaits.every((copy) => carried.includes(copy)),
  );

const age = (set: RetainableSet): string => `${set.startedAt} ${set.set}`;
const newestOf = (sets: readonly RetainableSet[]): RetainableSet | undefined =>
  sets.reduce<RetainableSet | undefined>((best, set) => (best && age(best) > age(set) ? best : set), undefined);

function forAll(holds: (sets: RetainableSet[], rules: RetentionRules, kept: Set<string>) => void): void {
  fc.assert(
    fc.property(histories, judgements, (sets, rules) => {
      holds(sets, rules, keptOf(sets, rules));
    }),
    { numRuns: 300 },
  );
}

describe("Retention promises", () => {
  it("to keep the newest set that can be restored, however old it is", () => {
    fc.assert(
      fc.property(histories, judgements, fc.integer({ min: 0, max: 4000 }), (sets, rules, daysLater) => {
        const now = new Date(Date.parse(NOW) + daysLater * DAY).toISOString();
        const kept = keptOf(sets, { ...rules, now });
        const newest = newestOf(sets.filter((set) => canBeRestored(set, sets) && set.startedAt <= now));
        if (newest) assert.ok(kept.has(newest.set));
      }),
    );
  });

  it("to keep the newest that can be restored of each thing, also of what newer sets no longer hold", () => {
    forAll((sets, _rules, kept) => {
      for (const thing of ["archiving", "cdr", "qoe"]) {
        const having = sets.filter(
          (set) => set.covers.includes(thing) && set.startedAt <= NOW && canBeRestored(set, sets),
        );
        const newest = newestOf(having);
        if (newest) assert.ok(kept.has(newest.set));
      }
    });
  });

  it("to keep all that is newer than the newest that can be restored, and all where none can", () => {
    forAll((sets, _rules, kept) => {
      const newest = newestOf(sets.filter((set) => canBeRestored(set, sets) && set.startedAt <= NOW));
      for (const set of sets) if (!newest || age(set) > age(newest)) assert.ok(kept.has(set.set));
    });
  });

  it("to keep the newest that can be restored from offsite, of each thing", () => {
    forAll((sets, rules, kept) => {
      for (const thing of [undefined, "archiving", "cdr", "qoe"]) {
        const offsite = sets.filter(
          (set) =>
            (thing === undefined || set.covers.includes(thing)) && set.startedAt <= NOW && isOffsite(set, sets, rules),
        );
        const newest = newestOf(offsite);
        if (newest) assert.ok(kept.has(newest.set));
      }
    });
  });

  it("to keep what is held, what is locked, and what a copy has still to carry and can", () => {
    forAll((sets, { awaits }, kept) => {
      for (const set of sets) {
        const isLocked = set.lockedUntil !== undefined && set.lockedUntil > NOW;
        const isAwaited = awaits.some((copy) => !set.carried.includes(copy)) && canBeRestored(set, sets);
        if (set.held || isLocked || isAwaited) assert.ok(kept.has(set.set));
      }
    });
  });

  it("to keep whatever a kept set needs", () => {
    forAll((sets, _rules, kept) => {
      const there = new Set(sets.map(({ set }) => set));
      for (const { set, needs } of sets) {
        if (kept.has(set)) for (const needed of needs) assert.ok(kept.has(needed) || !there.has(needed));
      }
    });
  });

  it("never to let go what could be restored only to keep what cannot", () => {
    forAll((sets, _rules, kept) => {
      const left = sets.filter(({ set }) => kept.has(set));
      for (const set of left) assert.equal(canBeRestored(set, left), canBeRestored(set, sets));
    });
  });

  it("to let nothing older than the maximum age stay for a rule's sake", () => {
    forAll((sets, rules) => {
      const { maximumAgeDays = Infinity } = rules.policy;
      const isRule = /^(one of the last|daily|weekly|monthly|yearly|within)\b/;
      for (const { set, reasons } of decideRetention(sets, rules)) {
        const startedAt = sets.find((one) => one.set === set)?.startedAt ?? "";
        if (Date.parse(NOW) - Date.parse(startedAt) <= maximumAgeDays * DAY) continue;
        for (const reason of reasons) assert.doesNotMatch(reason, isRule);
      }
    });
  });

  it("to decide on every set once, newest first, and to say why", () => {
    forAll((sets, rules) => {
      const decisions = decideRetention(sets, rules);
      assert.deepEqual(
        decisions.map(({ set }) => set),
        [...sets].sort((a, b) => (age(a) < age(b) ? 1 : -1)).map(({ set }) => set),
      );
      for (const decision of decisions) RetentionDecision.parse(decision);
    });
  });

  it("to decide alike, in whatever order the sets are found", () => {
    const shuffled = histories.chain((sets) =>
      fc.tuple(fc.constant(sets), fc.shuffledSubarray(sets, { minLength: sets.length })),
    );
    fc.assert(
      fc.property(shuffled, judgements, ([sets, others], rules) => {
        assert.deepEqual(decideRetention(others, rules), decideRetention(sets, rules));
      }),
    );
  });

  it("never to keep less where the policy asks for more", () => {
    const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
    const more = fc.record({
      last: count(5),
      daily: count(5),
      weekly: count(5),
      monthly: count(5),
      yearly: count(5),
      within: count(40),
      age: count(400),
      forEver: fc.boolean(),
    });
    fc.assert(
      fc.property(histories, judgements, more, (sets, rules, add) => {
        const { maximumAgeDays: oldest, withinDays, ...counts } = rules.policy;
        const within = (withinDays ?? 0) + add.within;
        const policy = Retention.parse({
          last: counts.last + add.last,
          daily: counts.daily + add.daily,
          weekly: counts.weekly + add.weekly,
          monthly: counts.monthly + add.monthly,
          yearly: counts.yearly + add.yearly,
          ...(within > 0 ? { withinDays: within } : {}),
          ...(oldest === undefined || add.forEver ? {} : { maximumAgeDays: oldest + add.age }),
        });
        const kept = keptOf(sets, { ...rules, policy });
        for (const set of keptOf(sets, rules)) assert.ok(kept.has(set));
      }),
    );
  });

  it("to find nothing more to do when it is asked again", () => {
    forAll((sets, rules, kept) => {
      const left = sets.filter(({ set }) => kept.has(set));
      assert.deepEqual(keptOf(left, rules), kept);
    });
  });

  it("to change nothing that it was given", () => {
    forAll((sets, rules) => {
      const before = structuredClone({ sets, rules });
      decideRetention(sets, rules);
      assert.deepEqual({ sets, rules }, before);
    });
  });
});
