import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { openHost } from "../../hosts/open";
import { advance, onComputer } from "../../lab/commands";
import {
  addOperator,
  daily,
  editAgentJob,
  putAgentJob,
  removeAgentJob,
  setServiceAccount,
  stopSqlAgent,
  stopSqlServer,
} from "../../lab/sql/edits";
import type { AgentJob } from "../../lab/sql/model";
import { knownServers, sqlServer } from "../../lab/sql/servers";
import { sqlBackupSchedule } from "../../providers/sql-backup-schedule/reconcile";
import { prepareJobs } from "../support/job-case";
import { labForEach } from "../support/lab";
import { OneResource } from "../support/one-resource";

const example = RESOURCE_EXAMPLES.SqlBackupSchedule.args;
const { instance } = example;
const [HOST] = example.hosts;
const FULL = "sql-archive-full";
/** Of every night; the other job, of the logs, is started four times an hour. */
const byAgent = {
  ...example,
  schedule: { every: "week", on: ["monday", "saturday"], at: ["01:00", "13:30"] },
  runner: { by: "sql-agent", operator: "dba" },
  startWhenMissed: false,
};

const here = labForEach(async (lab) => {
  await prepareJobs(lab, example);
  await addOperator(lab, instance, "dba");
});

const resourceIn = (): OneResource => OneResource.of(sqlBackupSchedule, here.folder);

const agentJobs = (): Promise<AgentJob[]> =>
  onComputer(here.folder, HOST?.name ?? "", (_, world) =>
    structuredClone(knownServers(world).flatMap(({ jobs }) => jobs)),
  );

async function tasks(): Promise<string[]> {
  const host = await openHost({ name: HOST?.name ?? "", reach: { via: "lab" } }, { lab: here.folder });
  const state = await host.state();
  await host.close();
  return state.tasks.map(({ name }) => name);
}

describe("SQL backups that SQL Server Agent starts", () => {
  it("are Agent jobs with one step and no tasks, and the second preview is empty", async () => {
    const resource = resourceIn();
    assert.equal(await resource.up(byAgent), "create");
    assert.equal(await resource.preview(byAgent), "same");
    assert.deepEqual(await resource.drift(byAgent), []);
    assert.deepEqual(await tasks(), []);
    const [full, log] = await agentJobs();
    assert.deepEqual([full?.name, log?.name], [FULL, "sql-archive-log"]);
    assert.match(full?.steps[0]?.command ?? "", /^powershell\.exe .*Start-LyncBackupJob\.ps1" -Name sql-archive-full$/);
    assert.deepEqual(
      [full?.enabled, full?.owner, full?.category, full?.description, full?.notifies, full?.schedules.length],
      [true, "sa", "lync-backup", "lync-backup: test/test/subject", "dba", 2],
    );
    assert.match(String((resource.state?.outputs as { nextRunAt?: unknown }).nextRunAt), /^2026-03-0/);
  });

  it("are run by the Agent when they are due, and leave the sets that a task would leave", async () => {
    const resource = resourceIn();
    await setServiceAccount(here.folder, instance, example.account);
    await resource.up(byAgent);
    const { fired } = await advance(here.folder, 24 * 60);
    assert.deepEqual(
      fired.filter(({ job }) => job === FULL).map(({ outcome }) => outcome),
      ["succeeded"],
    );
    assert.deepEqual(await resource.drift(byAgent), [], "what comes of it is no change");
    assert.match(String((resource.state?.outputs as { newestSet?: unknown }).newestSet), /^2026030/);
    assert.equal((await agentJobs())[0]?.lastOutcome, "succeeded");
  });

  it("are started at once where that is declared, and by command", async () => {
    await setServiceAccount(here.folder, instance, example.account);
    await resourceIn().up({ ...byAgent, log: undefined, runNow: true });
    assert.deepEqual(
      (await advance(here.folder, 30)).fired.map(({ job, outcome }) => `${job} ${outcome}`),
      [`${FULL} succeeded`],
    );
    const host = await openHost({ name: HOST?.name ?? "", reach: { via: "lab" } }, { lab: here.folder });
    assert.equal((await host.run({ job: FULL })).outcome, "succeeded");
    await stopSqlAgent(here.folder, instance);
    await assert.rejects(host.run({ job: FULL }), /SQL Server Agent of .* does not run/);
    await host.close();
  });

  const edits: Record<string, [property: string, edit: (job: AgentJob) => Partial<AgentJob>]> = {
    "another command": ["task", ({ steps }) => ({ steps: steps.map((step) => ({ ...step, command: "cmd /c exit" })) })],
    "another step besides": ["task", ({ steps }) => ({ steps: [...steps, ...steps] })],
    "no step": ["task", () => ({ steps: [] })],
    "another schedule": ["schedule", () => ({ schedules: [{ name: "lync-backup 1", schedule: daily(30000) }] })],
    "one schedule more": [
      "schedule",
      ({ schedules }) => ({ schedules: [...schedules, { name: "x", schedule: daily(0) }] }),
    ],
    "a schedule that is off": [
      "schedule",
      ({ schedules }) => ({
        schedules: schedules.map((one) => ({ ...one, schedule: { ...one.schedule, enabled: false } })),
      }),
    ],
    "that it is off": ["enabled", () => ({ enabled: false })],
    "another owner": ["runner", () => ({ owner: String.raw`CONTOSO\intern` })],
    "nobody who is told": ["runner", () => ({ notifies: null, notifyLevel: 0 })],
    "that it tells of success": ["runner", () => ({ notifyLevel: 1 })],
    "a proxy": ["runner", ({ steps }) => ({ steps: steps.map((step) => ({ ...step, proxy: "other" })) })],
    "no mark": ["runner", () => ({ description: "nightly" })],
  };
  for (const [what, [property, edit]] of Object.entries(edits)) {
    it(`show ${what} as drift of ${property}, and are put right`, async () => {
      const resource = resourceIn();
      await resource.up(byAgent);
      const before = await agentJobs();
      await editAgentJob(here.folder, instance, FULL, edit);
      assert.deepEqual(await resource.drift(byAgent), [property]);
      assert.equal(await resource.up(byAgent), "update");
      assert.deepEqual(await resource.drift(byAgent), []);
      const shown = ({ since: _since, modifiedAt: _modified, considered: _considered, ...job }: AgentJob): object =>
        job;
      assert.deepEqual((await agentJobs()).map(shown), before.map(shown));
    });
  }

  it("are made anew where somebody has deleted the Agent job", async () => {
    const resource = resourceIn();
    await resource.up(byAgent);
    await removeAgentJob(here.folder, instance, FULL);
    assert.deepEqual(await resource.drift(byAgent), ["runner"]);
    await resource.up(byAgent);
    assert.equal((await agentJobs()).length, 2);
  });

  it("change hands between the two schedulers, and never have both", async () => {
    const resource = resourceIn();
    const byTask = { ...byAgent, runner: undefined };
    await resource.up(byTask);
    assert.equal(await resource.up(byAgent), "update");
    assert.deepEqual([await tasks(), (await agentJobs()).length], [[], 2]);
    assert.equal(await resource.up(byTask), "update");
    assert.deepEqual([(await tasks()).length, (await agentJobs()).length], [2, 0]);
    assert.deepEqual(await resource.drift(byTask), []);
  });

  it("are taken away with the resource, and one of its parts with its declaration", async () => {
    const resource = resourceIn();
    await resource.up(byAgent);
    await resource.up({ ...byAgent, log: undefined });
    assert.deepEqual(
      (await agentJobs()).map(({ name }) => name),
      [FULL],
    );
    await resource.destroy();
    assert.deepEqual(await agentJobs(), []);
  });

  it("take over an Agent job of the same name only where that is declared", async () => {
    const step = { name: "backup", subsystem: "TSQL" as const, command: "BACKUP DATABASE …", proxy: null };
    await putAgentJob(here.folder, instance, FULL, [daily(20000)], { steps: [step], description: "the DBA's" });
    const resource = resourceIn();
    await assert.rejects(resource.up(byAgent), /the job sql-archive-full of SQL Server Agent .* bears nobody's mark/);
    assert.equal((await agentJobs())[0]?.description, "the DBA's");
    const adopting = { ...byAgent, adopt: true };
    await resource.up(adopting);
    assert.equal((await agentJobs()).find(({ name }) => name === FULL)?.steps[0]?.subsystem, "CmdExec");
    assert.deepEqual(await resource.drift(adopting), []);
  });

  it("are refused where there is no Agent, no such operator or no right, in a sentence", async () => {
    const resource = resourceIn();
    const nobody = { ...byAgent, runner: { by: "sql-agent", operator: "nobody" } };
    await assert.rejects(resource.up(nobody), /has refused agent-job-set: .*@notify_email_operator_name/);
    const intern = { ...byAgent, runner: { by: "sql-agent", owner: String.raw`CONTOSO\intern` } };
    await assert.rejects(resourceIn().up(intern), /is no member of sysadmin .* Name a proxy, or another owner/);
    await onComputer(here.folder, HOST?.name ?? "", (_, world) => {
      sqlServer(world, instance).edition = "express";
    });
    await assert.rejects(resourceIn().up(byAgent), /is an Express edition, which has no SQL Server Agent/);
  });

  it("are never taken for gone where the instance cannot be asked", async () => {
    const resource = resourceIn();
    await resource.up(byAgent);
    await stopSqlServer(here.folder, instance);
    await assert.rejects(resource.refresh(), /The Agent job of sql-archive-full cannot be read/);
  });
});
