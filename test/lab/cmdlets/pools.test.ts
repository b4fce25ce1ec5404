import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { cutHost, loseSqlServer, mendHost } from "../../../lab/commands";
import { call, exportUsers, FE, lab, P1, P2, refusalOf, SE } from "./support";

describe("Services", () => {
  const states = async (folder: string, host: string = FE[0]): Promise<Record<string, unknown>> => {
    const found = await call(folder, "Get-CsWindowsService", {}, { host });
    return Object.fromEntries(found.map(({ Name, Status }): [string, unknown] => [String(Name), Status]));
  };

  it("stop with what depends on them, and start with what they need only (Stop-CsWindowsService, Start-CsWindowsService)", async () => {
    const folder = await lab();
    await call(folder, "Stop-CsWindowsService", { Name: "RTCSRV" });
    const stopped = await states(folder);
    assert.deepEqual(
      [stopped["RTCSRV"], stopped["RTCRGS"], stopped["RTCCPS"], stopped["LYNCBACKUP"]],
      ["Stopped", "Stopped", "Stopped", "Running"],
    );
    await call(folder, "Start-CsWindowsService", { Name: "RTCRGS" });
    const started = await states(folder);
    assert.deepEqual([started["RTCSRV"], started["RTCRGS"], started["RTCCPS"]], ["Running", "Running", "Stopped"]);
    await call(folder, "Start-CsWindowsService", { Name: "RTCRGS" });
  });

  it("of another computer stop from here (Stop-CsWindowsService)", async () => {
    const folder = await lab();
    await call(folder, "Stop-CsWindowsService", { ComputerName: FE[1] });
    assert.deepEqual([...new Set(Object.values(await states(folder, FE[1])))], ["Stopped"]);
    assert.deepEqual([...new Set(Object.values(await states(folder)))], ["Running"]);
  });
});

describe("Mirrored databases", () => {
  const states = async (folder: string, DatabaseType = "User"): Promise<unknown[]> =>
    (await call(folder, "Get-CsDatabaseMirrorState", { PoolFqdn: P2, DatabaseType })).map(
      ({ DatabaseName, StateOnPrimary, StateOnMirror }) => [DatabaseName, StateOnPrimary, StateOnMirror],
    );

  it("have a principal and a mirror (Get-CsDatabaseMirrorState)", async () => {
    const folder = await lab();
    assert.deepEqual(await states(folder), [
      ["rtcxds", "Principal", "Mirror"],
      ["rtcshared", "Principal", "Mirror"],
      ["rtcab", "Principal", "Mirror"],
    ]);
    assert.deepEqual((await states(folder, "Application")).length, 3);
  });

  it("go on at the mirror by themselves where a witness sees to it (Failing over a mirrored database)", async () => {
    const folder = await lab();
    await cutHost(folder, "sql2.contoso.com");
    await exportUsers(folder, P2);
    await mendHost(folder, "sql2.contoso.com");
    assert.deepEqual((await states(folder))[0], ["rtcxds", "Mirror", "Principal"]);
    await cutHost(folder, "sql1.contoso.com");
    assert.equal(await refusalOf(exportUsers(folder)), "store-unreachable");
  });

  it("are enabled no more when one side is lost (Get-CsDatabaseMirrorState)", async () => {
    const folder = await lab();
    await loseSqlServer(folder, "mir2.contoso.com");
    const none = "DatabaseInaccessibleOrMirroringNotEnabled";
    assert.deepEqual((await states(folder))[0], ["rtcxds", none, none]);
    await exportUsers(folder, P2);
  });

  it("are tested one by one (Test-CsDatabase)", async () => {
    const folder = await lab();
    const test = async (): Promise<unknown[]> =>
      (await call(folder, "Test-CsDatabase", { ConfiguredDatabases: true, SqlServerFqdn: SE })).map(
        ({ Succeed }) => Succeed,
      );
    assert.ok((await test()).every((one) => one === true));
    await loseSqlServer(folder, SE);
    assert.ok((await test()).every((one) => one === false));
  });
});

describe("The Backup Service", () => {
  const status = async (folder: string, PoolFqdn: string): Promise<Record<string, unknown>> => {
    const [found] = await call(folder, "Get-CsBackupServiceStatus", { PoolFqdn });
    return Object.fromEntries(
      (found?.["BackupModules"] as { Identity: string; ExportStatus: string }[]).map((one) => [
        one.Identity,
        one.ExportStatus,
      ]),
    );
  };

  it("is steady, and has nothing to give of a store that is active elsewhere (Get-CsBackupServiceStatus)", async () => {
    const folder = await lab();
    assert.deepEqual(await status(folder, P1), {
      "UserServices.PresenceFocus": "SteadyState",
      "ConfServices.DataConf": "SteadyState",
      "CentralMgmt.CMSMaster": "SteadyState",
    });
    assert.equal((await status(folder, P2))["CentralMgmt.CMSMaster"], "NotInitialized");
  });

  it("is in error when it is stopped on every Front End of one side, and goes on with one (Get-CsBackupServiceStatus)", async () => {
    const folder = await lab();
    await call(folder, "Stop-CsWindowsService", { Name: "LYNCBACKUP" });
    assert.equal((await status(folder, P1))["UserServices.PresenceFocus"], "SteadyState");
    await call(folder, "Stop-CsWindowsService", { Name: "LYNCBACKUP" }, { host: FE[1] });
    assert.equal((await status(folder, P2))["UserServices.PresenceFocus"], "ErrorState");
  });

  it("knows the partner of a pool (Get-CsPoolBackupRelationship)", async () => {
    const folder = await lab();
    const [found] = await call(folder, "Get-CsPoolBackupRelationship", { PoolFqdn: P1 });
    assert.equal(found?.["BackupPoolFqdn"], P2);
    assert.deepEqual(await call(folder, "Get-CsPoolBackupRelationship", { PoolFqdn: SE }), []);
  });
});
