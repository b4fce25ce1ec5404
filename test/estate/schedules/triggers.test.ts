import assert from "node:assert/strict";
import fc from "fast-check";
import { Schedule, TaskTrigger, Weekday, type TaskTrigger as Trigger } from "../../../estate/documents";
import { canonicalSchedule, scheduleOf, triggersOf, triggerText } from "../../../estate/schedules";

const time = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`);
const times = fc.uniqueArray(time, { minLength: 1, maxLength: 24 });
const days = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1, maxLength: 7 });
const window = fc.oneof(
  fc.constant({}),
  time.map((until) => ({ until })),
);
const said: fc.Arbitrary<Schedule> = fc.oneof(
  times.map((at): Schedule => ({ every: "day", at })),
  fc.tuple(days, times).map(([on, at]): Schedule => ({ every: "week", on, at })),
  fc
    .tuple(fc.integer({ min: 1, max: 1440 }), time, window)
    .map(([minutes, from, end]): Schedule => ({ every: "minutes", minutes, from, ...end })),
  fc.constant<Schedule>({ every: "command" }),
);
const afterRuns = fc
  .tuple(
    fc.oneof(fc.constant("all" as const), fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 })),
    fc.integer({ min: 1, max: 1440 }),
  )
  .map(([of, lookEveryMinutes]): Schedule => ({ every: "run", of, lookEveryMinutes }));
const any = fc.oneof(said, afterRuns);

describe("schedules", () => {
  it("come back from the scheduler as they were declared", () => {
    fc.assert(
      fc.property(said, fc.integer(), (schedule, seed) => {
        const triggers = shuffled(triggersOf(schedule), seed);
        assert.deepEqual(scheduleOf(triggers), canonicalSchedule(schedule));
      }),
    );
  });

  it("come back as they were declared where two declarations look alike", () => {
    fc.assert(
      fc.property(any, fc.integer(), (schedule, seed) => {
        const triggers = shuffled(triggersOf(schedule), seed);
        assert.deepEqual(scheduleOf(triggers, schedule), canonicalSchedule(schedule));
      }),
    );
    const looking: Schedule = { every: "run", of: "all", lookEveryMinutes: 15 };
    assert.deepEqual(scheduleOf(triggersOf(looking)), { every: "minutes", minutes: 15, from: "12:00" });
  });

  it("show what differs, whatever was declared", () => {
    fc.assert(
      fc.property(said, any, (there, declared) => {
        const shown = scheduleOf(triggersOf(there), declared);
        const same = JSON.stringify(triggersOf(there)) === JSON.stringify(triggersOf(declared));
        assert.deepEqual(shown, canonicalSchedule(same ? declared : there));
      }),
    );
  });

  it("have one canonical form, which is valid and means the same", () => {
    fc.assert(
      fc.property(any, (schedule) => {
        const canonical = canonicalSchedule(schedule);
        assert.deepEqual(canonicalSchedule(canonical), canonical);
        assert.deepEqual(Schedule.parse(canonical), canonical);
        assert.deepEqual(triggersOf(canonical), triggersOf(schedule));
        for (const trigger of triggersOf(schedule)) assert.deepEqual(TaskTrigger.parse(trigger), trigger);
      }),
    );
  });

  it("have the canonical form of any order", () => {
    fc.assert(
      fc.property(days, times, fc.integer(), (on, at, seed) => {
        const one = canonicalSchedule({ every: "week", on, at });
        assert.deepEqual(canonicalSchedule({ every: "week", on: shuffled(on, seed), at: shuffled(at, seed) }), one);
      }),
    );
  });

  const canonical: [string, Schedule, Schedule][] = [
    [
      "every day of the week is daily",
      { every: "week", on: [...Weekday.options].reverse(), at: ["02:00"] },
      { every: "day", at: ["02:00"] },
    ],
    [
      "a window of a whole day is none",
      { every: "minutes", minutes: 15, from: "06:00", until: "06:00" },
      { every: "minutes", minutes: 15, from: "06:00" },
    ],
    ["times stand in order", { every: "day", at: ["22:00", "02:00"] }, { every: "day", at: ["02:00", "22:00"] }],
    [
      "jobs stand in order",
      { every: "run", of: ["b", "a"], lookEveryMinutes: 5 },
      { every: "run", of: ["a", "b"], lookEveryMinutes: 5 },
    ],
  ];
  for (const [title, schedule, expected] of canonical) {
    it(title, () => {
      assert.deepEqual(canonicalSchedule(schedule), expected);
    });
  }

  it("map windows over midnight", () => {
    const schedule: Schedule = { every: "minutes", minutes: 30, from: "20:00", until: "04:00" };
    assert.deepEqual(triggersOf(schedule), [{ kind: "repeating", at: "20:00", minutes: 30, forMinutes: 480 }]);
  });

  const weekly = (at: string, on: Weekday[], everyWeeks = 1): Trigger => ({ kind: "weekly", at, on, everyWeeks });
  const daily = (at: string, everyDays = 1): Trigger => ({ kind: "daily", at, everyDays });
  const repeating = (minutes: number, forMinutes = 1440): Trigger => ({
    kind: "repeating",
    at: "00:00",
    minutes,
    forMinutes,
  });
  const unsayable: [string, Trigger[]][] = [
    ["every second day", [daily("02:00", 2)]],
    ["every second week", [weekly("02:00", ["monday"], 2)]],
    ["one of several every second day", [daily("02:00"), daily("03:00", 2)]],
    ["different days at different times", [weekly("02:00", ["monday"]), weekly("03:00", ["tuesday"])]],
    ["the same time twice", [daily("02:00"), daily("02:00")]],
    ["days and weeks together", [daily("02:00"), weekly("03:00", ["monday"])]],
    ["two repetitions", [repeating(15, 60), repeating(15, 120)]],
    ["a repetition and a time", [repeating(15), daily("02:00")]],
    ["a time and a repetition", [daily("02:00"), repeating(15)]],
    ["a repetition longer than a day", [repeating(2880)]],
    [
      "more times than a declaration takes",
      Array.from({ length: 25 }, (_, m) => daily(`02:${String(m).padStart(2, "0")}`)),
    ],
    ["a log on", [{ kind: "other", text: "At log on of any user" }]],
    ["a time and a log on", [daily("02:00"), { kind: "other", text: "At startup" }]],
  ];
  for (const [title, triggers] of unsayable) {
    it(`cannot say ${title}, and show it in words instead`, () => {
      assert.equal(scheduleOf(triggers), undefined);
      assert.equal(scheduleOf(triggers, { every: "day", at: ["02:00"] }), undefined);
      for (const trigger of triggers) assert.ok(triggerText(trigger).length > 5);
    });
  }

  it("take a day that a colleague ticked twice for one day", () => {
    const on = Weekday.options.map(() => "monday" as const);
    assert.deepEqual(scheduleOf([weekly("02:00", on)]), { every: "week", on: ["monday"], at: ["02:00"] });
  });

  it("are refused where they name a time or a day twice, or none", () => {
    for (const bad of [
      { every: "day", at: [] },
      { every: "day", at: ["02:00", "02:00"] },
      { every: "week", on: ["monday", "monday"], at: ["02:00"] },
      { every: "week", on: [], at: ["02:00"] },
      { every: "minutes", minutes: 0 },
      { every: "minutes", minutes: 1441 },
      { every: "run", of: [] },
      { every: "month", at: ["02:00"] },
    ]) {
      assert.ok(!Schedule.safeParse(bad).success, JSON.stringify(bad));
    }
  });
});

/** An order that follows from the seed, so that a failure can be repeated. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const keyed = list.map((item, index) => ({ item, key: Math.imul(seed ^ (index + 1), 2654435761) >>> 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
