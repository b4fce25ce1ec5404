import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Run, StepInput } from "../../estate/documents";
import type { RunOptions } from "../../hosts/host";
import { advance, cutHost, mendHost, stopCentralManagement } from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { configuration, FE01, FE02, labWithJob, setJob, apply } from "./fixture";
import { look, restore } from "./jobs/support";

type Wait = Extract<StepInput, { kind: "wait" }>;
const wait = (patch: Partial<Wait> = {}): Wait => ({
  kind: "wait",
  id: "wait",
  title: "Wait for the replica",
  look: {
    kind: "cmdlet",
    cmdlet: "Get-CsManagementStoreReplicationStatus",
    parameters: { ReplicaFqdn: FE02 },
    select: ["ReplicaFqdn", "UpToDate"],
  },
  until: { value: { $ref: "wait.items.*.UpToDate" }, is: "one-of", of: [true] },
  everySeconds: 15,
  timeLimitMinutes: 5,
  ...patch,
});
const seconds = ({ steps: [step] }: Run): number =>
  step ? (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000 : NaN;
const services = (folder: string, host: string): Promise<Record<string, string>> =>
  look(folder, (world) => ({ ...world.computer(host).services }));

describe("A step that waits", () => {
  it("looks once where what it waits for is there already", async () => {
    const folder = await labWithJob();
    const run = await restore(folder, [wait()]);
    assert.deepEqual(run.steps[0]?.data, { items: [{ ReplicaFqdn: FE02, UpToDate: "true" }], looks: 1 });
    assert.ok(seconds(run) < 15);
  });

  it("waits without a look, as long as it is told", async () => {
    const folder = await labWithJob();
    const { look: _look, until: _until, ...plain } = wait({ seconds: 90 });
    const run = await restore(folder, [plain]);
    assert.deepEqual([run.outcome, seconds(run), run.steps[0]?.data], ["succeeded", 90, { items: [], looks: 0 }]);
  });

  it("looks again on the lab's clock, until somebody has mended it", async () => {
    const folder = await labWithJob();
    await cutHost(folder, FE02);
    const begun = Date.parse(await look(folder, ({ clock }) => clock.now));
    const mending = mendWhen(folder, begun + 60_000);
    const run = await restore(folder, [wait({ seconds: 10, timeLimitMinutes: 600 })]);
    await mending;
    assert.equal(run.outcome, "succeeded", run.error?.message);
    assert.ok(Number(run.steps[0]?.data["looks"]) > 1);
    assert.equal(run.steps.length, 1);
  });

  it("fails when its time is over, also where each look fails, as long as the store is down", async () => {
    const folder = await labWithJob();
    await cutHost(folder, FE02);
    const run = await restore(folder, [wait()]);
    assert.deepEqual([run.outcome, run.error?.code, seconds(run)], ["failed", "timed-out", 300]);
    assert.match(run.error?.message ?? "", /: the condition did not hold within the 5 minutes of the step\.$/);
    await stopCentralManagement(folder);
    const pools = { kind: "cmdlet" as const, cmdlet: "Get-CsPool", select: ["Identity"] };
    const until = { value: { $ref: "wait.items" }, is: "present" as const };
    assert.equal((await restore(folder, [wait({ look: pools, until })])).error?.code, "timed-out");
    await stopCentralManagement(folder, false);
    assert.equal((await restore(folder, [wait({ look: pools, until })])).outcome, "succeeded");
  });

  it("fails at once where it cannot be called like that", async () => {
    const mistake = { kind: "cmdlet" as const, cmdlet: "Get-CsPool", parameters: { Nonsense: 1 } };
    const run = await restore(await labWithJob(), [wait({ look: mistake })]);
    assert.deepEqual([run.error?.code, seconds(run) < 15], ["unknown-parameter", true]);
  });

  it("waits for each of several, one after the other", async () => {
    const folder = await labWithJob();
    const each = wait({
      seconds: 20,
      forEach: [FE01, FE02],
      look: {
        kind: "cmdlet",
        cmdlet: "Get-CsManagementStoreReplicationStatus",
        parameters: { ReplicaFqdn: { $ref: "item" } },
        select: ["UpToDate"],
      },
    });
    const run = await restore(folder, [each]);
    assert.equal(run.outcome, "succeeded", run.error?.message);
    assert.deepEqual(
      run.steps[0]?.each?.map(({ item, data }) => [item, data["looks"]]),
      [
        [FE01, 1],
        [FE02, 1],
      ],
    );
    assert.ok(seconds(run) >= 40);
  });

  it("lets a scheduled run go on where time stops in between", async () => {
    const { look: _look, until: _until, ...plain } = wait({ seconds: 3600, timeLimitMinutes: 120 });
    const { steps, ...rest } = configuration({ placement: [{ host: FE01 }], timeLimitMinutes: 600 });
    const job = { ...rest, steps: [{ ...plain }, ...steps] } as typeof rest & { steps: typeof steps };
    const folder = await labWithJob(job);
    await apply(folder, FE01, setJob(job));
    await advance(folder, 16 * 60 + 30);
    await advance(folder, 20);
    await advance(folder, 60);
    const [run] = await (await openLabHost(folder, FE01)).results({ job: job.name, last: 1 });
    assert.deepEqual([run?.outcome, run?.steps[0]?.kind, run && seconds(run)], ["succeeded", "wait", 3600]);
  });

  it("ends when the run is cancelled", async () => {
    const folder = await labWithJob();
    await cutHost(folder, FE02);
    const abort = new AbortController();
    const running = restore(folder, [wait({ timeLimitMinutes: 600 })], { signal: abort.signal });
    setImmediate(() => {
      abort.abort();
    });
    const run = await running;
    assert.deepEqual([run.outcome, run.error?.code], ["cancelled", "cancelled"]);
  });
});

/** As an administrator, who looks at the clock. */
async function mendWhen(folder: string, at: number): Promise<void> {
  for (;;) {
    if (Date.parse(await look(folder, ({ clock }) => clock.now)) >= at) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await mendHost(folder, FE02);
}

describe("A step for services", () => {
  const step = (action: "start" | "stop", names: string[] = [], computers = [FE01, FE02]): StepInput => ({
    kind: "service",
    id: action,
    title: action,
    action,
    services: names,
    computers,
  });

  it("stops all of Lync's on several computers, and starts them again", async () => {
    const folder = await labWithJob();
    const before = await services(folder, FE02);
    const stopped = await restore(folder, [step("stop")]);
    assert.deepEqual(stopped.steps[0]?.data, { computers: [FE01, FE02] });
    assert.deepEqual([...new Set(Object.values(await services(folder, FE02)))], ["stopped"]);
    await restore(folder, [step("start")]);
    assert.deepEqual(await services(folder, FE02), before);
  });

  it("stops with a service what depends on it, and starts with one what it needs", async () => {
    const folder = await labWithJob();
    await restore(folder, [step("stop", ["RTCSRV"])]);
    const down = await services(folder, FE01);
    assert.deepEqual([down["RTCSRV"], down["RTCRGS"], down["REPLICA"]], ["stopped", "stopped", "running"]);
    await restore(folder, [step("start", ["RTCRGS"])]);
    const up = await services(folder, FE01);
    assert.deepEqual([up["RTCSRV"], up["RTCRGS"], up["RTCCPS"]], ["running", "running", "stopped"]);
  });

  it("fails where a computer cannot be reached, or has no such service", async () => {
    const folder = await labWithJob();
    await cutHost(folder, FE02);
    assert.equal((await restore(folder, [step("stop", [], [FE01, FE02])])).error?.code, "not-found");
    const run = await restore(folder, [step("start", ["NONE"], [FE01])]);
    assert.equal(run.error?.message, "The service NONE on fe01.contoso.com did not become running in time.");
  });
});

describe("A step that asks", () => {
  const step = (type?: string): StepInput => ({
    kind: "confirm",
    id: "sure",
    title: "Stop the pool",
    ask: "All Front Ends stop.",
    ...(type === undefined ? {} : { type }),
  });
  const answered = async (typed: string, type?: string): Promise<Run> => {
    const options: RunOptions = { confirm: () => Promise.resolve({ by: String.raw`CONTOSO\lync-admin`, typed }) };
    return restore(await labWithJob(), [step(type)], options);
  };

  it("fails where nobody is there", async () => {
    const run = await restore(await labWithJob(), [step()]);
    assert.deepEqual([run.outcome, run.error?.code], ["failed", "timed-out"]);
    assert.equal(run.error?.message, "Stop the pool: nobody has answered.");
  });

  it("goes on after yes, or after what must be typed, and notes who said so", async () => {
    const run = await answered("yes");
    assert.deepEqual(
      [run.outcome, run.steps[0]?.data, run.steps[0]?.answer?.typed],
      ["succeeded", { answer: "yes" }, "yes"],
    );
    assert.equal((await answered("pool01", "pool01")).outcome, "succeeded");
  });

  it("stops at any other answer", async () => {
    for (const [typed, type] of [["no"], [""], ["yes", "pool01"], ["Pool01", "pool01"]] as const) {
      const run = await answered(typed, type);
      assert.deepEqual([run.outcome, run.error?.code], ["failed", "not-confirmed"], typed);
    }
  });
});
