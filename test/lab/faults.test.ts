import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  advance,
  breakCmdlet,
  editShare,
  editTask,
  loseCentralManagement,
  loseComputer,
  loseDatabase,
  mendCmdlets,
  powerOn,
  startService,
  stopService,
  type LabError,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { impossible } from "../../lab/model/impossible";
import { call, look, refusalOf } from "./cmdlets/support";
import { BK01, configuration, emptyLab, FE01, JOB, labWithJob, run, setsOf } from "./fixture";

const EXPORT = "Export-CsConfiguration";
const POOL2 = String.raw`sql11.contoso.com\rtc`;
const users = (folder: string, PoolFqdn = "pool02.contoso.com"): Promise<string | undefined> =>
  refusalOf(
    call(
      folder,
      "Export-CsUserData",
      { PoolFqdn, FileName: String.raw`C:\ProgramData\LyncBackup\users.zip` },
      { host: FE01 },
    ),
  );
const usage = (error: unknown): boolean => (error as LabError).message.startsWith("There is no");

describe("By command, in the lab,", () => {
  it("an export refuses, and the run says so and keeps nothing", async () => {
    const folder = await labWithJob();
    await breakCmdlet(folder, FE01, EXPORT, "refuse");
    const { outcome, error } = await run(folder);
    assert.deepEqual([outcome, error?.code], ["failed", "broken"]);
    assert.deepEqual(await setsOf(folder), []);
    await mendCmdlets(folder, FE01);
    assert.equal((await run(folder)).outcome, "succeeded");
  });

  it("an export hangs, and is ended at its limit", async () => {
    const folder = await labWithJob(configuration({ placement: [{ host: FE01 }], timeLimitMinutes: 45 }));
    await breakCmdlet(folder, FE01, EXPORT, "hang");
    const { outcome, error, startedAt, finishedAt = "" } = await run(folder);
    assert.deepEqual([outcome, error?.code], ["failed", "timed-out"]);
    assert.ok(Date.parse(finishedAt) - Date.parse(startedAt) >= 10 * 60_000, finishedAt);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("an export writes half a file and reports nothing, and the check finds it", async () => {
    const folder = await labWithJob();
    await breakCmdlet(folder, FE01, EXPORT, "half");
    const { outcome, error } = await run(folder);
    assert.deepEqual([outcome, error?.code], ["failed", "does-not-open"]);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("a service stops with what depends on it, and starts again with what it needs", async () => {
    const folder = await emptyLab();
    const services = (): Promise<(string | undefined)[]> =>
      look(folder, (world) => ["RTCSRV", "RTCRGS"].map((name) => world.computer(FE01).services?.[name]));
    await stopService(folder, FE01, "rtcsrv");
    assert.deepEqual(await services(), ["stopped", "stopped"]);
    await startService(folder, FE01, "RTCRGS");
    assert.deepEqual(await services(), ["running", "running"]);
    await assert.rejects(stopService(folder, FE01, "SPOOLER"), usage);
  });

  it("a database is lost, and what is in it cannot be exported any more", async () => {
    const folder = await emptyLab();
    assert.equal(await users(folder), undefined);
    await loseDatabase(folder, POOL2, "rtcxds");
    assert.notEqual(await users(folder), undefined);
    assert.equal(await users(folder, "pool01.contoso.com"), undefined);
    await assert.rejects(loseDatabase(folder, POOL2, "none"), usage);
    assert.deepEqual(await look(folder, impossible), []);
  });

  it("the Central Management store is lost, and no export of it succeeds", async () => {
    const folder = await labWithJob();
    await loseCentralManagement(folder);
    assert.equal((await run(folder)).outcome, "failed");
    assert.deepEqual(await setsOf(folder), []);
  });

  it("a server is lost with its tasks and its disks, and comes back as a new one", async () => {
    const folder = await labWithJob();
    await run(folder);
    await loseComputer(folder, FE01);
    await assert.rejects(run(folder), /does not answer/);
    assert.deepEqual(
      (await advance(folder, 1440)).fired.map(({ host }) => host),
      ["fe02.contoso.com"],
    );
    await powerOn(folder, FE01);
    const state = await (await openLabHost(folder, FE01)).state();
    assert.deepEqual([state.agent, state.tasks, state.jobs, state.problems], [null, [], [], []]);
    assert.deepEqual(await look(folder, impossible), []);
  });

  it("a target's server is lost, and its sets with it", async () => {
    const folder = await labWithJob();
    await run(folder);
    await loseComputer(folder, BK01);
    assert.equal((await run(folder)).outcome, "failed");
    assert.deepEqual(await setsOf(folder), []);
  });

  it("a colleague moves a task and closes a share, and both show", async () => {
    const folder = await labWithJob();
    await editTask(folder, FE01, JOB, { triggers: [{ kind: "daily", at: "04:00", everyDays: 1 }] });
    await editShare(folder, BK01, "LyncBackup$", { access: [{ account: String.raw`CONTOSO\intern`, right: "read" }] });
    const { tasks } = await (await openLabHost(folder, FE01)).state();
    assert.equal(tasks[0]?.nextRunAt, "2026-03-03T03:00:00.000Z");
    assert.equal((await run(folder)).error?.code, "access-denied");
  });
});
