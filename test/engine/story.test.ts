import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { cutHost, editTask, mendHost, realFile, removeJobFile, removeTask, labStatus } from "../../lab/commands";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { openHost } from "../../hosts/open";
import { CREDENTIALS, S3Server, serverIsHere } from "../offsite/support/store";
import { handEdits, keyOf, ownerOf } from "../support/buckets";
import { agentOn, engineIsHere, EngineProject, type Declaration } from "../support/engine";

/**
 * One stack with one resource of every type goes through a life on the real engine. What each property does is tried
 * in test/providers; here it is the engine's part: order, exit codes, what a preview names, what the state keeps.
 */
const reach = { via: "lab" };
const FE = "fe01.contoso.com";
const FE2 = "fe02.contoso.com";
const BK = "bk01.contoso.com";

function declarations(change: { at?: string; keepFree?: number; path?: string; hosts?: string[] } = {}): Declaration[] {
  const { BackupTarget: target, CmsExport: job } = RESOURCE_EXAMPLES;
  const { at = "02:00", keepFree = 20, path = target.args.path, hosts = [FE] } = change;
  const agents = [FE, FE2, BK].map(agentOn);
  return [
    ...agents,
    {
      type: "BackupTarget",
      name: target.name,
      dependsOn: ["bk01"],
      args: { ...target.args, path, keepFreeGigabytes: keepFree },
    },
    {
      type: "CmsExport",
      name: job.name,
      dependsOn: ["fe01", "fe02", "vault"],
      args: {
        ...job.args,
        hosts: hosts.map((name) => ({ name, reach, pool: "pool01.contoso.com" })),
        schedule: { every: "day", at: [at] },
      },
    },
    ...OTHER_JOBS,
    bucket,
  ];
}

/** What the lab's kind of store can keep. */
const { OffsiteBucket: offsite } = RESOURCE_EXAMPLES;
const bucket: Declaration = {
  type: "OffsiteBucket",
  name: offsite.name,
  args: {
    ...{ name: offsite.args.name, profile: "versitygw", region: "us-east-1", credentials: offsite.args.credentials },
    ...{ versioning: "enabled", ownership: "owner-enforced", tags: offsite.args.tags },
  },
};

/** They stay as they are through the whole story. */
const OTHER_JOBS = (
  [
    ["UserDataExport", FE2],
    ["ResponseGroupExport", FE2],
    ["PersistentChatExport", FE2],
    ["FileStoreCopyJob", BK],
  ] as const
).map(([type, host]): Declaration => {
  const { name, args } = RESOURCE_EXAMPLES[type];
  return { type, name, dependsOn: ["fe02", "vault"], args: { ...args, hosts: [{ name: host, reach }] } };
});
const { SqlBackupSchedule: sql } = RESOURCE_EXAMPLES;
OTHER_JOBS.push({
  type: "SqlBackupSchedule",
  name: sql.name,
  dependsOn: ["fe02", "vault"],
  args: { ...sql.args, hosts: [{ name: FE2, reach, instance: sql.args.instance }] },
});

const { OffsiteCopy: copy } = RESOURCE_EXAMPLES;
OTHER_JOBS.push({ type: "OffsiteCopy", name: copy.name, dependsOn: ["bk01", "vault"], args: copy.args });
const { BackupPosture: posture } = RESOURCE_EXAMPLES;
OTHER_JOBS.push({ type: "BackupPosture", name: posture.name, args: posture.args });

/** With the stack itself. */
const COUNT = declarations().length + 1;

describe("the life of a stack on the real engine", function () {
  this.timeout(240_000);
  // Each chapter begins where the one before it ended.
  this.bail(true);
  let project: EngineProject;
  let store: S3Server;

  before(async function () {
    if (!(await engineIsHere()) || !serverIsHere) this.skip();
    project = await EngineProject.make();
    store = await S3Server.start();
    bucket.args["endpoint"] = store.endpoint;
    const { accessKeyId, secretAccessKey } = keyOf(store, CREDENTIALS);
    const name = `lync-backup:storeKeys.${offsite.args.credentials}`;
    const secrets = [`${name}.accessKeyId=${accessKeyId}`, `${name}.secretAccessKey=${secretAccessKey}`];
    await project.run(["config", "set-all", "--path", ...secrets.flatMap((one) => ["--secret", one])]);
  });
  after(async () => {
    project?.remove();
    await store?.stop();
  });
  const owner = () => ownerOf(store.endpoint, keyOf(store, CREDENTIALS));

  const expect = async (
    run: Promise<{ code: number | null; output: string }>,
    code: number,
    ...shows: (string | RegExp)[]
  ) => {
    const { code: exit, output } = await run;
    if (exit !== code) throw new Error(`exit code ${String(exit)}, not ${String(code)}:\n${output}`);
    for (const text of shows) assert.match(output, typeof text === "string" ? new RegExp(escape(text)) : text);
    return output;
  };

  it("previews without touching a host, then makes everything", async () => {
    project.declare(declarations());
    await cutHost(project.lab, FE);
    await expect(
      project.preview("--diff"),
      0,
      "+ pulumi-nodejs:dynamic/lync:HostAgent: (create)",
      `${String(COUNT)} to create`,
    );
    await mendHost(project.lab, FE);
    await expect(project.up(), 0, `${String(COUNT)} created`);
  });

  it("has nothing to do the second time, with or without looking at the hosts", async () => {
    await expect(project.preview("--expect-no-changes"), 0, `${String(COUNT)} unchanged`);
    await expect(project.preview("--refresh", "--expect-no-changes"), 0, `${String(COUNT)} unchanged`);
    await expect(project.run(["refresh", "--preview-only", "--expect-no-changes"]), 0);
  });

  it("keeps a text below 700 bytes and no secret in the state", async () => {
    for (const { inputs, outputs } of await project.state()) {
      assert.ok(String(inputs["__provider"]).length < 700);
      assert.equal(inputs["__provider"], outputs["__provider"]);
    }
    const { output } = await project.run(["stack", "export"]);
    assert.ok(!output.includes(keyOf(store, CREDENTIALS).secretAccessKey));
  });

  it("changes in place, and an unchanged rest stays", async () => {
    project.declare(declarations({ at: "03:30", keepFree: 25 }));
    const output = await expect(project.preview("--diff"), 0, "2 to update", "03:30", "keepFreeGigabytes");
    assert.doesNotMatch(output, /replace/);
    await expect(project.up(), 0, "2 updated");
    await expect(project.preview("--expect-no-changes"), 0);
  });

  it("places a job on one more host and takes it away again, in place", async () => {
    project.declare(declarations({ at: "03:30", keepFree: 25, hosts: [FE, FE2] }));
    await expect(project.up(), 0, "1 updated");
    project.declare(declarations({ at: "03:30", keepFree: 25 }));
    await expect(project.up(), 0, "1 updated");
    const status = await labStatus(project.lab);
    assert.ok(!JSON.stringify(status.hosts.find(({ host }) => host === FE2)).includes('"configuration"'));
  });

  it("names what a colleague changed by hand, with exit code 7 both ways, and puts it right", async () => {
    await editTask(project.lab, FE, "configuration", { enabled: false, timeLimitMinutes: 5 });
    await handEdits(owner(), offsite.args.name)["ownership"]?.();
    const output = await expect(
      project.preview("--refresh", "--diff", "--expect-no-changes"),
      7,
      /~ enabled\s*: false => true/,
      /~ timeLimitMinutes\s*: 5 => 60/,
      /~ ownership\s*: "object-writer" => "owner-enforced"/,
    );
    assert.doesNotMatch(output, /~ schedule/);
    await expect(project.run(["refresh", "--preview-only", "--expect-no-changes"]), 7);
    await expect(project.up("--refresh"), 0);
    await expect(project.preview("--refresh", "--expect-no-changes"), 0);
  });

  it("plans what is gone for creation, and makes it again", async () => {
    await removeTask(project.lab, FE, "configuration");
    await removeJobFile(project.lab, FE, "configuration");
    await expect(project.preview("--refresh", "--expect-no-changes"), 7, "1 to create");
    await expect(project.up("--refresh"), 0, "1 created");
  });

  it("fails for a host that does not answer, keeps the state, and loses nothing", async () => {
    const before = (await project.state()).map(({ urn }) => urn);
    await cutHost(project.lab, FE);
    await expect(project.preview("--refresh"), 1, /fe01\.contoso\.com/);
    await expect(project.run(["refresh", "--yes"]), 1);
    assert.deepEqual((await project.state()).map(({ urn }) => urn).sort(), before.sort());
    await mendHost(project.lab, FE);
    await expect(project.preview("--refresh", "--expect-no-changes"), 0);
  });

  it("refuses every bad field at once, in the preview, and never prints a secret", async () => {
    const secret = "correct horse battery staple";
    const bad = declarations().map((one) =>
      one.type === "CmsExport"
        ? { ...one, args: { ...one.args, account: { secret }, timeLimitMinutes: "long", surprise: true } }
        : one,
    );
    project.declare(bad);
    const output = await expect(
      project.preview(),
      1,
      "account: expected an account",
      "timeLimitMinutes:",
      "surprise: there is no such field",
    );
    assert.ok(!output.includes(secret));
    project.declare(declarations({ at: "03:30", keepFree: 25 }));
  });

  it("runs the job into a sealed set that a refresh shows without calling it a change", async () => {
    const host = await openHost({ name: FE, reach: { via: "lab" } }, { lab: project.lab });
    const run = await host.run({ job: "configuration" });
    await host.close();
    assert.equal(run.outcome, "succeeded", JSON.stringify(run.error));
    await expect(project.preview("--refresh", "--expect-no-changes"), 0);
    await expect(project.up("--refresh"), 0);
    const job = (await project.state()).find(({ type }) => type.endsWith(":CmsExport"));
    assert.equal(job?.outputs["newestSet"], run.set);
  });

  it("replaces what becomes another thing, the old one first, and leaves its sets", async () => {
    const before = await manifests();
    assert.equal(before.length, 1);
    project.declare(declarations({ at: "03:30", keepFree: 25, path: String.raw`D:\Vault` }));
    await expect(project.preview("--diff"), 0, /BackupTarget: \(replace\)/);
    await expect(project.up(), 0);
    await expect(project.preview("--refresh", "--expect-no-changes"), 0);
    assert.deepEqual(await manifests(), before);
  });

  it("destroys everything but the sets, and leaves a bucket that has any", async () => {
    const before = await manifests();
    const Bucket = offsite.args.name;
    await owner().putObject({ Bucket, Key: "series/any/manifest.json", Body: "{}" });
    await expect(
      project.run(["destroy", "--yes", "--skip-preview"]),
      0,
      `The bucket ${Bucket} is not empty, and stays`,
    );
    assert.equal((await owner().getBucketVersioning({ Bucket })).Status, "Enabled");
    assert.deepEqual(await project.state(), []);
    assert.deepEqual(await manifests(), before);
    const { hosts } = await labStatus(project.lab);
    assert.deepEqual(
      hosts.filter(({ agent, tasks, targets }) => agent !== null || tasks.length + targets.length > 0),
      [],
    );
  });

  /** Every sealed set that lies on the backup computer, wherever. */
  async function manifests(): Promise<string[]> {
    const disk = await realFile(project.lab, BK, String.raw`D:\LyncBackup`);
    return readdirSync(disk, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("manifest.json"));
  }
});

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
