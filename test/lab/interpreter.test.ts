import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { ARTEFACT_PARTS, Job, type StepInput } from "../../estate/documents";
import type { Progress } from "../../hosts/host";
import { Body } from "../../lab/body";
import { openLabHost } from "../../lab/host";
import { opensAs, partsOf } from "../../lab/interpreter/checks";
import type { Execution } from "../../lab/interpreter/execution";
import { keptBefore, notedBefore } from "../../lab/interpreter/messages";
import { fileNameOf, holds, isEmpty, lookUp, textValueOf, valueOf } from "../../lab/interpreter/values";
import { readZip, zipOf } from "../../lab/zip";
import { configuration, FE01, labWithJob, runSteps, sha256 } from "./fixture";

const STATUS: Extract<StepInput, { kind: "cmdlet" }> = {
  kind: "cmdlet",
  id: "replicas",
  title: "Ask for the replicas",
  cmdlet: "Get-CsManagementStoreReplicationStatus",
  select: ["ReplicaFqdn", "UpToDate"],
};
const guard = (id: string, more: Partial<Extract<StepInput, { kind: "guard" }>> = {}): StepInput => ({
  kind: "guard",
  id,
  title: id,
  condition: { value: { $ref: "replicas.count" }, is: "present" },
  otherwise: "fail",
  because: `${id} does not hold`,
  ...more,
});
const never = { condition: { value: "a", is: "one-of" as const, of: ["b"] } };

/** As much of a run as values need. */
const execution = (results: Record<string, unknown>): Execution =>
  ({
    job: configuration({ placement: [{ host: FE01, pool: "pool01.contoso.com" }] }),
    actor: { host: FE01 },
    run: { id: "20260302T090000Z-00000001", trigger: "command", startedAt: "2026-03-02T09:00:00.000Z" },
    results: new Map(Object.entries(results)),
  }) as unknown as Execution;

describe("A value in a step", () => {
  const found = execution({
    a: { items: [{ Name: "x" }, { Name: "Y" }, { Other: 1 }], none: [], nothing: null, yes: true, count: 0 },
  });

  it("refers to results, to the run and its job, and with * to every item of a list", () => {
    assert.equal(lookUp(found, "a.items.1.Name"), "Y");
    assert.deepEqual(lookUp(found, "a.items.*.Name"), ["x", "Y"]);
    assert.equal(lookUp(found, "host.pool"), "pool01.contoso.com");
    assert.deepEqual(lookUp(found, "job.hosts"), [FE01]);
    assert.equal(lookUp(found, "run.trigger"), "command");
    for (const nothing of ["a.items.7.Name", "skipped.items", "a.count.deeper", "last.set", "item"]) {
      assert.ok(isEmpty(lookUp(found, nothing)), nothing);
    }
  });

  it("is literal, looked up or joined, and never silently empty", () => {
    assert.equal(valueOf(found, { $text: ["n=", { $ref: "a.count" }, " ", { $ref: "a.yes" }] }), "n=0 true");
    assert.deepEqual(valueOf(found, ["z", { $ref: "a.items.*.Name" }]), ["z", "x", "Y"]);
    assert.deepEqual(valueOf(found, { $map: { one: 1, two: { $ref: "a.items.0.Name" } } }), { one: 1, two: "x" });
    assert.match(textValueOf(found, { $work: "Config.zip" }), /\\work\\20260302T090000Z-00000001\\Config\.zip$/);
    assert.match(
      textValueOf(found, { $set: "a/b.bak" }),
      /lyncbackup\$\\series\\configuration\\sets\\2026.*\\a\\b\.bak$/,
    );
    assert.throws(() => valueOf(found, { $ref: "a.nothing" }), /Nothing was found at a\.nothing/);
    assert.throws(() => valueOf(found, { $text: ["x", { $ref: "skipped.x" }] }), /Nothing was found at skipped\.x/);
  });

  it("becomes a file name in which nothing leads out of the folder", () => {
    const odd = execution({ a: { name: String.raw`..\up/down:x*?` } });
    assert.equal(fileNameOf(odd, ["User.", { $ref: "a.name" }, ".zip"]), "User..._up_down_x__.zip");
    assert.equal(fileNameOf(odd, ["x. "]), "x._");
    assert.equal(fileNameOf(execution({ a: { name: ".." } }), [{ $ref: "a.name" }]), "._");
  });

  it("is compared as text without regard to case; what is empty is one of nothing and none of anything", () => {
    const is = (
      value: Parameters<typeof valueOf>[1],
      kind: "one-of" | "none-of" | "empty" | "present",
      of?: never[] | string[],
    ) => holds(found, { value, is: kind, ...(of ? { of } : {}) });
    assert.equal(is({ $ref: "a.items.*.Name" }, "one-of", ["X", "y", "z"]), true);
    assert.equal(is({ $ref: "a.items.*.Name" }, "one-of", ["x"]), false);
    assert.equal(is({ $ref: "a.items.*.Name" }, "none-of", ["y"]), false);
    assert.equal(is({ $ref: "a.yes" }, "one-of", ["True"]), true);
    assert.equal(is({ $ref: "a.count" }, "one-of", ["0"]), true);
    assert.equal(is({ $ref: "a.nothing" }, "one-of", ["", "null"]), false);
    assert.equal(is({ $ref: "a.nothing" }, "none-of", ["x"]), true);
    for (const empty of ["a.nothing", "a.none", "skipped.x"]) {
      assert.equal(is({ $ref: empty }, "empty"), true);
      assert.equal(is({ $ref: empty }, "present"), false);
    }
    assert.equal(holds(found, { value: "Y", is: "one-of", of: [{ $ref: "a.items.*.Name" }] }), true);
  });
});

describe("The hashes of parts", () => {
  it("are sealed of what is larger than a part, and not of what has too many", () => {
    const { bytes, most } = ARTEFACT_PARTS;
    const content = randomBytes(2 * bytes + 5);
    const cut = [content.subarray(0, bytes), content.subarray(bytes, 2 * bytes), content.subarray(2 * bytes)];
    assert.deepEqual(partsOf(new Body({ content })), { bytes, sha256: cut.map(sha256).join("") });
    const whole = new Body({ content: content.subarray(0, 2 * bytes) });
    assert.equal(partsOf(whole)?.sha256, cut.slice(0, 2).map(sha256).join(""));
    assert.equal(partsOf(new Body({ content: content.subarray(0, bytes) })), undefined);
    assert.equal(partsOf(new Body({ seed: "a", bytes: bytes * most + 1 })), undefined);
    assert.equal(partsOf(new Body({ content }), 2), undefined);
  });
});

describe("A run of steps", () => {
  const outcomes = async (steps: StepInput[]): Promise<[string, string[], string | undefined]> => {
    const folder = await labWithJob();
    const { outcome, steps: done, error } = await runSteps(folder, steps);
    return [outcome, done.map((step) => `${step.id} ${step.outcome}`), error?.message];
  };

  it("skips what its condition does not want, and filters what a cmdlet found", async () => {
    const where = [{ property: "ReplicaFqdn", is: "one-of" as const, of: ["FE01.contoso.com", "fe11.contoso.com"] }];
    const folder = await labWithJob();
    const { steps } = await runSteps(folder, [
      { ...STATUS, where },
      { ...guard("skipped", never), when: { value: { $ref: "replicas.items" }, is: "empty" } },
      guard("two", { condition: { value: { $ref: "replicas.items.*.UpToDate" }, is: "one-of", of: ["true"] } }),
    ]);
    assert.deepEqual(steps[0]?.data, {
      items: [
        { ReplicaFqdn: "fe01.contoso.com", UpToDate: "true" },
        { ReplicaFqdn: "fe11.contoso.com", UpToDate: "true" },
      ],
      count: 2,
    });
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ["ok", "skipped", "ok"],
    );
  });

  it("stands down or has nothing to do where a guard says so, and tidies up all the same", async () => {
    for (const [otherwise, ended] of [
      ["stand-down", "stood-down"],
      ["nothing-to-do", "nothing-to-do"],
    ] as const) {
      assert.deepEqual(
        await outcomes([
          STATUS,
          guard("stop", { ...never, otherwise }),
          guard("not-reached"),
          guard("tidy", { runs: "always" }),
        ]),
        [ended, ["replicas ok", `stop ${ended}`, "tidy ok"], undefined],
      );
    }
  });

  it("fails when tidying up fails, whatever was before", async () => {
    const [outcome, , message] = await outcomes([
      STATUS,
      guard("stop", { ...never, otherwise: "stand-down" }),
      guard("tidy", { ...never, runs: "always" }),
    ]);
    assert.deepEqual([outcome, message], ["failed", "tidy does not hold"]);
  });

  it("goes on after a failure that is only noted, and fails in the end", async () => {
    assert.deepEqual(await outcomes([STATUS, guard("noted", { ...never, onFailure: "note" }), guard("after")]), [
      "failed",
      ["replicas ok", "noted failed", "after ok"],
      "noted does not hold",
    ]);
  });

  it("keeps no set of a run in which something failed, however little", async () => {
    const folder = await labWithJob();
    const { steps, target } = configuration();
    const noted = guard("noted", { ...never, onFailure: "note" });
    const {
      outcome,
      set,
      steps: done,
    } = await runSteps(folder, [STATUS, noted, ...steps], {
      ...(target ? { target } : {}),
    });
    assert.deepEqual([outcome, set, done.at(-1)?.id, done.at(-1)?.outcome], ["failed", undefined, "publish", "failed"]);
  });

  it("names what failed before in one sentence, whatever that said", async () => {
    const folder = await labWithJob();
    const { steps, target } = configuration();
    const broken = { ...STATUS, id: "broken", parameters: { Nonsense: "x" }, onFailure: "note" as const };
    const noted = guard("noted", { ...never, onFailure: "note" });
    const { steps: done } = await runSteps(folder, [broken, noted, ...steps], target ? { target } : {});
    assert.match(done[0]?.message ?? "", /\.$/);
    assert.match(done.at(-1)?.message ?? "", /^Nothing is kept of this run, .*[^.]; noted does not hold\.$/);
    for (const say of [notedBefore, keptBefore]) assert.match(say(["One.", "Two."]), /: One; Two\.$/);
  });

  it("hands back what its document asks for, and not what was not found", async () => {
    const folder = await labWithJob();
    const returns = {
      replicas: { $ref: "replicas.items.*.ReplicaFqdn" },
      text: { $text: ["found ", { $ref: "replicas.count" }] },
      literal: 7,
      nothing: { $ref: "replicas.items.99" },
    };
    const { facts, id } = await runSteps(folder, [STATUS], { returns });
    assert.deepEqual(Object.keys(facts), ["replicas", "text", "literal"]);
    assert.ok((facts["replicas"] as string[]).includes(FE01));
    assert.deepEqual([facts["text"], facts["literal"]], ["found 9", 7]);
    const [kept] = await (await openLabHost(folder, FE01)).results({ job: "one-off", last: 1 });
    assert.deepEqual([kept?.id, kept?.facts], [id, facts]);
    const failed = await runSteps(folder, [STATUS, guard("stop", never)], { returns: { literal: 7 } });
    assert.deepEqual([failed.outcome, failed.facts], ["failed", { literal: 7 }]);
  });

  it("does a step for each item, which may fail one by one", async () => {
    const folder = await labWithJob();
    const each = (onFailure: "stop" | "note"): StepInput => ({
      ...STATUS,
      id: "each",
      forEach: { $ref: "replicas.items.*.ReplicaFqdn" },
      when: { value: { $ref: "item" }, is: "none-of", of: ["fe03.contoso.com"] },
      cmdlet: "Get-CsManagementStoreReplicationStatus",
      parameters: { ReplicaFqdn: { $ref: "item" } },
      onFailure,
    });
    const where = [{ property: "ReplicaFqdn", is: "one-of" as const, of: ["fe02.contoso.com", "fe03.contoso.com"] }];
    const good = await runSteps(folder, [{ ...STATUS, where }, each("stop")]);
    assert.equal(good.outcome, "succeeded");
    assert.deepEqual(
      good.steps[1]?.each?.map(({ item, outcome }) => [item, outcome]),
      [
        ["fe02.contoso.com", "ok"],
        ["fe03.contoso.com", "skipped"],
      ],
    );
    const broken = { ...each("note"), parameters: { Nonsense: { $ref: "item" } } } as StepInput;
    const bad = await runSteps(folder, [STATUS, broken, guard("after")]);
    assert.equal(bad.outcome, "failed");
    assert.equal(bad.steps[1]?.each?.filter(({ outcome }) => outcome === "failed").length, 8);
    assert.equal(bad.steps[2]?.outcome, "ok");
  });

  it("stops between the items of a step when it is cancelled, and tidies up all the same", async () => {
    const folder = await labWithJob();
    const abort = new AbortController();
    const each = { ...STATUS, id: "each", forEach: ["a", "b"] };
    const always = { condition: { value: "x", is: "present" as const } };
    const { name: _name, ...job } = configuration();
    const document = Job.make({
      ...job,
      name: "one-off",
      purpose: "probe",
      steps: [each, guard("not-reached", always), guard("tidy", { ...always, runs: "always" })],
    });
    const onProgress = (progress: Progress): void => {
      if (progress.kind === "step-started" && progress.id === "each") abort.abort();
    };
    const host = await openLabHost(folder, FE01);
    const cancelled = await host.run({ document }, { signal: abort.signal, onProgress });
    assert.deepEqual(
      cancelled.steps.map(({ id, outcome }) => [id, outcome]),
      [
        ["each", "failed"],
        ["tidy", "ok"],
      ],
    );
    assert.deepEqual([cancelled.outcome, cancelled.error?.code], ["cancelled", "cancelled"]);
    assert.match(cancelled.error?.message ?? "", /^The run was cancelled before this: a\.$/);
  });

  it("saves what is found to a file of the run", async () => {
    const folder = await labWithJob();
    const saved = { ...STATUS, saveAs: { file: { $work: "replicas.jsonl" }, as: "jsonl" as const } };
    const { steps, outcome } = await runSteps(folder, [saved]);
    assert.equal(outcome, "succeeded");
    assert.deepEqual(steps[0]?.data, { items: [], count: 9 });
  });
});

describe("The check of an artefact", () => {
  const make = async (): Promise<Buffer> =>
    zipOf({ "DocItemSet.xml": `<a>${"policy ".repeat(500)}</a>`, "b.xml": "<b/>" }, "2026-03-02T09:00:00.000Z");

  it("reads a good ZIP, and finds every truncation and every damaged byte of its contents", async () => {
    const whole = await make();
    assert.deepEqual([...(await readZip(whole)).keys()], ["DocItemSet.xml", "b.xml"]);
    for (let length = 0; length < whole.length; length += 7) {
      await assert.rejects(readZip(whole.subarray(0, length)), `truncated to ${String(length)} bytes`);
    }
    const start = 30 + "DocItemSet.xml".length;
    for (let at = start; at < start + 30; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      await assert.rejects(readZip(damaged), `damaged at ${String(at)}`);
    }
  });

  it("finds broken JSON, JSON lines and XML", async () => {
    const bodyOf = (text: string): Body => new Body({ content: Buffer.from(text) });
    const opens = (format: "json" | "jsonl" | "xml" | "text", text: string): Promise<boolean> =>
      opensAs(format, bodyOf(text)).then(
        () => true,
        () => false,
      );
    assert.ok(await opens("json", '\uFEFF{"a":1}'));
    for (const lines of ["", '{"a":1}\n2\n']) assert.ok(await opens("jsonl", lines), lines);
    for (const xml of ["<a/>", '<?xml version="1.0"?>\n<a b="&lt;"><!-- c --><b>x</b></a>\n'])
      assert.ok(await opens("xml", xml), xml);
    for (const xml of ["", "<a>", "<a></b>", "<a/><b/>", "<a b=c/>", "<a>&nope;</a>"]) {
      assert.ok(!(await opens("xml", xml)), xml);
    }
    for (const json of ["", "{", '{"a":1}{']) assert.ok(!(await opens("json", json)), json);
    await assert.rejects(opensAs("json", bodyOf("a secret")), /^Error: it is no JSON$/);
    for (const lines of ['{"a":1}', '{"a":1}\n{', '{"a":1}\n{\n']) assert.ok(!(await opens("jsonl", lines)), lines);
    assert.ok(await opens("text", "anything"));
  });
});
