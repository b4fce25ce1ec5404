import assert from "node:assert/strict";
import fc from "fast-check";
import { Weekday, type Schedule } from "../../../estate/documents";
import { nextOf, nextRuns, triggersOf, type NextRun, type Scheduler } from "../../../estate/schedules";
import { WINDOWS_ZONES } from "../../../estate/schedules/windows-zones";
import { Calendar, type Behaviour } from "./simulation";

const BERLIN = "W. Europe Standard Time";
const day = (...at: string[]): Schedule => ({ every: "day", at });
const every = (minutes: number, from: string, until?: string): Schedule => ({
  every: "minutes",
  minutes,
  from,
  ...(until === undefined ? {} : { until }),
});
const local = (runs: readonly NextRun[]): string[] => runs.map((run) => run.local);
const doubts = (runs: readonly NextRun[]): (string | undefined)[] => runs.map(({ doubt }) => doubt);

describe("the next runs", () => {
  it("are moments in UTC, with what the wall shows", () => {
    assert.deepEqual(nextRuns(day("02:00", "14:30"), BERLIN, "2026-07-01T00:00:00.000Z", 3), [
      { at: "2026-07-01T12:30:00.000Z", local: "2026-07-01 14:30" },
      { at: "2026-07-02T00:00:00.000Z", local: "2026-07-02 02:00" },
      { at: "2026-07-02T12:30:00.000Z", local: "2026-07-02 14:30" },
    ]);
    const weekly: Schedule = { every: "week", on: ["friday", "monday"], at: ["22:00"] };
    assert.deepEqual(local(nextRuns(weekly, "UTC", "2026-07-01T00:00:00.000Z", 3)), [
      "2026-07-03 22:00",
      "2026-07-06 22:00",
      "2026-07-10 22:00",
    ]);
  });

  it("come later where their time does not exist, and say that this is not certain", () => {
    const runs = nextRuns(day("02:30"), BERLIN, "2026-03-27T12:00:00.000Z", 3);
    assert.deepEqual(local(runs), ["2026-03-28 02:30", "2026-03-29 03:30", "2026-03-30 02:30"]);
    assert.deepEqual(doubts(runs), [undefined, "02:30 does not exist on this day: it may be left out", undefined]);
    const byAgent = nextRuns(day("02:30"), BERLIN, "2026-03-27T12:00:00.000Z", 2, "sql-agent");
    assert.deepEqual(local(byAgent), ["2026-03-28 02:30", "2026-03-30 02:30"]);
  });

  it("come once where their time comes twice, and say so", () => {
    const runs = nextRuns(day("02:30"), BERLIN, "2026-10-24T12:00:00.000Z", 2);
    assert.deepEqual(runs[0], {
      at: "2026-10-25T00:30:00.000Z",
      local: "2026-10-25 02:30",
      doubt: "02:30 comes twice on this day: it may be the other one, or both",
    });
    assert.equal(runs[1]?.at, "2026-10-26T01:30:00.000Z");
  });

  it("of a repetition go on by elapsed time, and say what else they may do", () => {
    const runs = nextRuns(every(60, "00:00"), BERLIN, "2026-10-25T00:30:00.000Z", 2);
    assert.deepEqual(runs, [
      {
        at: "2026-10-25T01:00:00.000Z",
        local: "2026-10-25 02:00",
        doubt: "The clocks have changed since the repetition began: it may be at 03:00, or left out",
      },
      {
        at: "2026-10-25T02:00:00.000Z",
        local: "2026-10-25 03:00",
        doubt: "The clocks have changed since the repetition began: it may be at 04:00, or left out",
      },
    ]);
    // SQL Server Agent waits until the hour is over.
    assert.deepEqual(local(nextRuns(every(60, "00:00"), BERLIN, "2026-10-25T00:30:00.000Z", 2, "sql-agent")), [
      "2026-10-25 03:00",
      "2026-10-25 04:00",
    ]);
  });

  it("begin anew each day, and say where that is sooner than the interval", () => {
    const runs = nextRuns(every(50, "00:00"), "UTC", "2026-07-01T22:00:00.000Z", 4);
    assert.deepEqual(
      local(runs).map((text) => text.slice(11)),
      ["22:30", "23:20", "00:00", "00:50"],
    );
    assert.deepEqual(doubts(runs), [
      undefined,
      undefined,
      "00:00 comes sooner than the interval after the start before it: it may be left out",
      undefined,
    ]);
  });

  it("include those of a window that began yesterday", () => {
    const runs = nextRuns(every(60, "20:00", "04:00"), "UTC", "2026-07-01T01:30:00.000Z", 3);
    assert.deepEqual(local(runs), ["2026-07-01 02:00", "2026-07-01 03:00", "2026-07-01 20:00"]);
  });

  it("are none where only a command starts it, and looks where others do", () => {
    assert.deepEqual(nextRuns({ every: "command" }, BERLIN, "2026-07-01T00:00:00.000Z", 3), []);
    const look: Schedule = { every: "run", of: "all", lookEveryMinutes: 15 };
    assert.deepEqual(local(nextRuns(look, "UTC", "2026-07-01T01:00:00.000Z", 2)), [
      "2026-07-01 01:15",
      "2026-07-01 01:30",
    ]);
  });

  it("are those of the triggers, until the task has other ones", () => {
    const from = "2026-07-01T00:00:00.000Z";
    const other = { kind: "other", text: "At startup" } as const;
    assert.equal(nextOf([other], BERLIN, from, Date.parse(from)), null);
    assert.equal(nextOf([], BERLIN, from, Date.parse(from)), null);
    const next = nextOf([other, ...triggersOf(day("02:30"))], BERLIN, from, Date.parse(from));
    assert.equal(next, Date.parse("2026-07-01T00:30:00.000Z"));
  });

  const time = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
  const times = fc.uniqueArray(time, { minLength: 1, maxLength: 4 });
  const schedules: fc.Arbitrary<Schedule> = fc.oneof(
    times.map((at): Schedule => ({ every: "day", at })),
    fc
      .tuple(fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1 }), times)
      .map(([on, at]): Schedule => ({ every: "week", on, at })),
    fc
      .tuple(fc.integer({ min: 5, max: 1440 }), time, fc.option(time, { nil: undefined }))
      .map(([minutes, from, until]) => every(minutes, from, until)),
  );
  const EXPECTED: Record<Scheduler, Behaviour> = {
    "task-scheduler": { skipped: "later", twice: "first", repeats: "until the next", hasty: "made" },
    "sql-agent": { skipped: "never", twice: "first", repeats: "by the wall", hasty: "made" },
  };

  it("are those of a scheduler that is simulated minute by minute, around every change of the clocks", () => {
    const zones = Object.keys(WINDOWS_ZONES);
    const anyDay = fc.integer({ min: 0, max: 3650 }).map((after) => Date.UTC(2026, 0, 1) + after * 86_400_000);
    fc.assert(
      fc.property(
        schedules,
        fc.constantFrom<Scheduler>("task-scheduler", "sql-agent"),
        fc.constantFrom(BERLIN, "Egypt Standard Time", "Lord Howe Standard Time", ...zones),
        anyDay,
        (schedule, by, zone, begin) => {
          const calendar = new Calendar(WINDOWS_ZONES[zone] ?? zone, new Date(begin).toISOString(), 200);
          const simulated = calendar
            .starts(schedule, EXPECTED[by])
            .map((minute) => new Date(begin + minute * 60_000).toISOString());
          const from = new Date(begin + 3 * 86_400_000 - 1).toISOString();
          const runs = nextRuns(schedule, zone, from, Math.min(simulated.length, 500), by);
          assert.deepEqual(
            runs.map(({ at }) => at),
            simulated.slice(0, 500),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
