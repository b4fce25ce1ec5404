import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Accepted, Carried, Held, Manifest, RESULTS, Run, type StepKind } from "../../estate/documents";
import {
  advance,
  changeGroup,
  cutHost,
  editConfiguration,
  editFile,
  editFolderAccess,
  editShare,
  editTask,
  fillDisk,
  mendHost,
  moveCentralManagement,
  realFile,
  removeFolder,
  stopCentralManagement,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import type { Progress } from "../../hosts/host";
import {
  BACKUP,
  BK01,
  child,
  configuration,
  FE01,
  FE02,
  JOB,
  labWithJob,
  run,
  setsOf,
  sha256,
  TARGET,
} from "./fixture";

const WORK = String.raw`C:\ProgramData\LyncBackup\work`;
const inFolder = async (folder: string, host: string, where: string): Promise<string[]> => {
  const real = await realFile(folder, host, where);
  return fs.existsSync(real) ? fs.readdirSync(real) : [];
};
const side = (name: string): string => [TARGET, "series", JOB, "side", name].join("\\");
const fewPolicies = (folder: string): Promise<void> =>
  editConfiguration(folder, { keep: ({ identity }) => identity === "Global" });

describe("The configuration job", () => {
  it("ends in a sealed set whose manifest is right and whose artefacts have its hashes", async () => {
    const folder = await labWithJob();
    const progress: Progress[] = [];
    const done = await run(folder, FE01, { onProgress: (one) => progress.push(one) });
    assert.equal(done.outcome, "succeeded", done.error?.message);
    Run.read(done);
    for (const step of done.steps) RESULTS[step.kind as StepKind].parse(step.data);
    assert.deepEqual(
      progress.map((one) => one.kind),
      done.steps.flatMap(() => ["step-started", "step-ended"]),
    );
    const [set, ...more] = await setsOf(folder);
    assert.ok(set?.sealed);
    assert.deepEqual(more, []);
    assert.equal(set.set, done.id);
    const manifest = Manifest.parse(fs.readFileSync(path.join(set.real, "manifest.json"), "utf8"));
    assert.deepEqual(manifest.covers, [{ datum: "configuration", scope: { of: "deployment" } }]);
    assert.equal(manifest.facts["central-management-host"], FE01);
    assert.equal(manifest.account, BACKUP);
    for (const artefact of manifest.artefacts) {
      const content: Buffer = fs.readFileSync(path.join(set.real, artefact.path));
      assert.equal(sha256(content), artefact.sha256);
      assert.equal(content.length, artefact.bytes);
    }
    assert.deepEqual(fs.readdirSync(set.real).sort(), ["Config.zip", "manifest.json"]);
    assert.deepEqual(await inFolder(folder, FE01, WORK), []);
  });

  it("is told by host state and results: the run, the set, the task's result", async () => {
    const folder = await labWithJob();
    const first = await run(folder);
    const second = await run(folder);
    const host = await openLabHost(folder, FE01);
    const state = await host.state();
    assert.equal(state.jobs[0]?.newestSet?.set, second.id);
    assert.equal(state.jobs[0]?.lastRun?.outcome, "succeeded");
    assert.equal(state.tasks[0]?.lastResult, 0);
    assert.deepEqual(
      (await host.results({ job: JOB, last: 5 })).map(({ id }) => id),
      [second.id, first.id],
    );
  });

  it("acts where the store is active: it stands down elsewhere, and follows the store", async () => {
    const folder = await labWithJob();
    assert.equal((await run(folder, FE02)).outcome, "stood-down");
    await moveCentralManagement(folder, FE02);
    assert.equal((await run(folder, FE02)).outcome, "succeeded");
    assert.equal((await run(folder, FE01)).outcome, "stood-down");
    assert.equal((await setsOf(folder)).length, 1);
  });

  it("runs on any computer with the management tools", async () => {
    const folder = await labWithJob(configuration({ placement: [{ host: "tools01.contoso.com" }] }));
    assert.equal((await run(folder, "tools01.contoso.com")).outcome, "succeeded");
  });
});

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
    const word = {
      path: "Config.zip",
      bytes: 900,
      by: "lync-admin",
      at: refused.startedAt,
      reason: "policies were merged",
    };
    await editFile(
      folder,
      BK01,
      side("accepted.json"),
      Accepted.write(Accepted.make({ series: JOB, artefacts: [word] })),
    );
    assert.equal((await run(folder)).outcome, "succeeded");
  });
});

describe("A run that is killed", () => {
  for (const at of ["after-export", "after-publish", "before-seal", "after-seal"]) {
    it(`${at.replace("-", " ")} leaves a set that is whole or none, and the next run sweeps up and succeeds`, async () => {
      const folder = await labWithJob();
      assert.equal(await child("run", folder, at).ended, "SIGKILL");
      const host = await openLabHost(folder, FE01);
      const [found] = await host.results({ job: JOB, last: 1 });
      assert.equal(found?.outcome, "interrupted");
      assert.equal((await host.state()).jobs[0]?.lastRun?.outcome, "interrupted");
      const sealed = at === "after-seal";
      assert.equal((await setsOf(folder)).filter((set) => set.sealed).length, sealed ? 1 : 0);
      const next = await run(folder);
      assert.equal(next.outcome, "succeeded", next.error?.message);
      assert.deepEqual(
        (await setsOf(folder)).map((set) => set.sealed),
        sealed ? [true, true] : [true],
      );
      assert.deepEqual(await inFolder(folder, FE01, WORK), []);
      assert.deepEqual(
        (await host.results({ job: JOB, last: 2 })).map(({ outcome }) => outcome),
        ["succeeded", "interrupted"],
      );
    });
  }
});

describe("A run that is asked for", () => {
  it("ends as cancelled when it is cancelled, and keeps nothing", async () => {
    const folder = await labWithJob();
    const abort = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.kind === "step-ended" && progress.result.id === "publish") abort.abort();
    };
    const cancelled = await run(folder, FE01, { signal: abort.signal, onProgress });
    assert.equal(cancelled.outcome, "cancelled");
    assert.deepEqual(await setsOf(folder), []);
  });

  it("is refused while the job is running, and when its task is disabled, altered, without account or gone", async () => {
    const folder = await labWithJob();
    let second: Promise<unknown> = Promise.resolve();
    await run(folder, FE01, {
      onProgress: (progress) => {
        if (progress.kind === "step-started" && progress.id === "export")
          second = run(folder).catch((error: unknown) => error);
      },
    });
    assert.match(String(await second), /running already/);
    await editTask(folder, FE01, JOB, { account: String.raw`CONTOSO\lync-courier$` });
    await assert.rejects(run(folder), /could not log on: it is not installed/);
    assert.equal((await (await openLabHost(folder, FE01)).state()).tasks[0]?.lastResult, 0x8007052e);
    await editTask(folder, FE01, JOB, { action: { program: "cmd.exe", arguments: "" } });
    await assert.rejects(run(folder), /does not start the job, but cmd\.exe/);
    await editTask(folder, FE01, JOB, { enabled: false });
    await assert.rejects(run(folder), /disabled/);
    await assert.rejects(run(folder, "fe03.contoso.com"), /module is not installed/);
  });

  it("runs under the account that the task has, not the one that was declared", async () => {
    const folder = await labWithJob();
    await editTask(folder, FE01, JOB, { account: String.raw`CONTOSO\lync-probe$` });
    const failed = await run(folder);
    assert.deepEqual([failed.account, failed.error?.code], [String.raw`CONTOSO\lync-probe$`, "not-authorised"]);
  });
});

describe("Retention in a run", () => {
  it("keeps what the policy says, and what is held or awaited, and says why", async () => {
    const folder = await labWithJob(
      configuration({ retention: { last: 2, daily: 0, weekly: 0, monthly: 0, yearly: 0 } }),
    );
    const first = await run(folder);
    const held = { set: first.id, series: JOB, by: "counsel", at: first.startedAt, reason: "litigation" };
    await editFile(folder, BK01, side(`${first.id}.held.json`), Held.write(Held.make(held)));
    const second = await run(folder);
    const receipt = {
      set: second.id,
      series: JOB,
      copy: "vault-copy",
      at: first.startedAt,
      bucket: "lync",
      prefix: "",
    };
    const carried = Carried.make({ ...receipt, manifestSha256: "0".repeat(64), objects: 2 });
    await editFile(folder, BK01, side(`${second.id}.carried.vault-copy.json`), Carried.write(carried));
    const third = await run(folder);
    const fourth = await run(folder);
    const fifth = await run(folder);
    const kept = fifth.steps.at(-1)?.data["kept"] as { set: string; because: string[] }[];
    assert.deepEqual(
      kept.map(({ set, because }) => [set, because[0]]),
      [
        [fifth.id, "one of the last 2"],
        [fourth.id, "one of the last 2"],
        [second.id, "the newest set that is offsite"],
        [first.id, "held"],
      ],
    );
    assert.deepEqual(fifth.steps.at(-1)?.data["removed"], [{ set: third.id, because: ["no rule wants it"] }]);
    assert.deepEqual(
      (await setsOf(folder)).map(({ set }) => set),
      [first.id, second.id, fourth.id, fifth.id],
    );
  });

  it("does not happen in a run that sealed nothing", async () => {
    const folder = await labWithJob(
      configuration({ retention: { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 } }),
    );
    await run(folder);
    await fewPolicies(folder);
    await run(folder);
    assert.equal((await setsOf(folder)).length, 1);
  });
});
