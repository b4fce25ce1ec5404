import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Job, Manifest, Product, type Run } from "../../estate/documents";
import { agentPackage } from "../../hosts/agent/package";
import {
  advance,
  changeGroup,
  editConfiguration,
  editFile,
  editTask,
  openFile,
  realFile,
  stopCentralManagement,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { fileStoreJob, responseGroupJob, userDataJob } from "../../estate/jobs";
import { declared, look, manifestOf, POOL, runJob, setFolder, STORE } from "./jobs/support";
import {
  apply,
  BACKUP,
  configuration,
  FE01,
  FE02,
  fewPolicies,
  JOB,
  labWithJob,
  run,
  setJob,
  setsOf,
  sha256,
  WORK,
} from "./fixture";

/**
 * Twelve defects that published backup scripts for Lync have, each as a test of the configuration job, and of others
 * where they concern what that one does not do: optional roles (7), Response Groups (10) and robocopy (11).
 */
const last = (count: number) => ({ retention: { last: count, daily: 0, weekly: 0, monthly: 0, yearly: 0 } });
const lastRun = async (folder: string): Promise<Run | undefined> =>
  (await (await openLabHost(folder, FE01)).results({ job: JOB, last: 1 }))[0];
const names = async (folder: string): Promise<string[]> => (await setsOf(folder)).map(({ set }) => set);
const damageExport = (folder: string, damage: (file: string) => void) =>
  realFile(folder, FE01, WORK).then((work) =>
    run(folder, FE01, {
      onProgress: (progress) => {
        if (progress.kind !== "step-ended" || progress.result.id !== "export") return;
        for (const name of fs.readdirSync(work)) damage(path.join(work, name, "Config.zip"));
      },
    }),
  );

describe("Where known scripts fail, a run", () => {
  it("1: fails at the first cmdlet that refuses, whichever it is, and performs nothing after it", async () => {
    for (const [step, stop] of [
      ["store", (folder: string) => changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove")],
      ["export", (folder: string) => stopCentralManagement(folder)],
    ] as const) {
      const folder = await labWithJob(configuration({ placement: [{ host: FE01 }] }));
      await stop(folder);
      const failed = await run(folder);
      assert.deepEqual([failed.outcome, failed.steps.at(-1)?.id], ["failed", step]);
    }
    const folder = await labWithJob();
    let stopped: Promise<void> | undefined;
    const failed = await run(folder, FE01, {
      onProgress: (progress) => {
        if (progress.kind === "step-ended" && progress.result.id === "export") stopped = stopCentralManagement(folder);
      },
    });
    await stopped;
    assert.deepEqual([failed.outcome, failed.steps.at(-1)?.id], ["failed", "locations"]);
    assert.deepEqual(await setsOf(folder), []);
  });

  it("2: ends with a code that is not zero when it fails, and the task shows it", async () => {
    const folder = await labWithJob();
    await run(folder);
    await stopCentralManagement(folder);
    assert.equal((await advance(folder, 1440)).fired[0]?.outcome, "failed");
    assert.equal((await (await openLabHost(folder, FE01)).state()).tasks[0]?.lastResult, 1);
  });

  it("3: removes nothing before it has sealed something: good sets outlive an export that fails for good", async () => {
    const folder = await labWithJob(configuration(last(2)));
    await run(folder);
    await run(folder);
    const before = await names(folder);
    await stopCentralManagement(folder);
    const { fired } = await advance(folder, 40 * 1440);
    assert.equal(fired.filter(({ host, outcome }) => host === FE01 && outcome === "failed").length, 40);
    assert.deepEqual(await names(folder), before);
  });

  it("4: removes what retention no longer wants, to the last file", async () => {
    const folder = await labWithJob(configuration(last(2)));
    const { fired } = await advance(folder, 5 * 1440);
    assert.equal(fired.filter(({ outcome }) => outcome === "succeeded").length, 5);
    assert.deepEqual(
      (await names(folder)).map((name) => name.slice(0, 8)),
      ["20260306", "20260307"],
    );
  });

  it("5: has a name that sorts by time and that no other run has, by day, by night and in the same second", async () => {
    const folder = await labWithJob(configuration(last(20)));
    for (const host of [FE01, FE02]) {
      const triggers = ["01:00", "13:00"].map((at) => ({ kind: "daily" as const, at, everyDays: 1 }));
      await editTask(folder, host, JOB, { triggers });
    }
    await advance(folder, 3 * 1440);
    await run(folder);
    await run(folder);
    const sets = await setsOf(folder);
    const started = sets.map(({ real }) => Manifest.parse(fs.readFileSync(path.join(real, "manifest.json"), "utf8")));
    assert.equal(new Set(sets.map(({ set }) => set)).size, 8);
    const times = started.map(({ startedAt }) => startedAt);
    assert.deepEqual(times, [...times].sort());
  });

  it("6: prunes by its own outcome: neither an earlier error nor how it was started has a say", async () => {
    const folder = await labWithJob(configuration(last(1)));
    await run(folder);
    await fewPolicies(folder);
    assert.equal((await run(folder)).error?.code, "shrunk");
    assert.equal((await setsOf(folder)).length, 1);
    await editConfiguration(folder, {
      add: Array.from({ length: 60 }, (_, index) => ({ kind: "Voice", identity: `Tag:${String(index)}` })),
    });
    const good = await run(folder);
    assert.equal(good.outcome, "succeeded", good.error?.message);
    assert.deepEqual(await names(folder), [good.id]);

    await stopCentralManagement(folder);
    assert.equal((await advance(folder, 1440)).fired[0]?.outcome, "failed");
    assert.deepEqual(await names(folder), [good.id]);
    await stopCentralManagement(folder, false);
    assert.equal((await advance(folder, 1440)).fired[0]?.outcome, "succeeded");
    const [left, ...others] = await names(folder);
    assert.deepEqual([left === good.id, others], [false, []]);
  });

  it("7: takes an optional role that is not deployed for no failure, and everything else is exported", async () => {
    const absent = responseGroupJob({ ...declared("absent"), pool: "chat01.contoso.com" });
    const folder = await labWithJob(absent);
    const others = [
      responseGroupJob({ ...declared("groups"), pool: POOL }),
      userDataJob({ ...declared("users"), pool: POOL }),
    ];
    for (const job of others) await apply(folder, FE01, setJob(job));
    const { fired } = await advance(folder, 1440);
    assert.deepEqual(Object.fromEntries(fired.map(({ job, outcome }) => [job, outcome])), {
      absent: "nothing-to-do",
      groups: "succeeded",
      users: "succeeded",
    });
    const nothing = await runJob(folder, absent);
    assert.deepEqual([nothing.outcome, nothing.set, nothing.error], ["nothing-to-do", undefined, undefined]);
  });

  it("8: believes no file because it is there: size, contents, hash and the set before have to agree", async () => {
    const folder = await labWithJob();
    const good = await run(folder);
    const damages: [string, (file: string) => void][] = [
      [
        "too-small",
        (file) => {
          fs.truncateSync(file, 0);
        },
      ],
      [
        "does-not-open",
        (file) => {
          fs.truncateSync(file, fs.statSync(file).size - 30);
        },
      ],
      [
        "does-not-open",
        (file) => {
          fs.writeFileSync(file, "x".repeat(50_000));
        },
      ],
      [
        "not-made",
        (file) => {
          fs.rmSync(file);
        },
      ],
    ];
    for (const [code, damage] of damages) {
      const failed = await damageExport(folder, damage);
      assert.deepEqual([failed.outcome, failed.error?.code], ["failed", code]);
    }
    await fewPolicies(folder);
    assert.equal((await run(folder)).error?.code, "shrunk");
    assert.deepEqual(await names(folder), [good.id]);
  });

  it("9: says of itself what its steps say, in its result, in the host's state and in the task", async () => {
    const folder = await labWithJob();
    await run(folder);
    await changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove");
    const failed = await run(folder);
    assert.equal(failed.error?.message, failed.steps.at(-1)?.message);
    const { jobs, tasks } = await (await openLabHost(folder, FE01)).state();
    const found = await lastRun(folder);
    assert.deepEqual([found?.outcome, jobs[0]?.lastRun?.outcome, tasks[0]?.lastResult], ["failed", "failed", 1]);
    assert.deepEqual(jobs[0]?.lastRun?.error, failed.error);
  });

  it("10: seals everything that its steps have made, or nothing", async () => {
    const folder = await labWithJob();
    const work = await realFile(folder, FE01, WORK);
    const lost = await run(folder, FE01, {
      onProgress: (progress) => {
        if (progress.kind !== "step-ended" || progress.result.id !== "publish") return;
        assert.deepEqual(fs.readdirSync(work), []);
        const sets = path.join(folder, "files", "bk01.contoso.com", "d", "LyncBackup", "series", JOB, "sets");
        for (const set of fs.readdirSync(sets)) fs.rmSync(path.join(sets, set, "Config.zip"));
      },
    });
    assert.deepEqual([lost.outcome, lost.error?.code, lost.set], ["failed", "missing", undefined]);
    assert.deepEqual(await names(folder), []);
  });

  it("10: keeps Response Groups, of every product, in the set that its manifest says", async () => {
    for (const product of Product.options) {
      const { steps } = responseGroupJob({ ...declared("groups"), product, pool: POOL });
      const made = steps.flatMap((step) => ("produces" in step ? step.produces : []));
      assert.deepEqual([...new Set(made.map(({ datum }) => datum))], ["response-groups"], product);
    }
    const job = responseGroupJob({ ...declared("groups"), pool: POOL });
    const folder = await labWithJob(job);
    const run = await runJob(folder, job);
    const [artefact] = (await manifestOf(folder, job, run)).artefacts;
    assert.equal(artefact?.path, `RgsConfiguration.${POOL}.zip`);
    const zip = fs.readFileSync(path.join(await setFolder(folder, job, run.set ?? ""), artefact.path));
    assert.deepEqual([zip.length, sha256(zip)], [artefact.bytes, artefact.sha256]);
  });

  it("11: reads robocopy's exit code as bits, 1 to 7 are successes and 9 a failure, and mirrors over no set", async () => {
    const job = fileStoreJob({ ...declared("files"), store: STORE, mirror: true });
    const folder = await labWithJob(job);
    const codes = ({ outcome, steps }: Run): unknown[] => [
      outcome,
      ...steps.flatMap(({ kind, data }) => (kind === "robocopy" ? [data["exitCode"]] : [])),
    ];
    await editFile(folder, "fs01.contoso.com", String.raw`E:\lyncshare\gone.txt`, "gone");
    assert.deepEqual(codes(await runJob(folder, job)), ["succeeded", 1, 1]);
    await look(folder, ({ disk }) => {
      disk.remove({ host: "fs01.contoso.com", local: String.raw`E:\lyncshare\gone.txt` });
    });
    await editFile(folder, "fs01.contoso.com", String.raw`E:\lyncshare\one.txt`, "one");
    assert.deepEqual(codes(await runJob(folder, job)), ["succeeded", 1, 3]);
    const overSets = job.steps.map((step) => (step.kind === "robocopy" ? { ...step, mirror: true } : step));
    assert.throws(
      () => Job.make({ ...job, steps: overSets }),
      /deletes in its destination, so that must be a \$mirror/,
    );

    for (const name of ["new.txt", "open.txt"])
      await editFile(folder, "fs01.contoso.com", `E:\\lyncshare\\${name}`, name);
    await openFile(folder, "fs01.contoso.com", String.raw`E:\lyncshare\open.txt`);
    const bad = await runJob(folder, job);
    assert.deepEqual([bad.outcome, bad.set], ["failed", undefined]);
    assert.match(bad.error?.message ?? "", /^robocopy ended with the code 9: open\.txt/);
  });

  it("12: uses no code whose hash is not the one that was declared", async () => {
    const folder = await labWithJob();
    const { version, files } = agentPackage();
    const [first, ...others] = files;
    assert.ok(first);
    const altered = { ...first, base64: Buffer.from("# fetched from somewhere\n").toString("base64") };
    const before = (await (await openLabHost(folder, FE01)).state()).agent;
    assert.equal(before?.files[first.path], sha256(Buffer.from(first.base64, "base64")));
    await assert.rejects(
      apply(folder, FE01, { kind: "set-agent", agent: { version, files: [altered, ...others] } }),
      /arrived with another hash than was sent/,
    );
    assert.deepEqual((await (await openLabHost(folder, FE01)).state()).agent, before);
  });
});
