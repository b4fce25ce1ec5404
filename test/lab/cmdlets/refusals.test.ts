import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { changeGroup, cutHost, loseSqlServer, stopCentralManagement } from "../../../lab/commands";
import { BACKUP } from "../fixture";
import {
  ADMIN,
  call,
  CHAT,
  contentsNow,
  everything,
  FE,
  file,
  lab,
  look,
  P1,
  P2,
  realOf,
  refusalOf,
  SE,
  type Call,
} from "./support";

const STATUS = "Get-CsManagementStoreReplicationStatus";
const CONFIGURATION = { cmdlet: "Export-CsConfiguration", parameters: { FileName: file("Config.zip") } };
const LOCATIONS = { cmdlet: "Export-CsLisConfiguration", parameters: { FileName: file("Lis.zip") } };
const USERS = { cmdlet: "Export-CsUserData", parameters: { PoolFqdn: P1, FileName: file("Users.zip") } };
const SERVICE = `service:ApplicationServer:${P1}`;
const GROUPS = { cmdlet: "Export-CsRgsConfiguration", parameters: { Source: SERVICE, FileName: file("Rgs.zip") } };
const IMPORT_GROUPS = {
  cmdlet: "Import-CsRgsConfiguration",
  parameters: { Destination: SERVICE, FileName: file("Rgs.zip") },
};
const CHATS = { cmdlet: "Export-CsPersistentChatData", parameters: { DBInstance: CHAT, FileName: file("Chat.zip") } };
const ARCHIVE = {
  cmdlet: "Export-CsArchivingData",
  parameters: { Identity: "ArchivingDatabase:sql3.contoso.com", StartDate: "2026-02-01", OutputFolder: file("") },
};
const INSTALL = { SqlServerFqdn: "sql1.contoso.com", SqlInstanceName: "rtc" };
const INTERN = String.raw`CONTOSO\intern`;

interface Refusal extends Call {
  when: string;
  /** The topic or the page of the cmdlet reference that says so; "general knowledge" where none does. */
  topic: string;
  code: string;
  before?: (folder: string) => Promise<unknown>;
}

const exported =
  ({ cmdlet, parameters }: Call, also?: (folder: string) => Promise<unknown>) =>
  async (folder: string): Promise<void> => {
    await call(folder, cmdlet, parameters);
    await also?.(folder);
  };

/** One name for two objects of two pools, as it can be only before an import. */
const renameQueue = (folder: string): Promise<unknown> =>
  look(folder, (world) => {
    const [theirs] = contentsNow(world, P2, "rgsconfig").queues;
    const [ours] = contentsNow(world, P1, "rgsconfig").queues;
    if (!theirs || !ours) throw new Error("there are no queues");
    theirs.name = ours.name.toUpperCase();
    contentsNow(world, P1, "rgsconfig").queues = [];
  });

const EVERYWHERE: Refusal[] = [
  {
    when: "the management tools are not installed",
    topic: "Backup and restoration requirements: tools and permissions",
    host: "sql1.contoso.com",
    cmdlet: STATUS,
    code: "unknown-cmdlet",
  },
  {
    when: "nobody knows the cmdlet",
    topic: "general knowledge",
    cmdlet: "Export-CsEverything",
    code: "unknown-cmdlet",
  },
  {
    when: "it has no such parameter",
    topic: "Export-CsConfiguration",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { ...CONFIGURATION.parameters, Overwrite: true },
    code: "unknown-parameter",
  },
  {
    when: "a mandatory parameter is missing",
    topic: "Export-CsConfiguration",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { Force: true },
    code: "missing-parameter",
  },
  {
    when: "a file and bytes are asked for at once",
    topic: "Export-CsConfiguration",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { ...CONFIGURATION.parameters, AsBytes: true },
    code: "ambiguous-parameters",
  },
  {
    when: "a value has the wrong type",
    topic: "Export-CsConfiguration",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { FileName: 7 },
    code: "wrong-type",
  },
  {
    when: "the account is not in RTCUniversalServerAdmins",
    topic: "Backup and restoration requirements: tools and permissions",
    account: INTERN,
    ...CONFIGURATION,
    code: "not-authorised",
  },
  {
    when: "the account was taken out of the group",
    topic: "Backup and restoration requirements: tools and permissions",
    ...USERS,
    code: "not-authorised",
    before: (folder) => changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove"),
  },
  ...[CONFIGURATION, LOCATIONS, USERS, GROUPS, { cmdlet: STATUS }, { cmdlet: "Get-CsUser" }].map((called): Refusal => ({
    when: `${called.cmdlet} is called in a remote session`,
    topic: "general knowledge; Export-CsLisConfiguration asks for -AsBytes there",
    logon: "network",
    ...called,
    code: "double-hop",
  })),
  ...[CONFIGURATION, LOCATIONS, USERS, GROUPS, CHATS, { cmdlet: "Get-CsService" }].map((called): Refusal => ({
    when: `${called.cmdlet} needs the Central Management store, which is down`,
    topic: "Restoring the server hosting the Central Management store",
    ...called,
    code: "store-unreachable",
    before: (folder) => stopCentralManagement(folder),
  })),
  {
    when: "the SQL Server of the store does not answer",
    topic: "Restoring the server hosting the Central Management store",
    cmdlet: STATUS,
    code: "store-unreachable",
    before: (folder) => cutHost(folder, "sql1.contoso.com"),
  },
  {
    when: "the computer is cut off from the store",
    topic: "general knowledge",
    cmdlet: STATUS,
    code: "store-unreachable",
    before: (folder) => cutHost(folder, FE[0]),
  },
  {
    when: "the store holds no topology, for it was made anew",
    topic: "Restoring the server hosting the Central Management store",
    cmdlet: "Get-CsService",
    account: ADMIN,
    code: "no-topology",
    before: async (folder) => {
      await loseSqlServer(folder, "sql1.contoso.com");
      await loseSqlServer(folder, "mir1.contoso.com");
      await call(folder, "Install-CsDatabase", { CentralManagementDatabase: true, Clean: true, ...INSTALL }, AS_ADMIN);
    },
  },
];
const AS_ADMIN = { account: ADMIN };

const FILES: Refusal[] = [
  {
    when: "the folder of the file is missing",
    topic: "general knowledge",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { FileName: file(String.raw`nowhere\Config.zip`) },
    code: "path-not-found",
  },
  {
    when: "the account may not write there",
    topic: "general knowledge",
    cmdlet: CONFIGURATION.cmdlet,
    parameters: { FileName: String.raw`C:\Windows\Config.zip` },
    code: "access-denied",
  },
  {
    when: "the file of an export of locations is there already",
    topic: "Export-CsLisConfiguration",
    ...LOCATIONS,
    code: "file-exists",
    before: exported(LOCATIONS),
  },
  {
    when: "the file of an export of Response Groups is there already",
    topic: "Export-CsRgsConfiguration",
    ...GROUPS,
    code: "file-exists",
    before: exported(GROUPS),
  },
  {
    when: "it is there already, and -Force does not help",
    topic: "Export-CsRgsConfiguration",
    cmdlet: GROUPS.cmdlet,
    parameters: { ...GROUPS.parameters, Force: true },
    code: "file-exists",
    before: exported(GROUPS),
  },
  {
    when: "the file to import is missing",
    topic: "Import-CsUserData",
    cmdlet: "Import-CsUserData",
    parameters: { PoolFqdn: P1, FileName: file("nothing.zip") },
    code: "path-not-found",
  },
  ...([CONFIGURATION, LOCATIONS, GROUPS] as const).map((one): Refusal => ({
    when: `a file of ${one.cmdlet} is imported as user data`,
    topic: "Import-CsUserData",
    cmdlet: "Import-CsUserData",
    parameters: { PoolFqdn: P1, FileName: one.parameters.FileName },
    code: "wrong-file",
    before: exported(one),
  })),
];

const NAMES: Refusal[] = [
  ...["edge.contoso.com", "sba.contoso.com", "chat.contoso.com"].map((fqdn): Refusal => ({
    when: `user data is asked of ${fqdn}, which homes no users`,
    topic: "Export-CsUserData",
    cmdlet: USERS.cmdlet,
    parameters: { PoolFqdn: fqdn, FileName: file("x.zip") },
    code: "wrong-kind-of-pool",
  })),
  {
    when: "there is no such pool",
    topic: "Export-CsUserData",
    cmdlet: USERS.cmdlet,
    parameters: { PoolFqdn: "pool9.contoso.com", FileName: file("x.zip") },
    code: "no-such-pool",
  },
  {
    when: "there is no user database on that server",
    topic: "Export-CsUserData",
    cmdlet: USERS.cmdlet,
    parameters: { Identity: "UserDatabase:sql3.contoso.com", FileName: file("x.zip") },
    code: "no-such-service",
  },
  {
    when: "an instance is named, which Lync Server 2013 does not know",
    topic: "Export-CsUserData",
    cmdlet: USERS.cmdlet,
    parameters: { SqlInstanceName: "rtc", FileName: file("x.zip") },
    code: "unknown-parameter",
  },
  {
    when: "the Back End of the pool does not answer",
    topic: "Restoring an Enterprise Edition Back End Server",
    cmdlet: USERS.cmdlet,
    parameters: { PoolFqdn: SE, FileName: file("x.zip") },
    code: "database-unreachable",
    before: (folder) => cutHost(folder, SE),
  },
  {
    when: "the databases of the pool are lost",
    topic: "Restoring an Enterprise Edition Back End Server",
    cmdlet: USERS.cmdlet,
    parameters: { PoolFqdn: SE, FileName: file("x.zip") },
    code: "no-database",
    before: (folder) => loseSqlServer(folder, SE),
  },
  {
    when: "the principal of a mirror without a witness is lost, and nobody has failed it over",
    topic: "Failing over a mirrored database",
    cmdlet: "Get-CsUser",
    code: "store-unreachable",
    before: (folder) => loseSqlServer(folder, "sql1.contoso.com"),
  },
  {
    when: "Response Groups are asked of an identity of another role",
    topic: "Export-CsRgsConfiguration",
    cmdlet: GROUPS.cmdlet,
    parameters: { Source: `UserServer:${P1}`, FileName: file("x.zip") },
    code: "no-such-service",
  },
  {
    when: "two kinds of service are asked for at once",
    topic: "Get-CsService",
    cmdlet: "Get-CsService",
    parameters: { UserServer: true, FileStore: true },
    code: "ambiguous-parameters",
  },
  {
    when: "the pool has no backup pool",
    topic: "Get-CsBackupServiceStatus",
    cmdlet: "Get-CsBackupServiceStatus",
    parameters: { PoolFqdn: SE },
    code: "not-paired",
  },
  {
    when: "the Persistent Chat database is not in that instance",
    topic: "Export-CsPersistentChatData",
    cmdlet: CHATS.cmdlet,
    parameters: { DBInstance: "sql3.contoso.com", FileName: file("x.zip") },
    code: "no-database",
  },
  {
    when: "a start date is given at another level than RoomDirectory",
    topic: "Export-CsPersistentChatData",
    cmdlet: CHATS.cmdlet,
    parameters: { ...CHATS.parameters, StartDate: "2026-02-01", Level: "All" },
    code: "ambiguous-parameters",
  },
  {
    when: "the Archiving database is not on that server",
    topic: "Export-CsArchivingData",
    cmdlet: ARCHIVE.cmdlet,
    parameters: { ...ARCHIVE.parameters, Identity: "ArchivingDatabase:sql1.contoso.com" },
    code: "no-such-service",
  },
  {
    when: "the Archiving database is named as in Lync Server 2010",
    topic: "Export-CsArchivingData",
    cmdlet: ARCHIVE.cmdlet,
    parameters: { DBInstance: String.raw`sql3.contoso.com\archive`, StartDate: "2026-02-01", OutputFolder: file("") },
    code: "unknown-parameter",
  },
  {
    when: "the name of a service has a wildcard",
    topic: "Stop-CsWindowsService",
    cmdlet: "Stop-CsWindowsService",
    parameters: { Name: "RTC*" },
    code: "no-such-service",
  },
  {
    when: "services of another computer are asked for in a remote session",
    topic: "general knowledge",
    logon: "network",
    cmdlet: "Get-CsWindowsService",
    parameters: { ComputerName: FE[1] },
    code: "double-hop",
  },
];

const CONTENTS: Refusal[] = [
  ...["User1/test", String.raw`User1\test`].map((name): Refusal => ({
    when: `${name} is part of a URN`,
    topic: "Export-CsUserData",
    ...USERS,
    code: "invalid-urn",
    before: (folder) =>
      look(folder, (world) => {
        const home = contentsNow(world, P1, "rtcxds").homes[P1];
        if (home) home.users[`sip:${name}@contoso.com`] = { contactStore: "lync", contacts: [], conferences: [] };
      }),
  })),
  {
    when: "a pool takes its own Response Groups back without -OverwriteOwner",
    topic: "Restoring Response Group settings",
    ...IMPORT_GROUPS,
    code: "owner-exists",
    before: exported(GROUPS),
  },
  {
    when: "a name is taken by an object of another pool",
    topic: "Import-CsRgsConfiguration",
    cmdlet: IMPORT_GROUPS.cmdlet,
    parameters: { ...IMPORT_GROUPS.parameters, OverwriteOwner: true },
    code: "name-conflict",
    before: exported(GROUPS, renameQueue),
  },
];

const SET_UP: Refusal[] = [
  {
    when: "databases are to be made by somebody who is no sysadmin",
    topic: "Deployment permissions for SQL Server",
    cmdlet: "Install-CsDatabase",
    parameters: { ConfiguredDatabases: true, SqlServerFqdn: "sql1.contoso.com" },
    code: "not-authorised",
  },
  {
    when: "databases are to be cleaned and updated at once",
    topic: "Install-CsDatabase",
    account: ADMIN,
    cmdlet: "Install-CsDatabase",
    parameters: { ConfiguredDatabases: true, SqlServerFqdn: "sql1.contoso.com", Clean: true, Update: true },
    code: "ambiguous-parameters",
  },
  {
    when: "mirrored databases are to be updated",
    topic: "Install-CsDatabase",
    account: ADMIN,
    cmdlet: "Install-CsDatabase",
    parameters: { ConfiguredDatabases: true, SqlServerFqdn: "sql1.contoso.com", Update: true },
    code: "mirrored",
  },
  {
    when: "the topology is enabled and setup permission was never granted",
    topic: "Enable-CsTopology",
    cmdlet: "Enable-CsTopology",
    code: "no-setup-permission",
    before: (folder) => look(folder, ({ deployment }) => (deployment.setupDelegated = false)),
  },
  {
    when: "the store is to be on a SQL Server that there is not",
    topic: "Set-CsConfigurationStoreLocation",
    cmdlet: "Set-CsConfigurationStoreLocation",
    parameters: { SqlServerFqdn: "sql9.contoso.com", SqlInstanceName: "rtc" },
    code: "database-unreachable",
  },
];

describe("A cmdlet of the lab refuses, when", () => {
  for (const { when, topic, code, before, cmdlet, parameters, ...who } of [
    ...EVERYWHERE,
    ...FILES,
    ...NAMES,
    ...CONTENTS,
    ...SET_UP,
  ]) {
    it(`${when} (${topic})`, async () => {
      const folder = await lab();
      await before?.(folder);
      assert.equal(await refusalOf(call(folder, cmdlet, parameters, who)), code);
    });
  }

  it("Persistent Chat is asked of a product without it (Features removed from Skype for Business Server 2019)", async () => {
    const folder = await lab(everything("sfb2019"));
    assert.equal(await refusalOf(call(folder, CHATS.cmdlet, CHATS.parameters)), "unknown-cmdlet");
    assert.equal(await refusalOf(call(folder, "Get-CsDatabaseMirrorState", { PoolFqdn: P1 })), "unknown-cmdlet");
  });

  it("the replica is asked for on a computer in no pool (Export-CsConfiguration)", async () => {
    const folder = await lab();
    await look(folder, (world) => {
      world.computer("sql1.contoso.com").lync = { product: "lync2013", version: "5.0.8308.0", pool: null };
    });
    const parameters = { ...CONFIGURATION.parameters, LocalStore: true };
    const called = call(folder, CONFIGURATION.cmdlet, parameters, { host: "sql1.contoso.com" });
    assert.equal(await refusalOf(called), "no-local-store");
  });

  for (const [what, damage] of Object.entries({
    "was cut short": (real: string) => {
      fs.truncateSync(real, fs.statSync(real).size - 30);
    },
    "has other bytes in it": (real: string) => {
      const bytes = fs.readFileSync(real);
      bytes.fill(0x5a, 60, 90);
      fs.writeFileSync(real, bytes);
    },
    "is empty": (real: string) => {
      fs.truncateSync(real, 0);
    },
  })) {
    it(`a file to import ${what} (general knowledge)`, async () => {
      const folder = await lab();
      for (const [one, importer] of [
        [CONFIGURATION, "Import-CsConfiguration"],
        [LOCATIONS, "Import-CsLisConfiguration"],
        [USERS, "Update-CsUserData"],
      ] as const) {
        await call(folder, one.cmdlet, one.parameters);
        const name = one.parameters.FileName;
        damage(realOf(folder, name.slice(name.lastIndexOf("\\") + 1)));
        assert.equal(await refusalOf(call(folder, importer, { FileName: name })), "bad-file", importer);
      }
    });
  }
});

describe("A refusal", () => {
  it("changes nothing in the world", async () => {
    const folder = await lab();
    await call(folder, GROUPS.cmdlet, GROUPS.parameters);
    await renameQueue(folder);
    const before = await look(folder, (world) => structuredClone(contentsNow(world, P1, "rgsconfig")));
    const parameters = { ...IMPORT_GROUPS.parameters, OverwriteOwner: true };
    assert.equal(await refusalOf(call(folder, IMPORT_GROUPS.cmdlet, parameters)), "name-conflict");
    assert.deepEqual(await look(folder, (world) => contentsNow(world, P1, "rgsconfig")), before);
  });
});
