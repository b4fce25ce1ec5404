import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { targetLayout } from "../../estate/documents";
import { sqlJobs } from "../../estate/jobs/sql";
import { advance, realFile } from "../../lab/commands";
import { editDatabase, setRecovery } from "../../lab/sql/edits";
import { TARGET } from "../lab/fixture";
import { ALONE, BK, declared, hostOf, runOn, sqlLab, tell } from "../lab/sql/support";
import { CommandLine } from "../support/command-line";

/** On sets that the product's own jobs have made, in a folder as a person reaches it. */
describe("lync-backup sets restore-plan", function () {
  this.timeout(120_000);
  const cli = new CommandLine();
  let target: string;
  const sets: string[] = [];

  before(async () => {
    const lab = await sqlLab();
    await setRecovery(lab, ALONE, "LcsCDR", "FULL");
    const jobs = sqlJobs(declared({ databases: { names: ["LcsCDR"] }, differential: true, log: {} }));
    for (const kind of ["full", "log", "differential", "log", "log"] as const) {
      await advance(lab, 30);
      await editDatabase(lab, ALONE, "LcsCDR", (contents) => ({ ...(contents as object), [sets.length]: [1] }));
      const job = jobs[kind];
      assert.ok(job);
      const run = await runOn(lab, job, hostOf(ALONE));
      assert.equal(run.outcome, "succeeded", tell(run));
      sets.push(String(run.set));
    }
    target = await realFile(lab, BK, TARGET);
  });
  after(() => cli.remove());

  const plan = (...more: string[]) =>
    cli.run("sets", "restore-plan", "--target", target, "--database", "LcsCDR", ...more);
  interface Report {
    at: string;
    steps: { kind?: string; set?: string; statement: string; parameters: Record<string, string> }[];
  }

  it("names the backups in their order, without the log that the differential spares", async () => {
    const { code, stdout, output } = await plan();
    assert.equal(code, 0, output);
    assert.match(stdout, /^LcsCDR as of 2026-\S+: 4 backups in this order$/m);
    const [full, spared, ...rest] = sets;
    const order = [full, ...rest].map((set) => stdout.indexOf(String(set)));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.ok(order.every((at) => at > 0) && !stdout.includes(String(spared)), stdout);
  });

  it("moves the files under another name, and stops at the moment, as JSON and as a script", async () => {
    const [, , third, fourth] = sets;
    const at = `${String(fourth).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5")}:00Z`;
    const options = ["--at", at, "--as", "Dr'ill", "--data", String.raw`D:\Data`, "--reach", String.raw`\\bk01\vault$`];
    const json = await plan(...options, "--json");
    assert.equal(json.code, 0, json.output);
    const { steps } = JSON.parse(json.stdout) as Report;
    assert.deepEqual(
      steps.map(({ statement }) => statement),
      ["restore-database-moving-2", "restore-database", "restore-log-to", "recover"],
    );
    assert.deepEqual([steps[1]?.set, steps[2]?.set], [third, fourth]);
    const { stdout } = await plan(...options, "--script");
    assert.match(stdout, /DECLARE @database sysname = N'Dr''ill';/);
    assert.match(stdout, /DECLARE @path2 nvarchar\(260\) = N'D:\\Data\\Dr''ill_log\.ldf';/);
    assert.match(stdout, /DECLARE @file nvarchar\(260\) = N'\\\\bk01\\vault\$\\series\\sql-rtc\\sets\\/);
    assert.ok(stdout.includes(`DECLARE @moment nvarchar(36) = N'`));
    assert.match(stdout, /RESTORE DATABASE @database WITH RECOVERY;\nGO\n/);
  });

  it("refuses what cannot be, with the exact break and how far it goes instead", async () => {
    const early = await plan("--at", "2020-01-01T00:00:00Z");
    assert.equal(early.code, 1);
    assert.match(early.output, /The first full backup of LcsCDR was finished at 2026-\S+, after 2020-01-01T00:00:00Z/);
    const older = await plan("--server-version", "10.50.6000.34");
    assert.equal(older.code, 1);
    assert.match(older.output, /is of SQL Server 11\.0\.7001, and the server that restores runs 10\.50\.6000\.34/);
    const other = await cli.run("sets", "restore-plan", "--target", target, "--database", "QoE");
    assert.equal(other.code, 2);
    assert.match(other.output, /No set on .* holds a backup of QoE\./);
  });

  it("finds a byte that was changed in what it needs, and nothing in what it does not", async () => {
    const [, spared, , , last] = sets;
    const fileOf = (set: string | undefined): string =>
      path.join(target, targetLayout.artefact("sql-rtc", String(set), "LcsCDR.log.bak"));
    const damage = (file: string): void => {
      const bytes = fs.readFileSync(file);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      fs.writeFileSync(file, bytes);
    };
    damage(fileOf(spared));
    assert.equal((await plan()).code, 0);
    damage(fileOf(last));
    const { code, output } = await plan();
    assert.equal(code, 1);
    assert.match(
      output,
      new RegExp(`The log backup in the set ${String(last)} is needed, and its file LcsCDR\\.log\\.bak is damaged`),
    );
    assert.match(output, /The sets do bring it to 2026-/);
  });
});
