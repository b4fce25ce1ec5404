import assert from "node:assert/strict";
import fc from "fast-check";
import type { Schedule, Weekday } from "../../../estate/documents";
import { durationText, worstGap, type Gap, type GapQuestion, type Timetable } from "../../../estate/schedules";

const BERLIN = "W. Europe Standard Time";
const day = (...at: string[]): Schedule => ({ every: "day", at });
const week = (on: Weekday[], ...at: string[]): Schedule => ({ every: "week", on, at });
const every = (minutes: number, from = "00:00", until?: string): Schedule => ({
  every: "minutes",
  minutes,
  from,
  ...(until === undefined ? {} : { until }),
});
const looking = (lookEveryMinutes: number): Schedule => ({ every: "run", of: "all", lookEveryMinutes });

type More = Partial<GapQuestion> & { timetable?: Omit<Timetable, "schedule"> };
function gapOf(schedules: Schedule | readonly Schedule[], zone: string, { timetable, ...more }: More = {}): Gap {
  const timetables = [schedules].flat().map((schedule) => ({ schedule, ...timetable }));
  const gap = worstGap({ timetables, zone, from: "2026-01-15T09:00:00.000Z", ...more });
  assert.ok(gap.kind !== "never");
  return gap;
}
const byAgent: More = { timetable: { by: "sql-agent" } };

describe("the worst gap", () => {
  // In 2026 Berlin's clocks go forward on 29 March, from 02:00 to 03:00, and back on 25 October, from 03:00 to 02:00.
  const examples: [string, Schedule | Schedule[], string, More, string][] = [
    ["one day, where no clock changes", day("02:00"), "UTC", {}, "02:00 + 24 h"],
    ["one day and an hour, where clocks go back", day("03:30"), BERLIN, {}, "2026-10-24 03:30 + 25 h"],
    ["two days less an hour, where a start does not exist", day("02:30"), BERLIN, {}, "2026-03-28 02:30 + 47 h"],
    ["the longer of the two, of several times a day", day("06:00", "14:00", "22:00"), "UTC", {}, "06:00 + 8 h"],
    [
      "the night of the change, of several times a day",
      day("00:00", "08:00", "16:00"),
      BERLIN,
      {},
      "2026-10-25 00:00 + 9 h",
    ],
    [
      "to the second time, where a start may come at either",
      day("02:30", "04:00"),
      BERLIN,
      { timetable: { by: "sql-agent" } },
      "2026-10-24 04:00 + 23 h 30 min",
    ],
    ["two weeks less an hour", week(["sunday"], "02:30"), BERLIN, {}, "2026-03-22 02:30 + 13 d 23 h"],
    ["a week", week(["wednesday"], "22:00"), "UTC", {}, "wednesday 22:00 + 7 d"],
    [
      "the weekend",
      week(["monday", "tuesday", "wednesday", "thursday", "friday"], "22:00"),
      "UTC",
      {},
      "friday 22:00 + 3 d",
    ],
    ["the weekend in October", week(["tuesday", "friday"], "22:00"), BERLIN, {}, "2026-10-23 22:00 + 4 d 1 h"],
    ["the interval", every(15), "UTC", {}, "00:00 + 15 min"],
    ["the hour that comes again, and the interval", every(15), BERLIN, {}, "2026-10-25 02:45 + 1 h 15 min"],
    ["the hour that comes again, for the Agent too", every(15), BERLIN, byAgent, "2026-10-25 02:45 + 1 h 15 min"],
    ["the night between two windows", every(60, "06:00", "22:00"), "UTC", {}, "21:00 + 9 h"],
    ["the day between two windows", every(60, "20:00", "04:00"), "UTC", {}, "03:00 + 17 h"],
    // Eight hours that pass end at 03:00 when the clocks go back at night: the last start is at 02:00.
    ["the day after a night of nine hours", every(60, "20:00", "04:00"), BERLIN, {}, "2026-10-25 02:00 + 18 h"],
    ["the day, by the wall", every(60, "20:00", "04:00"), BERLIN, byAgent, "03:00 + 17 h"],
    [
      "the night, where the interval does not divide the window",
      every(50, "20:00", "04:00"),
      "UTC",
      {},
      "03:30 + 16 h 30 min",
    ],
    // 23:55, then not 00:00 but 00:07.
    ["the interval and the rest of the day", every(7), "UTC", {}, "23:55 + 12 min"],
    // 24 hours that pass end at 23:00: 22:55, then 00:07.
    ["that and the hour of October", every(7), BERLIN, {}, "2026-10-25 22:55 + 1 h 12 min"],
    // 02:55 for the first time, then 03:02.
    ["the hour of October alone, by the wall", every(7), BERLIN, byAgent, "2026-10-25 02:55 + 1 h 7 min"],
    ["the interval and the rest of the day, if it is long", every(50), "UTC", {}, "23:20 + 1 h 30 min"],
    ["that and the hour, if it is long", every(50), BERLIN, {}, "2026-10-25 22:20 + 2 h 30 min"],
    ["a day, where the second start comes too soon after the first", every(1000), "UTC", {}, "16:40 + 24 h"],
    ["a day, where the interval is one", every(1440, "05:00"), "UTC", {}, "05:00 + 24 h"],
    ["half an hour more on Lord Howe", day("01:45"), "Lord Howe Standard Time", {}, "2026-04-05 01:45 + 24 h 30 min"],
    ["half an hour less on Lord Howe", day("02:15"), "Lord Howe Standard Time", {}, "2026-10-03 02:15 + 47 h 30 min"],
    ["over midnight in Cairo", day("00:30"), "Egypt Standard Time", {}, "2026-04-23 00:30 + 47 h"],
    ["over midnight on the Azores", day("00:00"), "Azores Standard Time", {}, "2026-03-28 00:00 + 47 h"],
    ["before midnight in Greenland", day("23:30"), "Greenland Standard Time", {}, "2026-03-27 23:30 + 47 h"],
    [
      "at a quarter to three on the Chatham Islands",
      day("03:00"),
      "Chatham Islands Standard Time",
      {},
      "2026-09-26 03:00 + 47 h",
    ],
    ["in southern spring", day("02:30"), "AUS Eastern Standard Time", {}, "2026-10-03 02:30 + 47 h"],
    ["of Iran, which has given up summer time", day("00:00"), "Iran Standard Time", {}, "00:00 + 24 h"],
    // What repeats hangs upon the start that does not exist, and midnight is when Egypt changes its clocks.
    [
      "a day in Cairo, of a repetition that cannot begin",
      every(15),
      "Egypt Standard Time",
      {},
      "2026-04-23 23:45 + 23 h 15 min",
    ],
    ["no day in Cairo by the wall", every(15), "Egypt Standard Time", byAgent, "2026-10-29 23:45 + 1 h 15 min"],
    [
      "of a full backup and the log between",
      [day("02:00"), every(15, "06:00", "22:00")],
      "UTC",
      {},
      "21:45 + 4 h 15 min",
    ],
    [
      "of a full backup that does not run, and the log before and after",
      [day("02:00"), every(15, "06:00", "22:00")],
      BERLIN,
      {},
      "2026-03-28 21:45 + 7 h 15 min",
    ],
    [
      "of a weekly full backup and a daily one",
      [week(["sunday"], "01:00"), day("22:00")],
      "UTC",
      {},
      "monday 22:00 + 24 h",
    ],
    ["until the next look", looking(15), "UTC", {}, "15 min until the look"],
    ["until the next look, in October", looking(15), "Egypt Standard Time", {}, "1 h 15 min until the look"],
  ];
  for (const [title, schedules, zone, more, expected] of examples) {
    it(`${title}: ${expected}`, () => {
      const gap = gapOf(schedules, zone, more);
      assert.equal(gap.text, expected);
      assert.equal((Date.parse(gap.until.at) - Date.parse(gap.from.at)) / 60_000, gap.minutes);
      assert.deepEqual(gap.years, { from: 2026, until: 2053 });
    });
  }
});

describe("the working of a worst gap", () => {
  it("names both ends, in UTC and as the wall shows them", () => {
    const gap = gapOf(day("02:30"), BERLIN);
    assert.equal(gap.minutes, 2820);
    assert.deepEqual(gap.from, { at: "2026-03-28T01:30:00.000Z", local: "2026-03-28 02:30" });
    assert.deepEqual(gap.until, { at: "2026-03-30T00:30:00.000Z", local: "2026-03-30 02:30" });
  });

  const assumed: [string, Schedule | Schedule[], string, More, string[]][] = [
    ["nothing on ordinary days", day("02:00"), "UTC", {}, []],
    [
      "that a time that does not exist is left out",
      day("02:30"),
      BERLIN,
      {},
      ["02:30 does not exist on 2026-03-29 in W. Europe Standard Time: assumed not to run"],
    ],
    [
      "that of several at once, in one sentence",
      day("02:10", "02:20", "02:50"),
      BERLIN,
      {},
      ["02:10 to 02:50 do not exist on 2026-03-29 in W. Europe Standard Time: assumed not to run"],
    ],
    [
      "which of two times it is",
      every(15),
      BERLIN,
      {},
      ["02:45 comes twice on 2026-10-25 in W. Europe Standard Time: assumed to run only the first time"],
    ],
    [
      "that it is the other one, where that is worse",
      day("02:30", "04:00"),
      BERLIN,
      {},
      ["02:30 comes twice on 2026-10-25 in W. Europe Standard Time: assumed to run only the second time"],
    ],
    [
      "that a repetition counts the hours that pass, and does not reach its end",
      every(60, "20:00", "04:00"),
      BERLIN,
      {},
      [
        "The repetition that should reach 03:00 on 2026-10-25 in W. Europe Standard Time is assumed to reach it at 02:00",
        "04:00 ends the window: assumed not to run then",
      ],
    ],
    [
      "that a repetition that cannot begin is lost",
      every(15),
      "Egypt Standard Time",
      {},
      ["00:00 does not exist on 2026-04-24 in Egypt Standard Time: what repeats from then on is assumed not to run"],
    ],
    [
      "that a start that comes too soon is left out",
      every(7),
      "UTC",
      {},
      ["7 min do not divide the day: 00:00, 5 min after 23:55, is assumed not to run"],
    ],
    [
      "that starts are missed",
      day("02:00"),
      "UTC",
      { missedStarts: 2 },
      ["2 starts in a row are assumed to be missed"],
    ],
    [
      "that what is left to others adds nothing",
      [day("02:00"), looking(15), { every: "command" }],
      "UTC",
      {},
      ["What waits for a command or for other runs adds nothing"],
    ],
  ];
  for (const [title, schedules, zone, more, expected] of assumed) {
    it(`says ${title}`, () => {
      assert.deepEqual(gapOf(schedules, zone, more).assumptions, expected);
    });
  }

  it("says that nothing is promised where nothing starts by itself", () => {
    const question = { zone: BERLIN, from: "2026-01-15T09:00:00.000Z" };
    for (const timetables of [[], [{ schedule: { every: "command" } as const }]]) {
      assert.deepEqual(worstGap({ ...question, timetables }), { kind: "never", text: "runs only when it is asked to" });
    }
  });

  it("takes the longest look of several, for each waits for runs of its own", () => {
    const gap = gapOf([looking(15), looking(60), looking(30)], "UTC");
    assert.deepEqual([gap.kind, gap.minutes], ["look", 60]);
  });

  it("is the same all year, and looks at the next 28", () => {
    const [early, late] = ["2031-01-01T00:00:00.000Z", "2031-12-31T23:00:00.000Z"].map((from) =>
      gapOf(day("02:30"), BERLIN, { from }),
    );
    assert.deepEqual(early, late);
    assert.equal(early?.text, "2031-03-29 02:30 + 47 h");
    assert.deepEqual(early?.years, { from: 2031, until: 2058 });
  });

  it("refuses a zone that nobody knows", () => {
    assert.throws(() => gapOf(day("02:00"), "Berlin"), /"Berlin" is no time zone: expected/);
  });
});

describe("missed starts", () => {
  const missed = (schedule: Schedule, more: More): [string, string | undefined] => {
    const { text, assumptions } = gapOf(schedule, "UTC", more);
    return [text, assumptions.at(-1)];
  };

  it("each cost an interval", () => {
    assert.equal(missed(day("02:00"), { missedStarts: 1 })[0], "02:00 + 2 d");
    assert.equal(missed(day("02:00"), { missedStarts: 2 })[0], "02:00 + 3 d");
    assert.equal(missed(every(15, "06:00", "22:00"), { missedStarts: 2 })[0], "21:15 + 8 h 45 min");
    assert.equal(missed(week(["tuesday", "friday"], "22:00"), { missedStarts: 1 })[0], "tuesday 22:00 + 7 d");
  });

  it("come on top of what the clocks take", () => {
    assert.equal(gapOf(day("02:30"), BERLIN, { missedStarts: 1 }).text, "2026-03-27 02:30 + 2 d 23 h");
  });

  it("are missed together where several fall on one moment", () => {
    assert.equal(gapOf([day("02:00"), day("02:00", "14:00")], "UTC", { missedStarts: 1 }).text, "02:00 + 24 h");
  });

  const makingUp: Omit<Timetable, "schedule"> = { startWhenMissed: true };
  it("cost less where they are made up for and it is known how long a host is down", () => {
    assert.deepEqual(missed(day("02:00"), { missedStarts: 1, downMinutes: 30, timetable: makingUp }), [
      "02:00 + 24 h 40 min",
      "What is missed is made up for after 40 min: a host is down for 30 min at most, and Task Scheduler waits for " +
        "another 10 min",
    ]);
    assert.equal(missed(day("02:00"), { missedStarts: 1, downMinutes: 3000, timetable: makingUp })[0], "02:00 + 2 d");
  });

  it("cost as much where nobody knows when the host is back", () => {
    const [text, said] = missed(day("02:00"), { missedStarts: 1, timetable: makingUp });
    assert.equal(text, "02:00 + 2 d");
    assert.match(said ?? "", /^How long a host is down is not said: .* made up for just before the next start$/);
  });

  it("of a repetition and of the Agent are not made up for", () => {
    const down = { missedStarts: 1, downMinutes: 1, timetable: makingUp };
    assert.deepEqual(missed(every(60), down), [
      "00:00 + 2 h",
      "A repetition is assumed to make up for no missed start",
    ]);
    assert.deepEqual(missed(day("02:00"), { ...down, timetable: { ...makingUp, by: "sql-agent" } }), [
      "02:00 + 2 d",
      "SQL Server Agent makes up for no missed start",
    ]);
  });

  it("so many that no future holds them are refused", () => {
    assert.throws(() => gapOf(week(["monday"], "02:00"), "UTC", { missedStarts: 2000 }), /longer than the 28 years/);
  });
});

describe("runs that last", () => {
  it("hold up the starts that come meanwhile", () => {
    const gap = gapOf(every(15), "UTC", { timetable: { runMinutes: 40 } });
    assert.equal(gap.text, "00:00 + 45 min");
    assert.deepEqual(gap.assumptions, ["A start that comes while a run of 40 min goes on is not made"]);
    assert.equal(gapOf(every(15), "UTC", { timetable: { runMinutes: 15 } }).minutes, 15);
    assert.equal(gapOf(day("02:00"), "UTC", { timetable: { runMinutes: 1500 } }).text, "02:00 + 2 d");
  });

  it("hold up the next start when they are made up for late", () => {
    // Missed at 02:00, made up for at 16:01, it runs until 02:01; the start after that is missed too, and made up for.
    const more: More = { missedStarts: 1, downMinutes: 840, timetable: { startWhenMissed: true, runMinutes: 600 } };
    assert.equal(gapOf(day("02:00"), "UTC", more).text, "16:01 + 2 d 9 min");
    const short = { ...more, timetable: { startWhenMissed: true, runMinutes: 580 } };
    assert.equal(gapOf(day("02:00"), "UTC", short).text, "02:00 + 38 h 10 min");
  });

  it("hold up several starts when they are made up for late", () => {
    // Missed at 00:00, made up for at 02:10, it runs until 03:02: neither 03:00 nor 03:01 is made, and the next 00:00 is missed.
    const more: More = { missedStarts: 1, downMinutes: 179, timetable: { startWhenMissed: true, runMinutes: 52 } };
    assert.equal(gapOf(day("00:00", "03:00", "03:01"), "UTC", more).text, "02:10 + 24 h 50 min");
  });

  it("hold up the next start of a line that others add to", () => {
    // What was missed at 00:00 may be made up for at 18:28 and run until 00:02; then 11:03 and 18:28 are missed.
    const full = { schedule: day("00:00"), startWhenMissed: true, runMinutes: 334 };
    const log = { schedule: every(445, "11:03", "00:00") };
    const question = { timetables: [full, log], zone: "UTC", from: "2026-01-15T09:00:00.000Z", missedStarts: 2 };
    const gap = worstGap(question);
    assert.equal(gap.text, "18:28 + 29 h 32 min");
  });

  it("hold up the next start also where the one before them was in doubt, and is made after all", () => {
    const timetables = [{ schedule: day("00:00") }, { schedule: every(361), runMinutes: 302 }];
    const gap = worstGap({ timetables, zone: BERLIN, from: "2026-01-15T09:00:00.000Z" });
    // By hand: on 29 March 06:01 comes 301 min after 00:00, so that the run of midnight still goes on.
    assert.equal(gap.text, "2026-03-29 00:00 + 11 h 2 min");
  });

  it("hold up no other job", () => {
    const full = { schedule: day("02:00"), runMinutes: 90 };
    const log = { schedule: every(15) };
    const gap = worstGap({ timetables: [full, log], zone: "UTC", from: "2026-01-15T09:00:00.000Z" });
    assert.deepEqual(gap.kind === "gap" && gap.minutes, 15);
  });
});

describe("durations in words", () => {
  const words: [number, string][] = [
    [0, "0 min"],
    [0.2, "1 min"],
    [40, "40 min"],
    [60, "1 h"],
    [1440, "24 h"],
    [1510, "25 h 10 min"],
    [2879, "47 h 59 min"],
    [2880, "2 d"],
    [4440, "3 d 2 h"],
    [10085, "7 d 5 min"],
  ];
  for (const [minutes, text] of words) {
    it(`${String(minutes)} is ${text}`, () => {
      assert.equal(durationText(minutes), text);
    });
  }

  it("say every minute that there is", () => {
    const units: Record<string, number> = { d: 1440, h: 60, min: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (minutes) => {
        const said = [...durationText(minutes).matchAll(/(\d+) (\w+)/g)];
        assert.equal(
          said.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? NaN), 0),
          minutes,
        );
      }),
    );
  });
});
