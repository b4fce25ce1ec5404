import assert from "node:assert/strict";
import fs from "node:fs";
import { afterEach, describe, it } from "mocha";
import { bucketLayout, Verified } from "../../estate/documents";
import type { OffsiteError } from "../../offsite/error";
import { parseKey } from "../../offsite/keys";
import { readContents } from "../../offsite/sets/contents";
import type { Store } from "../../offsite/store/store";
import { isRecoverable, summaryOf, verdictsOf, type VerifyEvent, type VerifyReport } from "../../offsite/verify/report";
import { verify, type VerifyOptions } from "../../offsite/verify/verify";
import { carryAll, gather, keysIn, withStore } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet } from "./support/sets";
import type { BucketKind } from "./support/store";

describe("A verification", () => {
  const here = fixture();
  let store: Store;
  afterEach(() => {
    store.close();
  });

  const use = async (kind: BucketKind): Promise<void> => {
    here.bucket = await here.server.bucket(kind, { prefix: "production/" });
    store = await here.server.open(here.bucket);
  };
  const look = (options: Partial<VerifyOptions> = {}): Promise<VerifyReport> =>
    verify(store, { level: "full", record: false, ...options });
  const findings = (report: VerifyReport): string[] =>
    verdictsOf(report).flatMap(({ set, findings: all }) =>
      all.map(({ path, message, version }) => `${set} ${path}: ${message}${version === undefined ? "" : " (kept)"}`),
    );
  const keysOf = async (kind: string): Promise<string[]> =>
    (await keysIn(here.server, here.bucket)).filter((key) => parseKey(key)?.kind === kind);

  it("finds nothing wrong with what was carried, at every level, and says what it did", async () => {
    await use("plain");
    here.maker.exports();
    here.maker.sql("archiving", [9 << 20, 100]);
    here.maker.fileStore("files", { add: 40 });
    here.maker.fileStore("files", { add: 5, change: 3, remove: 2 });
    await carryAll(here.server, here.bucket, here.maker);
    const events: VerifyEvent[] = [];
    const full = await look({ onEvent: (event) => events.push(event) });
    assert.deepEqual(findings(full), []);
    assert.deepEqual(
      verdictsOf(full).map(({ series, level }) => [series, level]),
      [
        ["archiving", "hashed"],
        ["configuration", "hashed"],
        ["files", "hashed"],
        ["files", "hashed"],
      ],
    );
    assert.equal(
      full.series.reduce((sum, { objectsRead }) => sum + objectsRead, 0),
      (await keysOf("data")).length + (await keysOf("pack")).length,
    );
    const last = events.filter((event) => event.kind === "moved" && event.series === "archiving").at(-1);
    assert.ok(last?.kind === "moved" && last.bytes === last.of && last.objects === 2 && last.secondsLeft === 0);
    assert.match(summaryOf(full), /^4 sets looked at \(full, \d+ objects read\): nothing is wrong\.$/);

    const quick = await look({ level: "quick" });
    assert.deepEqual(findings(quick), []);
    assert.ok(verdictsOf(quick).every(({ level }) => level === "present"));
    assert.ok(quick.requests < full.requests);

    const sampled = await look({ level: "sampled", series: ["configuration"], sample: { seed: "x", damage: 1 } });
    assert.deepEqual(sampled.series[0]?.sample, { read: 1, of: 2, damage: 1, confidence: 1, seed: "x" });
    assert.equal(sampled.series[0].objectsRead, 1);
  });

  it("leaves a report beside each set, which says how far one looked and what was wrong", async () => {
    await use("plain");
    const { series, set } = here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const at = new Date("2026-03-08T04:00:00.000Z");
    await look({ record: true, now: () => at });
    const [data = ""] = await keysOf("data");
    await store.remove(data);
    await look({ record: true, now: () => at, level: "sampled", sample: { seed: "abc", confidence: 0.5 } });
    const keys = await keysOf("verified");
    assert.deepEqual(keys, [
      bucketLayout.verified(series, set, "2026-03-08T04:00:00.000Z"),
      bucketLayout.verified(series, set, "2026-03-08T04:00:01.000Z"),
    ]);
    const [good, bad] = await Promise.all(keys.map(async (key) => Verified.parse(String(await store.readWhole(key)))));
    assert.deepEqual(good && [good.level, good.where, good.artefacts, good.failures, good.sample], [
      "hashed",
      "offsite",
      4,
      [],
      undefined,
    ]);
    assert.deepEqual(bad?.failures, [{ path: "Config.zip", message: "its object is not there", object: data }]);
    assert.equal(bad.level, "present");
    assert.deepEqual(bad.sample, { read: 1, of: 2, damage: 0.05, confidence: 0.5, seed: "abc" });
  });

  it("names the object, every set that shares it, and how many files are with it", async () => {
    await use("plain");
    const sets = [{ add: 30 }, { full: true }, { add: 3 }].map((change) => here.maker.fileStore("files", change));
    await carryAll(here.server, here.bucket, here.maker);
    const packsOf = async ({ set }: MadeSet): Promise<string[]> =>
      (await gather(readContents(store, bucketLayout.contents("files", set)))).flatMap((line) =>
        "object" in line && line.object.endsWith(".zip") ? line.object : [],
      );
    const [one, two, three] = await Promise.all(sets.map(packsOf));
    const shared = one?.find((key) => two?.includes(key) === true && three?.includes(key) !== true) ?? "";
    const file = here.server.fileOf(here.bucket.bucket, `production/${shared}`);
    const size = fs.statSync(file).size;
    fs.truncateSync(file, size - 1);
    const told = verdictsOf(await look({ level: "quick" })).filter((verdict) => verdict.findings.length > 0);
    assert.deepEqual(
      told.map(({ set }) => set),
      [sets[0]?.set, sets[1]?.set],
    );
    const [finding] = told[0]?.findings ?? [];
    assert.equal(finding?.object, shared);
    const sizes = `its object has ${String(size - 1)} bytes; ${String(size)} were sent`;
    assert.equal(finding.message, `${sizes}; 30 other files of the set with it`);
    assert.deepEqual(told[1]?.findings[0]?.message, `${sizes}; 29 other files of the set with it`);
  });

  it("tells which files of a pack are damaged and which are whole", async () => {
    await use("plain");
    const { set } = here.maker.fileStore("files", { add: 10 });
    await carryAll(here.server, here.bucket, here.maker);
    const [pack = ""] = await keysOf("pack");
    const lines = (await gather(readContents(store, bucketLayout.contents("files", set)))).flatMap((line) =>
      "path" in line && line.in === pack ? line : [],
    );
    const victim = lines[3];
    assert.ok(victim?.offset !== undefined);
    const file = here.server.fileOf(here.bucket.bucket, `production/${pack}`);
    const bytes = fs.readFileSync(file);
    const flip = (at: number): void => {
      const handle = fs.openSync(file, "r+");
      fs.writeSync(handle, Buffer.from([(bytes[at] ?? 0) ^ 1]), 0, 1, at);
      fs.closeSync(handle);
    };
    flip(victim.offset + 5);
    assert.deepEqual(findings(await look()), [
      `${set} ${victim.path}: its object has not the bytes that were sent: its SHA-256 differs`,
    ]);
    fs.writeFileSync(file, bytes);
    flip(0);
    const [header = ""] = findings(await look());
    assert.match(header, /its SHA-256 differs; the files of this set in it are whole$/);
  });

  it("finds what is overwritten, hidden or deleted in a bucket that keeps versions, and the version to recover", async () => {
    await use("versioned");
    const { set } = here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const [data = ""] = await keysOf("data");
    const [manifest, contents] = [
      bucketLayout.manifest("configuration", set),
      bucketLayout.contents("configuration", set),
    ];
    const sent = new Map<string, string | undefined>();
    for (const key of [data, manifest, contents]) sent.set(key, (await store.head(key))?.version);
    const size = (await store.head(data))?.bytes ?? 0;
    await store.put(data, Buffer.alloc(size), { replace: true });
    await store.put(manifest, Buffer.from("{}"), { replace: true });
    await store.remove(contents);
    for (const level of ["quick", "full"] as const) {
      const [verdict] = verdictsOf(await look({ level }));
      assert.deepEqual(
        verdict?.findings.map(({ object, version }) => [object, version]),
        [manifest, contents, data].map((key) => [key, sent.get(key)]),
        level,
      );
      assert.ok(verdict.findings.every(isRecoverable));
    }
    await store.remove(data, sent.get(data));
    const [lost] = verdictsOf(await look({ level: "quick" }));
    assert.equal(lost?.findings.find(({ object }) => object === data)?.version, undefined);
    await store.remove(manifest);
    const [hidden] = verdictsOf(await look());
    assert.equal(hidden?.findings[0]?.message, "is hidden by a delete marker");
  });

  it("takes what was carried anew after a hostile delete for what it is", async () => {
    await use("versioned");
    const made = here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const [data = ""] = await keysOf("data");
    const bytes = await store.readWhole(data);
    await store.remove(data, (await store.head(data))?.version);
    await store.put(data, bytes ?? Buffer.alloc(0));
    for (const level of ["quick", "full"] as const) assert.deepEqual(findings(await look({ level })), [], level);
    assert.ok(made.set);
  });

  it("sees a set whose manifest is hidden or gone, and one that misses what it needs", async () => {
    await use("versioned");
    const full = here.maker.fileStore("files", { add: 8 });
    const next = here.maker.fileStore("files", { add: 2 });
    await carryAll(here.server, here.bucket, here.maker);
    const manifest = bucketLayout.manifest("files", full.set);
    const { version } = (await store.head(manifest)) ?? {};
    await store.remove(manifest);
    assert.deepEqual(findings(await look({ level: "quick" })), [
      `${full.set} manifest.json: is hidden by a delete marker (kept)`,
    ]);
    await store.remove(manifest, version);
    const report = await look({ level: "quick" });
    assert.deepEqual(report.series[0]?.incomplete, [full.set]);
    assert.deepEqual(findings(report), [`${next.set} manifest.json: needs the set ${full.set}, which is not there`]);
    assert.match(summaryOf(report), /1 set damaged; 1 set without a manifest\.$/);
  });

  it("compares a file store's listing with the contents of all sets that it names", async () => {
    await use("plain");
    const sets = [here.maker.fileStore("files", { add: 6 }), here.maker.fileStore("files", { add: 2 })] as const;
    await carryAll(here.server, here.bucket, here.maker);
    // What a store without checksums would not notice: contents that leave out a file, and are sound otherwise.
    const leaveOut = async ({ set }: MadeSet, pick: number): Promise<string> => {
      const key = bucketLayout.contents("files", set);
      const lines = String(await store.readWhole(key))
        .trimEnd()
        .split("\n");
      const [gone = ""] = lines.splice(lines.findIndex((line) => line.startsWith('{"path":"files/')) + pick, 1);
      await store.put(key, Buffer.from(`${lines.join("\n")}\n`), { replace: true });
      return (JSON.parse(gone) as { path: string }).path;
    };
    const path = await leaveOut(sets[0], 1);
    assert.deepEqual(findings(await look()), [
      `${sets[0].set} ${path}: is not in the set ${sets[0].set}, where the listing says that it is`,
      `${sets[0].set} listing.jsonl: names 6 files in this set; its contents hold 5`,
      `${sets[1].set} ${path}: is not in the set ${sets[0].set}, where the listing says that it is`,
    ]);
    assert.deepEqual(findings(await look({ level: "quick" })), [], "nothing is read there but manifests and contents");
  });

  it("looks at the sets that are asked for, and at what they need", async () => {
    await use("plain");
    const sets = [{ add: 5 }, { add: 1 }, { add: 4, full: true }].map((change) =>
      here.maker.fileStore("files", change),
    );
    await carryAll(here.server, here.bucket, here.maker);
    const only = async (index: number): Promise<string[]> =>
      verdictsOf(await look({ series: ["files"], sets: [sets[index]?.set ?? ""] })).map(({ set }) => set);
    assert.deepEqual(await only(1), [sets[0]?.set, sets[1]?.set]);
    assert.deepEqual(await only(2), [sets[2]?.set]);
    await assert.rejects(look({ series: ["nothing"] }), (error: OffsiteError) => error.code === "not-found");
    await assert.rejects(look({ series: ["files"], sets: ["20260301T010000Z-00000000"] }), /has no set files\/2026/);
    await assert.rejects(look({ level: "sampled", sample: { damage: 2 } }), /A sample finds damage/);
  });

  it("does not call damaged what is pruned or carried again while it looks", async () => {
    await use("plain");
    const { series, set } = here.maker.sql("archiving", [3000, 2 << 20]);
    here.maker.sql("archiving", [4000, 1 << 20]);
    await carryAll(here.server, here.bucket, here.maker);
    const contents = bucketLayout.contents(series, set);
    const lines = (await gather(readContents(store, contents))).flatMap((line) =>
      "object" in line ? line.object : [],
    );
    const report = await look({
      onEvent: (event) => {
        if (event.kind !== "looked") return;
        for (const key of [...lines, contents])
          fs.rmSync(here.server.fileOf(here.bucket.bucket, `production/${key}`), { force: true });
      },
    });
    assert.deepEqual(findings(report), []);
    assert.deepEqual(report.series[0]?.notes, [
      `${set} has changed while it was looked at, and is judged the next time.`,
    ]);
    assert.equal(verdictsOf(report).length, 1);
  });

  it("stops when the store does, and when it is cancelled", async () => {
    await use("plain");
    here.maker.exports();
    await carryAll(here.server, here.bucket, here.maker);
    const abort = new AbortController();
    await withStore(
      here.server,
      here.bucket,
      async (one) => {
        const onEvent = (): void => {
          abort.abort();
        };
        await assert.rejects(
          verify(one, { level: "full", onEvent }),
          (error: OffsiteError) => error.code === "cancelled",
        );
      },
      { signal: abort.signal },
    );
  });
});
