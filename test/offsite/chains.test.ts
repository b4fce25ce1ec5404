import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { bucketLayout, Retention, targetLayout } from "../../estate/documents";
import { fetchSet } from "../../offsite/fetch/fetch";
import { listOffsite } from "../../offsite/list";
import { prune } from "../../offsite/prune/prune";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carry, carryAll, problemsOf } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet, SetMaker } from "./support/sets";
import { Ahead } from "./support/world";

/**
 * While a full backup of hours is being made, logs go on, each built on the log before it. The first log that reaches
 * past the end of that full backup names the log before it, and needs nothing but the full backup.
 */
describe("Backups of a log", () => {
  const here = fixture("versioned");
  interface Chain {
    full: MadeSet;
    log: MadeSet;
    second: MadeSet;
    last: MadeSet;
  }
  const chain = (maker: SetMaker): Chain => {
    const full = maker.chained("sql", "full", [10, 20], []);
    const log = maker.chained("sql", "log", [15, 30], [full]);
    const second = maker.chained("sql", "full", [25, 40], []);
    const last = maker.chained("sql", "log", [30, 50], [log]);
    return { full, log, second, last };
  };
  const world = new Ahead();
  world.hours(72);
  const pruned = (): Promise<unknown> =>
    here.use((store) =>
      prune(store, [{ series: "all", keep: Retention.parse({ last: 1 }) }], {
        ...{ world, wait: true },
        now: () => new Date("2026-06-01T00:00:00.000Z"),
      }),
    );
  const needsOf = async ({ series, set }: MadeSet): Promise<readonly string[]> => {
    const destination = fs.mkdtempSync(path.join(here.server.folder, "fetched-"));
    const { needs } = await here.use((store) => fetchSet(store, series, set, { destination }));
    const [listed] = await here.use((store) => listOffsite(store));
    assert.deepEqual(listed?.sets.find((one) => one.set === set)?.needs, needs, "list and fetch say the same");
    return needs;
  };
  const isWhole = async (): Promise<string[]> => {
    const verdicts = verdictsOf(await here.use((store) => verify(store, { level: "full", record: false })));
    assert.deepEqual(
      verdicts.flatMap(({ findings }) => findings),
      [],
    );
    return verdicts.map(({ set }) => set);
  };

  it("let go of the first full one once a newer one ends in them, and a fetch names what is needed then", async () => {
    const { maker, server, bucket } = here;
    const { log, full, second, last } = chain(maker);
    await carryAll(server, bucket, maker);
    assert.deepEqual(await needsOf(log), [full.set]);
    assert.deepEqual(await needsOf(last), [second.set]);
    await pruned();
    assert.deepEqual(await isWhole(), [second.set, last.set]);
    assert.deepEqual(await needsOf(last), [second.set]);
  });

  it("need what they were built on where the newer one is damaged", async () => {
    const { maker, server, bucket } = here;
    const { log, full, second, last } = chain(maker);
    await carryAll(server, bucket, maker);
    const lines = await here.use((store) => store.readWhole(bucketLayout.contents("sql", second.set)));
    const { object } = JSON.parse(lines?.toString().split("\n")[0] ?? "") as { object: string };
    const { version } = (await here.use((store) => store.head(object))) ?? {};
    await here.use((store) => store.remove(object, version));
    await here.use((store) => verify(store, { level: "quick" }));
    assert.deepEqual(await needsOf(last), [log.set]);
    await pruned();
    const kept = (await here.use((store) => listOffsite(store)))[0]?.sets.map(({ set }) => set) ?? [];
    for (const one of [full, log, last]) assert.ok(kept.includes(one.set));
  });

  it("are carried where what they were built on is gone, and a newer one stands in for it", async () => {
    const { maker, server, bucket } = here;
    const { full, log, second, last } = chain(maker);
    const aside = path.join(maker.target, "aside");
    const place = path.join(maker.target, targetLayout.set("sql", last.set));
    fs.renameSync(place, aside);
    await carryAll(server, bucket, maker);
    await pruned();
    assert.deepEqual(await isWhole(), [second.set]);
    fs.renameSync(aside, place);
    const keep = Retention.parse({ last: 1 });
    const report = await carry(server, bucket, maker, { keep }, { now: () => new Date("2026-06-01T00:00:00.000Z") });
    assert.equal(problemsOf(report), "");
    assert.deepEqual(
      report.sets.map(({ set }) => set),
      [last.set],
      "what retention has removed is not sent again",
    );
    assert.deepEqual(await needsOf(last), [second.set]);
    assert.ok(![full.set, log.set].some((one) => report.sets.some(({ set }) => set === one)));
  });
});
