import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { FILES, Job, targetLayout, Verified, type Run, type StepInput } from "../../../estate/documents";
import { fileStoreJob } from "../../../estate/jobs";
import { editFolderAccess, fillDisk, realFile } from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import { BK01, configuration, FE01, labWithJob, sha256, TARGET } from "../fixture";
import { declared, listingOf, look, runJob, setFolder, STORE, succeeded } from "./support";

/** Steps that look at sets and put files of them in their places again. */

const FILE_STORE = fileStoreJob({ ...declared("files"), store: STORE });
const BACK = String.raw`C:\ProgramData\LyncBackup\restored`;

async function restore(folder: string, series: string, steps: StepInput[]): Promise<Run> {
  const { name: _name, steps: _steps, document: _document, version: _version, ...common } = configuration();
  const document = Job.make({ ...common, name: "restore", purpose: "restore", series, steps });
  return (await openLabHost(folder, FE01)).run({ document });
}

const verifying = (set: string, level: "present" | "readable" | "hashed"): StepInput => ({
  kind: "verify",
  id: "verify",
  title: "Look at the set",
  set,
  level,
});
const assembling = (set: string, paths?: string[]): StepInput => ({
  kind: "assemble",
  id: "assemble",
  title: "Put the files back",
  set,
  destination: BACK,
  ...(paths ? { paths } : {}),
});

async function sealedConfiguration(): Promise<{ folder: string; set: string; real: string }> {
  const job = configuration();
  const folder = await labWithJob(job);
  const { set = "" } = succeeded(await runJob(folder, job));
  return { folder, set, real: await setFolder(folder, job, set) };
}

async function verdict(folder: string, series: string, set: string): Promise<Verified> {
  const side = [TARGET, ...targetLayout.verified(series, set).split("/")].join("\\");
  return Verified.parse(fs.readFileSync(await realFile(folder, BK01, side), "utf8"));
}

describe("The step that verifies a set", () => {
  it("writes down how far it has looked, and that nothing was wrong", async () => {
    const { folder, set } = await sealedConfiguration();
    for (const level of ["present", "readable", "hashed"] as const) {
      const run = succeeded(await restore(folder, "configuration", [verifying(set, level)]));
      assert.deepEqual(run.steps[0]?.data, { artefacts: 2, failures: [] });
      const found = await verdict(folder, "configuration", set);
      assert.deepEqual([found.level, found.where, found.artefacts, found.failures], [level, "target", 2, []]);
    }
  });

  it("finds what is missing, cut short or changed, each at its level, and fails", async () => {
    const { folder, set, real } = await sealedConfiguration();
    const [name = ""] = fs.readdirSync(real).filter((one) => one.endsWith(".zip"));
    const file = path.join(real, name);
    const whole = fs.readFileSync(file);
    const changed = Buffer.from(whole);
    changed[120] = (changed[120] ?? 0) ^ 0x55;
    // In the time of an entry, of which no checksum knows.
    const unnoticed = Buffer.from(whole);
    unnoticed[10] = (unnoticed[10] ?? 0) ^ 1;
    for (const [content, finds, passes] of [
      [undefined, "present", undefined],
      [whole.subarray(0, 100), "present", undefined],
      [changed, "readable", "present"],
      [unnoticed, "hashed", "readable"],
    ] as const) {
      if (content) fs.writeFileSync(file, content);
      else fs.rmSync(file);
      const run = await restore(folder, "configuration", [verifying(set, finds)]);
      assert.deepEqual([run.outcome, run.error?.code], ["failed", "set-damaged"], finds);
      const { failures } = await verdict(folder, "configuration", set);
      assert.deepEqual(
        failures.map((one) => one.path),
        [name],
      );
      if (passes) succeeded(await restore(folder, "configuration", [verifying(set, passes)]));
    }
    fs.writeFileSync(file, whole);
    succeeded(await restore(folder, "configuration", [verifying(set, "hashed")]));
    assert.deepEqual((await verdict(folder, "configuration", set)).failures, []);
  });

  it("looks at the files of a file store too, and at the sets that it needs", async () => {
    const folder = await labWithJob(FILE_STORE);
    const first = succeeded(await runJob(folder, FILE_STORE));
    const second = succeeded(await runJob(folder, FILE_STORE));
    const [line] = await listingOf(folder, FILE_STORE, first);
    const real = await setFolder(folder, FILE_STORE, first.set ?? "");
    succeeded(await restore(folder, "files", [verifying(first.set ?? "", "hashed")]));
    fs.writeFileSync(path.join(real, FILES, line?.path ?? ""), "x");
    const bad = await restore(folder, "files", [verifying(first.set ?? "", "present")]);
    assert.match(
      bad.error?.message ?? "",
      new RegExp(`is not as it was sealed: files/${line?.path ?? ""}: it has 1 byte`),
    );
    fs.rmSync(real, { recursive: true });
    const broken = await restore(folder, "files", [verifying(second.set ?? "", "present")]);
    assert.match(broken.error?.message ?? "", /manifest\.json: The set .* that this one needs is not there any more/);
    const gone = await restore(folder, "files", [verifying(first.set ?? "", "present")]);
    assert.match(gone.error?.message ?? "", /^The series files holds no set /);
  });
});

describe("The step that puts files of a set in their places", () => {
  it("takes them from all the sets that hold them, each with its time, and compares each hash", async () => {
    const folder = await labWithJob(FILE_STORE);
    succeeded(await runJob(folder, FILE_STORE));
    const root = { host: "fs01.contoso.com", local: String.raw`E:\lyncshare` };
    await look(folder, ({ disk }) => {
      disk.write({ ...root, local: String.raw`${root.local}\new\a.txt` }, "new");
    });
    const second = succeeded(await runJob(folder, FILE_STORE));
    const lines = await listingOf(folder, FILE_STORE, second);
    assert.ok(new Set(lines.map(({ set }) => set)).size > 1);
    const run = succeeded(await restore(folder, "files", [assembling(second.set ?? "")]));
    const bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
    assert.deepEqual(run.steps[0]?.data, { files: lines.length, bytes });
    const there = await look(folder, ({ disk }) =>
      [...disk.files({ host: FE01, local: BACK })].map(({ path: one, body, modified }) => [
        one,
        body.sha256(),
        modified,
      ]),
    );
    assert.deepEqual(there.sort(), lines.map((line) => [line.path, line.sha256, Date.parse(line.modifiedAt)]).sort());
  });

  it("takes single folders and files where it is told to, and refuses what the set does not have", async () => {
    const folder = await labWithJob(FILE_STORE);
    const { set = "" } = succeeded(await runJob(folder, FILE_STORE));
    const lines = await listingOf(folder, FILE_STORE, { set } as Run);
    const one = lines.at(-1)?.path ?? "";
    const [top = ""] = lines[0]?.path.split("/") ?? [];
    const wanted = lines.filter(({ path: name }) => name === one || name.startsWith(`${top}/`));
    const run = succeeded(
      await restore(folder, "files", [assembling(set, [one.toUpperCase().replaceAll("/", "\\"), `${top}\\`])]),
    );
    assert.equal(run.steps[0]?.data["files"], wanted.length);
    const refused = await restore(folder, "files", [assembling(set, ["no/such/folder"])]);
    assert.match(refused.error?.message ?? "", /has nothing at no\/such\/folder\.$/);
  });

  it("writes nothing where something is damaged, no room is left, or the account may not", async () => {
    const folder = await labWithJob(FILE_STORE);
    const { set = "" } = succeeded(await runJob(folder, FILE_STORE));
    const [line] = await listingOf(folder, FILE_STORE, { set } as Run);
    const real = path.join(await setFolder(folder, FILE_STORE, set), FILES, line?.path ?? "");
    const whole = fs.readFileSync(real);
    fs.writeFileSync(real, Buffer.alloc(whole.length, 1));
    const damaged = await restore(folder, "files", [assembling(set)]);
    assert.match(damaged.error?.message ?? "", /its bytes are not those that were sealed\.$/);
    fs.writeFileSync(real, whole);
    await fillDisk(folder, FE01, "C", 1000);
    assert.equal((await restore(folder, "files", [assembling(set)])).error?.code, "disk-full");
    await fillDisk(folder, FE01, "C", 10 ** 9);
    await editFolderAccess(folder, FE01, BACK, []);
    assert.equal((await restore(folder, "files", [assembling(set)])).error?.code, "access-denied");
    assert.deepEqual(await look(folder, ({ disk }) => disk.names({ host: FE01, local: BACK })), []);
    assert.equal(sha256(whole), line?.sha256);
  });

  it("wants the set of a file store", async () => {
    const { folder, set } = await sealedConfiguration();
    const run = await restore(folder, "configuration", [assembling(set)]);
    assert.match(run.error?.message ?? "", /is none of a file store: it has no listing\.$/);
  });
});
