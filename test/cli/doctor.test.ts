import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { agentPackage } from "../../hosts/agent/package";
import { changeGroup, createLab, cutHost, editFile, editFolderAccess, fillDisk, mendHost } from "../../lab/commands";
import { CommandLine } from "../support/command-line";
import { apply, BACKUP, BK01, FE01, TARGET, vault } from "../lab/fixture";

const SQL01 = "sql01.contoso.com";

interface Report {
  ok: boolean;
  findings: { what: string; verdict: string; found: string; mend?: string }[];
}

describe("lync-backup doctor", function () {
  this.timeout(60_000);
  const cli = new CommandLine();
  before(async () => {
    await createLab(cli.lab, { deployment: "contoso" });
  });
  after(() => cli.remove());

  async function report(host = FE01, ...more: string[]): Promise<Report & { code: number | null }> {
    const { code, stdout, output } = await cli.run("doctor", "--host", host, "--json", ...more);
    assert.notEqual(stdout, "", output);
    return { ...(JSON.parse(stdout) as Report), code };
  }
  const bad = ({ findings }: Report): string[] =>
    findings.flatMap(({ what, verdict, mend }) => (verdict === "bad" ? [`${what}: ${mend ?? ""}`] : []));

  it("says that the module is missing, and what installs it", async () => {
    const { code, output } = await cli.run("doctor", "--host", "FE01.contoso.com");
    assert.equal(code, 1);
    assert.match(output, /BAD +module +not installed/);
    assert.match(output, /module: Run pulumi up/);
    assert.match(output, /fe01\.contoso\.com: 1 of 3 findings must be mended/i);
  });

  it("finds nothing where all is as jobs need it, under the account of the jobs", async () => {
    await apply(cli.lab, BK01, { kind: "set-target", target: vault });
    await apply(cli.lab, FE01, { kind: "set-agent", agent: agentPackage() });
    const { code, ok, findings } = await report();
    assert.deepEqual([code, ok], [0, true], JSON.stringify(findings));
    const found = Object.fromEntries(findings.map(({ what, found: one }) => [what, one]));
    assert.equal(found["account"], `runs as ${BACKUP}`);
    assert.match(String(found["Lync cmdlets"]), /^Get-CsPool found \d+$/);
    assert.match(String(found["writing to vault"]), /reads back the same/);
    assert.equal(found[`clock of ${BK01}`], "0 s apart");
  });

  it("names what mends each failure", async () => {
    await changeGroup(cli.lab, BACKUP, "RTCUniversalServerAdmins", "remove");
    const group = `Add ${BACKUP} to RTCUniversalServerAdmins; it counts from its next logon on.`;
    assert.ok(bad(await report()).includes(`group: ${group}`));
    await changeGroup(cli.lab, BACKUP, "RTCUniversalServerAdmins", "add");

    await fillDisk(cli.lab, BK01, "D", 0);
    assert.deepEqual(
      bad(await report()).map((one) => one.split(":")[0]),
      ["writing to vault", "space of vault"],
    );

    await editFile(cli.lab, FE01, String.raw`C:\Program Files\LyncBackup\Text.ps1`, "# a colleague was here");
    assert.ok(bad(await report()).includes("module: Run pulumi up, which installs it."));

    await editFolderAccess(cli.lab, BK01, TARGET, []);
    const gone = bad(await report());
    assert.ok(
      gone.some((one) => /^target vault: .*among the writers of vault/.test(one)),
      gone.join("\n"),
    );
  });

  it("looks at a host without jobs from the session alone, and at SQL Server where it is asked to", async () => {
    const { findings } = await report(BK01);
    assert.deepEqual(
      findings.map(({ what }) => what),
      ["reach", "PowerShell", "module"],
    );
    await apply(cli.lab, SQL01, { kind: "set-agent", agent: agentPackage() });
    const placed = (await report(SQL01)).findings.filter(({ what }) => /^(SQL Server|Lync cmdlets)/.test(what));
    assert.deepEqual(
      placed.map(({ verdict, found }) => [verdict, found]),
      [["good", "it can log on"]],
    );
    const sql = await report(FE01, "--instance", String.raw`nowhere.contoso.com\none`);
    assert.ok(sql.findings.some(({ what, verdict }) => what.startsWith("SQL Server nowhere") && verdict === "bad"));
  });

  it("says why a host cannot be reached", async () => {
    await cutHost(cli.lab, FE01);
    const { code, findings } = await report();
    assert.equal(code, 1);
    assert.deepEqual(
      findings.map(({ what, verdict }) => [what, verdict]),
      [["reach", "bad"]],
    );
    await mendHost(cli.lab, FE01);
  });
});
