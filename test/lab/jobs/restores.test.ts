import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { seriesOf, type Job, type Run, type StepInput } from "../../../estate/documents";
import { configurationJob, fileStoreJob, persistentChatJob, responseGroupJob, userDataJob } from "../../../estate/jobs";
import { emptyContents, type Contents, type DatabaseName } from "../../../lab/model/databases";
import { contentsNow } from "../cmdlets/support";
import { fewPolicies, labWithJob } from "../fixture";
import { declared, inSet, look, POOL, restore, runJob, STORE, succeeded } from "./support";

/** Each datum, backed up by its job, lost, and brought back by steps of a document: as a person restores it. */

const CHAT = "chat01.contoso.com";
const FRONT_ENDS = ["fe01", "fe02", "fe03"].map((name) => `${name}.contoso.com`);
const GROUPS = { Destination: `service:ApplicationServer:${POOL}` };

const cmdlet = (name: string, parameters: Record<string, string | boolean> = {}): StepInput => ({
  kind: "cmdlet",
  id: name.toLowerCase(),
  title: name,
  cmdlet: name,
  parameters,
});
const services = (action: "start" | "stop"): StepInput => ({
  kind: "service",
  id: action,
  title: `${action} the Front Ends`,
  action,
  computers: FRONT_ENDS,
});
const verify = ({ set = "" }: Run): StepInput => ({
  kind: "verify",
  id: "verify",
  title: "Look at the set",
  set,
  level: "hashed",
});

const now = <N extends DatabaseName>(folder: string, fqdn: string, name: N): Promise<Contents[N]> =>
  look(folder, (world) => structuredClone(contentsNow(world, fqdn, name)));
/** As if the database had just been made. */
const empty = <N extends DatabaseName>(folder: string, fqdn: string, name: N): Promise<unknown> =>
  look(folder, (world) => Object.assign(contentsNow(world, fqdn, name), emptyContents(name)));

async function backedUp(job: Job): Promise<{ folder: string; run: Run; file: (name: string) => string }> {
  const folder = await labWithJob(job);
  const run = succeeded(await runJob(folder, job));
  return { folder, run, file: (name) => inSet(job, run, name) };
}
const restored = async (folder: string, job: Job, run: Run, steps: StepInput[]): Promise<Run> =>
  succeeded(await restore(folder, [verify(run), ...steps], { series: seriesOf(job) }));

describe("What a job has backed up comes back:", () => {
  it("the configuration, by importing it and enabling the topology", async () => {
    const job = configurationJob(declared("configuration"));
    const { folder, run, file } = await backedUp(job);
    const before = await now(folder, POOL, "xds");
    await fewPolicies(folder);
    assert.notEqual((await now(folder, POOL, "xds")).policies.length, before.policies.length);
    await restored(folder, job, run, [
      cmdlet("Import-CsConfiguration", { FileName: file("Config.zip") }),
      cmdlet("Enable-CsTopology"),
    ]);
    const after = await now(folder, POOL, "xds");
    const { serial: _serial, changedAt: _changedAt, ...rest } = before;
    const { serial: _after, changedAt: _later, ...found } = after;
    assert.deepEqual(found, rest);
  });

  it("the locations, by importing and publishing them", async () => {
    const job = configurationJob(declared("configuration"));
    const { folder, run, file } = await backedUp(job);
    const before = await now(folder, POOL, "lis");
    await empty(folder, POOL, "lis");
    await restored(folder, job, run, [
      cmdlet("Import-CsLisConfiguration", { FileName: file("E911Config.zip") }),
      cmdlet("Publish-CsLisConfiguration"),
    ]);
    assert.deepEqual(await now(folder, POOL, "lis"), before);
  });

  it("user data, which take effect once all Front Ends were down at once", async () => {
    const job = userDataJob({ ...declared("users"), pool: POOL });
    const { folder, run, file } = await backedUp(job);
    const before = [await now(folder, POOL, "rtcxds"), await now(folder, POOL, "rtcshared")];
    await empty(folder, POOL, "rtcxds");
    await empty(folder, POOL, "rtcshared");
    const load = cmdlet("Import-CsUserData", { PoolFqdn: POOL, FileName: file(`ExportedUserData.${POOL}.zip`) });
    await restored(folder, job, run, [load]);
    assert.deepEqual((await now(folder, POOL, "rtcxds")).homes[POOL]?.users, {});
    await restored(folder, job, run, [services("stop"), load, services("start")]);
    assert.deepEqual([await now(folder, POOL, "rtcxds"), await now(folder, POOL, "rtcshared")], before);
  });

  it("Response Groups, which their owner takes back with -OverwriteOwner only", async () => {
    const job = responseGroupJob({ ...declared("groups"), pool: POOL });
    const { folder, run, file } = await backedUp(job);
    const before = await now(folder, POOL, "rgsconfig");
    await empty(folder, POOL, "rgsconfig");
    const FileName = file(`RgsConfiguration.${POOL}.zip`);
    const refused = await restore(folder, [cmdlet("Import-CsRgsConfiguration", { ...GROUPS, FileName })]);
    assert.equal(refused.error?.code, "owner-exists");
    const whole = { ...GROUPS, FileName, OverwriteOwner: true, ReplaceExistingRgsSettings: true };
    await restored(folder, job, run, [cmdlet("Import-CsRgsConfiguration", whole)]);
    assert.deepEqual(await now(folder, POOL, "rgsconfig"), before);
  });

  it("Persistent Chat", async () => {
    const instance = String.raw`sql03.contoso.com\chat`;
    const job = persistentChatJob({ ...declared("chat"), pool: CHAT, instance });
    const { folder, run, file } = await backedUp(job);
    const before = await now(folder, CHAT, "mgc");
    await empty(folder, CHAT, "mgc");
    const FileName = file(`PersistentChatData.${CHAT}.zip`);
    await restored(folder, job, run, [cmdlet("Import-CsPersistentChatData", { DBInstance: instance, FileName })]);
    assert.deepEqual(await now(folder, CHAT, "mgc"), before);
  });

  it("a file store, with the times of its files, from several sets or by robocopy from one", async () => {
    const job = fileStoreJob({ ...declared("files"), store: STORE, excludeFolders: [] });
    const { folder, run } = await backedUp(job);
    const store = { host: "fs01.contoso.com", local: String.raw`E:\lyncshare` };
    const files = () =>
      look(folder, ({ disk }) =>
        [...disk.files(store)].map(({ path, body, modified }) => [path, body.sha256(), modified]),
      );
    await look(folder, (world) => {
      for (const { path } of [...world.disk.files(store)]) {
        if (path.endsWith("Meeting.Active")) world.disk.remove({ ...store, local: `${store.local}\\${path}` });
      }
      world.disk.write({ ...store, local: `${store.local}\\late.txt` }, "late");
    });
    const before = await files();
    const second = succeeded(await runJob(folder, job));
    await look(folder, ({ disk }) => {
      for (const name of disk.names(store)) disk.remove({ ...store, local: `${store.local}\\${name}` });
    });
    const assemble: StepInput = {
      kind: "assemble",
      id: "assemble",
      title: "Put the files back",
      set: second.set ?? "",
      destination: STORE,
    };
    await restored(folder, job, second, [assemble]);
    assert.deepEqual(await files(), before);
    await look(folder, ({ disk }) => {
      for (const name of disk.names(store)) disk.remove({ ...store, local: `${store.local}\\${name}` });
    });
    const copy: StepInput = {
      kind: "robocopy",
      id: "copy",
      title: "Copy the files back",
      source: inSet(job, run, "files"),
      destination: STORE,
    };
    await restored(folder, job, run, [copy]);
    assert.deepEqual(
      await files(),
      before.filter(([path]) => path !== "late.txt"),
    );
    assert.ok(before.length > 40);
  });
});
