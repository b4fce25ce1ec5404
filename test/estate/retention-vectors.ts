import { z } from "zod";
import { Retention, runId } from "../../estate/documents";
import { decideRetention, RetainableSet, RetentionDecision, RetentionRules } from "../../estate/retention";

/** One line of estate/vectors/retention.jsonl: a history, what it is judged by, and what is decided. */
export const RetentionVector = z.strictObject({
  seed: z.int(),
  where: z.enum(["target", "bucket"]).describe("On a target nothing is locked; in a bucket everything is carried"),
  rules: RetentionRules,
  sets: z.array(RetainableSet).describe("In the order in which they happened to be found"),
  decisions: z.array(RetentionDecision).describe("Newest first"),
});
export type RetentionVector = z.infer<typeof RetentionVector>;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const MISSING = "20200101T000000Z-ffffffff";

/** Numbers from a seed, the same everywhere and for ever (mulberry32). */
class Dice {
  constructor(private state: number) {}

  /** From 0 to one less than `below`. */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  }
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
  of<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }
  some<T>(list: readonly T[]): T[] {
    return list.filter(() => this.oneIn(2));
  }
  shuffled<T>(list: readonly T[]): T[] {
    return list.map((one) => ({ one, at: this.below(1e9) })).sort((a, b) => a.at - b.at).map(({ one }) => one); // prettier-ignore
  }
}

/** When sets began, oldest first, and which earlier ones each needs, by their places in the list. */
interface Course {
  at: number[];
  needs?: (nth: number) => number[];
}

/** The end of the history: days on which days, weeks, months, quarters and years are easily counted wrongly. */
const ENDS: readonly [string, ...string[]] = [
  "2026-03-31T12:00:00.000Z",
  "2026-03-29T01:30:00.000Z",
  "2026-10-25T01:30:00.000Z",
  "2026-01-01T00:00:00.000Z",
  "2025-12-29T00:00:00.000Z",
  "2024-12-30T23:59:59.999Z",
  "2021-01-03T23:59:59.999Z",
  "2021-01-04T00:00:00.000Z",
  "2024-02-29T23:59:59.999Z",
  "2028-02-29T00:00:00.000Z",
  "2027-03-01T00:00:00.000Z",
  "2100-03-01T00:00:00.000Z",
];

const back = (end: number, count: number, step: number): number[] =>
  Array.from({ length: count }, (_, nth) => end - (count - 1 - nth) * step);
const anyTimes = (dice: Dice, end: number, count: number, days: number): number[] =>
  Array.from({ length: count }, () => end - dice.below(days * DAY)).sort((a, b) => a - b);

const COURSES: readonly [(dice: Dice, end: number) => Course, ...((dice: Dice, end: number) => Course)[]] = [
  // An export every night, with a run lost now and then.
  (dice, end) => ({ at: back(end, dice.between(0, 30), DAY).filter(() => !dice.oneIn(6)) }),
  // Several a day, at any moment; over weeks or over years.
  (dice, end) => ({ at: anyTimes(dice, end, dice.between(0, 14), dice.of([3, 20, 100, 700, 2500])) }),
  // At the first and the last moment of days.
  (dice, end) => ({ at: anyTimes(dice, end, dice.between(2, 14), 40).map((at) => at - (at % DAY) - dice.below(2)) }),
  // Several in one second.
  (dice, end) => ({ at: anyTimes(dice, end, dice.between(2, 12), 2).map((at) => at - (at % DAY) + dice.below(3)) }),
  // Full, differential and log backups: each log needs the one before it.
  (dice, end) => {
    const [perFull, perDifferential] = [dice.of([8, 12, 24]), dice.of([3, 4, 8])];
    return {
      at: back(end, dice.between(4, 30), dice.of([15 * MINUTE, 360 * MINUTE, DAY])),
      needs: (nth) => {
        const full = nth - (nth % perFull);
        if (nth === full) return [];
        return nth % perDifferential === 0 ? [full] : [nth - 1];
      },
    };
  },
  // A file store: what did not change stands in any of the sets since the last full one.
  (dice, end) => {
    const perFull = dice.of([5, 10, 30]);
    return {
      at: back(end, dice.between(3, 24), DAY),
      needs: (nth) =>
        Array.from({ length: nth % perFull }, (_, before) => nth - 1 - before).filter(() => dice.oneIn(3)),
    };
  },
  // Needs without sense: of later sets, of each other, twice.
  (dice, end) => {
    const count = dice.between(2, 10);
    return {
      at: anyTimes(dice, end, count, 60),
      needs: (nth) =>
        [dice.below(2 * count), dice.below(count)].flatMap((one) => (one < count && one !== nth ? [one, one] : [])),
    };
  },
];
/** A year of nights, or days of logs. */
const LONG: (dice: Dice, end: number) => Course = (dice, end) =>
  dice.oneIn(2)
    ? { at: back(end, dice.between(150, 400), DAY) }
    : {
        at: back(end, dice.between(150, 400), 15 * MINUTE),
        needs: (nth) => (nth % 96 === 0 ? [] : [nth - 1]),
      };

export function vectorOf(seed: number): RetentionVector {
  const dice = new Dice(seed);
  const end = Date.parse(dice.of(ENDS));
  const isLong = seed % 70 === 69;
  const { at, needs = () => [] } = (isLong ? LONG : dice.of(COURSES))(dice, end);
  const where = dice.oneIn(4) ? "bucket" : "target";
  const awaits = where === "target" && dice.oneIn(2) ? dice.some(["north", "south"]) : [];
  const now = new Date(end + dice.of([0, 0, MINUTE, 5 * DAY, -MINUTE, -3 * DAY])).toISOString();
  const things = dice.oneIn(3) ? ["archiving", "cdr", "qoe"] : ["user-data"];
  const oneBadIn = dice.of([2, 6, 30, 1000]);
  const oneCarriedIn = dice.of([1, 2, 4]);
  const oneLostIn = dice.of([12, 1000, 1000]);
  const instantOf = (moment: number): string => new Date(moment).toISOString();
  const names = at.map((moment, nth) => runId(instantOf(moment), (((nth * 7) % 16) * 0x10000 + nth).toString(16).padStart(8, "0"))); // prettier-ignore

  const sets = at.map((moment, nth): RetainableSet => {
    const good = !dice.oneIn(oneBadIn);
    const needed = needs(nth).map((one) => names[one] ?? MISSING);
    const lost = where === "bucket" && dice.oneIn(6);
    return {
      set: names[nth] ?? MISSING,
      startedAt: instantOf(moment),
      good,
      needs: dice.oneIn(oneLostIn) ? [...needed, MISSING] : needed,
      covers: things.length === 1 || !dice.oneIn(3) ? things : [dice.of(["archiving", "cdr"])],
      carried: where === "bucket" ? ["vault"] : dice.oneIn(oneCarriedIn) ? carriersOf(dice, awaits) : [],
      held: dice.oneIn(25),
      ...(lost ? { lockedUntil: instantOf(Date.parse(now) + dice.between(-2, 2) * DAY) } : {}),
    };
  });
  const policy = policyOf(dice, sets, now);
  const rules = { policy, awaits, now };
  return { seed, where, rules, sets: dice.shuffled(sets), decisions: decideRetention(sets, rules) };
}

const carriersOf = (dice: Dice, awaits: readonly string[]): string[] =>
  awaits.length === 0 ? ["north"] : dice.oneIn(3) ? dice.some(awaits) : [...awaits];

function policyOf(dice: Dice, sets: readonly RetainableSet[], now: string): Retention {
  const maybe = (most: number): number => (dice.oneIn(2) ? 0 : dice.between(1, most));
  const oldest = sets[dice.below(Math.max(1, sets.length))];
  // Often to the very day of one of the sets.
  const age = oldest ? Math.round((Date.parse(now) - Date.parse(oldest.startedAt)) / DAY) : 0;
  return Retention.parse({
    last: dice.oneIn(3) ? dice.between(2, 14) : 1,
    daily: maybe(10),
    weekly: maybe(6),
    monthly: maybe(6),
    yearly: maybe(3),
    ...(dice.oneIn(5) ? { withinDays: dice.between(1, 10) } : {}),
    ...(dice.oneIn(3) ? { maximumAgeDays: dice.oneIn(2) && age > 0 ? age : dice.between(1, 60) } : {}),
  });
}
