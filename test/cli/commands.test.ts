import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { BackupPlan } from "../../estate/documents";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { sqlBackupSchedule } from "../../providers/sql-backup-schedule/reconcile";
import { userDataExport } from "../../providers/user-data-export/reconcile";
import { fewPolicies } from "../lab/fixture";
import { CommandLine } from "../support/command-line";
import { prepareJobs } from "../support/job-case";
import { OneResource } from "../support/one-resource";

describe("lync-backup", function () {
  this.timeout(30_000);
  let cli: CommandLine;
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(async () => {
    await cli.remove();
  });

  it("says what it can do, in every command", async () => {
    const { code, stdout } = await cli.run("--help");
    assert.equal(code, 0);
    for (const command of ["status", "run", "accept", "coverage", "plan", "sets", "start", "lab", "offsite"])
      assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
    assert.equal((await cli.run("lab", "--help")).code, 0);
  });

  it("says in one sentence that there is no lab, and how to make one", async () => {
    const { code, output } = await cli.run("run", "configuration");
    assert.equal(code, 1);
    assert.match(output, /lab create/);
    assert.doesNotMatch(output, /at .*\.js:\d+/, "no stack for what is expected to go wrong");
  });

  it("reports a lab without the estate as it is: no module anywhere, and nothing runs", async () => {
    assert.equal((await cli.run("lab", "create")).code, 0);
    const status = await cli.run("status", "--json");
    assert.equal(status.code, 0, status.output);
    const report = JSON.parse(status.stdout) as { hosts: { host: string; state: { agent: unknown } }[] };
    assert.ok(report.hosts.length > 0);
    assert.ok(report.hosts.every(({ state }) => state.agent === null));
    const run = await cli.run("run", "configuration");
    assert.equal(run.code, 1);
    assert.match(run.output, /the module is not installed.*HostAgent/);
  });

  it("shows a host that does not answer as such, with exit code 1, and the others all the same", async () => {
    await cli.run("lab", "create");
    await cli.run("lab", "cut", "fe01.contoso.com");
    const { code, stdout, output } = await cli.run("status");
    assert.equal(code, 1);
    assert.match(output, /fe01\.contoso\.com: it does not answer/);
    assert.match(stdout, /fe01 +does not answer/);
    assert.match(stdout, /fe02 +module not installed/);
  });

  it("names what exists when a name does not", async () => {
    await cli.run("lab", "create");
    for (const [args, names] of [
      [["run", "nonsense"], /no job nonsense, only configuration/],
      [["run", "configuration", "--host", "fe99.contoso.com"], /not placed on fe99\.contoso\.com, but on fe01/],
      [
        ["status", "--stack", "nonsense"],
        /no stack nonsense \(stacks\/Pulumi\.nonsense\.yaml\), only lab, production and staging/,
      ],
      [["frobnicate"], /unknown command/],
      [["run"], /missing required argument/],
      [["status", "--frob"], /unknown option/],
      [["status", "--stack", "../../etc/passwd"], /letters, digits/],
      [["lab", "advance", "soon"], /90m, 36h or 7d/],
      [["lab", "fill", "bk01.contoso.com", "Dolphin", "5000"], /no volume Dolphin on bk01\.contoso\.com/],
      [["lab", "disable-task", "fe01.contoso.com", "config"], /no task config on fe01\.contoso\.com/],
    ] as const) {
      const { code, output } = await cli.run(...args);
      assert.equal(code, 2, output);
      assert.match(output, names);
    }
  });

  it("writes the plan of a stack without asking any host, in the format that is asked for or that the file says", async () => {
    const shown = await cli.run("plan", "--stack", "production");
    assert.equal(shown.code, 0, shown.output);
    assert.match(shown.stdout, /^# Backup and restoration plan of contoso\n/);
    assert.match(shown.stdout, /\| records \|/);
    const file = path.join(cli.folder, "plan.html");
    const written = await cli.run("plan", "--output", file);
    assert.equal(written.code, 0, written.output);
    assert.match(written.output, /plan\.html is the plan of lab: \d+ decisions are open/);
    assert.match(readFileSync(file, "utf8"), /^<!doctype html>/);
    const json = await cli.run("plan", "--format", "json");
    assert.equal(BackupPlan.parse(json.stdout).deployment, "contoso");
    const refused = await cli.run("plan", "--format", "docx");
    assert.equal(refused.code, 2);
    assert.match(refused.output, /no format docx, only markdown, html, json/);
    const nowhere = await cli.run("plan", "--output", path.join(cli.folder, "no", "plan.md"));
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.output, /the plan could not be written to .*plan\.md/);
  });

  it("uses colour on a terminal only, also where a CI system runs it", async () => {
    await cli.run("lab", "create");
    assert.ok(!(await cli.run("status")).output.includes("\u001b"));
  });

  it("moves the lab's clock and breaks the lab, by command only", async () => {
    await cli.run("lab", "create");
    const before = JSON.parse((await cli.run("lab", "status", "--json")).stdout) as { now: string };
    const moved = JSON.parse((await cli.run("lab", "advance", "36h", "--json")).stdout) as { now: string };
    assert.equal(Date.parse(moved.now) - Date.parse(before.now), 36 * 3_600_000);
    await cli.run("lab", "stop-central-store");
    const after = JSON.parse((await cli.run("lab", "status", "--json")).stdout) as {
      now: string;
      centralManagement: { running: boolean };
    };
    assert.deepEqual([after.now, after.centralManagement.running], [moved.now, false]);
  });

  it("says in one sentence that the S3 server is not running, where something needs it", async () => {
    await cli.run("lab", "create");
    const { code, output } = await cli.run("lab", "s3");
    assert.equal(code, 1);
    assert.match(output, /lab start/);
    assert.equal(output.trim().split("\n").length, 1);
  });

  it("accepts what the newest run found too small, and nothing else", async () => {
    await cli.run("lab", "create");
    const { args } = RESOURCE_EXAMPLES.CmsExport;
    await prepareJobs(cli.lab, args);
    await OneResource.of(cmsExport, cli.lab).up(args);
    const backUp = () => cli.run("run", "configuration", "--host", "fe01.contoso.com");
    assert.equal((await backUp()).code, 0);
    const reason = ["--reason", "policies were merged"];
    const early = await cli.run("accept", "configuration", ...reason);
    assert.equal(early.code, 2);
    assert.match(early.output, /nothing to accept/);
    await fewPolicies(cli.lab);
    const refused = await backUp();
    assert.equal(refused.code, 1);
    assert.match(refused.output, /accept the new size/);
    assert.equal((await cli.run("accept", "configuration")).code, 2);
    const { code, stdout, output } = await cli.run("accept", "configuration", ...reason);
    assert.equal(code, 0, output);
    assert.match(stdout, /^Config\.zip: .* accepted; in the set \S+ it had /m);
    assert.equal((await backUp()).code, 0);
  });

  it("runs jobs of every kind by their names, and accepts a size for one that adds to the sets of another", async () => {
    await cli.run("lab", "create");
    const FE = "fe01.contoso.com";
    const hosts = [{ name: FE, reach: { via: "lab" }, pool: "pool01.contoso.com" }];
    const { CmsExport, UserDataExport, SqlBackupSchedule } = RESOURCE_EXAMPLES;
    const { log: _log, ...sql } = SqlBackupSchedule.args;
    await prepareJobs(cli.lab, { ...CmsExport.args, hosts: [...CmsExport.args.hosts, ...sql.hosts] });
    await OneResource.of(userDataExport, cli.lab).up({ ...UserDataExport.args, hosts });
    await OneResource.of(sqlBackupSchedule, cli.lab).up({ ...sql, name: "sql-sql03-archive" });
    for (const [job, host] of [
      ["users-pool01", FE],
      ["sql-sql03-archive-full", "sql03.contoso.com"],
    ] as const) {
      const { code, output } = await cli.run("run", job, "--host", host);
      assert.equal(code, 0, output);
      assert.match(output, /sealed set/);
    }

    const onChange = { schedule: { every: "minutes", minutes: 60 } };
    await OneResource.of(cmsExport, cli.lab).up({ ...CmsExport.args, hosts, onChange });
    const look = () => cli.run("run", "configuration-on-change", "--host", FE);
    assert.equal((await look()).code, 0);
    await fewPolicies(cli.lab);
    assert.match((await look()).output, /accept the new size/);
    const accepted = await cli.run("accept", "configuration-on-change", "--reason", "policies were merged");
    assert.equal(accepted.code, 0, accepted.output);
    const { code, output } = await look();
    assert.equal(code, 0, output);
    assert.match(output, /sealed set/);
  });

  it("shows what must be backed up, what does it, and what is waived", async () => {
    await cli.run("lab", "create");
    const { code, stdout, output } = await cli.run("coverage", "--stack", "staging");
    assert.equal(code, 0, output);
    assert.match(stdout, /^● user-data, pool pool01\.contoso\.com\n {2}the job users-pool01$/m);
    assert.match(
      stdout,
      /^○ user-data, pool pool02\.contoso\.com\n {2}communications team waived it until 2026-12-31/m,
    );
    const { counts } = JSON.parse((await cli.run("coverage", "--json")).stdout) as { counts: Record<string, number> };
    assert.ok((counts["covered"] ?? 0) > 50);
    assert.deepEqual([counts["stale"], counts["gap"]], [0, 0]);
  });

  it("fails for another tool whose evidence has grown old by the clock of the lab, and says whom to ask", async () => {
    await cli.run("lab", "create");
    assert.equal((await cli.run("status")).code, 0);
    await cli.run("lab", "advance", "14d");
    const { code, stdout, output } = await cli.run("status", "--json");
    assert.equal(code, 1);
    assert.match(output, /of directory team \(directory\): its last success, 2026-03-01, is older than the 336 h/);
    const { stale } = JSON.parse(stdout) as { stale: string[] };
    assert.equal(stale.length, 1);
    const coverage = await cli.run("coverage");
    assert.equal(coverage.code, 1);
    assert.match(coverage.stdout, /Covered by another tool whose evidence is old \(3\)/);
  });
});
