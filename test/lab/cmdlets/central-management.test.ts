import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import {
  cutHost,
  editConfiguration,
  loseSqlServer,
  mendHost,
  moveCentralManagement,
  stopCentralManagement,
} from "../../../lab/commands";
import { readZip } from "../../../lab/zip";
import { ADMIN, call, contents, exportUsers, FE, file, lab, look, P1, P2, realOf, refusalOf, SE } from "./support";

const AS_ADMIN = { account: ADMIN };
describe("Replication", () => {
  const behind = async (folder: string): Promise<unknown[]> =>
    (await call(folder, "Get-CsManagementStoreReplicationStatus")).flatMap(({ UpToDate, ReplicaFqdn }) =>
      UpToDate === true ? [] : [ReplicaFqdn],
    );
  const add = (folder: string, identity: string): Promise<void> =>
    editConfiguration(folder, { add: [{ kind: "Voice", identity }] });

  it("leaves out what it cannot reach, and brings it along when asked (Invoke-CsManagementStoreReplication)", async () => {
    const folder = await lab();
    assert.deepEqual(await behind(folder), []);
    await cutHost(folder, FE[1]);
    await add(folder, "Tag:New");
    assert.deepEqual(await behind(folder), [FE[1]]);
    await mendHost(folder, FE[1]);
    await call(folder, "Invoke-CsManagementStoreReplication", { ReplicaFqdn: FE[1] });
    assert.deepEqual(await behind(folder), []);
  });

  it("leaves an older replica where its service is stopped, which -LocalStore reads (Export-CsConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Stop-CsWindowsService", { Name: "REPLICA" }, { host: FE[1] });
    await add(folder, "Tag:New");
    const exported = async (host: string): Promise<boolean> => {
      const [output] = await call(folder, "Export-CsConfiguration", { AsBytes: true, LocalStore: true }, { host });
      const parts = await readZip(output?.["Bytes"] as Buffer);
      return String(parts.get("DocItemSet.xml")).includes("Tag:New");
    };
    assert.deepEqual([await exported(FE[0]), await exported(FE[1])], [true, false]);
    await call(folder, "Start-CsWindowsService", {}, { host: FE[1] });
    assert.equal(await exported(FE[1]), true);
  });

  it("tells which server is master, and none when the store is down or its service (Central Management store failover)", async () => {
    const folder = await lab();
    const master = async (): Promise<unknown> =>
      (await call(folder, "Get-CsManagementStoreReplicationStatus", { CentralManagementStoreStatus: true }))[0];
    assert.deepEqual(await master(), { ActiveMasterFqdn: FE[0], ActiveFileTransferAgents: [FE[0]] });
    await call(folder, "Stop-CsWindowsService", { Name: "MASTER" });
    assert.deepEqual(await master(), { ActiveMasterFqdn: "", ActiveFileTransferAgents: [] });
    await call(folder, "Start-CsWindowsService", { Name: "MASTER" });
    await stopCentralManagement(folder);
    assert.deepEqual(await master(), { ActiveMasterFqdn: "", ActiveFileTransferAgents: [] });
  });

  it("is read from the replica while the store is down (Export-CsConfiguration)", async () => {
    const folder = await lab();
    await stopCentralManagement(folder);
    await call(folder, "Export-CsConfiguration", { filename: file("Config.zip"), LOCALSTORE: true });
    assert.ok((await readZip(fs.readFileSync(realOf(folder, "Config.zip")))).has("DocItemSet.xml"));
    assert.ok((await call(folder, "Get-CsTopology", { LocalStore: true })).length > 0);
  });

  it("begins with a file on an Edge Server, for itself alone (Import-CsConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsConfiguration", { FileName: file("Config.zip") });
    await add(folder, "Tag:New");
    await call(folder, "Import-CsConfiguration", { FileName: file("Config.zip"), LocalStore: true });
    assert.deepEqual(await behind(folder), [FE[0]]);
    assert.ok((await contents(folder, P1, "xds")).policies.some(({ identity }) => identity === "Tag:New"));
  });
});

describe("The Central Management store", () => {
  const INSTALL = { CentralManagementDatabase: true, SqlServerFqdn: "sql1.contoso.com", SqlInstanceName: "rtc" };

  it("is lost with its SQL Servers, and comes back step by step (Restoring the server hosting the Central Management store)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsConfiguration", { FileName: file("Config.zip") });
    await call(folder, "Export-CsLisConfiguration", { FileName: file("Lis.zip") });
    const before = await contents(folder, P1, "xds");
    for (const server of ["sql1.contoso.com", "mir1.contoso.com"]) await loseSqlServer(folder, server);
    assert.equal(await refusalOf(call(folder, "Get-CsPool")), "store-unreachable");
    await call(folder, "Install-CsDatabase", { ...INSTALL, Clean: true }, AS_ADMIN);
    await call(folder, "Set-CsConfigurationStoreLocation", {
      SqlServerFqdn: "sql1.contoso.com",
      SqlInstanceName: "rtc",
    });
    await call(folder, "Import-CsConfiguration", { FileName: file("Config.zip") });
    await call(folder, "Enable-CsTopology");
    const after = await contents(folder, P1, "xds");
    assert.deepEqual({ ...after, serial: 0, changedAt: "" }, { ...before, serial: 0, changedAt: "" });
    assert.ok(after.serial > before.serial);
    const status = await call(folder, "Get-CsManagementStoreReplicationStatus");
    assert.ok(status.every(({ UpToDate }) => UpToDate === true));
    // The databases of the pool are others, and still lost.
    assert.equal(await refusalOf(exportUsers(folder)), "no-database");
    await call(
      folder,
      "Install-CsDatabase",
      { ConfiguredDatabases: true, SqlServerFqdn: "sql1.contoso.com" },
      AS_ADMIN,
    );
    await exportUsers(folder);
    await call(folder, "Import-CsLisConfiguration", { FileName: file("Lis.zip") });
    assert.ok((await contents(folder, P1, "lis")).draft.locations.length > 0);
  });

  it("is emptied by -Clean, and left alone without it (Install-CsDatabase)", async () => {
    const folder = await lab();
    const server = { ConfiguredDatabases: true, SqlServerFqdn: SE };
    const rows = async (): Promise<number> => Object.keys((await contents(folder, SE, "rtcxds")).homes).length;
    await call(folder, "Install-CsDatabase", server, AS_ADMIN);
    assert.equal(await rows(), 1);
    await call(folder, "Install-CsDatabase", { ...server, Clean: true }, AS_ADMIN);
    assert.equal(await rows(), 0);
  });

  it("is where the directory says, wherever the topology has it (Get-CsConfigurationStoreLocation)", async () => {
    const folder = await lab();
    const where = async (): Promise<unknown> => (await call(folder, "Get-CsConfigurationStoreLocation"))[0]?.["Value"];
    assert.equal(await where(), String.raw`sql1.contoso.com\rtc`);
    await moveCentralManagement(folder, "fe2a.contoso.com");
    assert.equal(await where(), String.raw`sql2.contoso.com\rtc`);
    const [connection] = await call(folder, "Get-CsManagementConnection");
    assert.equal(connection?.["Connection"], String.raw`sql2.contoso.com\rtc`);
    const services = await call(folder, "Get-CsService", { CentralManagement: true });
    assert.deepEqual(
      services.map(({ PoolFqdn, Active }) => [PoolFqdn, Active]),
      [
        [P1, false],
        [P2, true],
      ],
    );
    // A planned move takes the locations along.
    assert.ok((await contents(folder, P2, "lis")).draft.locations.length > 0);
  });

  it("gives back the rights on a restored file store when the topology is enabled (Restoring a file store)", async () => {
    const folder = await lab();
    await look(folder, (world) => {
      const access = [{ account: String.raw`BUILTIN\Administrators`, sid: "S-1-5-32-544", right: "full" as const }];
      world.computer("fs1.contoso.com").shares["lync"] = { name: "lync", path: String.raw`C:\Lync`, access };
    });
    await call(folder, "Enable-CsTopology");
    const entries = await look(folder, (world) => world.computer("fs1.contoso.com").access[String.raw`c:\lync`] ?? []);
    assert.ok(entries.some(({ account }) => account.endsWith("RTCComponentUniversalServices")));
  });
});
