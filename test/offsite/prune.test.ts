import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { bucketLayout, Held, Retention, targetLayout, Verified } from "../../estate/documents";
import { marked, parseKey } from "../../offsite/keys";
import { prune, type PruneOptions, type PruneSource } from "../../offsite/prune/prune";
import { removalsOf, summaryOf, type PruneReport } from "../../offsite/prune/report";
import type { Store } from "../../offsite/store/store";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carry, carryAll, fetchedAndSame, gather, keysIn } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet } from "./support/sets";
import type { BucketKind } from "./support/store";
import { Ahead } from "./support/world";

describe("A prune", () => {
  const here = fixture();
  let store: Store;
  let world: Ahead;
  beforeEach(() => {
    world = new Ahead();
    // What was carried just now may belong to a push that is still running.
    world.hours(72);
  });
  afterEach(() => {
    store.close();
  });

  const use = async (kind: BucketKind): Promise<void> => {
    here.bucket = await here.server.bucket(kind, { prefix: "production/" });
    store = await here.server.open(here.bucket);
  };
  const keep = (policy: Partial<Retention> = {}): Retention => Retention.parse({ last: 1, ...policy });
  const run = (options: PruneOptions = {}, source: Partial<PruneSource> = {}): Promise<PruneReport> =>
    prune(store, [{ series: "all", keep: keep(), ...source }], {
      world,
      now: () => new Date("2026-06-01T00:00:00.000Z"),
      ...options,
    });
  const states = (report: PruneReport): Record<string, number> => {
    const count: Record<string, number> = {};
    for (const { state } of removalsOf(report)) count[state] = (count[state] ?? 0) + 1;
    return count;
  };
  const keys = (): Promise<string[]> => keysIn(here.server, here.bucket);
  const setsThere = async (): Promise<string[]> =>
    (await keys()).flatMap((key) => {
      const parsed = parseKey(key);
      return parsed?.kind === "manifest" ? parsed.set : [];
    });
  const allIsWell = async (): Promise<void> => {
    const report = await verify(store, { level: "full", record: false });
    assert.deepEqual(
      verdictsOf(report).flatMap(({ findings }) => findings),
      [],
    );
  };

  for (const kind of ["plain", "versioned"] as const) {
    it(`of a ${kind} bucket marks what no kept set needs, waits, and removes exactly that`, async () => {
      await use(kind);
      const sets = [{ add: 20 }, { add: 5, full: true }, { add: 3 }].map((change) =>
        here.maker.fileStore("files", change),
      );
      here.maker.exports();
      const exports = here.maker.exports();
      await carryAll(here.server, here.bucket, here.maker);
      const before = await keys();

      const first = await run();
      assert.deepEqual(
        first.series.map(({ series, decisions }) => [series, decisions.map(({ keep: stays }) => stays)]),
        [
          ["configuration", [true, false]],
          ["files", [true, true, false]],
        ],
      );
      const marking = removalsOf(first, "marked");
      assert.equal(removalsOf(first).length, marking.length);
      const after = await keys();
      assert.deepEqual(
        after.filter((key) => parseKey(key)?.kind !== "mark"),
        before,
        "only marked",
      );
      assert.deepEqual(
        new Set(
          after.flatMap((key) => {
            const parsed = parseKey(key);
            return parsed?.kind === "mark" ? parsed.object : [];
          }),
        ),
        new Set(marking.map(({ key }) => marked(key))),
      );

      assert.deepEqual(states(await run()), { waiting: marking.length });
      world.hours(1);
      world.hours(0.1);
      const second = await run();
      assert.deepEqual(states(second), { removed: marking.length });
      assert.deepEqual(
        (await keys()).filter((key) => parseKey(key)?.kind !== "mark"),
        before.filter((key) => !marking.some((one) => one.key === key)),
      );
      const kept = [sets[1], sets[2], exports].map((one) => one?.set).sort();
      assert.deepEqual((await setsThere()).sort(), kept);
      await allIsWell();
      for (const made of [sets[1], sets[2], exports]) if (made) await fetchedAndSame(here.server, here.bucket, made);

      const third = await run();
      assert.deepEqual(states(third), {});
      assert.ok(
        (await keys()).every((key) => parseKey(key)?.kind !== "mark"),
        "marks of what is gone go too",
      );
      assert.deepEqual(
        (await gather(store.versions(""))).filter(({ marker }) => marker),
        [],
      );
    });
  }

  it("explains every set and every object in a dry run, and changes nothing", async () => {
    await use("plain");
    const [old, newest] = [here.maker.exports("configuration", 0.1), here.maker.exports("configuration", 0.1)];
    await carryAll(here.server, here.bucket, here.maker);
    const before = await keys();
    const dry = await run({ dryRun: true });
    assert.deepEqual(await keys(), before);
    assert.deepEqual(dry.series[0]?.decisions, [
      {
        set: newest.set,
        keep: true,
        reasons: ["one of the last 1", "the newest good set", "the newest set that is offsite"],
      },
      { set: old.set, keep: false, reasons: ["no rule wants it"] },
    ]);
    const sizes = new Map((await gather(store.list(""))).map(({ key, bytes }) => [key, bytes]));
    for (const { key, bytes, why, state } of removalsOf(dry)) {
      assert.equal(bytes, sizes.get(key));
      assert.match(why, /^(retention|no set needs it)$/);
      assert.equal(state, "marked");
    }
    const real = await run();
    assert.deepEqual(states(real), states(dry));
    world.hours(1.1);
    const due = await run({ dryRun: true });
    assert.match(
      summaryOf(due),
      /^2 sets looked at, 1 set not wanted any more; \d+ objects \(\d+ bytes\) would be removed; 0 objects \(0 bytes\) would be marked\.$/,
    );
    assert.deepEqual(await setsThere(), [old.set, newest.set]);
  });

  it("waits in the same run where that is wanted", async () => {
    await use("plain");
    const sets = [here.maker.exports(), here.maker.exports()];
    await carryAll(here.server, here.bucket, here.maker);
    const waited: string[] = [];
    const report = await run({ wait: true, onEvent: (event) => event.kind === "waiting" && waited.push(event.until) });
    assert.equal(waited.length, 1);
    assert.deepEqual(Object.keys(states(report)), ["removed"]);
    assert.deepEqual(await setsThere(), [sets[1]?.set]);
    await assert.rejects(run({ waitMinutes: 20 }), /20 minutes are too short/);
  });

  it("leaves alone what came so lately that it may belong to a push that is still running", async () => {
    await use("plain");
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    await store.put(bucketLayout.data("configuration", "0".repeat(64), 0), Buffer.from("under way"));
    world = new Ahead();
    const report = await run();
    assert.deepEqual(states(report), {});
    assert.deepEqual(report.series[0]?.young, { objects: 1, bytes: 9 });
    world.hours(49);
    assert.deepEqual(states(await run()), { marked: 1 });
  });

  it("takes marks back from what is needed again", async () => {
    await use("plain");
    here.maker.exports();
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    await run();
    assert.ok((await keys()).some((key) => parseKey(key)?.kind === "mark"));
    const report = await run({}, { keep: keep({ last: 5 }) });
    assert.deepEqual(states(report), {});
    assert.ok((await keys()).every((key) => parseKey(key)?.kind !== "mark"));
  });

  it("keeps what somebody holds, here or on the target", async () => {
    await use("locked");
    const sets = [here.maker.exports(), here.maker.exports(), here.maker.exports()];
    await carryAll(here.server, here.bucket, here.maker);
    const [first, second] = sets;
    assert.ok(first && second);
    await store.hold(bucketLayout.manifest(first.series, first.set), undefined, "ON");
    const held = Held.make({
      series: second.series,
      set: second.set,
      by: "kim",
      at: "2026-03-05T00:00:00.000Z",
      reason: "audit",
    });
    const file = path.join(here.maker.target, targetLayout.held(second.series, second.set));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, Held.write(held));
    const reasons = async (source: Partial<PruneSource>): Promise<unknown[]> =>
      (await run({ dryRun: true }, source)).series[0]?.decisions.slice(1).map((one) => one.reasons) ?? [];
    assert.deepEqual(await reasons({ target: here.maker.target }), [["held"], ["held"]]);
    assert.deepEqual(await reasons({}), [["no rule wants it"], ["held"]]);
    fs.writeFileSync(file, "{");
    assert.deepEqual(
      await reasons({ target: here.maker.target }),
      [["held"], ["held"]],
      "nobody can read for how long",
    );
    await assert.rejects(
      run({}, { target: path.join(here.maker.target, "away") }),
      /The target .*away is not there, or no folder/,
    );
  });

  it("never removes under a lock, and says until when", async () => {
    await use("locked");
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker, { lock: { mode: "compliance", days: 90 } });
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const report = await run({ wait: true });
    const [, old] = report.series[0]?.decisions ?? [];
    assert.match(old?.reasons.join() ?? "", /^locked until 20/);
    assert.equal(old?.keep, true);
    assert.deepEqual(states(report), {});
    // Where the set itself is free, what it is made of may still be locked.
    const until = new Date(Math.ceil(Date.now() / 1000 + 300 * 86_400) * 1000);
    const two = here.maker.exports("two");
    here.maker.exports("two");
    await carryAll(here.server, here.bucket, here.maker);
    const [object = ""] = (await keys()).filter((key) => key.startsWith("series/two/data/"));
    await store.lock(object, undefined, { mode: "COMPLIANCE", until });
    const shared = await run({ wait: true });
    assert.deepEqual(
      removalsOf(shared, "locked").map(({ key, why }) => [key, why]),
      [[object, `locked until ${until.toISOString()}`]],
    );
    assert.ok(!(await setsThere()).includes(two.set));
    await allIsWell();
  });

  it("does not go by what a set says that nobody can read, and removes nothing that it might need", async () => {
    await use("plain");
    const sets = [{ add: 8 }, { add: 2 }, { add: 2, full: true }].map((change) =>
      here.maker.fileStore("files", change),
    );
    await carryAll(here.server, here.bucket, here.maker);
    const [, middle] = sets as [MadeSet, MadeSet, MadeSet];
    fs.writeFileSync(
      here.server.fileOf(here.bucket.bucket, `production/${bucketLayout.manifest("files", middle.set)}`),
      "{}",
    );
    const report = await run({ wait: true });
    assert.deepEqual(states(report), {});
    const [newest, unreadable, old] = report.series[0]?.decisions ?? [];
    assert.deepEqual([newest?.keep, unreadable?.keep, old?.keep], [true, true, true]);
    assert.match(
      unreadable?.reasons.join() ?? "",
      /^its manifest cannot be read: .*: it stays, and what it may need, until/,
    );
    assert.deepEqual(old?.reasons, [`needed by ${middle.set}`]);
    assert.match(report.series[0]?.blocked.join() ?? "", new RegExp(`^${middle.set}: its manifest cannot be read`));
    assert.match(summaryOf(report), /No content of files is removed, because it has sets that nobody can read\.$/);
  });

  it("removes nothing that a kept set needs where a digit of what that says has changed, and nothing tells so", async () => {
    await use("plain");
    const whileChanged = async (key: string, digit: RegExp): Promise<Record<string, number>> => {
      const sent = String(await store.readWhole(key));
      const changed = sent.replace(digit, (one) => (one === "0" ? "1" : "0"));
      assert.notEqual(changed, sent);
      // The checksum that the store tells is that of what is there now: as if it told none.
      await store.put(key, Buffer.from(changed), { replace: true });
      const report = await run({ wait: true });
      await store.put(key, Buffer.from(sent), { replace: true });
      return states(report);
    };
    const full = here.maker.chained("logs", "full", [1, 10], []);
    const log = here.maker.chained("logs", "log", [10, 20], [full]);
    const base = here.maker.fileStore("files", { add: 2 });
    const built = here.maker.fileStore("files", { add: 1 });
    await carryAll(here.server, here.bucket, here.maker);
    const nameOfContent = /(?<="object":"series\/logs\/data\/)\w/;
    for (const { set } of [full, log]) {
      assert.deepEqual(await whileChanged(bucketLayout.contents("logs", set), nameOfContent), {}, set);
    }
    here.maker.fileStore("files", { full: true });
    await carryAll(here.server, here.bucket, here.maker);
    const needed = new RegExp(`(?<=${base.set.slice(0, -1)})\\w(?="\\s*\\])`);
    assert.deepEqual(await whileChanged(bucketLayout.manifest("files", built.set), needed), {});
    await allIsWell();
  });

  it("does not finish what a hostile hand has begun: what is hidden or overwritten stays", async () => {
    await use("versioned");
    const sets = [1, 2, 3].map(() => here.maker.exports());
    await carryAll(here.server, here.bucket, here.maker);
    const [hidden, emptied, newest] = sets as [MadeSet, MadeSet, MadeSet];
    const { series } = hidden;
    await store.remove(bucketLayout.manifest(series, hidden.set));
    const foreign = await store.readWhole(bucketLayout.contents(series, newest.set));
    await store.put(bucketLayout.contents(series, emptied.set), foreign ?? Buffer.alloc(0), { replace: true });
    const versions = (await gather(store.versions("series/"))).length;
    const report = await run({ wait: true });
    assert.deepEqual(states(report), {});
    assert.equal((await gather(store.versions("series/"))).length, versions);
    const reasons = report.series[0]?.decisions.map((one) => one.reasons.join());
    assert.match(reasons?.[2] ?? "", /^its manifest is hidden by a delete marker/);
    assert.match(reasons?.[1] ?? "", /^its contents cannot be read: .* does not name the manifest of its set/);
    await fetchedAndSame(here.server, here.bucket, hidden);
  });

  it("counts no set as good that a verification has found damaged, unless an earlier version still has it", async () => {
    await use("plain");
    const sets = [here.maker.exports(), here.maker.exports()] as const;
    await carryAll(here.server, here.bucket, here.maker);
    const [, newest] = sets;
    const failure = { path: "Config.zip", message: "gone" };
    const report = (at: string, level: Verified["level"], failures: Verified["failures"]): Promise<unknown> =>
      store.put(
        bucketLayout.verified(newest.series, newest.set, at),
        Buffer.from(
          Verified.write(
            Verified.make({
              series: newest.series,
              set: newest.set,
              where: "offsite",
              at,
              level,
              artefacts: 4,
              bytes: 1,
              failures,
            }),
          ),
        ),
      );
    const stays = async (): Promise<(boolean | undefined)[]> =>
      (await run({ dryRun: true })).series[0]?.decisions.map((one) => one.keep) ?? [];
    await report("2026-04-01T00:00:00.000Z", "hashed", [{ ...failure, version: "v1" }]);
    assert.deepEqual(await stays(), [true, false], "recoverable");
    await report("2026-04-02T00:00:00.000Z", "hashed", [failure]);
    assert.deepEqual(await stays(), [true, true], "the older one is now the newest good one");
    await report("2026-04-03T00:00:00.000Z", "present", []);
    assert.deepEqual(await stays(), [true, true], "a quick look does not refute a thorough one");
    await report("2026-04-04T00:00:00.000Z", "hashed", []);
    assert.deepEqual(await stays(), [true, false]);
    await run();
    assert.deepEqual(
      (await keys()).filter((key) => parseKey(key)?.kind === "verified"),
      [bucketLayout.verified(newest.series, newest.set, "2026-04-04T00:00:00.000Z")],
      "only the report that stands is kept",
    );
  });

  it("clears away what interrupted pushes have left, once no push can be using it", async () => {
    await use("plain");
    const made = here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    await store.remove(bucketLayout.manifest(made.series, made.set));
    const other = here.maker.exports();
    await carry(here.server, here.bucket, here.maker, {}, {});
    await store.remove(bucketLayout.manifest(made.series, made.set));
    const report = await run({ wait: true });
    assert.ok(
      removalsOf(report, "removed").some(({ why }) => why === "without a manifest for longer than any push lasts"),
    );
    assert.deepEqual(await setsThere(), [other.set]);
    await allIsWell();
  });

  it("refuses two opinions about one series, and versions that it could only hide", async () => {
    await use("plain");
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const source = { series: "all", keep: keep() } as const;
    await assert.rejects(prune(store, [source, { ...source, series: ["configuration"] }]), /stands in two sources/);
    const blind = await here.server.open({
      ...here.bucket,
      capabilities: { versioning: true, "list-versions": false },
    });
    await assert.rejects(prune(blind, [source]), /nothing there lists earlier versions/);
    blind.close();
  });
});
