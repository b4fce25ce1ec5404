import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Run } from "../../estate/documents";
import { HostError, type Progress } from "../../hosts/host";
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

function following(looks: readonly Looked[], options: Parameters<typeof followRun>[0]["options"] = {}) {
  const cancelled: string[] = [];
  let next = 0;
  const ended = followRun({
    host: "fe01.contoso.com",
    pollMs: 1,
    options,
    titles: [
      { id: "a", title: "First" },
      { id: "b", title: "Second" },
    ],
    look: () => Promise.resolve(looks[Math.min(next++, looks.length - 1)] ?? shown()),
    cancel: (id) => Promise.resolve(void cancelled.push(id)),
  });
  return { ended, cancelled };
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
