import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { rowOf } from "../../estate/catalogue";
import type { Datum } from "../../estate/documents";
import { jobsOf, resourcesOf } from "../../estate/estate";
import { lab } from "../../stacks/lab";
import { CommandLine } from "../support/command-line";
import { engineIsHere } from "../support/engine";
import { ROOT } from "../support/root";

const TYPES = {
  configuration: "CmsExport",
  userData: "UserDataExport",
  responseGroups: "ResponseGroupExport",
  persistentChat: "PersistentChatExport",
  fileStores: "FileStoreCopyJob",
  sql: "SqlBackupSchedule",
};
const RESOURCES = resourcesOf(lab).map(({ kind, common }) => `${TYPES[kind]} ${common.name}`);
const OTHERS = new Set(lab.external.map(({ name }) => name));
const NIGHTS = 3;
const SERIES = resourcesOf(lab).map(({ common }) => common.name);

describe("the stacks of this repository", function () {
  this.timeout(600_000);
  let cli: CommandLine;
  before(async function () {
    if (!(await engineIsHere())) this.skip();
  });
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(async () => {
    await cli.remove();
  });

  for (const stack of ["lab", "staging"]) {
    it(`${stack} comes up as any user of Pulumi types it, and the second preview is empty`, async () => {
      assert.equal((await cli.run("lab", "create", "--stack", stack)).code, 0);
      assert.equal((await cli.pulumi("stack", "select", "--create", stack)).code, 0);
      const up = await cli.pulumi("up", "--yes", "--stack", stack);
      assert.equal(up.code, 0, up.output);
      const preview = await cli.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", stack);
      assert.equal(preview.code, 0, preview.output);
      for (const job of ["configuration", "users-pool01"]) {
        const run = await cli.run("run", job, "--stack", stack);
        assert.equal(run.code, 0, run.output);
        assert.match(run.output, /sealed set \d{8}T\d{6}Z-/);
      }
      const destroy = await cli.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack);
      assert.equal(destroy.code, 0, destroy.output);
    });
  }

  it("says before anything runs that a stack names an estate that is not there", async () => {
    await cli.run("lab", "create");
    await cli.pulumi("stack", "select", "--create", "lab");
    const file = path.join(cli.folder, "nonsense.yaml");
    const salt = readFileSync(path.join(ROOT, "stacks", "Pulumi.lab.yaml"), "utf8");
    writeFileSync(file, salt.replace("estate: lab", "estate: nonsense"));
    const preview = await cli.pulumi("preview", "--stack", "lab", "--config-file", file);
    assert.notEqual(preview.code, 0);
    assert.match(preview.output, /no estate nonsense in stacks\/, only lab, staging and production/);
    writeFileSync(file, salt.replace("  lync-backup:estate: lab\n", "  lync-backup:lab: elsewhere\n"));
    const missing = await cli.pulumi("preview", "--stack", "lab", "--config-file", file);
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /missing configuration value '(lync-backup:)?estate'/);
    for (const [line, problem] of [
      ["lync-backup:hostTimeoutSeconds: soon", /hostTimeoutSeconds.*must be of type 'integer'/],
      ["lync-backup:hostTimeoutSeconds: 0", /configuration of this stack is not valid.*hostTimeoutSeconds/],
      ["lync-backup:hostTimeout: 5", /it sets lync-backup:hostTimeout, and there is only lync-backup:estate/],
    ] as const) {
      writeFileSync(file, `${salt}  ${line}\n`);
      const broken = await cli.pulumi("preview", "--stack", "lab", "--config-file", file);
      assert.notEqual(broken.code, 0);
      assert.match(broken.output.replaceAll(/\s+/g, " "), problem);
    }
  });

  it("production is previewed from its declaration: no host is asked, and what holds sets is protected", async () => {
    assert.equal((await cli.pulumi("stack", "select", "--create", "lab")).code, 0);
    const file = path.join(cli.folder, "production.yaml");
    const [lab, production] = ["lab", "production"].map((name) =>
      readFileSync(path.join(ROOT, "stacks", `Pulumi.${name}.yaml`), "utf8"),
    );
    writeFileSync(file, `${lab?.split("\n")[0] ?? ""}\n${production ?? ""}`);
    const preview = await cli.pulumi("preview", "--stack", "lab", "--config-file", file, "--json");
    assert.equal(preview.code, 0, preview.output);
    const { steps } = JSON.parse(preview.stdout) as {
      steps: { op: string; urn: string; newState: { protect?: boolean } }[];
    };
    assert.ok(steps.every(({ op }) => op === "create"));
    const kept = steps.filter(({ newState }) => newState.protect === true).map(({ urn }) => urn.split("::").at(-1));
    for (const target of ["records", "vault"]) assert.ok(kept.includes(target), `${target} is not protected`);
    assert.ok(!kept.includes("users-pool01"), "a job holds nothing");
    assert.ok(
      steps.some(({ urn }) => urn.endsWith(":OffsiteCopy::offsite")),
      "nothing leaves the site",
    );
  });
});

describe("npm start", function () {
  this.timeout(600_000);
  let cli: CommandLine;
  before(async function () {
    if (!(await engineIsHere())) this.skip();
    cli = new CommandLine();
  });
  after(async () => {
    await cli?.remove();
  });

  it("ends in a stack that is up, a week of sets and a picture, and says what was made", async () => {
    const { code, output } = await cli.run("start");
    assert.equal(code, 0, output);
    assert.match(output, /created contoso/);
    for (const job of RESOURCES) assert.ok(output.includes(`+ ${job}\n`), job);
    assert.equal(output.match(/sealed set \d{8}T\d{6}Z-/g)?.length, SERIES.length + 2, "two mirrors capture their own");
    const recorded = readFileSync(path.join(ROOT, "docs", "examples", "estate.txt"), "utf8")
      .trimEnd()
      .split("\n");
    for (const line of recorded.filter((text) => text !== "")) {
      assert.ok(output.includes(line.trim()), `docs/examples/estate.txt shows what is not so: ${line}`);
    }
  });

  it("has nothing to do the second time", async () => {
    const { code, output } = await cli.run("start");
    assert.equal(code, 0, output);
    assert.equal(output.match(/nothing to do/g)?.length, 3);
    assert.doesNotMatch(output, /sealed set/);
  });

  it("has carried and verified every series within a day of the lab's clock, by the hosts and by the bucket", async () => {
    const list = await cli.run("offsite", "list", "--age", "--stack", "lab", "--json");
    assert.equal(list.code, 0, list.output);
    const ages = JSON.parse(list.stdout) as { series: string; recoveryPoint: { ageSeconds: number } | null }[];
    assert.deepEqual(ages.map(({ series }) => series).sort(), [...SERIES].sort());
    for (const { series, recoveryPoint } of ages) {
      const { ageSeconds = Infinity } = recoveryPoint ?? {};
      assert.ok(ageSeconds > 0 && ageSeconds < 86_400, `${series}: ${String(ageSeconds)}`);
    }
    const verified = await cli.run(
      "offsite",
      "verify",
      "--full",
      "--stack",
      "lab",
      "--series",
      "users-pool01",
      "--json",
    );
    assert.equal(verified.code, 0, verified.output);
  });

  it("declares the same whatever the port of the S3 server, and whether it runs", async () => {
    await cli.run("lab", "stop");
    const preview = await cli.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", "lab");
    assert.equal(preview.code, 0, preview.output);
    const down = await cli.run("offsite", "list", "--stack", "lab");
    assert.equal(down.code, 1);
    assert.match(down.output, /S3 server is not running: start it with/);
    const { stdout } = await cli.run("lab", "advance", "20h", "--json");
    const { fired } = JSON.parse(stdout) as { fired: { job: string; outcome: string }[] };
    assert.deepEqual(
      fired.filter(({ job }) => job === "offsite").map(({ outcome }) => outcome),
      ["failed"],
    );
    assert.equal((await cli.run("lab", "start")).code, 0);
  });

  it("runs a job on the hosts that answer when one does not, and ends with exit code 1", async () => {
    await cli.run("lab", "cut", "fe01.contoso.com");
    await cli.run("lab", "move-central-store", "fe11.contoso.com");
    const { code, output } = await cli.run("run", "configuration");
    await cli.run("lab", "mend", "fe01.contoso.com");
    await cli.run("lab", "move-central-store", "fe01.contoso.com");
    assert.equal(code, 1);
    assert.match(output, /fe01\.contoso\.com: it does not answer/);
    assert.match(output, /fe11\.contoso\.com\n(?:.*\n)*? {2}sealed set/);
  });

  it("covers everything by a job, but what others own", async () => {
    const { code, stdout, output } = await cli.run("coverage", "--json");
    assert.equal(code, 0, output);
    const { obligations, idle } = JSON.parse(stdout) as {
      obligations: { datum: Datum; state: string; by: string[] }[];
      idle: string[];
    };
    assert.deepEqual(idle, []);
    assert.ok(obligations.every(({ state }) => state === "covered"));
    const others = obligations.filter(({ by }) => by.some((name) => OTHERS.has(name)));
    assert.ok(others.every(({ datum }) => rowOf(datum).protectedBy[0] === "external"));
    assert.ok(others.length > 0 && others.length < obligations.length / 2);
  });

  it("finds in three days of the lab's time a set of every job for each night, and each run explained", async () => {
    const advanced = await cli.run("lab", "advance", `${String(NIGHTS)}d`, "--json");
    assert.equal(advanced.code, 0, advanced.output);
    const { fired } = JSON.parse(advanced.stdout) as { fired: { job: string; outcome: string }[] };
    const times = (job: string, outcome: string): number =>
      fired.filter((one) => one.job === job && one.outcome === outcome).length;
    for (const { name, series, setKind, hosts, schedule } of jobsOf(lab)) {
      const starts = schedule.every === "minutes" ? (NIGHTS * 1440) / schedule.minutes : NIGHTS;
      // Every SQL Server captures its own installation; of all else one host makes a set, and the others say why not.
      const acting = series.startsWith("sql-") && setKind === "full" ? hosts.length : 1;
      const sealed = times(name, "succeeded") + times(name, "nothing-to-do");
      assert.equal(sealed, starts * acting, name);
      assert.equal(times(name, "stood-down"), starts * (hosts.length - acting), name);
      if (schedule.every !== "minutes") assert.equal(times(name, "nothing-to-do"), 0, name);
    }
    const status = await cli.run("status");
    assert.equal(status.code, 0);
    for (const series of SERIES) assert.match(status.stdout, new RegExp(`● ${series} `));
  });
});
