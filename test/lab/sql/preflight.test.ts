import assert from "node:assert/strict";
import fs from "node:fs";
import { beforeEach, describe, it } from "mocha";
import { preflightJob, type Preflight } from "../../../estate/jobs/preflight";
import { judgePreflight } from "../../../estate/preflight";
import { onComputer, realFile } from "../../../lab/commands";
import { grantSql, revokeSql } from "../../../lab/sql/edits";
import { sqlServer } from "../../../lab/sql/servers";
import { apply, BACKUP, ownerOf, TARGET, vault } from "../fixture";
import { ALONE, BK, hostOf, runOn, SERVICE, sqlLab, TARGET_SHARE } from "./support";

const wanted: Preflight = {
  owner: ownerOf("preflight"),
  host: hostOf(ALONE),
  product: "lync2013",
  deployment: "contoso",
  account: BACKUP,
  targets: [{ name: "vault", host: BK, path: TARGET_SHARE, keepFreeBytes: 0 }],
  instances: [ALONE],
};

describe("The preflight of a SQL Server", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await sqlLab();
  });
  async function bad(): Promise<string[]> {
    const run = await runOn(folder, preflightJob(wanted), wanted.host);
    return judgePreflight(wanted, run)
      .filter(({ what, verdict }) => verdict === "bad" && what !== "product")
      .map(({ what, mend }) => `${what}: ${mend ?? ""}`);
  }

  it("finds nothing where all is granted, and leaves nothing behind", async () => {
    assert.deepEqual(await bad(), []);
    const sets = await realFile(folder, BK, `${TARGET}\\series\\preflight\\sets`);
    assert.deepEqual(fs.existsSync(sets) ? fs.readdirSync(sets) : [], []);
  });

  it("names each right that is missing with the grant that gives it", async () => {
    const grants = {
      "view-state": /^state of the server.*GRANT VIEW SERVER STATE TO \[CONTOSO\\lync-backup\$\];/,
      msdb: /^databases and msdb's history.*GRANT SELECT ON dbo\.backupset/,
      agent: /^Agent jobs in msdb.*sp_addrolemember N'SQLAgentReaderRole', N'CONTOSO\\lync-backup\$'/,
      backup: /^backup of .* to vault: .*db_backupoperator/,
      "create-database": /^verification on .*GRANT CREATE ANY DATABASE/,
    } as const;
    for (const [right, pattern] of Object.entries(grants) as [keyof typeof grants, RegExp][]) {
      await revokeSql(folder, ALONE, right);
      const found = await bad();
      assert.ok(
        found.some((one) => pattern.test(one)),
        `${right}: ${found.join("\n")}`,
      );
      await grantSql(folder, ALONE, { login: BACKUP, right });
    }
  });

  it("finds that nobody may log on, in one line", async () => {
    await revokeSql(folder, ALONE);
    const found = await bad();
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", /^SQL Server .*: Make a login for CONTOSO\\lync-backup\$/);
  });

  it("finds that the target does not admit the service account", async () => {
    await onComputer(folder, wanted.host, (_, world) => {
      assert.equal(sqlServer(world, ALONE).serviceAccount, SERVICE);
    });
    await apply(folder, BK, { kind: "set-target", target: { ...vault, writers: [BACKUP] } });
    const [found] = await bad();
    assert.match(found ?? "", /^backup of .* to vault: Run pulumi up, with the account that .* runs as/);
  });
});
