import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { changeGroup, createLab, cutHost, mendHost, moveCentralManagement } from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { readEstate } from "../../stacks";
import { BACKUP, FE01 } from "../lab/fixture";
import { CommandLine } from "../support/command-line";
import type { Outcome } from "../support/engine";

const TARGET = String.raw`bk01.contoso.com:D:\LyncBackup`;

describe("lync-backup discover", function () {
  this.timeout(60_000);
  const cli = new CommandLine();
  const file = path.join(cli.folder, "contoso.estate.yaml");
  before(async () => {
    await createLab(cli.lab, { deployment: "contoso" });
  });
  after(() => cli.remove());

  const discover = (...more: string[]): Promise<Outcome> => cli.run("discover", "--host", FE01, ...more);
  const writing = (...more: string[]): Promise<Outcome> => discover("--output", file, ...more);
  const agent = async (): Promise<unknown> => (await (await openLabHost(cli.lab, FE01)).state()).agent;

  it("refuses at once what cannot be meant", async () => {
    for (const [words, says] of [
      [[], /say where sets are to be kept.*--target bk01/],
      [["--target", "bk01"], /--target takes a computer and a folder on it/],
      [["--target", String.raw`bk01:D:\Sets`], /--target takes the whole name of a computer/],
      [["--target", TARGET, "--via", "telnet"], /--via is lab, local, ssh or winrm/],
    ] as const) {
      const { code, output } = await writing(...words);
      assert.equal(code, 2, output);
      assert.match(output, says);
    }
    const { code, output } = await discover("--target", TARGET, "--name", "lab");
    assert.equal(code, 2);
    assert.match(output, /stacks\/ has an estate lab already: give another --name/);
  });

  it("says why a deployment could not be read, and leaves the computer as it was", async () => {
    await changeGroup(cli.lab, BACKUP, "RTCUniversalServerAdmins", "remove");
    const denied = await writing("--target", TARGET);
    await changeGroup(cli.lab, BACKUP, "RTCUniversalServerAdmins", "add");
    assert.equal(denied.code, 1);
    assert.match(
      denied.output,
      /fe01\.contoso\.com could not tell the topology: .*not allowed to run Get-CsSite.*Add it/,
    );
    assert.equal(await agent(), null);

    const bare = await cli.run("discover", "--host", "bk01.contoso.com", "--target", TARGET, "--output", file);
    assert.equal(bare.code, 1);
    assert.match(bare.output, /bk01\.contoso\.com has no management tools of Lync/);

    await cutHost(cli.lab, FE01);
    const cut = await writing("--target", TARGET);
    await mendHost(cli.lab, FE01);
    assert.equal(cut.code, 1);
    assert.match(cut.output, /fe01\.contoso\.com: it does not answer/);
    assert.ok(!existsSync(file));
  });

  it("writes the estate of a deployment, and says what comes next", async () => {
    const { code, stdout, output } = await writing("--target", TARGET, "--reader", String.raw`CONTOSO\restore-admins`);
    assert.equal(code, 0, output);
    assert.match(stdout, /contoso\.estate\.yaml: 4 pools, 6 SQL Server instances, 9 hosts, \d+ data that other tools/);
    const { account, targets, topology } = readEstate(file);
    assert.equal(account, BACKUP, "of the domain of the host");
    assert.deepEqual(targets[0]?.readers, [String.raw`CONTOSO\restore-admins`]);
    assert.equal(topology.pools.length, 4);
    assert.equal(await agent(), null);
  });

  it("shows the second time what has changed, ends with exit code 1, and rewrites nothing unless asked", async () => {
    writeFileSync(file, `# Ours.\n${readFileSync(file, "utf8")}`);
    const written = readFileSync(file, "utf8");
    const same = await writing();
    assert.equal(same.code, 0, same.output);
    assert.match(same.stdout, /The deployment is as .*contoso\.estate\.yaml says/);

    await moveCentralManagement(cli.lab, "fe11.contoso.com");
    const changed = await writing("--json");
    assert.equal(changed.code, 1);
    const { written: rewritten, changes } = JSON.parse(changed.stdout) as {
      written: boolean;
      changes: { what: string; property: string; to: string }[];
    };
    assert.equal(rewritten, false);
    assert.deepEqual(
      changes.map(({ what, property, to }) => [what, property, to]),
      [
        ["the Central Management store", "active", "pool02.contoso.com"],
        ["the Central Management store", "standby", "pool01.contoso.com"],
      ],
    );
    assert.match(changed.output, /has changed in 2 points: correct the file, or write it anew with --force/);
    assert.equal(readFileSync(file, "utf8"), written);

    const forced = await writing("--force");
    assert.equal(forced.code, 0, forced.output);
    const { targets, topology } = readEstate(file);
    assert.deepEqual(
      targets[0]?.readers,
      [String.raw`CONTOSO\restore-admins`],
      "the targets are those that were there",
    );
    assert.equal(topology.centralManagement.active, "pool02.contoso.com");
  });

  it("compares with the estate of a stack, whoever wrote that", async () => {
    const moved = await discover("--stack", "lab");
    assert.equal(moved.code, 1);
    assert.match(moved.stdout, /Since the stack lab was written:\n {2}the Central Management store: active was pool01/);
    assert.match(moved.output, /correct the estate/);
    await moveCentralManagement(cli.lab, FE01);
    const same = await discover("--stack", "lab");
    assert.equal(same.code, 0, same.output);
    assert.match(same.stdout, /The deployment is as the stack lab says/);
  });
});
