import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Run, TaskState } from "../../estate/documents";
import { advance, cutHost, editTask, loadHost, mendHost, powerOff, powerOn } from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { RUNNING } from "../../lab/runs";
import { apply, configuration, FE01, FE02, inFolder, JOB, labWithJob, run, setJob, setsOf, WORK } from "./fixture";

const MINUTES_TO_TWO = 16 * 60;
const lastRun = async (folder: string, host = FE01): Promise<Run | undefined> =>
  (await (await openLabHost(folder, host)).results({ job: JOB, last: 1 }))[0];
const task = async (folder: string): Promise<TaskState | undefined> =>
  (await (await openLabHost(folder, FE01)).state()).tasks[0];
const only = configuration({ placement: [{ host: FE01 }], timeLimitMinutes: 600 });
/** It is two in the morning, and what began then takes hours. */
async function labAtTwo(): Promise<string> {
  const folder = await labWithJob(only);
  await loadHost(folder, FE01, 800);
  const { fired } = await advance(folder, MINUTES_TO_TWO + 60);
  assert.deepEqual(
    fired.map(({ outcome }) => outcome),
    ["running"],
  );
  return folder;
}

describe("A scheduled run that goes on while the clock stands still", () => {
  it("is seen going on: in its result, in the task, in its folder, and nothing is sealed", async () => {
    const folder = await labAtTwo();
    const found = await lastRun(folder);
    assert.deepEqual([found?.outcome, found?.trigger, found?.finishedAt], ["running", "schedule", undefined]);
    assert.ok(found?.steps.every(({ finishedAt }) => finishedAt <= "2026-03-03T02:00:00.000Z"));
    assert.equal((await task(folder))?.lastResult, RUNNING);
    assert.equal((await inFolder(folder, FE01, WORK)).length, 1);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("ends in its time when the clock goes on, also in another process, and only then is there a set", async () => {
    const folder = await labAtTwo();
    const begun = await lastRun(folder);
    const { fired } = await advance(folder, 600);
    assert.deepEqual(
      fired.map(({ at, outcome }) => [at, outcome]),
      [["2026-03-03T01:00:00.000Z", "succeeded"]],
    );
    const ended = await lastRun(folder);
    assert.deepEqual([ended?.id, ended?.outcome, ended?.set], [begun?.id, "succeeded", begun?.id]);
    assert.deepEqual([(await task(folder))?.lastResult, (await task(folder))?.lastRunAt], [0, ended?.startedAt]);
    assert.deepEqual(
      (await setsOf(folder)).map(({ set, sealed }) => [set, sealed]),
      [[ended?.id, true]],
    );
    assert.deepEqual(await inFolder(folder, FE01, WORK), []);
  });

  it("keeps a second start of its job away, by schedule as by command, and no other job", async () => {
    const folder = await labWithJob();
    await loadHost(folder, FE01, 100);
    const quarters = { kind: "repeating" as const, at: "02:00", minutes: 15, forMinutes: 60 };
    for (const host of [FE01, FE02]) await editTask(folder, host, JOB, { triggers: [quarters] });
    const { fired } = await advance(folder, MINUTES_TO_TWO + 50);
    const ends = (host: string): string[] =>
      fired.filter((one) => one.host === host).map(({ outcome }) => outcome.slice(0, 11));
    assert.deepEqual(ends(FE01), ["succeeded", "not started", "running", "not started"]);
    assert.deepEqual(ends(FE02), Array<string>(4).fill("stood-down"));
    assert.equal((await task(folder))?.lastResult, 0x800710e0, "as Task Scheduler shows the start that it dropped");
    await advance(folder, 60);
    assert.equal((await task(folder))?.lastResult, 0, "and then how the one that ran has ended");
    const busy = await labAtTwo();
    await assert.rejects(run(busy), /is running already/);
    await assert.rejects(apply(busy, FE01, { kind: "remove-job", name: JOB }), /has not ended/);
  });

  it("is interrupted when its computer is switched off, and the next one sweeps up", async () => {
    const folder = await labAtTwo();
    await powerOff(folder, FE01);
    await assert.rejects(run(folder), /does not answer/);
    await assert.rejects(mendHost(folder, FE01), /is off/);
    await powerOn(folder, FE01);
    assert.deepEqual([(await lastRun(folder))?.outcome, (await task(folder))?.lastResult], ["interrupted", 1]);
    await loadHost(folder, FE01, 1);
    assert.equal((await run(folder)).outcome, "succeeded");
    assert.equal((await inFolder(folder, FE01, WORK)).length, 0);
    assert.equal((await setsOf(folder)).length, 1);
  });
});

describe("A scheduled run that takes longer than its job may", () => {
  it("is ended at the limit and keeps nothing, and the next night's is free to start", async () => {
    const folder = await labWithJob(configuration({ placement: [{ host: FE01 }], timeLimitMinutes: 30 }));
    await loadHost(folder, FE01, 800);
    const { fired } = await advance(folder, MINUTES_TO_TWO + 600);
    assert.deepEqual(
      fired.map(({ outcome }) => outcome),
      ["failed"],
    );
    const ended = await lastRun(folder);
    assert.equal(ended?.error?.code, "timed-out");
    assert.match(ended.error.message, /30 minutes/);
    assert.equal(ended.finishedAt?.slice(0, 16), "2026-03-03T01:30");
    assert.deepEqual([await setsOf(folder), (await task(folder))?.lastResult], [[], 1]);
    await loadHost(folder, FE01, 1);
    const next = await advance(folder, 1440);
    assert.deepEqual(
      next.fired.map(({ outcome }) => outcome),
      ["succeeded"],
    );
  });
});

describe("A run by command", () => {
  it("takes its time on the clock, in which others have their turn", async () => {
    const folder = await labWithJob();
    await advance(folder, MINUTES_TO_TWO - 5);
    await editTask(folder, FE01, JOB, { triggers: [{ kind: "daily", at: "12:00", everyDays: 1 }] });
    await loadHost(folder, FE01, 100);
    const { startedAt, finishedAt = "", outcome } = await run(folder, FE01);
    assert.equal(outcome, "succeeded");
    const { trigger, startedAt: at = "" } = (await lastRun(folder, FE02)) ?? {};
    assert.deepEqual([trigger, at], ["schedule", "2026-03-03T01:00:00.000Z"]);
    assert.ok(startedAt < at && at < finishedAt, finishedAt);
  });
});

describe("A computer that is off", () => {
  const startsOf = async (folder: string, minutes: number): Promise<string[]> =>
    (await advance(folder, minutes)).fired.map(({ at }) => at.slice(0, 16));

  it("misses its starts, and makes up for all of them by one, soon after it is on again", async () => {
    const folder = await labWithJob(only);
    await powerOff(folder, FE01);
    assert.deepEqual(await startsOf(folder, 3 * 1440), []);
    await powerOn(folder, FE01);
    assert.deepEqual(await startsOf(folder, 1440), ["2026-03-05T09:10", "2026-03-06T01:00"]);
    await powerOff(folder, FE01);
    await powerOn(folder, FE01);
    assert.deepEqual(await startsOf(folder, 60), [], "nothing was missed");
  });

  it("makes up for nothing that is disabled by then, also when it is enabled again", async () => {
    const folder = await labWithJob(only);
    await powerOff(folder, FE01);
    assert.deepEqual(await startsOf(folder, 1440), []);
    await editTask(folder, FE01, JOB, { enabled: false });
    await powerOn(folder, FE01);
    assert.deepEqual(await startsOf(folder, 5), []);
    await editTask(folder, FE01, JOB, { enabled: true });
    assert.deepEqual(await startsOf(folder, 600), []);
  });

  it("that is only cut off from the network starts what is due all the same", async () => {
    const folder = await labWithJob(only);
    await cutHost(folder, FE01);
    const { fired } = await advance(folder, 1440);
    assert.deepEqual(
      fired.map(({ outcome }) => outcome),
      ["failed"],
    );
    await mendHost(folder, FE01);
    assert.deepEqual(await startsOf(folder, 600), [], "and so has nothing to make up for");
  });

  it("lets them be where the task does not ask for it", async () => {
    const folder = await labWithJob(only);
    const { task: asked, ...job } = setJob(only);
    await apply(folder, FE01, { ...job, task: { ...asked, startWhenMissed: false } });
    await powerOff(folder, FE01);
    assert.deepEqual(await startsOf(folder, 3 * 1440), []);
    await powerOn(folder, FE01);
    assert.deepEqual(await startsOf(folder, 1440), ["2026-03-06T01:00"]);
  });
});
