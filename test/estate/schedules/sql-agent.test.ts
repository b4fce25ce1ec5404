import assert from "node:assert/strict";
import fc from "fast-check";
import { Schedule, SqlAgentSchedule, Weekday } from "../../../estate/documents";
import {
  canonicalSchedule,
  scheduleOfSqlAgent,
  sqlAgentRefusal,
  sqlAgentSchedulesOf,
  sqlAgentText,
  triggersOf,
} from "../../../estate/schedules";

const time = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
const times = fc.uniqueArray(time, { minLength: 1, maxLength: 24 });
const days = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1, maxLength: 7 });
const minutes = fc.integer({ min: 1, max: 1440 });
const any: fc.Arbitrary<Schedule> = fc.oneof(
  times.map((at): Schedule => ({ every: "day", at })),
  fc.tuple(days, times).map(([on, at]): Schedule => ({ every: "week", on, at })),
  fc
    .tuple(minutes, time, fc.option(time, { nil: undefined }))
    .map(([every, from, until]): Schedule => ({ every: "minutes", minutes: every, from, ...(until ? { until } : {}) })),
  minutes.map((lookEveryMinutes): Schedule => ({ every: "run", of: "all", lookEveryMinutes })),
  fc.constant<Schedule>({ every: "command" }),
);

const row = (fields: Partial<SqlAgentSchedule>): SqlAgentSchedule => ({
  enabled: true,
  freqType: 4,
  freqInterval: 1,
  freqSubdayType: 1,
  freqSubdayInterval: 0,
  freqRelativeInterval: 0,
  freqRecurrenceFactor: 0,
  activeStartDate: 19900101,
  activeEndDate: 99991231,
  activeStartTime: 20000,
  activeEndTime: 235959,
  ...fields,
});

describe("schedules for SQL Server Agent", () => {
  const said: [string, Schedule, Partial<SqlAgentSchedule>[]][] = [
    [
      "each time of day has one",
      { every: "day", at: ["22:30", "02:00"] },
      [{ activeStartTime: 20000 }, { activeStartTime: 223000 }],
    ],
    [
      "days are bits, Sunday the lowest",
      { every: "week", on: ["saturday", "sunday", "monday"], at: ["00:05"] },
      [{ freqType: 8, freqInterval: 67, freqRecurrenceFactor: 1, activeStartTime: 500 }],
    ],
    [
      "an interval of the whole day ends with its last second",
      { every: "minutes", minutes: 15, from: "00:00" },
      [{ freqSubdayType: 4, freqSubdayInterval: 15, activeStartTime: 0, activeEndTime: 235959 }],
    ],
    [
      "the end of a window is no start",
      { every: "minutes", minutes: 60, from: "06:00", until: "22:00" },
      [{ freqSubdayType: 8, freqSubdayInterval: 1, activeStartTime: 60000, activeEndTime: 215959 }],
    ],
    [
      "a window over midnight has one on each side, in step",
      { every: "minutes", minutes: 50, from: "20:00", until: "04:00" },
      [
        { freqSubdayType: 4, freqSubdayInterval: 50, activeStartTime: 200000, activeEndTime: 235959 },
        { freqSubdayType: 4, freqSubdayInterval: 50, activeStartTime: 1000, activeEndTime: 35959 },
      ],
    ],
    [
      "what comes once on a side is at a time",
      { every: "minutes", minutes: 240, from: "20:00", until: "04:00" },
      [{ activeStartTime: 200000 }, { activeStartTime: 0 }],
    ],
    ["what runs on command has none", { every: "command" }, []],
  ];
  for (const [title, schedule, rows] of said) {
    it(title, () => {
      assert.deepEqual(sqlAgentSchedulesOf(schedule), rows.map(row));
      assert.deepEqual(scheduleOfSqlAgent(rows.map(row), schedule), canonicalSchedule(schedule));
    });
  }

  it("are what sp_add_schedule takes", () => {
    fc.assert(
      fc.property(any, (schedule) => {
        for (const one of sqlAgentSchedulesOf(schedule)) {
          assert.deepEqual(SqlAgentSchedule.parse(one), one);
          const { freqType, freqInterval, freqSubdayType, freqSubdayInterval, freqRecurrenceFactor } = one;
          assert.ok(freqType === 8 ? freqInterval >= 1 && freqInterval <= 127 : freqInterval === 1);
          assert.equal(freqRecurrenceFactor, freqType === 8 ? 1 : 0);
          assert.ok(freqSubdayType === 1 || freqSubdayInterval >= 1);
          assert.ok(freqSubdayType === 1 || one.activeStartTime < one.activeEndTime);
          // To the procedure a zero means the end of the day.
          assert.ok(one.activeEndTime > 0);
        }
      }),
    );
  });

  it("start what the same declaration starts in Task Scheduler", () => {
    fc.assert(
      fc.property(any, (schedule) => {
        const planned = triggersOf(schedule).flatMap((trigger) => {
          if (trigger.kind === "other") return [];
          const first = Number(trigger.at.slice(0, 2)) * 60 + Number(trigger.at.slice(3));
          const count = trigger.kind === "repeating" ? Math.ceil(trigger.forMinutes / trigger.minutes) : 1;
          const every = trigger.kind === "repeating" ? trigger.minutes : 0;
          return Array.from({ length: count }, (_, index) => (first + index * every) % 1440);
        });
        const started = sqlAgentSchedulesOf(schedule).flatMap(startsOfRow);
        assert.deepEqual([...started].sort(byNumber), [...planned].sort(byNumber));
      }),
    );
  });

  it("come back as they were declared", () => {
    fc.assert(
      fc.property(any, (schedule) => {
        assert.deepEqual(scheduleOfSqlAgent(sqlAgentSchedulesOf(schedule), schedule), canonicalSchedule(schedule));
      }),
    );
  });

  it("come back in words that start the same, also where nobody says what was declared", () => {
    fc.assert(
      fc.property(any, any, (schedule, declared) => {
        const rows = sqlAgentSchedulesOf(schedule);
        for (const words of [scheduleOfSqlAgent(rows), scheduleOfSqlAgent(rows, declared)]) {
          assert.ok(words);
          assert.deepEqual(Schedule.parse(words), words);
          const again = sqlAgentSchedulesOf(words);
          assert.deepEqual(again.flatMap(startsOfRow).sort(byNumber), rows.flatMap(startsOfRow).sort(byNumber));
          assert.equal(again[0]?.freqInterval, rows[0]?.freqInterval);
        }
      }),
    );
  });

  it("are the same where a colleague typed the same otherwise", () => {
    const hourly = row({ freqSubdayType: 8, freqSubdayInterval: 2, activeStartTime: 60000, activeEndTime: 180000 });
    const minutely = row({ freqSubdayType: 4, freqSubdayInterval: 120, activeStartTime: 60000, activeEndTime: 185959 });
    const declared: Schedule = { every: "minutes", minutes: 120, from: "06:00", until: "19:00" };
    assert.deepEqual(scheduleOfSqlAgent([hourly], declared), declared);
    assert.deepEqual(scheduleOfSqlAgent([minutely]), declared);
    const everyDay = row({ freqType: 8, freqInterval: 127, freqRecurrenceFactor: 1 });
    assert.deepEqual(scheduleOfSqlAgent([everyDay]), { every: "day", at: ["02:00"] });
  });

  const unsayable: [string, Partial<SqlAgentSchedule>[], RegExp][] = [
    ["every second day", [{ freqInterval: 2 }], /^every 2 days at 02:00:00$/],
    [
      "every second week",
      [{ freqType: 8, freqInterval: 66, freqRecurrenceFactor: 2 }],
      /^monday, saturday of every 2 weeks at 02:00:00$/,
    ],
    [
      "a day of the month",
      [{ freqType: 16, freqInterval: 31, freqRecurrenceFactor: 1 }],
      /^on day 31 of every month at 02:00:00$/,
    ],
    [
      "a weekday of the month",
      [{ freqType: 32, freqInterval: 1, freqRelativeInterval: 16, freqRecurrenceFactor: 3 }],
      /^on a weekday of every 3 months at 02:00:00$/,
    ],
    ["once", [{ freqType: 1, freqInterval: 0, activeStartDate: 20260301 }], /^once, on 2026-03-01, at 02:00:00/],
    ["when the Agent starts", [{ freqType: 64, freqInterval: 0, freqSubdayType: 0 }], /^when SQL Server Agent starts$/],
    ["when idle", [{ freqType: 128, freqInterval: 0, freqSubdayType: 0 }], /^when the computer is idle$/],
    ["seconds", [{ freqSubdayType: 2, freqSubdayInterval: 30 }], /^every day every 30 s from 02:00:00 to 23:59:59$/],
    ["a start between two minutes", [{ activeStartTime: 20030 }], /^every day at 02:00:30$/],
    [
      "a window over midnight in one, of which nobody says how it counts",
      [{ freqSubdayType: 4, freqSubdayInterval: 50, activeStartTime: 200000, activeEndTime: 35959 }],
      /^every day every 50 min from 20:00:00 to 03:59:59$/,
    ],
    ["one that is disabled", [{ enabled: false }], /at 02:00:00, disabled$/],
    ["one that begins on a day", [{ activeStartDate: 20260301 }], /at 02:00:00, from 2026-03-01 on$/],
    ["one that ends", [{ activeEndDate: 20261231 }], /at 02:00:00, until 2026-12-31$/],
    [
      "different days at different times",
      [
        { freqType: 8, freqInterval: 2, freqRecurrenceFactor: 1 },
        { freqType: 8, freqInterval: 4, freqRecurrenceFactor: 1, activeStartTime: 30000 },
      ],
      /^monday of every week at 02:00:00$/,
    ],
    [
      "two intervals",
      [
        { freqSubdayType: 4, freqSubdayInterval: 15, activeEndTime: 35959 },
        { freqSubdayType: 4, freqSubdayInterval: 30, activeStartTime: 100000 },
      ],
      /^every day every 15 min from 02:00:00 to 03:59:59$/,
    ],
    [
      "more times than a declaration takes",
      Array.from({ length: 25 }, (_, index) => ({ activeStartTime: index < 24 ? index * 10000 : 3000 })),
      /^every day at 00:00:00$/,
    ],
  ];
  for (const [title, rows, text] of unsayable) {
    it(`cannot say ${title}, and show it in words instead`, () => {
      const there = rows.map((fields) => SqlAgentSchedule.parse(row(fields)));
      assert.equal(scheduleOfSqlAgent(there), undefined);
      assert.equal(scheduleOfSqlAgent(there, { every: "day", at: ["02:00"] }), undefined);
      assert.match(sqlAgentText(there[0] ?? row({})), text);
    });
  }

  it("make up for nothing, and say so", () => {
    assert.match(
      sqlAgentRefusal({ startWhenMissed: true }) ?? "",
      /never makes up for a missed start: let Task Scheduler/,
    );
    assert.equal(sqlAgentRefusal({ startWhenMissed: false }), undefined);
  });

  it("are refused where a date or a time is none", () => {
    for (const bad of [
      { activeStartTime: 240000 },
      { activeStartTime: 6000 },
      { activeStartTime: 60 },
      { activeEndTime: -1 },
      { activeStartDate: 20260230 },
      { activeEndDate: 0 },
      { freqType: 2 },
      { freqSubdayType: 3 },
    ]) {
      assert.ok(!SqlAgentSchedule.safeParse({ ...row({}), ...bad }).success, JSON.stringify(bad));
    }
  });
});

const byNumber = (a: number, b: number): number => a - b;

/** As the Agent's own pages say: at a time, or from it on until the end, the end included. */
function startsOfRow(one: SqlAgentSchedule): number[] {
  const seconds = (number: number): number =>
    Math.floor(number / 10000) * 3600 + (Math.floor(number / 100) % 100) * 60 + (number % 100);
  const first = seconds(one.activeStartTime);
  if (one.freqSubdayType === 1) return [first / 60];
  const step = one.freqSubdayInterval * (one.freqSubdayType === 8 ? 3600 : 60);
  const found: number[] = [];
  for (let second = first; second <= seconds(one.activeEndTime); second += step) found.push(second / 60);
  return found;
}
