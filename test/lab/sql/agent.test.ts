import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Job } from "../../../estate/documents";
import { sqlJobs } from "../../../estate/jobs/sql";
import { advance, onComputer } from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import { daily, putAgentJob, removeAgentJob, stopSqlAgent } from "../../../lab/sql/edits";
import { sqlServer } from "../../../lab/sql/servers";
import { apply, BACKUP, setJob } from "../fixture";
import { ALONE, declared, execute, EXPRESS, hostOf, SERVICE, sqlLab } from "./support";

const DAY = 24 * 60;

/** The document lies on the server, and nothing but the Agent starts it. */
async function labWith(instance: string): Promise<{ folder: string; job: Job }> {
  const folder = await sqlLab();
  const host = hostOf(instance);
  const databases = { roles: ["userStore" as const, "archiving" as const] };
  const job = sqlJobs(declared({ databases }, { instance, placement: [{ host, instance }] })).full;
  const set = setJob(job);
  await apply(folder, host, { ...set, task: { ...set.task, triggers: [] } });
  return { folder, job };
}

const firedOf = async (folder: string, minutes: number): Promise<string[]> =>
  (await advance(folder, minutes)).fired.map(({ at, outcome }) => `${at.slice(0, 16)} ${outcome}`);

const lastOutcome = (folder: string, instance: string): Promise<unknown> =>
  onComputer(folder, hostOf(instance), (_, world) => sqlServer(world, instance).jobs[0]?.lastOutcome);

describe("SQL Server Agent in the lab", () => {
  it("starts the product's command when the clock comes to it, in the zone of the server", async () => {
    const { folder, job } = await labWith(ALONE);
    await putAgentJob(folder, ALONE, job.name, [daily(20000)]);
    assert.deepEqual(await firedOf(folder, 2 * DAY), ["2026-03-03T01:00 succeeded", "2026-03-04T01:00 succeeded"]);
    const [run] = await (await openLabHost(folder, hostOf(ALONE))).results({ job: job.name, last: 1 });
    assert.deepEqual(
      [run?.trigger, run?.account, await lastOutcome(folder, ALONE)],
      ["schedule", SERVICE, "succeeded"],
    );
  });

  it("runs a step under its proxy", async () => {
    const { folder, job } = await labWith(ALONE);
    await putAgentJob(folder, ALONE, job.name, [daily(20000)]);
    await onComputer(folder, hostOf(ALONE), (_, world) => {
      for (const { steps } of sqlServer(world, ALONE).jobs) for (const step of steps) step.proxy = BACKUP;
    });
    await advance(folder, DAY);
    const [run] = await (await openLabHost(folder, hostOf(ALONE))).results({ job: job.name, last: 1 });
    assert.equal(run?.account, BACKUP);
  });

  it("starts nothing while it is off, and makes up for nothing", async () => {
    const { folder, job } = await labWith(ALONE);
    await putAgentJob(folder, ALONE, job.name, [daily(20000)]);
    await stopSqlAgent(folder, ALONE);
    assert.deepEqual(await firedOf(folder, 2 * DAY), []);
    await stopSqlAgent(folder, ALONE, false);
    assert.deepEqual(await firedOf(folder, DAY), ["2026-03-05T01:00 succeeded"]);
  });

  it("starts nothing on Express, which has the tables and no Agent", async () => {
    const { folder, job } = await labWith(EXPRESS);
    await putAgentJob(folder, EXPRESS, job.name, [daily(20000)]);
    await stopSqlAgent(folder, EXPRESS, false);
    assert.deepEqual(await firedOf(folder, 2 * DAY), []);
    const rows = await execute(folder, { instance: EXPRESS, statement: "agent-jobs", parameters: {} });
    assert.deepEqual(
      rows.map(({ name }) => name),
      [job.name],
    );
  });

  it("shows its jobs as msdb has them, and no longer what was removed", async () => {
    const { folder, job } = await labWith(ALONE);
    await putAgentJob(folder, ALONE, job.name, [daily(20000)], { enabled: false, notifies: "dba" });
    assert.deepEqual(await firedOf(folder, DAY), []);
    const ask = (statement: string, parameters = {}): ReturnType<typeof execute> =>
      execute(folder, { instance: ALONE, statement, parameters });
    const [[row], [step], [schedule], [command]] = [
      await ask("agent-jobs"),
      await ask("agent-steps"),
      await ask("agent-schedules"),
      await ask("agent-job-commands", { job: job.name }),
    ];
    assert.deepEqual([row?.["enabled"], row?.["notifies"], row?.["owner"]], ["no", "dba", "sa"]);
    assert.deepEqual([step?.["subsystem"], step?.["on_success"]], ["CmdExec", "1"]);
    assert.deepEqual([schedule?.["every"], schedule?.["start_time"]], ["4", "20000"]);
    assert.match(command?.["command"] ?? "", /^powershell\.exe .*Start-LyncBackupJob\.ps1" -Name sql-rtc-full$/);
    await removeAgentJob(folder, ALONE, job.name);
    assert.deepEqual(await ask("agent-jobs"), []);
  });

  it("fails its job where the command fails, or is no command of a job that is there", async () => {
    const { folder, job } = await labWith(ALONE);
    await putAgentJob(folder, ALONE, "gone", [daily(20000)]);
    assert.match((await firedOf(folder, DAY))[0] ?? "", /not started: .*there is no job gone/);
    assert.equal(await lastOutcome(folder, ALONE), "failed");
    await removeAgentJob(folder, ALONE, "gone");
    const step = { name: "other", subsystem: "CmdExec" as const, command: "cmd.exe /c echo hello", proxy: null };
    await putAgentJob(folder, ALONE, job.name, [daily(20000)], { steps: [step] });
    assert.deepEqual(await firedOf(folder, DAY), []);
  });
});
