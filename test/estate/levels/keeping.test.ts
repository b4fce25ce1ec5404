import assert from "node:assert/strict";
import fc from "fast-check";
import { Retention, runId, type Cover, type Schedule } from "../../../estate/documents";
import { keepTimeOf } from "../../../estate/levels/keep-time";
import { startsInWeek } from "../../../estate/levels/pattern";
import { decideRetention, type RetainableSet } from "../../../estate/retention";
import { setOf } from "../retention-support";
import { enterpriseUnmirrored } from "../topologies";
import { copy, external, job, told, verdictsOn } from "./support";

const MINUTE = 60_000;
const DAY = 1440;
const MONDAY = Date.parse("2024-01-01T00:00:00.000Z");
const USERS: Cover = { datum: "user-data", scope: { of: "pool", pool: "pool1.contoso.com" } };

/** Sets as they are made and removed, one retention after each: how old each one was when it went. */
function lifetimes(policy: Retention, pattern: readonly number[], weeks: number): Map<number, number> {
  const starts = Array.from({ length: weeks }, (_, week) => pattern.map((at) => week * 7 * DAY + at)).flat();
  const ages = new Map<number, number>();
  let sets: RetainableSet[] = [];
  const minuteOf = ({ startedAt }: RetainableSet): number => (Date.parse(startedAt) - MONDAY) / MINUTE;
  for (const start of starts) {
    const now = new Date(MONDAY + start * MINUTE).toISOString();
    const all = [setOf(now, { set: runId(now, "00000000") }), ...sets];
    const kept = new Set(
      decideRetention(all, { policy, awaits: [], now }).flatMap(({ set, keep }) => (keep ? [set] : [])),
    );
    for (const set of all) if (!kept.has(set.set)) ages.set(minuteOf(set), start - minuteOf(set));
    sets = all.filter(({ set }) => kept.has(set));
  }
  return ages;
}

const time = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, "0")}:15`);
const times = fc.uniqueArray(time, { minLength: 1, maxLength: 3 });
const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  times.map((at): Schedule => ({ every: "day", at })),
  fc
    .tuple(fc.subarray(["monday", "tuesday", "friday", "sunday"] as const, { minLength: 1 }), times)
    .map(([on, at]): Schedule => ({ every: "week", on: [...on], at })),
);

/** The last set of each bucket is the one that stays. */
function lastOfEach(pattern: readonly number[], weeks: number, bucket: (at: number) => string): number[] {
  const last = new Map<string, number>();
  for (let week = 0; week < weeks; week++) {
    for (const at of pattern) last.set(bucket(week * 7 * DAY + at), week * 7 * DAY + at);
  }
  return [...last.values()];
}
const dateOf = (at: number): string => new Date(MONDAY + at * MINUTE).toISOString();
const BUCKETS = {
  daily: { weeks: 14, of: (at: number) => dateOf(at).slice(0, 10), exact: true },
  weekly: { weeks: 20, of: (at: number) => String(Math.floor(at / (7 * DAY))), exact: true },
  monthly: { weeks: 80, of: (at: number) => dateOf(at).slice(0, 7), exact: false },
  yearly: { weeks: 220, of: (at: number) => dateOf(at).slice(0, 4), exact: false },
  last: { weeks: 12, of: String, exact: true },
  withinDays: { weeks: 12, of: String, exact: false },
} as const;

describe("How long a policy keeps what it picks", () => {
  for (const [rule, { weeks, of, exact }] of Object.entries(BUCKETS)) {
    it(`is what ${rule} shows in a history of runs${exact ? "" : ", or less"}`, () => {
      fc.assert(
        fc.property(schedules, fc.integer({ min: 1, max: rule === "yearly" ? 2 : 6 }), (schedule, count) => {
          const pattern = startsInWeek(schedule);
          const policy = Retention.parse({ last: 1, [rule]: count });
          const ages = lifetimes(policy, pattern, weeks);
          const seen = lastOfEach(pattern, weeks, of).flatMap((at) => ages.get(at) ?? []);
          const shortest = Math.min(...seen);
          const { minutes } = keepTimeOf(policy, pattern);
          if (seen.length < 3) return;
          if (exact) assert.equal(minutes, shortest);
          else assert.ok(minutes <= shortest, `${String(minutes)} promised, ${String(shortest)} kept`);
        }),
        { numRuns: rule === "yearly" || rule === "monthly" ? 15 : 60 },
      );
    });
  }

  it("ends with the maximum age", () => {
    const policy = Retention.parse({ daily: 30, maximumAgeDays: 10 });
    assert.deepEqual(keepTimeOf(policy, startsInWeek({ every: "day", at: ["02:00"] })), {
      minutes: 10 * DAY,
      rule: "maximum age of 10 days",
    });
  });
});

describe("Retention against what is promised", () => {
  const keep = (days: number, more: Parameters<typeof job>[2]) =>
    verdictsOn(enterpriseUnmirrored, USERS, [job("users", [USERS], more)], { keepDays: days });

  it("is the longest rule of the policy, on the target", () => {
    assert.equal(told(keep(30, { retention: { last: 14 } }).keep), "missed: 14 d by last 14 < promised 30 d");
    assert.equal(told(keep(30, { retention: { daily: 30 } }).keep), "met: 30 d by daily 30 >= promised 30 d");
    assert.equal(told(keep(365, { retention: { monthly: 12 } }).keep), "missed: 335 d by monthly 12 < promised 365 d");
    assert.match(told(keep(365, { retention: { monthly: 13 } }).keep), /^met: 366 d by monthly 13/);
  });

  it("is that of all jobs of the series, whose logs count as sets", () => {
    const scope = { of: "pool", pool: "pool1.contoso.com" } as const;
    const log = job("log", [{ datum: "user-settings", scope }], {
      series: "users",
      setKind: "log",
      schedule: { every: "minutes", minutes: 60 },
    });
    const both = verdictsOn(enterpriseUnmirrored, USERS, [job("users", [USERS]), log], { keepDays: 10 });
    assert.equal(told(both.keep), "missed: 14 h by last 14 < promised 10 d");
  });

  it("is that of the copy offsite, and of the lifecycle of the store", () => {
    const of = (more: Parameters<typeof copy>[0]) => told(keep(30, { copies: [copy(more)] })["keep-offsite"]);
    assert.equal(of({ retention: Retention.parse({ weekly: 5 }) }), "missed: 29 d by weekly 5 < promised 30 d");
    assert.equal(of({ lifecycleDays: 20 }), "missed: 20 d by the lifecycle of the store < promised 30 d");
    assert.equal(of({}), "met: what is carried stays, because nothing is declared that removes it");
    assert.equal(told(keep(30, {})["keep-offsite"]), "missed: no copy of it leaves the site");
    const log = job("log", [{ ...USERS, datum: "user-settings" }], {
      series: "users",
      setKind: "log",
      copies: [copy()],
    });
    const onlyLogs = verdictsOn(enterpriseUnmirrored, USERS, [job("users", [USERS]), log], { keepDays: 30 });
    assert.equal(told(onlyLogs["keep-offsite"]), "missed: no copy of it leaves the site");
  });

  it("is not known of another tool", () => {
    const tool = external("snapshots", USERS.datum);
    const { keep: near } = verdictsOn(enterpriseUnmirrored, USERS, [tool], { keepDays: 10 });
    assert.equal(told(near), "unknown: not known: how long storage team keeps backups");
  });

  it("meets locks that are as long as the promise, and no longer than what must go", () => {
    const of = (more: Parameters<typeof copy>[0]) => told(keep(30, { copies: [copy(more)] }).lock);
    const lock = (days: number) => ({ mode: "compliance" as const, days });
    assert.equal(of({ lock: lock(14) }), "missed: 14 d by lock < promised 30 d");
    assert.equal(of({ lock: lock(30) }), "met: 30 d by lock >= promised 30 d");
    const old = { retention: Retention.parse({ maximumAgeDays: 60 }) };
    assert.equal(of({ lock: lock(90), ...old }), "missed: 90 d by lock > maximum age 60 d: what must go cannot");
    assert.match(of({ legalHold: true, ...old }), /^missed: legal hold without end > maximum age 60 d/);
    assert.match(of({ legalHold: true }), /^met: legal hold/);
    assert.equal(of({}), "nothing is told");
  });

  it("meets lifecycles that remove nothing which retention keeps", () => {
    const of = (more: Parameters<typeof copy>[0]) => told(keep(30, { copies: [copy(more)] }).lifecycle);
    assert.equal(of({ lifecycleDays: 20 }), "missed: 20 d by the lifecycle of the store < promised 30 d");
    const monthly = { retention: Retention.parse({ monthly: 6 }) };
    assert.match(
      of({ lifecycleDays: 60, ...monthly }),
      /^missed: 60 d by the lifecycle of the store < kept by monthly 6 15\d d$/,
    );
    assert.match(of({ lifecycleDays: 400, ...monthly }), /^met: 400 d/);
    assert.equal(of(monthly), "nothing is told");
  });
});
