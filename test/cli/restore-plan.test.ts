import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { Drilled, targetLayout } from "../../estate/documents";
import { sqlJobs } from "../../estate/jobs/sql";
import { advance, realFile } from "../../lab/commands";
import { asAdministrator, editDatabase, setRecovery } from "../../lab/sql/edits";
import { agentPackage } from "../../hosts/agent/package";
import { apply, BACKUP, TARGET, vault } from "../lab/fixture";
import { ALONE, BK, declared, hostOf, runOn, SERVICE, sqlLab, TARGET_SHARE, tell } from "../lab/sql/support";
import { CommandLine } from "../support/command-line";
import { ROOT } from "../support/root";

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

  it("does what its page shows, to the letter but for numbers", async () => {
    const page = fs.readFileSync(path.join(ROOT, "docs", "restore-sql.md"), "utf8").replaceAll("\r\n", "\n");
    fs.cpSync(target, path.join(cli.folder, "vault"), { recursive: true });
    const shown = [...page.matchAll(/^```sh\nnpm run lync-backup -- (.*?)\n```\n\n```\n(.*?)^```$/gms)];
    assert.ok(shown.length >= 3);
    const withoutNumbers = (text: string): string =>
      text
        .replaceAll(/Z-[0-9a-f]{8}/g, "Z-0")
        .replaceAll(/\d+(\.\d+)?/g, "0")
        .trim();
    for (const [, command = "", expected = ""] of shown) {
      const { output } = await cli.run(...command.replaceAll(/ \\\n +/g, " ").split(" "));
      assert.equal(withoutNumbers(output), withoutNumbers(expected), command);
    }
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

describe("lync-backup drill", function () {
  this.timeout(240_000);
  const cli = new CommandLine();
  const SQL03 = "sql03.contoso.com";
  const ARCHIVE = String.raw`sql03.contoso.com\archive`;
  const CHAT = String.raw`sql03.contoso.com\chat`;
  const FOLDER = String.raw`C:\Drills`;
  let target: string;

  before(async () => {
    assert.equal((await cli.run("lab", "create")).code, 0);
    await apply(cli.lab, BK, { kind: "set-target", target: { ...vault, writers: [BACKUP, SERVICE] } });
    await apply(cli.lab, SQL03, { kind: "set-agent", agent: agentPackage() });
    await asAdministrator(cli.lab, CHAT, ({ world, server }) => {
      world.disk.makeFolder({ host: server.node, local: FOLDER });
    });
    const { full } = sqlJobs(
      declared(
        { databases: { names: ["LcsCDR"] } },
        { instance: ARCHIVE, placement: [{ host: SQL03, instance: ARCHIVE }] },
      ),
    );
    const run = await runOn(cli.lab, full, SQL03);
    assert.equal(run.outcome, "succeeded", tell(run));
    target = await realFile(cli.lab, BK, TARGET);
  });
  after(() => cli.remove());

  const drill = (as: string, ...more: string[]) =>
    cli.run(
      ...["drill", "LcsCDR", "--target", target, "--host", SQL03, "--onto", CHAT, "--as", as, "--data", FOLDER],
      ...["--reach", TARGET_SHARE, "--stack", "lab", ...more],
    );
  const verdicts = () => {
    const folder = path.join(target, "series", "sql-rtc", "drills");
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return names.map((name) => Drilled.parse(fs.readFileSync(path.join(folder, name), "utf8")));
  };

  it("restores on another instance, and leaves a verdict beside the sets that is read by others", async () => {
    const { code, stdout, output } = await drill("Rehearsal", "--good-for-days", "30");
    assert.equal(code, 0, output);
    assert.match(stdout, /^LcsCDR on sql03\.contoso\.com\\chat: passed; 1 sets restored/m);
    const [verdict, ...more] = verdicts();
    assert.deepEqual([verdict?.verdict, verdict?.goodForDays, more], ["passed", 30, []]);
    const { stdout: again } = await drill("Rehearsal", "--json");
    assert.equal((JSON.parse(again) as { verdict: string }).verdict, "passed");
  });

  it("fails with the sentence of the server where the name is taken, and keeps that verdict too", async () => {
    await cli.run("lab", "advance", "1h");
    const { code, output } = await drill("mgc");
    assert.equal(code, 1);
    assert.match(output, /The rehearsal of LcsCDR on sql03.* failed: .*There is a database mgc on SQL03\\CHAT already/);
    assert.ok(verdicts().some(({ verdict }) => verdict === "failed"));
  });
});
