import assert from "node:assert/strict";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import type { StoreReference } from "../../estate/documents";
import { parseKey } from "../../offsite/keys";
import { openUploads, partsOf } from "../../offsite/store/uploads";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carryAll, fetchedAndSame, gather, withStore } from "./support/courier";
import { startCourier } from "./support/processes";
import { SetMaker, type MadeSet } from "./support/sets";
import { keepingIn, S3Server, serverIsHere, type BucketKind } from "./support/store";

interface There {
  /** Data and packs that are complete. */
  content: Map<string, { versions: number; bytes: number }>;
  /** Bytes of parts that have arrived, of objects that are not complete. */
  partBytes: number;
  uploads: number;
}

async function lookAt(server: S3Server, reference: StoreReference): Promise<There> {
  return withStore(server, reference, async (store) => {
    const content: There["content"] = new Map();
    for await (const { key, bytes, marker } of store.versions("")) {
      assert.equal(marker, false);
      const kind = parseKey(key)?.kind;
      if (kind === "data" || kind === "pack")
        content.set(key, { bytes, versions: (content.get(key)?.versions ?? 0) + 1 });
    }
    const uploads = await gather(openUploads(store, ""));
    let partBytes = 0;
    for (const upload of uploads) {
      const parts = content.has(upload.key) ? [] : ((await partsOf(store, upload)) ?? []);
      partBytes += parts.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    return { content, partBytes, uploads: uploads.length };
  });
}

async function isWhole(server: S3Server, reference: StoreReference, sets: readonly MadeSet[]): Promise<void> {
  const report = await withStore(server, reference, (store) => verify(store, { level: "full", record: false }));
  const verdicts = verdictsOf(report);
  assert.deepEqual(
    verdicts.flatMap(({ findings }) => findings),
    [],
  );
  assert.deepEqual(verdicts.map(({ set }) => set).sort(), sets.map(({ set }) => set).sort());
}

/** At so many random moments. */
export function describeKilledPush(moments: number, kind: BucketKind = "versioned"): void {
  describe(`A push into a ${kind} bucket that is killed at a random moment`, function () {
    this.timeout(60_000 + moments * 20_000);
    let server: S3Server | undefined;
    let maker: SetMaker;
    before(async function () {
      maker = SetMaker.temporary("killed");
      if (!serverIsHere) this.skip();
      server = await S3Server.start();
    });
    after(async () => {
      await server?.stop();
      maker.remove();
    });

    it("is completed by the next one, which sends nothing again that was complete and leaves nothing half-done", async () => {
      assert.ok(server);
      const started = server;
      const source = keepingIn(kind);
      const sets = [maker.fileStore("files", { add: 150 }), maker.fileStore("files", { add: 30, change: 20 })];
      sets.push(maker.exports(), maker.sql("archiving", [20 << 20, 3 << 20]));
      // How long one takes here that is not killed.
      const trial = await started.bucket(kind);
      const longest = await startCourier(started, trial, maker, { source }).took;
      const whole = await lookAt(started, trial);

      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 1000 }), async (moment) => {
          maker.forget();
          const reference = await started.bucket(kind);
          await startCourier(started, reference, maker, { source, killAfterMs: (moment / 1000) * longest }).ended;
          const before = await lookAt(started, reference);
          const report = await carryAll(started, reference, maker, source, { othersMs: 200 });
          const after = await lookAt(started, reference);
          assert.deepEqual([...after.content.keys()].sort(), [...whole.content.keys()].sort());
          for (const [key, { versions }] of after.content) assert.equal(versions, 1, `${key} was sent again`);
          assert.ok(report.objects <= after.content.size - before.content.size);
          assert.equal(after.uploads, 0);
          const missing = [...whole.content]
            .filter(([key]) => !before.content.has(key))
            .reduce((sum, [, { bytes }]) => sum + bytes, -before.partBytes);
          assert.ok(report.bytes <= missing, `${report.bytes} were sent and ${missing} were missing`);
          await isWhole(started, reference, sets);
          // All of it was read; one of them comes back as it was too.
          const one = sets[moment % sets.length];
          if (one) await fetchedAndSame(started, reference, one);
          started.discard(reference);
        }),
        { numRuns: moments, endOnFailure: true },
      );
    });
  });
}
