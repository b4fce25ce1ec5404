import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { bucketLayout, PruneMark } from "../../estate/documents";
import { readContents, type ObjectLine } from "../../offsite/sets/contents";
import { sha256Of } from "../../offsite/store/body";
import { createUpload, openUploads, sendPart } from "../../offsite/store/uploads";
import { bodyOf } from "../../offsite/store/body";
import { carry, carryAll, fetchedAndSame, gather, keysIn, problemsOf } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet } from "./support/sets";
import type { BucketKind } from "./support/store";

export function describeBucket(kind: BucketKind): void {
  describe(`What lies in the bucket (${kind})`, () => {
    const here = fixture(kind);

    it("is never overwritten: another set of the same name is refused", async () => {
      const { maker, server, bucket } = here;
      const set = maker.exports();
      await here.use((store) => store.put(bucketLayout.manifest(set.series, set.set), Buffer.from("somebody else's")));
      assert.match(
        problemsOf(await carry(server, bucket, maker)),
        /has another manifest under this name, which is never overwritten/,
      );
      assert.equal(
        String(await here.use((store) => store.readWhole(bucketLayout.manifest(set.series, set.set)))),
        "somebody else's",
      );
    });

    it("is not trusted for its name: content that is not what its key says is sent under the next turn", async () => {
      const { maker, server, bucket } = here;
      const set = maker.sql("archiving", [2 << 20]);
      const bytes = fs.readFileSync(path.join(set.folder, "LcsLog0.bak"));
      const key = bucketLayout.data("archiving", sha256Of(bytes).toString("hex"), 0);
      await here.use((store) => store.put(key, Buffer.alloc(bytes.length)));
      await carryAll(server, bucket, maker);
      assert.ok((await keysIn(server, bucket)).includes(key.replace(/0$/, "1")));
      await fetchedAndSame(server, bucket, set);
    });

    it("is carried again where it was deleted, though there is a receipt", async () => {
      const { maker, server, bucket } = here;
      const sets = [maker.exports(), maker.sql("archiving", [2 << 20, 9 << 20])];
      await carryAll(server, bucket, maker);
      for (const key of await keysIn(server, bucket)) await here.use((store) => store.remove(key));
      assert.deepEqual(await keysIn(server, bucket), []);
      const again = await carryAll(server, bucket, maker);
      assert.deepEqual(
        again.sets.map(({ outcome }) => outcome),
        ["carried", "carried"],
      );
      for (const set of sets) assert.deepEqual((await fetchedAndSame(server, bucket, set)).manifest.set, set.set);
      const nothing = await carryAll(server, bucket, maker);
      assert.deepEqual(nothing.sets, []);
    });

    it("is not carried again where retention there wants it no more", async () => {
      const { maker, server, bucket } = here;
      const keep = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
      const [old, young] = [maker.exports(), maker.exports()];
      await carryAll(server, bucket, maker, { keep });
      for (const key of await keysIn(server, bucket))
        if (key.includes(old.set)) await here.use((store) => store.remove(key));
      assert.deepEqual((await carryAll(server, bucket, maker, { keep })).sets, []);
      for (const key of await keysIn(server, bucket))
        if (key.includes(young.set)) await here.use((store) => store.remove(key));
      assert.deepEqual(
        (await carryAll(server, bucket, maker, { keep })).sets.map(({ set }) => set),
        [young.set],
      );
    });

    it("is sent again under a new key where a prune has marked it, also while the push runs", async () => {
      const { maker, server, bucket } = here;
      const mark = async (object: string): Promise<void> => {
        const at = new Date().toISOString();
        const document = PruneMark.make({ object, at, waitMinutes: 2880 });
        await here.use((store) =>
          store.put(bucketLayout.pruneMark("files", object, at), Buffer.from(PruneMark.write(document))),
        );
      };
      const content = async (): Promise<string[]> =>
        (await keysIn(server, bucket)).filter((key) => /\/(data|packs)\//.test(key));
      maker.fileStore("files", { add: 8, size: (random) => 500_000 + random.below(2 << 20) });
      await carryAll(server, bucket, maker);
      const before = await content();
      for (const key of before) await mark(key);
      const full = maker.fileStore("files", { full: true });
      let marked = 0;
      await carryAll(
        server,
        bucket,
        maker,
        {},
        {
          onEvent: (event) => {
            // Once, while the second push runs: what it has sent so far is marked too.
            if (event.kind !== "moved" || event.bytes < event.of || marked++ > 0) return;
            for (const key of before)
              fs.writeFileSync(
                server.fileOf(
                  bucket.bucket,
                  `production/${bucketLayout.pruneMark("files", key.replace(/\.0(\.zip)?$/, ".1$1"), "2026-03-02T00:00:00.000Z")}`,
                ),
                "{}",
              );
          },
        },
      );
      const lines = await here.use((store) => gather(readContents(store, bucketLayout.contents("files", full.set))));
      const objects = lines.filter((line): line is ObjectLine => "object" in line).map(({ object }) => object);
      assert.ok(marked > 0 && objects.length > 0);
      const secondTurn = before.map((key) => key.replace(/\.0(\.zip)?$/, ".1$1"));
      assert.deepEqual(
        objects.filter((key) => [...before, ...secondTurn].includes(key)),
        [],
      );
      await fetchedAndSame(server, bucket, full);
    });

    it("is swept of uploads that nobody needs, and of no other's", async () => {
      const { maker, server, bucket } = here;
      const set = maker.sql("archiving", [9 << 20]);
      const other = maker.sql("other", [9 << 20]);
      const keyOf = ({ folder, series }: MadeSet): string =>
        bucketLayout.data(series, sha256Of(fs.readFileSync(path.join(folder, "LcsLog0.bak"))).toString("hex"), 0);
      await carryAll(server, bucket, maker, { series: ["archiving"] });
      await here.use(async (store) => {
        await createUpload(store, keyOf(set), {});
        const id = await createUpload(store, keyOf(other), {});
        await sendPart(store, { key: keyOf(other), id }, 1, bodyOf(Buffer.from("of another courier")));
        await createUpload(store, "not/ours", {});
      });
      const report = await carryAll(server, bucket, maker, { series: ["archiving"] });
      assert.deepEqual(report.swept, { ended: [keyOf(set)], left: [keyOf(other)] });
      const later = await carryAll(server, bucket, maker, { series: ["archiving"] }, { longestPushHours: 0 });
      assert.deepEqual(later.swept, { ended: [keyOf(other)], left: [] });
      assert.deepEqual(
        (await here.use((store) => gather(openUploads(store, "")))).map(({ key }) => key),
        ["not/ours"],
      );
    });
  });
}
