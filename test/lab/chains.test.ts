import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Manifest, type Run, type SetKind, type StepInput } from "../../estate/documents";
import { realFile } from "../../lab/commands";
import { configuration, labWithJob, runSteps } from "./fixture";

/** Full backups, what builds on them, and what must not be lost because something else has failed. */

const SERIES = "databases";
const instance = String.raw`sql01.contoso.com\rtc`;
const scopeOf = (database: string): { of: "database"; instance: string; database: string } => ({
  of: "database",
  instance,
  database,
});

/** Any file will do for a backup: what matters here is in which set it lies. */
const backup = (database: string, facts: Record<string, string | { $ref: string }> = {}): StepInput => ({
  kind: "cmdlet",
  id: `backup-${database}`,
  title: `Back up ${database}`,
  cmdlet: "Export-CsConfiguration",
  parameters: { FileName: { $set: `${database}.bak` } },
  produces: [
    { file: { $set: `${database}.bak` }, datum: { $ref: "job.name" }, scope: scopeOf(database), format: "zip", facts },
  ],
});
const chain = (on: "full" | "newest", databases: readonly string[]): StepInput => ({
  kind: "chain",
  id: "chain",
  title: "Find what it builds on",
  forEach: databases.map((name) => ({ name })),
  onFailure: "keep",
  scope: { of: "database", instance, database: { $ref: "item.name" } },
  on,
});
const guard = (id: string, holds: boolean, more: Partial<Extract<StepInput, { kind: "guard" }>> = {}): StepInput => ({
  kind: "guard",
  id,
  title: id,
  condition: { value: "a", is: holds ? "one-of" : "none-of", of: ["a"] },
  otherwise: "fail",
  because: `${id} does not hold`,
  ...more,
});
const tail = (needs: boolean): StepInput[] => [
  { kind: "check", id: "check", title: "Check" },
  { kind: "hash", id: "hash", title: "Hash" },
  { kind: "publish", id: "publish", title: "Publish" },
  {
    kind: "seal",
    id: "seal",
    title: "Seal",
    needs: needs ? [{ $ref: "chain.each.*.data.items.*.base.set" }] : [],
  },
  { kind: "retain", id: "retain", title: "Retain", policy: { last: 100 } },
];

interface Lab {
  run: (setKind: SetKind, steps: StepInput[]) => Promise<Run>;
  sets: () => Promise<string>;
  manifest: (run: Run) => Promise<Manifest>;
}

async function lab(): Promise<Lab> {
  const folder = await labWithJob();
  const { target } = configuration();
  assert.ok(target);
  const sets = (): Promise<string> => realFile(folder, target.host, String.raw`D:\LyncBackup\series\databases\sets`);
  return {
    run: (setKind, steps) => runSteps(folder, steps, { series: SERIES, setKind, target }),
    sets,
    manifest: async ({ id }) => Manifest.parse(fs.readFileSync(path.join(await sets(), id, "manifest.json"), "utf8")),
  };
}
const full = (...databases: string[]): StepInput[] => [
  ...databases.map((database) => backup(database, { end: `${database}-end` })),
  ...tail(false),
];
const log = (on: "full" | "newest", ...databases: string[]): StepInput[] => [
  chain(on, databases),
  ...databases.map((database) => backup(database)),
  ...tail(true),
];

describe("A chain of sets", () => {
  it("builds on the last set that holds the same thing, not on the last of the series", async () => {
    const { run, manifest } = await lab();
    const a = await run("full", full("a"));
    const b = await run("full", full("b"));
    assert.deepEqual([a.outcome, b.outcome], ["succeeded", "succeeded"], a.error?.message);
    const both = await run("log", log("newest", "a", "b"));
    assert.equal(both.outcome, "succeeded", both.error?.message);
    assert.deepEqual((await manifest(both)).needs, [a.id, b.id]);
    const next = await run("log", log("newest", "a", "b"));
    assert.deepEqual((await manifest(next)).needs, [both.id], "a set is named once");
    assert.deepEqual((await manifest(await run("differential", log("full", "b")))).needs, [b.id]);
  });

  it("hands on the item with the facts of what it builds on", async () => {
    const { run } = await lab();
    const { id } = await run("full", full("a"));
    const { steps } = await run("log", log("newest", "a"));
    const [base] = (steps[0]?.each?.[0]?.data["items"] ?? []) as { name: string; base: Record<string, unknown> }[];
    assert.equal(base?.name, "a");
    assert.deepEqual([base.base["set"], base.base["kind"], base.base["facts"]], [id, "full", { end: "a-end" }]);
  });

  it("builds on what was finished last, whenever it was begun", async () => {
    const { run, manifest } = await lab();
    const at = (time: string): StepInput[] => [backup("a", { "finished-at": `2026-03-02T${time}Z` })];
    await run("full", [...at("10:00:00"), ...tail(false)]);
    const later = await run("log", [chain("newest", ["a"]), ...at("12:00:00"), ...tail(true)]);
    const quick = await run("full", [...at("11:00:00"), ...tail(false)]);
    assert.deepEqual(
      (await manifest(await run("log", [chain("newest", ["a"]), ...at("13:00:00"), ...tail(true)]))).needs,
      [later.id],
    );
    assert.deepEqual((await manifest(await run("differential", log("full", "a")))).needs, [quick.id]);
  });

  it("does not build on a copy, on what is damaged, or on what needs something damaged", async () => {
    const { run, sets } = await lab();
    const first = await run("full", full("a"));
    await run("copy-only", full("a"));
    const second = await run("log", log("newest", "a"));
    assert.equal(second.outcome, "succeeded", second.error?.message);
    fs.renameSync(path.join(await sets(), first.id), path.join(await sets(), `${first.id}.gone`));
    for (const on of ["full", "newest"] as const) {
      const { outcome, error } = await run("log", [chain(on, ["a"])]);
      assert.deepEqual([outcome, error?.code], ["failed", "no-base"]);
      assert.match(error?.message ?? "", /holds no good .*backup of the database sql01\.contoso\.com\\rtc a that/);
    }
  });

  it("lets a run go on with what has a base, and fails it in the end", async () => {
    const { run, manifest } = await lab();
    const { id } = await run("full", full("a"));
    const mixed = await run("log", [chain("newest", ["a", "b"]), backup("a"), ...tail(true)]);
    assert.deepEqual([mixed.outcome, mixed.error?.code, mixed.set], ["failed", "no-base", mixed.id]);
    assert.deepEqual((await manifest(mixed)).needs, [id]);
  });
});

describe("What cannot be made again", () => {
  it("is sealed although something else has failed; the run fails, and nothing old is removed", async () => {
    const { run, manifest } = await lab();
    const steps = [guard("early", false, { onFailure: "keep" }), ...full("a")];
    const failed = await run("full", steps);
    assert.deepEqual([failed.outcome, failed.error?.message, failed.set], ["failed", "early does not hold", failed.id]);
    assert.equal(failed.steps.at(-1)?.outcome, "skipped");
    assert.match(failed.steps.at(-1)?.message ?? "", /^Nothing old is removed, .*early does not hold/);
    assert.equal((await manifest(failed)).covers[0]?.datum, "one-off");
  });

  it("stays without a seal where it is a log, and only then", async () => {
    const { run, sets } = await lab();
    const { id: base } = await run("full", full("a"));
    const late = [backup("a"), guard("late", false)];
    const lost = await run("full", late);
    const kept = await run("log", late);
    const next = await run("log", log("newest", "a"));
    assert.deepEqual([lost.set, kept.set], [undefined, undefined]);
    assert.deepEqual(fs.readdirSync(await sets()).sort(), [base, kept.id, next.id].sort());
    assert.deepEqual(fs.readdirSync(path.join(await sets(), kept.id)), ["a.bak"]);
  });
});

describe("A failure that lets a run go on", () => {
  it("is not made up for by a guard that stands down or finds nothing to do", async () => {
    const { run } = await lab();
    for (const onFailure of ["note", "keep"] as const) {
      for (const otherwise of ["stand-down", "nothing-to-do"] as const) {
        const { outcome, error } = await run("full", [
          guard("early", false, { onFailure }),
          guard("end", false, { otherwise }),
        ]);
        assert.deepEqual([outcome, error?.message], ["failed", "early does not hold"]);
      }
    }
  });
});

describe("The facts of an artefact", () => {
  it("may be what the step that makes it has found", async () => {
    const { run, manifest } = await lab();
    const made = await run("full", [backup("a", { found: { $ref: "backup-a.count" } }), ...tail(false)]);
    assert.deepEqual((await manifest(made)).artefacts[0]?.facts, { found: 0 });
  });
});
