import assert from "node:assert/strict";
import fc from "fast-check";
import { zoneProblem } from "../../../estate/schedules";
import { firstInstantOf, instantsOf, wallAt, zoneOf } from "../../../estate/schedules/zone";
import { WINDOWS_ZONES } from "../../../estate/schedules/windows-zones";

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(`${text}:00.000Z`);
const text = (instant: number): string => new Date(instant).toISOString().slice(0, 16);
const moment = fc.integer({ min: at("2020-01-01T00:00") / MINUTE, max: at("2040-01-01T00:00") / MINUTE });
const anyZone = fc.constantFrom(...Object.keys(WINDOWS_ZONES));

describe("time zones", () => {
  it("are known by every name that Windows has for one, and no two names are lost in one", () => {
    assert.equal(Object.keys(WINDOWS_ZONES).length, 139);
    assert.equal(new Set(Object.values(WINDOWS_ZONES)).size, 139);
    for (const [windows, iana] of Object.entries(WINDOWS_ZONES)) {
      assert.equal(zoneProblem(windows), undefined, windows);
      assert.equal(zoneProblem(iana), undefined, iana);
    }
  });

  const offsets: [string, string, number, number][] = [
    ["W. Europe Standard Time", "Europe/Berlin", 60, 120],
    ["GMT Standard Time", "Europe/London", 0, 60],
    ["Eastern Standard Time", "America/New_York", -300, -240],
    ["India Standard Time", "Asia/Calcutta", 330, 330],
    ["Nepal Standard Time", "Asia/Katmandu", 345, 345],
    ["Newfoundland Standard Time", "America/St_Johns", -210, -150],
    ["Lord Howe Standard Time", "Australia/Lord_Howe", 660, 630],
    ["Chatham Islands Standard Time", "Pacific/Chatham", 825, 765],
    ["AUS Eastern Standard Time", "Australia/Sydney", 660, 600],
    ["Dateline Standard Time", "Etc/GMT+12", -720, -720],
    ["Line Islands Standard Time", "Pacific/Kiritimati", 840, 840],
    ["UTC", "Etc/UTC", 0, 0],
  ];
  for (const [windows, iana, january, july] of offsets) {
    it(`${windows} is ${iana}`, () => {
      for (const name of [windows, iana]) {
        assert.equal(zoneOf(name).offsetAt(at("2026-01-15T12:00")), january * MINUTE);
        assert.equal(zoneOf(name).offsetAt(at("2026-07-15T12:00")), july * MINUTE);
      }
    });
  }

  it("that nobody knows are refused with a sentence that says what is expected", () => {
    for (const name of ["", "Berlin", "W. Europe Standard Time ", "Europe/Atlantis", "+01:00", "constructor", "💾"]) {
      assert.match(zoneProblem(name) ?? "", /is no time zone: expected .*"W\. Europe Standard Time".*"Europe\/Berlin"/);
      assert.throws(() => zoneOf(name), /is no time zone/);
    }
  });

  it("change when their rules say so, to the minute", () => {
    const changes = (name: string): string[] =>
      zoneOf(name)
        .changes(2026, 2026)
        .map(({ at: instant, before, after }) => `${text(instant)} ${String((after - before) / MINUTE)}`);
    assert.deepEqual(changes("W. Europe Standard Time"), ["2026-03-29T01:00 60", "2026-10-25T01:00 -60"]);
    assert.deepEqual(changes("Eastern Standard Time"), ["2026-03-08T07:00 60", "2026-11-01T06:00 -60"]);
    assert.deepEqual(changes("Lord Howe Standard Time"), ["2026-04-04T15:00 -30", "2026-10-03T15:30 30"]);
    assert.deepEqual(changes("Egypt Standard Time"), ["2026-04-23T22:00 60", "2026-10-29T21:00 -60"]);
    assert.deepEqual(changes("Iran Standard Time"), []);
    // Samoa left out a day.
    assert.deepEqual(
      zoneOf("Pacific/Apia")
        .changes(2011, 2011)
        .map(({ at: instant }) => text(instant)),
      ["2011-04-02T14:00", "2011-09-24T14:00", "2011-12-30T10:00"],
    );
  });

  it("show at every moment what the engine's own calendar shows", () => {
    const field = "2-digit";
    const formats = new Map<string, Intl.DateTimeFormat>();
    const shown = (iana: string, instant: number): string => {
      const format =
        formats.get(iana) ??
        new Intl.DateTimeFormat("sv-SE", {
          ...{
            timeZone: iana,
            hourCycle: "h23",
            year: "numeric",
            month: field,
            day: field,
            hour: field,
            minute: field,
          },
        });
      formats.set(iana, format);
      return format.format(instant);
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(WINDOWS_ZONES)), moment, ([windows, iana], minute) => {
        const instant = minute * MINUTE;
        assert.equal(text(wallAt(zoneOf(windows), instant)).replace("T", " "), shown(iana, instant));
      }),
      { numRuns: 500 },
    );
  });

  it("know local time and back", () => {
    fc.assert(
      fc.property(anyZone, moment, (name, minute) => {
        const zone = zoneOf(name);
        const wall = wallAt(zone, minute * MINUTE);
        const instants = instantsOf(zone, wall);
        assert.ok(instants.includes(minute * MINUTE));
        assert.ok(instants.length <= 2 && instants.every((instant) => wallAt(zone, instant) === wall));
        assert.equal(firstInstantOf(zone, wall), instants[0]);
      }),
      { numRuns: 500 },
    );
  });

  it("have times that never come, and times that come twice", () => {
    const berlin = zoneOf("W. Europe Standard Time");
    assert.deepEqual(instantsOf(berlin, at("2026-03-29T02:00")), []);
    assert.deepEqual(instantsOf(berlin, at("2026-03-29T02:59")), []);
    assert.deepEqual(instantsOf(berlin, at("2026-03-29T03:00")).map(text), ["2026-03-29T01:00"]);
    assert.equal(text(firstInstantOf(berlin, at("2026-03-29T02:30"))), "2026-03-29T01:30");
    assert.deepEqual(instantsOf(berlin, at("2026-10-25T02:00")).map(text), ["2026-10-25T00:00", "2026-10-25T01:00"]);
    assert.deepEqual(instantsOf(berlin, at("2026-10-25T03:00")).map(text), ["2026-10-25T02:00"]);
    const lordHowe = zoneOf("Lord Howe Standard Time");
    assert.deepEqual(instantsOf(lordHowe, at("2026-04-05T01:30")).map(text), ["2026-04-04T14:30", "2026-04-04T15:00"]);
    assert.deepEqual(instantsOf(lordHowe, at("2026-04-05T01:29")).length, 1);
  });
});
