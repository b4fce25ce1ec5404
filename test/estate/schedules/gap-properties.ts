import assert from "node:assert/strict";
import fc from "fast-check";
import { Weekday, type Schedule } from "../../../estate/documents";
import { worstGap, type GapQuestion, type Scheduler, type Timetable } from "../../../estate/schedules";
import { WINDOWS_ZONES } from "../../../estate/schedules/windows-zones";
import { livedThrough } from "./history";
import { Calendar, longestGap, union, type Behaviour } from "./simulation";

/** Zones whose rules say the same for every year to come, so that two years show all there is. */
const STEADY = [
  "W. Europe Standard Time",
  "Eastern Standard Time",
  "UTC",
  "India Standard Time",
  "Lord Howe Standard Time",
  "Azores Standard Time",
  "Chatham Islands Standard Time",
  "Egypt Standard Time",
  "Greenland Standard Time",
  "AUS Eastern Standard Time",
  "Pacific SA Standard Time",
  "Iran Standard Time",
  "Cuba Standard Time",
  "Israel Standard Time",
];
const TWO_YEARS = 731;

const time = fc
  .oneof(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 240 }), fc.constantFrom(0, 60, 90, 120, 150, 180))
  .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
const times = fc.uniqueArray(time, { minLength: 1, maxLength: 4 });
const days = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1, maxLength: 4 });
const interval = fc.oneof(
  fc.constantFrom(7, 15, 30, 45, 50, 60, 240, 500, 720, 1440),
  fc.integer({ min: 5, max: 1440 }),
);
const daily = times.map((at): Schedule => ({ every: "day", at }));
const weekly = fc.tuple(days, times).map(([on, at]): Schedule => ({ every: "week", on, at }));
const repeating = fc
  .tuple(interval, time, fc.option(time, { nil: undefined }))
  .map(([minutes, from, until]): Schedule => ({ every: "minutes", minutes, from, ...(until ? { until } : {}) }));
const looking = interval.map((lookEveryMinutes): Schedule => ({ every: "run", of: "all", lookEveryMinutes }));
const timed = fc.oneof(daily, weekly, repeating);
const by = fc.constantFrom<Scheduler>("task-scheduler", "sql-agent");
const start = fc
  .integer({ min: 0, max: 3650 })
  .map((day) => new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString());

const PLAIN: Behaviour = { skipped: "never", twice: "first", repeats: "by the wall", hasty: "left out" };
/** The worse of all that a scheduler may do. */
const WORST: Record<Scheduler, Behaviour[]> = {
  "task-scheduler": (["by the wall", "for its hours"] as const).flatMap((repeats) =>
    (["first", "second"] as const).map((twice) => ({ ...PLAIN, twice, repeats })),
  ),
  "sql-agent": (["first", "second"] as const).map((twice) => ({ ...PLAIN, twice })),
};
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  skipped: fc.constantFrom("never", "after the jump", "later"),
  twice: fc.constantFrom("first", "second", "both"),
  repeats: fc.constantFrom("by the wall", "for its hours", "until the next"),
  hasty: fc.constantFrom("made", "left out"),
});

const minutesOf = (question: GapQuestion): number => {
  const gap = worstGap(question);
  assert.ok(gap.kind !== "never");
  return gap.minutes;
};
const calendar = (zone: string, from: string): Calendar => new Calendar(WINDOWS_ZONES[zone] ?? zone, from, TWO_YEARS);

/** What must hold of the worst gap of any schedule; the more often tried, the better. */
export const gapProperties = (often: number) => (): void => {
  it("is never smaller than what two years show, in any zone, whatever the scheduler does", () => {
    const zone = fc.constantFrom(...Object.keys(WINDOWS_ZONES));
    fc.assert(
      fc.property(
        fc.array(timed, { minLength: 1, maxLength: 3 }),
        zone,
        start,
        behaviour,
        (schedules, name, from, does) => {
          const two = calendar(name, from);
          const gap = longestGap(union(schedules.map((schedule) => two.starts(schedule, does))));
          const worst = minutesOf({ timetables: schedules.map((schedule) => ({ schedule })), zone: name, from });
          assert.ok(gap <= worst, `${String(gap)} > ${String(worst)}`);
        },
      ),
      { numRuns: 30 * often },
    );
  });

  it("is exactly what two years show where the rules stay the same and the scheduler does the worse", () => {
    fc.assert(
      fc.property(
        fc.oneof(timed, looking),
        by,
        fc.constantFrom(...STEADY),
        start,
        fc.integer({ min: 0, max: 3 }),
        (schedule, scheduler, zone, from, missedStarts) => {
          const two = calendar(zone, from);
          const gaps = WORST[scheduler].map((does) => longestGap(two.starts(schedule, does), missedStarts));
          const question = { timetables: [{ schedule, by: scheduler }], zone, from, missedStarts };
          assert.equal(minutesOf(question), Math.max(...gaps));
        },
      ),
      { numRuns: 40 * often },
    );
  });

  it("is exactly what two years show of several schedules that add to one line", () => {
    const one = fc.record({ schedule: timed, by });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 2, maxLength: 3 }),
        fc.constantFrom(...STEADY),
        start,
        fc.integer({ min: 0, max: 2 }),
        (timetables: Timetable[], zone, from, missedStarts) => {
          const two = calendar(zone, from);
          const taken = timetables.map((one) =>
            WORST[one.by ?? "task-scheduler"].map((does) => two.starts(one.schedule, does)),
          );
          const gaps = WORST["task-scheduler"].flatMap((_, task) =>
            WORST["sql-agent"].map((__, agent) => {
              const lists = taken.map(
                (starts, index) => starts[timetables[index]?.by === "sql-agent" ? agent : task] ?? [],
              );
              return longestGap(union(lists), missedStarts);
            }),
          );
          assert.equal(minutesOf({ timetables, zone, from, missedStarts }), Math.max(...gaps));
        },
      ),
      { numRuns: 20 * often },
    );
  });

  it("is never smaller than what any history of outages and long runs makes", () => {
    const history = fc.record({
      missedStarts: fc.integer({ min: 0, max: 3 }),
      downMinutes: fc.option(fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 3000 })), {
        nil: undefined,
      }),
      seed: fc.integer(),
    });
    const one: fc.Arbitrary<Timetable> = fc.record({
      schedule: timed,
      by,
      startWhenMissed: fc.boolean(),
      runMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 2000 })),
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...STEADY),
        start,
        behaviour,
        history,
        (timetables, zone, from, does, { seed, ...assumed }) => {
          const two = calendar(zone, from);
          const planned = timetables.map(({ schedule, by: scheduler }) =>
            two.starts(schedule, scheduler === "sql-agent" ? { ...does, repeats: "by the wall" } : does),
          );
          const gap = longestGap(livedThrough(timetables, planned, assumed, seed));
          const worst = minutesOf({ timetables, zone, from, ...assumed });
          assert.ok(gap <= worst, `${String(gap)} > ${String(worst)}`);
        },
      ),
      { numRuns: 40 * often },
    );
  });
};
