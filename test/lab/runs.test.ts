import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Carried, Held, Job, Manifest, RESULTS, Run, type StepKind } from "../../estate/documents";
import { configurationCovers } from "../../estate/jobs/configuration";
import {
  cutHost,
  editFile,
  editJobFile,
  editTask,
  labStatus,
  loadHost,
  mendHost,
  moveCentralManagement,
  realFile,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import type { Progress } from "../../hosts/host";
import {
  apply,
  BACKUP,
  BK01,
  configuration,
  FE01,
  FE02,
  fewPolicies,
  inFolder,
  JOB,
  labWithJob,
  run,
  runSteps,
  setJob,
  setsOf,
  sha256,
  side,
  WORK,
} from "./fixture";

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
    assert.deepEqual(manifest.covers, configurationCovers());
    assert.equal(manifest.facts["central-management-host"], FE01);
    assert.equal(manifest.account, BACKUP);
    for (const artefact of manifest.artefacts) {
      const content: Buffer = fs.readFileSync(path.join(set.real, artefact.path));
      assert.equal(sha256(content), artefact.sha256);
      assert.equal(content.length, artefact.bytes);
    }
    assert.deepEqual(fs.readdirSync(set.real).sort(), ["Config.zip", "E911Config.zip", "manifest.json"]);
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

describe("A run", () => {
  it("of another job's document is refused, and leaves its job free", async () => {
    const folder = await labWithJob();
    await editJobFile(folder, FE01, JOB, Job.write(configuration({ name: "another" })));
    for (let twice = 0; twice < 2; twice++) await assert.rejects(run(folder), /is that of another, or of other hosts/);
    await editJobFile(folder, FE01, JOB, "{");
    await assert.rejects(run(folder), /is no job document\. Run pulumi up/);
    await apply(folder, FE01, setJob(configuration()));
    assert.equal((await run(folder)).outcome, "succeeded");
  });

  it("that stands down says nothing of a target that it never needed", async () => {
    const folder = await labWithJob();
    await cutHost(folder, BK01);
    const stood = await run(folder, FE02);
    assert.deepEqual([stood.outcome, stood.error], ["stood-down", undefined]);
  });

  it("goes on with its backup where an old set cannot be read, and removes none until somebody has looked", async () => {
    const retention = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
    const folder = await labWithJob(configuration({ retention }));
    const first = await run(folder);
    const manifest = path.join((await setsOf(folder))[0]?.real ?? "", "manifest.json");
    const text = fs.readFileSync(manifest, "utf8");
    const held = side(`${first.id}.held.json`);
    const breaks: [RegExp, () => unknown][] = [
      [
        /not JSON/,
        () => {
          fs.writeFileSync(manifest, text.slice(0, 100));
        },
      ],
      [
        /version 9, and this release reads up to 1/,
        () => {
          fs.writeFileSync(manifest, text.replace('"version": 1', '"version": 9'));
        },
      ],
      [
        /it is the manifest of configuration\/20260101T/,
        () => {
          fs.writeFileSync(manifest, text.replaceAll(first.id, "20260101T000000Z-00000000"));
        },
      ],
      [
        /not a valid held document/,
        async () => {
          fs.writeFileSync(manifest, text);
          await editFile(folder, BK01, held, "{}");
        },
      ],
    ];
    for (const [says, damage] of breaks) {
      await damage();
      const next = await run(folder);
      assert.deepEqual([next.outcome, next.set, next.error?.code], ["failed", next.id, "sets-unreadable"]);
      assert.match(next.error?.message ?? "", says);
      assert.ok(next.error?.message.includes(first.id));
    }
    assert.equal((await setsOf(folder)).length, 5);
    fs.rmSync(await realFile(folder, BK01, held));
    assert.equal((await run(folder)).outcome, "succeeded");
    assert.equal((await setsOf(folder)).length, 1);
  });

  it("keeps a set whose manifest somebody has removed: it was sealed, and may be put together again", async () => {
    const folder = await labWithJob();
    await run(folder);
    const [set] = await setsOf(folder);
    fs.rmSync(path.join(set?.real ?? "", "manifest.json"));
    assert.equal((await run(folder)).outcome, "succeeded");
    assert.deepEqual(fs.readdirSync(set?.real ?? "").sort(), ["Config.zip", "E911Config.zip"]);
  });

  it("seals the facts that hold, the later of two, and covers what its artefacts say that they cover", async () => {
    const folder = await labWithJob();
    const { steps, target } = configuration();
    const pool = { of: "pool" as const, pool: "pool01.contoso.com" };
    const here = { value: { $ref: "host.fqdn" }, is: "one-of" as const, of: [FE01] };
    const altered = steps.map((step) => {
      if (step.kind === "seal") {
        const factsWhen = [
          { when: here, facts: { where: "here", failed: true } },
          { when: { ...here, is: "none-of" as const }, facts: { where: "elsewhere", not: true } },
        ];
        return { ...step, facts: { where: "nowhere", always: 1 }, factsWhen };
      }
      if (step.kind !== "cmdlet") return step;
      const covers = { export: [], locations: [{ datum: "locations" as const, scope: pool }] }[step.id] ?? [];
      return { ...step, produces: step.produces.map((artefact) => ({ ...artefact, covers })) };
    });
    const done = await runSteps(folder, altered, { series: JOB, ...(target ? { target } : {}) });
    assert.equal(done.outcome, "succeeded", done.error?.message);
    const [set] = await setsOf(folder);
    const manifest = Manifest.parse(fs.readFileSync(path.join(set?.real ?? "", "manifest.json"), "utf8"));
    assert.deepEqual(manifest.facts, { where: "here", always: 1, failed: true });
    assert.deepEqual(manifest.covers, [{ datum: "locations", scope: pool }]);
    assert.deepEqual(
      manifest.artefacts.map(({ datum, covers }) => [datum, covers?.length]),
      [
        ["configuration", 0],
        ["locations", 1],
      ],
    );
  });

  it("does not seal a set that needs one which is gone, and takes what it needs from a list", async () => {
    const folder = await labWithJob();
    const { id } = await run(folder);
    const { steps, target } = configuration();
    const after = async (...needed: string[]) => {
      const ids = {
        kind: "guard",
        id: "ids",
        title: "ids",
        forEach: needed,
        condition: { value: "x", is: "present" },
        otherwise: "fail",
        because: "x",
      };
      const sealing = steps.map((step) =>
        step.kind === "seal" ? { ...step, needs: [{ $ref: "ids.each.*.item" }] } : step,
      );
      return runSteps(folder, [ids, ...sealing] as never, { series: JOB, ...(target ? { target } : {}) });
    };
    const good = await after(id);
    assert.equal(good.outcome, "succeeded", good.error?.message);
    const real = (await setsOf(folder)).find(({ set }) => set === good.id)?.real ?? "";
    assert.deepEqual(Manifest.parse(fs.readFileSync(path.join(real, "manifest.json"), "utf8")).needs, [id]);
    const bad = await after(id, "20260101T000000Z-00000000");
    assert.deepEqual([bad.outcome, bad.set, bad.error?.code], ["failed", undefined, "needs-missing"]);
  });
});

describe("The time of a run", () => {
  const minutes = (from = "", to = ""): number => (Date.parse(to) - Date.parse(from)) / 60_000;

  it("passes on the clock, step by step, and a set is sealed when it is", async () => {
    const folder = await labWithJob();
    const { startedAt, finishedAt, steps, id } = await run(folder);
    for (const [index, step] of steps.entries()) {
      assert.ok(step.startedAt < step.finishedAt, step.id);
      assert.equal(step.startedAt, steps[index - 1]?.finishedAt ?? startedAt);
    }
    assert.equal(steps.at(-1)?.finishedAt, finishedAt);
    assert.equal((await labStatus(folder)).now, finishedAt);
    const [set] = await setsOf(folder);
    const { sealedAt } = Manifest.parse(fs.readFileSync(path.join(set?.real ?? "", "manifest.json"), "utf8"));
    assert.equal(set?.set, id);
    assert.equal(sealedAt, steps.find(({ kind }) => kind === "seal")?.startedAt);
  });

  it("is limited for each step and for the whole job, and a step is ended at its limit", async () => {
    const job = configuration({ timeLimitMinutes: 90 });
    const steps = job.steps.map((step) => (step.id === "store" ? { ...step, timeLimitMinutes: 60 } : step));
    const folder = await labWithJob({ ...job, steps });
    await loadHost(folder, FE01, 850);
    const long = await run(folder);
    assert.deepEqual([long.outcome, long.error?.code, long.steps.at(-1)?.id], ["failed", "timed-out", "export"]);
    assert.equal(minutes(long.startedAt, long.steps.at(-1)?.finishedAt), 90);
    assert.match(long.error?.message ?? "", /^configuration took longer than the 90 minutes that the job may take\./);
    await loadHost(folder, FE01, 1000);
    const late = await run(folder);
    const last = late.steps.at(-1);
    assert.deepEqual([late.outcome, late.error?.code, last?.id], ["failed", "timed-out", "store"]);
    assert.equal(minutes(last?.startedAt, last?.finishedAt), 60);
    assert.match(late.error?.message ?? "", /: it took longer than the 60 minutes that the step may take\./);
    assert.deepEqual(await setsOf(folder), []);
    await mendHost(folder, FE01);
    assert.equal((await run(folder)).outcome, "succeeded");
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
