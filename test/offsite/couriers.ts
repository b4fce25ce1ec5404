import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { StoreReference } from "../../estate/documents";
import { openUploads } from "../../offsite/store/uploads";
import { carryAll, fetchedAndSame, gather, receiptOf, withStore } from "./support/courier";
import { startCourier } from "./support/processes";
import { SetMaker, type MadeSet } from "./support/sets";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

const COPIES = ["north", "south", "east", "west"];

export function describeCouriers(kind: BucketKind): void {
  describe(`Four couriers at once on one bucket (${kind})`, function () {
    this.timeout(180_000);
    let server: S3Server | undefined;
    let maker: SetMaker;
    before(async function () {
      if (!serverIsHere) this.skip();
      server = await S3Server.start();
      maker = SetMaker.temporary("couriers");
    });
    after(async () => {
      await server?.stop();
      maker.remove();
    });

    const allIsThere = async (started: S3Server, bucket: StoreReference, sets: readonly MadeSet[]): Promise<void> => {
      for (const set of sets) await fetchedAndSame(started, bucket, set);
      assert.deepEqual(await withStore(started, bucket, (store) => gather(openUploads(store, ""))), []);
      const versions = await withStore(started, bucket, (store) => gather(store.versions("")));
      const written = versions.map(({ key }) => key);
      assert.equal(new Set(written).size, written.length, "nothing was written twice");
    };

    it("carry every set once, each with receipts of its own, and do not send everything four times", async () => {
      assert.ok(server);
      const started = server;
      const sets = [maker.fileStore("files", { add: 1500 }), maker.fileStore("files", { add: 20, change: 9 })];
      sets.push(maker.exports(), maker.exports(), maker.sql("archiving", [50 << 20, 9 << 20, 3 << 20, 2 << 20]));
      const bucket = await started.bucket(kind);
      const reports = await Promise.all(
        COPIES.map((copy) => startCourier(started, bucket, maker, { copy, othersMs: 5000 }).ended),
      );
      assert.deepEqual(
        reports.flatMap((report) => report?.sets.flatMap(({ problem }) => problem ?? []) ?? ["killed"]),
        [],
      );
      await allIsThere(started, bucket, sets);
      for (const set of sets) for (const copy of COPIES) assert.ok(receiptOf(maker, set, copy), `${set.set} ${copy}`);

      const sent = new Map<string, number>();
      for (const { action, key, part } of started.requests(bucket.bucket)) {
        if (!["PutObject", "UploadPart"].includes(action) || !/\/(data|packs)\//.test(key)) continue;
        const what = `${key} ${String(part ?? "")}`;
        sent.set(what, (sent.get(what) ?? 0) + 1);
      }
      const bodies = [...sent.values()].reduce((sum, count) => sum + count, 0);
      assert.ok(bodies < 2.5 * sent.size, `${bodies} bodies were sent for ${sent.size} objects and parts`);
    });

    it("go on with what one that was killed has left", async () => {
      assert.ok(server);
      const started = server;
      maker.forget();
      const bucket = await started.bucket(kind);
      await Promise.all(
        COPIES.map(
          (copy, index) =>
            startCourier(started, bucket, maker, { copy, ...(index < 3 ? { killAfterMs: 150 * index } : {}) }).ended,
        ),
      );
      await carryAll(started, bucket, maker);
      await allIsThere(started, bucket, maker.all);
    });
  });
}
