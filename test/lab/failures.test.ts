import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import {
  advance,
  changeGroup,
  cutHost,
  editFolderAccess,
  editShare,
  fillDisk,
  mendHost,
  moveCentralManagement,
  openFile,
  realFile,
  removeFolder,
  stopCentralManagement,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import type { Progress } from "../../hosts/host";
import {
  apply,
  BACKUP,
  BK01,
  FE01,
  fewPolicies,
  inFolder,
  JOB,
  labWithJob,
  run,
  setsOf,
  TARGET,
  WORK,
} from "./fixture";

/** What breaks a run: the step that fails, and the code. Nothing is left that could be taken for a set. */
const FAILURES: { when: string; step: string; code: string; before: (folder: string) => Promise<unknown> }[] = [
  {
    when: "the store is active on none of its hosts",
    step: "placed",
    code: "guard",
    before: (folder) => moveCentralManagement(folder, "fe11.contoso.com"),
  },
  { when: "the store is down", step: "placed", code: "guard", before: (folder) => stopCentralManagement(folder) },
  {
    when: "its account is not in the group",
    step: "store",
    code: "not-authorised",
    before: (folder) => changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove"),
  },
  { when: "its host is cut off", step: "store", code: "store-unreachable", before: (folder) => cutHost(folder, FE01) },
  {
    when: "the target is cut off",
    step: "check",
    code: "network-path-not-found",
    before: (folder) => cutHost(folder, BK01),
  },
  {
    when: "the share no longer admits it",
    step: "check",
    code: "access-denied",
    before: (folder) => editShare(folder, BK01, "LyncBackup$", { access: [] }),
  },
  {
    when: "the folder admits it for reading only",
    step: "publish",
    code: "access-denied",
    before: (folder) => editFolderAccess(folder, BK01, TARGET, [{ account: BACKUP, right: "read" }]),
  },
  {
    when: "the target's disk is full",
    step: "publish",
    code: "disk-full",
    before: (folder) => fillDisk(folder, BK01, "D", 100),
  },
  {
    when: "most of the configuration is gone",
    step: "check",
    code: "shrunk",
    before: async (folder) => {
      assert.equal((await run(folder)).outcome, "succeeded");
      await fewPolicies(folder);
    },
  },
];

describe("A run fails, and leaves no set, when", () => {
  for (const { when, step, code, before } of FAILURES) {
    it(when, async () => {
      const folder = await labWithJob();
      await before(folder);
      const sets = await setsOf(folder);
      await advance(folder, 17 * 60 + 30);
      await mendHost(folder, FE01);
      const [failed] = await (await openLabHost(folder, FE01)).results({ job: JOB, last: 1 });
      assert.equal(failed?.outcome, "failed");
      assert.equal(failed.trigger, "schedule");
      const last = failed.steps.at(-1);
      assert.deepEqual([last?.id, last?.outcome, last?.error?.code, failed.error?.code], [step, "failed", code, code]);
      assert.match(failed.error?.message ?? "", /\w{3}.*\.?$/);
      assert.deepEqual(await setsOf(folder), sets);
      assert.deepEqual(await inFolder(folder, FE01, WORK), []);
      assert.equal((await (await openLabHost(folder, FE01)).state()).tasks[0]?.lastResult, 1);
    });
  }

  it("the export is cut short, whatever the cmdlet reported", async () => {
    const folder = await labWithJob();
    const work = await realFile(folder, FE01, WORK);
    const onProgress = (progress: Progress): void => {
      if (progress.kind !== "step-ended" || progress.result.id !== "export") return;
      const [file] = fs.readdirSync(work).map((name) => path.join(work, name, "Config.zip"));
      assert.ok(file);
      fs.truncateSync(file, fs.statSync(file).size - 1);
    };
    const failed = await run(folder, FE01, { onProgress });
    assert.deepEqual([failed.outcome, failed.error?.code], ["failed", "does-not-open"]);
    assert.match(failed.error?.message ?? "", /^Config\.zip cannot be read to its end as zip: /);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("an antivirus program has the export open", async () => {
    const folder = await labWithJob();
    const work = await realFile(folder, FE01, WORK);
    let opened: Promise<void> | undefined;
    const onProgress = (progress: Progress): void => {
      if (progress.kind !== "step-ended" || progress.result.id !== "export") return;
      const [name] = fs.readdirSync(work);
      opened = openFile(folder, FE01, `${WORK}\\${name ?? ""}\\Config.zip`);
    };
    const failed = await run(folder, FE01, { onProgress });
    await opened;
    assert.deepEqual([failed.outcome, failed.error?.code, failed.steps.at(-1)?.id], ["failed", "in-use", "check"]);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("the target is gone, and its sets with it", async () => {
    const folder = await labWithJob();
    await removeFolder(folder, BK01, TARGET);
    const failed = await run(folder);
    assert.deepEqual([failed.outcome, failed.error?.code], ["failed", "access-denied"]);
  });
});

describe("An operator's word", () => {
  it("that an artefact may be smaller lets the next run pass, and counts until a set of that size is there", async () => {
    const folder = await labWithJob();
    await run(folder);
    await fewPolicies(folder);
    const refused = await run(folder);
    assert.equal(refused.error?.code, "shrunk");
    const [shrunk] = (refused.steps.at(-1)?.data["shrunk"] ?? []) as { path: string; bytes: number }[];
    assert.equal(shrunk?.path, "Config.zip");
    const { path, bytes } = shrunk;
    const said = { series: JOB, path, bytes, by: "lync-admin", reason: "policies were merged" };
    await assert.rejects(apply(folder, BK01, { kind: "accept-size", target: "other", ...said }), /no target other/);
    const elsewhere = { ...said, target: "vault", series: "elsewhere" };
    await assert.rejects(apply(folder, BK01, { kind: "accept-size", ...elsewhere }), /no sets of elsewhere/);
    await apply(folder, BK01, { kind: "accept-size", target: "vault", ...said });
    assert.equal((await run(folder)).outcome, "succeeded");
  });
});
