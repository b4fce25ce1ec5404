import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { changeGroup, cutHost, editConfiguration, realFile, stopCentralManagement } from "../../lab/commands";
import type { CmdletRefusal } from "../../lab/cmdlets/call";
import { callCmdlet } from "../../lab/cmdlets/call";
import { Store } from "../../lab/store";
import { inWorld } from "../../lab/world";
import { readZip } from "../../lab/zip";
import { BACKUP, BK01, emptyLab, FE01 } from "./fixture";

const STATUS = "Get-CsManagementStoreReplicationStatus";
const EXPORT = "Export-CsConfiguration";
const LOCATIONS = "Export-CsLisConfiguration";
const FILE = { FileName: String.raw`C:\ProgramData\LyncBackup\Config.zip` };
const MASTER = { CentralManagementStoreStatus: true };

interface Call {
  cmdlet: string;
  parameters: Record<string, unknown>;
  host?: string;
  account?: string;
  logon?: "batch" | "network";
}

const call = (folder: string, { cmdlet, parameters, host = FE01, account = BACKUP, logon = "batch" }: Call) =>
  inWorld(new Store(folder), (world) => {
    fs.mkdirSync(`${folder}/files/${host}/c/ProgramData/LyncBackup`, { recursive: true });
    return callCmdlet(world, { host, account, logon }, cmdlet, parameters);
  });

/** Each documented refusal, with the section of the facts it comes from. */
const REFUSALS: (Call & { when: string; code: string; before?: (folder: string) => Promise<void> })[] = [
  {
    when: "the management tools are not there (1.3)",
    host: BK01,
    cmdlet: STATUS,
    parameters: {},
    code: "unknown-cmdlet",
  },
  { when: "nobody knows the cmdlet (8.6)", cmdlet: "Export-CsEverything", parameters: {}, code: "unknown-cmdlet" },
  {
    when: "the product has no such cmdlet (1.2)",
    cmdlet: "Export-CsPersistentChatData",
    parameters: { DBInstance: "x" },
    code: "unknown-cmdlet",
    before: (folder) =>
      inWorld(new Store(folder), (world) => {
        world.computer(FE01).lync = { product: "sfb2019", version: "7.0.2046.0", pool: null };
      }),
  },
  {
    when: "it has no such parameter (1.2)",
    cmdlet: EXPORT,
    parameters: { ...FILE, Overwrite: true },
    code: "unknown-parameter",
  },
  {
    when: "a mandatory parameter is missing (1.2)",
    cmdlet: EXPORT,
    parameters: { Force: true },
    code: "missing-parameter",
  },
  {
    when: "parameters of two sets meet (1.2)",
    cmdlet: EXPORT,
    parameters: { ...FILE, AsBytes: true },
    code: "ambiguous-parameters",
  },
  { when: "a value has the wrong type (1.2)", cmdlet: EXPORT, parameters: { FileName: 7 }, code: "wrong-type" },
  {
    when: "the account is not in RTCUniversalServerAdmins (1.3)",
    account: String.raw`CONTOSO\intern`,
    cmdlet: EXPORT,
    parameters: FILE,
    code: "not-authorised",
  },
  {
    when: "the account was taken out of the group (1.3)",
    cmdlet: STATUS,
    parameters: MASTER,
    code: "not-authorised",
    before: (folder) => changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove"),
  },
  {
    when: "a network logon cannot go on to the store (8.1)",
    logon: "network",
    cmdlet: STATUS,
    parameters: MASTER,
    code: "double-hop",
  },
  {
    when: "a network logon cannot export either (8.1)",
    logon: "network",
    cmdlet: EXPORT,
    parameters: FILE,
    code: "double-hop",
  },
  {
    when: "the store is down (8.5.4)",
    cmdlet: EXPORT,
    parameters: FILE,
    code: "store-unreachable",
    before: (folder) => stopCentralManagement(folder),
  },
  {
    when: "neither SQL Server of the store answers (8.5.4)",
    cmdlet: STATUS,
    parameters: MASTER,
    code: "store-unreachable",
    before: async (folder) => {
      await cutHost(folder, "sql01.contoso.com");
      await cutHost(folder, "sql02.contoso.com");
    },
  },
  {
    when: "the folder of the file is missing (1.2)",
    cmdlet: EXPORT,
    parameters: { FileName: String.raw`C:\ProgramData\LyncBackup\nowhere\Config.zip` },
    code: "path-not-found",
  },
  {
    when: "the account may not write there (1.3)",
    cmdlet: EXPORT,
    parameters: { FileName: String.raw`C:\Windows\Config.zip` },
    code: "access-denied",
  },
  {
    when: "the file of an export of locations is there already (1.2)",
    cmdlet: LOCATIONS,
    parameters: FILE,
    code: "file-exists",
    before: async (folder) => {
      await call(folder, { cmdlet: LOCATIONS, parameters: FILE });
    },
  },
  {
    when: "locations are exported and the store is down (8.5.4)",
    cmdlet: LOCATIONS,
    parameters: FILE,
    code: "store-unreachable",
    before: (folder) => stopCentralManagement(folder),
  },
  {
    when: "locations are exported in a remote session (1.2, 8.1)",
    logon: "network",
    cmdlet: LOCATIONS,
    parameters: FILE,
    code: "double-hop",
  },
  {
    when: "locations are exported by somebody else (1.3)",
    account: String.raw`CONTOSO\intern`,
    cmdlet: LOCATIONS,
    parameters: FILE,
    code: "not-authorised",
  },
  {
    when: "there is no replica on the computer (8.5.4)",
    host: "tools01.contoso.com",
    cmdlet: EXPORT,
    parameters: { ...FILE, LocalStore: true },
    code: "no-local-store",
  },
];

describe("A cmdlet of the lab refuses, when", () => {
  for (const { when, code, before, ...made } of REFUSALS) {
    it(when, async () => {
      const folder = await emptyLab();
      await before?.(folder);
      await assert.rejects(call(folder, made), (error: CmdletRefusal) => {
        assert.equal(error.code, code, error.message);
        return true;
      });
    });
  }
});

describe("A cmdlet of the lab", () => {
  it("tells which server is the active master, and nothing when the store is down", async () => {
    const folder = await emptyLab();
    const [up] = await call(folder, { cmdlet: STATUS, parameters: MASTER });
    assert.deepEqual(up, { ActiveMasterFqdn: FE01, ActiveFileTransferAgents: [FE01] });
    await stopCentralManagement(folder);
    const [down] = await call(folder, { cmdlet: STATUS, parameters: MASTER });
    assert.deepEqual(down, { ActiveMasterFqdn: "", ActiveFileTransferAgents: [] });
  });

  it("exports a real ZIP whose XML holds what is configured", async () => {
    const folder = await emptyLab();
    await editConfiguration(folder, { add: [{ kind: "Voice", identity: 'Tag:"R&D" <lab>' }] });
    await call(folder, { cmdlet: EXPORT, parameters: FILE });
    const contents = await readZip(fs.readFileSync(await realFile(folder, FE01, FILE.FileName)));
    const xml = String(contents.get("DocItemSet.xml"));
    assert.match(xml, /Scope="Tag:&quot;R&amp;D&quot; &lt;lab&gt;"/);
    assert.match(xml, /<Machine Fqdn="fe13.contoso.com"\/>/);
    assert.match(xml, /Version="2"/);
  });

  it("exports a real ZIP whose XML holds the locations of the deployment", async () => {
    const folder = await emptyLab();
    await inWorld(new Store(folder), ({ deployment }) => {
      const [first] = deployment.locations ?? [];
      assert.ok(first);
      Object.assign(first, { place: 'Room "R&D" <1>', subnets: ["192.168.7.0"] });
    });
    await call(folder, { cmdlet: LOCATIONS, parameters: FILE });
    const xml = String(
      (await readZip(fs.readFileSync(await realFile(folder, FE01, FILE.FileName)))).get("LisConfiguration.xml"),
    );
    assert.match(
      xml,
      /Location="Room &quot;R&amp;D&quot; &lt;1&gt;" CompanyName="Contoso".*<Subnet Id="192.168.7.0"\/>/,
    );
    assert.equal(xml.match(/<CivicAddress /g)?.length, 6);
  });

  it("exports the local replica while the store is down", async () => {
    const folder = await emptyLab();
    await stopCentralManagement(folder);
    await call(folder, { cmdlet: EXPORT, parameters: { filename: FILE.FileName, LOCALSTORE: true } });
    assert.ok((await readZip(fs.readFileSync(await realFile(folder, FE01, FILE.FileName)))).has("DocItemSet.xml"));
  });
});
