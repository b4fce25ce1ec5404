import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Job, Run, type Step } from "../../estate/documents";
import { HostError, type Progress, type RunOptions } from "../../hosts/host";
import { followRun, type Looked } from "../../hosts/powershell/follow";

const AT = "2026-03-01T09:30:00.000Z";
const step = (id: string): Run["steps"][number] => ({
  ...{ id, kind: "guard", outcome: "ok", startedAt: AT, finishedAt: AT, message: id, data: {} },
  outcome: "ok",
});
const run = (outcome: Run["outcome"], steps: readonly string[] = []): Run =>
  Run.make({
    ...{ id: "20260301T093000Z-0a1b2c3d", job: "x", jobHash: "0".repeat(64), host: "fe01.contoso.com" },
    ...{ account: String.raw`CONTOSO\x$`, trigger: "command", outcome, startedAt: AT, beatAt: AT },
    steps: steps.map(step),
  });
const shown = (found?: Run, more: Partial<Looked> = {}): Looked => ({
  ...{ run: found, live: true, waiting: false, lastResult: undefined },
  ...more,
});

const guard = { kind: "guard", condition: { value: 1, is: "present" }, otherwise: "fail", because: "it must" } as const;
const STEPS: readonly Step[] = Job.make({
  ...{ name: "x", owner: { project: "p", stack: "s", name: "x" }, purpose: "restore", title: "X", product: "lync2013" },
  ...{ deployment: "contoso", placement: [{ host: "fe01.contoso.com" }], account: String.raw`CONTOSO\x$` },
  ...{ purpose: "restore", product: "lync2013", timeLimitMinutes: 60 },
  steps: [
    { ...guard, id: "a", title: "First" },
    { kind: "confirm", id: "b", title: "Second", ask: "Go on?", type: "pool01" },
    { ...guard, id: "c", title: "Third" },
    { ...guard, id: "tidy", title: "Tidy up", runs: "always" },
  ],
}).steps;

function following(looks: readonly Looked[], options: Parameters<typeof followRun>[0]["options"] = {}) {
  const cancelled: string[] = [];
  const answered: string[][] = [];
  let next = 0;
  const ended = followRun({
    host: "fe01.contoso.com",
    pollMs: 1,
    options,
    steps: STEPS,
    look: () => Promise.resolve(looks[Math.min(next++, looks.length - 1)] ?? shown()),
    cancel: (id) => Promise.resolve(void cancelled.push(id)),
    answer: (_, id, { by, typed }) => Promise.resolve(void answered.push([id, by, typed])),
  });
  return { ended, cancelled, answered };
}

describe("Following a run on a host", () => {
  it("waits until it begins, tells its steps as they begin and end, and answers when it has ended", async () => {
    const told: string[] = [];
    const onProgress = (progress: Progress): void => {
      told.push(progress.kind === "step-started" ? `> ${progress.title}` : progress.result.id);
    };
    const looks = [
      shown(undefined, { live: false, waiting: true }),
      shown(run("running")),
      shown(run("running", ["a"])),
      shown(run("running", ["a"])),
      shown(run("succeeded", ["a", "b"]), { live: false }),
    ];
    const { ended } = following(looks, { onProgress });
    assert.equal((await ended).outcome, "succeeded");
    assert.deepEqual(told, ["> First", "a", "> Second", "b"]);
  });

  it("puts a question of the run to whoever has started it, once", async () => {
    const asked: unknown[] = [];
    const confirm: NonNullable<RunOptions["confirm"]> = (question) => {
      asked.push(question);
      return Promise.resolve({ by: "me", typed: "pool01" });
    };
    const looks = [shown(run("waiting", ["a"])), shown(run("waiting", ["a"])), shown(run("succeeded", ["a", "b"]))];
    const { ended, answered } = following(looks, { confirm });
    await ended;
    assert.deepEqual(asked, [{ title: "Second", ask: "Go on?", type: "pool01" }]);
    assert.deepEqual(answered, [["b", "me", "pool01"]]);
  });

  it("tells after a failure only what tidies up", async () => {
    const told: string[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.kind === "step-started") told.push(progress.title);
    };
    const failed = run("running");
    failed.steps = [{ ...step("a"), outcome: "failed" }];
    await following([shown(failed), shown(run("failed"))], { onProgress }).ended;
    assert.deepEqual(told, ["Tidy up"]);
  });

  it("asks a run to end when it is cancelled, once, and waits for its end", async () => {
    const looks = [shown(run("running")), shown(run("running")), shown(run("cancelled"), { live: false })];
    const { ended, cancelled } = following(looks, { signal: AbortSignal.abort() });
    assert.equal((await ended).outcome, "cancelled");
    assert.deepEqual(cancelled, ["20260301T093000Z-0a1b2c3d"]);
  });

  it("does the same when its time is up, and says so", async () => {
    const looks = [
      ...Array.from({ length: 20 }, () => shown(run("running"))),
      shown(run("cancelled"), { live: false }),
    ];
    const { ended } = following(looks, { timeoutMs: 1 });
    await assert.rejects(ended, (error: unknown) => error instanceof HostError && error.code === "timed-out");
  });

  for (const [lastResult, says] of [
    [0x8007052e, /could not log on \(0x8007052E\)/],
    [0x80070569, /Log on as a batch job/],
    [0x41306, /no run began\. Its last result is 0x41306/],
  ] as const) {
    it(`says why no run began: 0x${lastResult.toString(16)}`, async () => {
      const { ended } = following([shown(undefined, { live: false, lastResult })]);
      await assert.rejects(ended, says);
    });
  }
});
