import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TaskTrigger } from "../../estate/documents";
import { nextOf } from "../../estate/schedules";
import { advance, editTask } from "../../lab/commands";
import { Store } from "../../lab/store";
import { inWorld } from "../../lab/world";
import { configuration, FE01, FE02, JOB, labWithJob } from "./fixture";

const BERLIN = "W. Europe Standard Time";
const firings = (trigger: TaskTrigger, from: string, count: number): string[] => {
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count;) {
    const next = nextOf([trigger], BERLIN, from, at);
    assert.ok(next !== null && next > at);
    found.push(new Date(next).toISOString().slice(0, 16));
    at = next;
  }
  return found;
};

describe("A trigger of the lab", () => {
  it("keeps its local time when summer time begins and ends", () => {
    const daily: TaskTrigger = { kind: "daily", at: "02:00", everyDays: 1 };
    assert.deepEqual(firings(daily, "2026-03-27T12:00:00.000Z", 3), [
      "2026-03-28T01:00",
      // There is no 02:00 that night: it is 03:00 at once.
      "2026-03-29T01:00",
      "2026-03-30T00:00",
    ]);
    assert.deepEqual(firings(daily, "2026-10-23T12:00:00.000Z", 3), [
      "2026-10-24T00:00",
      // 02:00 comes twice that night, and counts once.
      "2026-10-25T00:00",
      "2026-10-26T01:00",
    ]);
  });

  it("fires on its weekdays, in its weeks", () => {
    const weekly: TaskTrigger = { kind: "weekly", at: "03:30", on: ["monday", "friday"], everyWeeks: 2 };
    assert.deepEqual(firings(weekly, "2026-01-07T12:00:00.000Z", 3), [
      "2026-01-09T02:30",
      "2026-01-19T02:30",
      "2026-01-23T02:30",
    ]);
    const third: TaskTrigger = { kind: "daily", at: "12:00", everyDays: 3 };
    assert.deepEqual(firings(third, "2026-01-07T12:00:00.000Z", 2), ["2026-01-10T11:00", "2026-01-13T11:00"]);
  });

  it("repeats within its window, over midnight too", () => {
    const repeating: TaskTrigger = { kind: "repeating", at: "23:00", minutes: 45, forMinutes: 120 };
    assert.deepEqual(firings(repeating, "2026-01-07T12:00:00.000Z", 4), [
      "2026-01-07T22:00",
      "2026-01-07T22:45",
      "2026-01-07T23:30",
      "2026-01-08T22:00",
    ]);
  });

  it("fires as often as the night of the change has hours", () => {
    const hourly: TaskTrigger = { kind: "repeating", at: "00:00", minutes: 60, forMinutes: 1440 };
    const on = (from: string, until: string): number => firings(hourly, from, 30).filter((at) => at < until).length;
    assert.equal(on("2026-03-28T22:59:00.000Z", "2026-03-29T22:00"), 23);
    assert.equal(on("2026-10-24T21:59:00.000Z", "2026-10-25T23:00"), 25);
  });
});

describe("Advancing the lab's clock", () => {
  it("starts what is due at its local time, on every host, in order", async () => {
    const folder = await labWithJob();
    await inWorld(new Store(folder), ({ clock }) => {
      clock.now = "2026-03-27T12:00:00.000Z";
    });
    for (const host of [FE01, FE02]) {
      await editTask(folder, host, JOB, { triggers: [{ kind: "daily", at: "02:00", everyDays: 1 }] });
    }
    const { now, fired } = await advance(folder, 3 * 1440);
    assert.equal(now, "2026-03-30T12:00:00.000Z");
    assert.deepEqual(
      fired.map(({ at, host, outcome }) => `${at.slice(0, 16)} ${host.slice(0, 4)} ${outcome}`),
      ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"].flatMap((at) => [
        `${at} fe01 succeeded`,
        `${at} fe02 stood-down`,
      ]),
    );
    assert.deepEqual((await advance(folder, 60)).fired, []);
  });

  it("starts once in the night that has an hour twice, and at once where there is no such hour", async () => {
    const nights = async (from: string, at: string): Promise<string[]> => {
      const folder = await labWithJob(configuration({ placement: [{ host: FE01 }] }));
      await inWorld(new Store(folder), ({ clock }) => {
        clock.now = from;
      });
      await editTask(folder, FE01, JOB, { triggers: [{ kind: "daily", at, everyDays: 1 }] });
      return (await advance(folder, 2 * 1440)).fired.map((one) => one.at.slice(0, 16));
    };
    assert.deepEqual(await nights("2026-10-24T12:00:00.000Z", "02:30"), ["2026-10-25T00:30", "2026-10-26T01:30"]);
    assert.deepEqual(await nights("2026-03-28T12:00:00.000Z", "02:30"), ["2026-03-29T01:30", "2026-03-30T00:30"]);
  });

  it("never goes back, however many advance it", async () => {
    const folder = await labWithJob();
    const both = await Promise.all([advance(folder, 60), advance(folder, 3 * 1440), advance(folder, 1440)]);
    assert.equal(both[1].now, "2026-03-05T09:00:00.000Z");
    assert.equal((await advance(folder, 0)).now, "2026-03-05T09:00:00.000Z");
    await assert.rejects(advance(folder, -1), /forward only/);
  });

  it("starts nothing that is disabled, nor makes up for it when it is enabled", async () => {
    const folder = await labWithJob();
    for (const host of [FE01, FE02]) await editTask(folder, host, JOB, { enabled: false });
    assert.deepEqual((await advance(folder, 2 * 1440)).fired, []);
    await editTask(folder, FE01, JOB, { enabled: true });
    assert.deepEqual((await advance(folder, 60)).fired, []);
  });
});
