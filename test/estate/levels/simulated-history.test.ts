import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cover, ProtectingJob, Schedule } from "../../../estate/documents";
import { nextOf, triggersOf } from "../../../estate/schedules";
import { enterpriseUnmirrored } from "../topologies";
import { copy, job, NOW, verdictsOn } from "./support";

/** Runs, seals and courier passes as they happen, and what is lost at the worst moment between them. */

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const USERS: Cover = { datum: "user-data", scope: { of: "pool", pool: "pool1.contoso.com" } };

/** Outages, of which each takes so many starts in a row. */
interface Missing {
  inARow: number;
  /** When the first begins; then there is time for any job to start again. */
  afterDays: number;
  /** How long each lasts, where what was missed is made up for. */
  downMinutes?: number | undefined;
}
const NONE: Missing = { inARow: 0, afterDays: 0 };

function without(due: readonly number[], { inARow, afterDays, downMinutes }: Missing): number[] {
  if (inARow === 0) return [...due];
  const starts: number[] = [];
  let calm = (due[0] ?? 0) + afterDays * DAY;
  let until = -Infinity;
  for (const [nth, at] of due.entries()) {
    if (at <= until) continue;
    if (at < calm) {
      starts.push(at);
      continue;
    }
    until = Math.min(at + (downMinutes ?? Infinity) * MINUTE, (due[nth + inARow] ?? Infinity) - MINUTE);
    calm = until + 10 * DAY;
    if (downMinutes !== undefined) starts.push(until + 10 * MINUTE);
  }
  return starts.sort((a, b) => a - b);
}

/** What a schedule starts in a while; what should start while a run goes on does not. */
function startsOf(
  schedule: Schedule,
  zone: string,
  from: number,
  until: number,
  lasts: (at: number) => number,
  missing: Missing,
): number[] {
  const triggers = triggersOf(schedule);
  const since = new Date(from - 30 * DAY).toISOString();
  const due: number[] = [];
  for (
    let at = nextOf(triggers, zone, since, from);
    at !== null && at < until;
    at = nextOf(triggers, zone, since, at)
  ) {
    due.push(at);
  }
  let free = -Infinity;
  return without(due, missing).filter((at) => {
    if (at < free) return false;
    free = at + lasts(at);
    return true;
  });
}

interface Set {
  from: number;
  /** When it can be restored from. */
  at: number;
}

/** The most that is lost just before a set comes to count. */
function worstLoss(sets: readonly Set[]): number {
  const inOrder = [...sets].sort((a, b) => a.at - b.at);
  let newest: number | undefined;
  let worst = 0;
  for (const { from, at } of inOrder) {
    if (newest !== undefined) worst = Math.max(worst, at - newest);
    newest = Math.max(newest ?? -Infinity, from);
  }
  return worst / MINUTE;
}

const sealed = ({ schedule, zone, minutes }: ProtectingJob, from: number, until: number, missing = NONE): Set[] =>
  startsOf(schedule, zone, from, until, () => minutes * MINUTE, missing).map((at) => ({
    from: at,
    at: at + minutes * MINUTE,
  }));

/** The courier takes what is sealed, one set after the other, and then verifies it. */
function delivered(one: ProtectingJob, from: number, until: number, missing = NONE, ofCourier = NONE): Set[] {
  const [path] = one.copies;
  if (!path) return [];
  const waiting = sealed(one, from, until, missing);
  const carried: Set[] = [];
  const carry = (pass: number): number => {
    let at = pass;
    while (waiting[0] && waiting[0].at <= pass) {
      at += path.minutes * MINUTE;
      carried.push({ from: waiting.shift()?.from ?? 0, at: at + path.verifyMinutes * MINUTE });
    }
    return at - pass;
  };
  startsOf(path.schedule, path.zone, from, until, carry, ofCourier);
  return carried;
}

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "10", "30"))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);
const times = fc.uniqueArray(time, { minLength: 1, maxLength: 3 });
const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  times.map((at): Schedule => ({ every: "day", at })),
  fc
    .tuple(fc.subarray(["monday", "wednesday", "friday", "sunday"] as const, { minLength: 1 }), times)
    .map(([on, at]): Schedule => ({ every: "week", on: [...on], at })),
  fc
    .tuple(fc.constantFrom(60, 90, 240, 360), time)
    .map(([minutes, from]): Schedule => ({ every: "minutes", minutes, from })),
);
const courier: fc.Arbitrary<Schedule> = fc.oneof(
  schedule,
  fc.constantFrom(15, 45).map((lookEveryMinutes): Schedule => ({ every: "run", of: "all", lookEveryMinutes })),
);
/** Weeks of ordinary days, and around changes of clocks in one zone or the other. */
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
const begin = fc.constantFrom("2026-01-12", "2026-03-03", "2026-03-24", "2026-03-31", "2026-10-20", "2026-10-27");

describe("The recovery point in a history of runs", () => {
  it("is never smaller than what is lost in one, on the target and offsite", () => {
    const story = fc.record({
      schedule,
      courier,
      begin,
      zones: fc.oneof(
        zone.map((one) => [one, one] as const),
        fc.tuple(zone, zone),
      ),
      minutes: fc.integer({ min: 0, max: 100 }),
      carrying: fc.integer({ min: 0, max: 60 }),
      verifyMinutes: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(story, ({ schedule, courier, begin, zones, minutes, carrying, verifyMinutes }) => {
        const path = copy({ schedule: courier, zone: zones[1], minutes: carrying, verifyMinutes });
        const one = job("users", [USERS], { schedule, zone: zones[0], minutes, copies: [path] });
        const verdicts = verdictsOn(enterpriseUnmirrored, USERS, [one], { rpoHours: 1 }, { now: NOW });
        const from = Date.parse(`${begin}T00:00:00.000Z`);
        const near = verdicts.rpo?.sum?.total ?? 0;
        const loss = worstLoss(sealed(one, from, from + 17 * DAY));
        assert.ok(near >= loss, `${String(near)} promised, ${String(loss)} lost on the target`);
        const offsite = verdicts["rpo-offsite"]?.sum?.total;
        // Where the courier never catches up, nothing is promised.
        if (offsite === undefined) return;
        const lossOffsite = worstLoss(delivered(one, from, from + 17 * DAY));
        assert.ok(offsite >= lossOffsite, `${String(offsite)} promised, ${String(lossOffsite)} lost offsite`);
      }),
      { numRuns: 150 },
    );
  });

  it("is never smaller where as many starts are missed as a level says", () => {
    const story = fc.record({
      schedule,
      courier,
      zones: fc.constantFrom(["UTC", "UTC"] as const, ["UTC", "Asia/Tokyo"] as const),
      minutes: fc.integer({ min: 0, max: 100 }),
      carrying: fc.integer({ min: 0, max: 60 }),
      missedStarts: fc.integer({ min: 1, max: 3 }),
      afterDays: fc.tuple(fc.nat(4), fc.nat(4)),
      makeUp: fc.tuple(fc.boolean(), fc.boolean()),
      downMinutes: fc.option(fc.integer({ min: 0, max: 1500 }), { nil: undefined }),
      lateness: fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 1500 })),
    });
    fc.assert(
      fc.property(story, (told) => {
        const { missedStarts, downMinutes, lateness, zones, minutes, carrying } = told;
        const missing = (nth: 0 | 1, { every }: Schedule): Missing => {
          const down = Math.min(lateness[nth], downMinutes ?? Infinity);
          const makesUp = told.makeUp[nth] && (every === "day" || every === "week");
          return {
            inARow: missedStarts,
            afterDays: told.afterDays[nth],
            downMinutes: makesUp ? down : undefined,
          };
        };
        const [startWhenMissed, ofCourier] = told.makeUp;
        const path = copy({
          schedule: told.courier,
          zone: zones[1],
          minutes: carrying,
          startWhenMissed: ofCourier,
        });
        const one = job("users", [USERS], {
          schedule: told.schedule,
          zone: zones[0],
          minutes,
          startWhenMissed,
          copies: [path],
        });
        const asks = { rpoHours: 1, missedStarts, downMinutes };
        const verdicts = verdictsOn(enterpriseUnmirrored, USERS, [one], asks, { now: NOW });
        const from = Date.parse("2026-01-12T00:00:00.000Z");
        const until = from + 40 * DAY;
        const misses = missing(0, told.schedule);
        const near = verdicts.rpo?.sum?.total ?? 0;
        const loss = worstLoss(sealed(one, from, until, misses));
        assert.ok(near >= loss, `${String(near)} promised, ${String(loss)} lost on the target`);
        const offsite = verdicts["rpo-offsite"]?.sum?.total;
        // Where the courier never catches up, nothing is promised.
        if (offsite === undefined) return;
        const lossOffsite = worstLoss(delivered(one, from, until, misses, missing(1, told.courier)));
        assert.ok(offsite >= lossOffsite, `${String(offsite)} promised, ${String(lossOffsite)} lost offsite`);
      }),
      { numRuns: 60 },
    );
  });
});
