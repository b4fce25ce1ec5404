import fc from "fast-check";
import { Retention, runId } from "../../estate/documents";
import { decideRetention, type RetainableSet, type RetentionRules } from "../../estate/retention";

export const NOW = "2026-03-31T12:00:00.000Z";
export const DAY = 86_400_000;

/** A set of one thing, alone and sound, unless more is said. */
export function setOf(startedAt: string, more: Partial<RetainableSet> = {}): RetainableSet {
  return {
    set: runId(startedAt, "00000000"),
    startedAt,
    good: true,
    needs: [],
    covers: ["configuration deployment"],
    carried: [],
    held: false,
    ...more,
  };
}

export const rulesOf = (policy: Partial<Retention>, more: Partial<RetentionRules> = {}): RetentionRules => ({
  policy: Retention.parse({ last: 1, ...policy }),
  awaits: [],
  now: NOW,
  ...more,
});

export const keptOf = (sets: readonly RetainableSet[], rules: RetentionRules): Set<string> =>
  new Set(decideRetention(sets, rules).flatMap(({ set, keep }) => (keep ? [set] : [])));

const MISSING = "20200101T000000Z-ffffffff";
const sometimes = (arbitrary: fc.Arbitrary<boolean>): fc.Arbitrary<boolean> =>
  fc.tuple(arbitrary, arbitrary).map(([one, other]) => one && other);

/**
 * Up to forty sets of the last two years and the next days, several in one second now and then, in no order. Each may
 * need some of the others, whatever their age, or one that is not there.
 */
export const histories: fc.Arbitrary<RetainableSet[]> = fc
  .uniqueArray(
    fc.record({
      minutesAgo: fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 0 }) },
      ),
      milliseconds: fc.integer({ min: 0, max: 999 }),
      token: fc.integer({ min: 0, max: 3 }),
      good: fc.boolean(),
      carried: fc.subarray(["north", "south"]),
      held: sometimes(fc.boolean()),
      lockedFor: fc.option(fc.integer({ min: -10, max: 10 }), { freq: 2, nil: undefined }),
      covers: fc.subarray(["archiving", "cdr", "qoe"]),
      needs: fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(39) }, { weight: 1, arbitrary: fc.constant(-1) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 40, selector: ({ minutesAgo, token }) => `${String(minutesAgo)} ${String(token)}` },
  )
  .map((entries) => {
    const instant = (at: number): string => new Date(Date.parse(NOW) + at).toISOString();
    const names = entries.map(({ minutesAgo, token }) =>
      runId(instant(-minutesAgo * 60_000), `0000000${String(token)}`),
    );
    return entries.map(({ minutesAgo, milliseconds, lockedFor, token: _, needs, ...rest }, index) => {
      const set = names[index] ?? MISSING;
      return {
        ...rest,
        set,
        startedAt: instant(-minutesAgo * 60_000 + milliseconds),
        needs: needs
          .map((nth) => (nth < 0 ? MISSING : (names[nth % names.length] ?? MISSING)))
          .filter((needed) => needed !== set),
        ...(lockedFor === undefined ? {} : { lockedUntil: instant(lockedFor * DAY) }),
      };
    });
  });

const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const maybe = (max: number): fc.Arbitrary<number | undefined> =>
  fc.option(fc.integer({ min: 1, max }), { nil: undefined });

export const policies: fc.Arbitrary<Retention> = fc
  .record({
    last: fc.integer({ min: 1, max: 10 }),
    daily: count(20),
    weekly: count(10),
    monthly: count(12),
    yearly: count(3),
    withinDays: maybe(40),
    maximumAgeDays: maybe(800),
  })
  .map((policy) => Retention.parse(policy));

export const judgements: fc.Arbitrary<RetentionRules> = fc
  .record({ policy: policies, awaits: fc.subarray(["north", "south"]) })
  .map((rules) => ({ ...rules, now: NOW }));
