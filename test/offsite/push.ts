import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import { bucketLayout } from "../../estate/documents";
import { parseKey } from "../../offsite/keys";
import { listOffsite } from "../../offsite/list";
import type { PushEvent } from "../../offsite/push/progress";
import { SLAB } from "../../offsite/push/sizes";
import { bodyOf, crcText, sha256Of } from "../../offsite/store/body";
import { createUpload, openUploads, sendPart } from "../../offsite/store/uploads";
import { carry, carryAll, fetchedAndSame, gather, keysIn, receiptOf } from "./support/courier";
import { fixture } from "./support/fixture";
import type { BucketKind } from "./support/store";

export function describePush(kind: BucketKind): void {
  describe(`A push (${kind})`, () => {
    const here = fixture(kind);

    const kinds = async (): Promise<Record<string, number>> => {
      const count: Record<string, number> = {};
      for (const key of await keysIn(here.server, here.bucket)) {
        const kind = parseKey(key)?.kind ?? "strange";
        count[kind] = (count[kind] ?? 0) + 1;
      }
      return count;
    };

    it("carries every sealed set, leaves a receipt beside it, and has nothing to do the next time", async () => {
      const [exports, sql] = [here.maker.exports(), here.maker.sql("archiving", [20 << 20, 5 << 20, 100])];
      const files = here.maker.fileStore("files", { add: 40 });
      const events: PushEvent[] = [];
      const first = await carryAll(
        here.server,
        here.bucket,
        here.maker,
        {},
        { onEvent: (event) => events.push(event) },
      );
      assert.deepEqual(
        first.sets.map(({ outcome }) => outcome),
        ["carried", "carried", "carried"],
      );
      for (const set of [exports, sql, files]) {
        await fetchedAndSame(here.server, here.bucket, set);
        const receipt = receiptOf(here.maker, set);
        const manifest = fs.readFileSync(path.join(set.folder, "manifest.json"));
        assert.equal(receipt?.manifestSha256, sha256Of(manifest).toString("hex"));
        assert.equal(receipt.bucket, here.bucket.bucket);
        assert.equal(receipt.prefix, "production/");
      }
      assert.deepEqual(await kinds(), { readme: 1, manifest: 3, contents: 3, data: 4, pack: 2 });
      const moved = events.filter((event) => event.kind === "moved").at(-1);
      assert.ok(moved?.bytes === moved?.of && moved?.secondsLeft === 0);

      const second = await carryAll(here.server, here.bucket, here.maker);
      assert.deepEqual([second.sets, second.bytes, second.objects], [[], 0, 0]);
      assert.equal(second.requests, 4, "one listing of each series, one of open uploads");
    });

    it("carries no folder without a manifest, and nothing that was not sealed", async () => {
      const sealed = here.maker.exports();
      const open = here.maker.exports("unsealed");
      fs.rmSync(path.join(open.folder, "manifest.json"));
      fs.writeFileSync(path.join(sealed.folder, "Thumbs.db"), "no part of the set");
      const report = await carryAll(here.server, here.bucket, here.maker);
      assert.deepEqual(
        report.sets.map(({ series }) => series),
        ["configuration"],
      );
      assert.deepEqual(
        (await here.use((store) => listOffsite(store))).map(({ series }) => series),
        ["configuration"],
      );
      fs.rmSync(path.join(sealed.folder, "Thumbs.db"));
      await fetchedAndSame(here.server, here.bucket, sealed);
    });

    it("packs small files into plain ZIPs, which anyone can open, and keeps large ones as they are", async () => {
      const { series, set, folder } = here.maker.fileStore("files", { add: 30 });
      await carryAll(here.server, here.bucket, here.maker);
      const [pack = ""] = (await keysIn(here.server, here.bucket)).filter((key) => key.includes("/packs/"));
      const bytes = await here.use((store) => store.readWhole(pack));
      assert.ok(bytes);
      const zip = await yauzl.fromBufferPromise(bytes, { autoClose: false });
      const names: string[] = [];
      for await (const entry of zip.eachEntry()) {
        const stream = await zip.openReadStreamPromise(entry);
        const content = Buffer.concat(await gather(stream as AsyncIterable<Buffer>));
        assert.deepEqual(content, fs.readFileSync(path.join(folder, entry.fileName)));
        names.push(entry.fileName);
      }
      assert.equal(names.length, 31);
      assert.deepEqual(names, [...names].sort());
      assert.equal(await here.use(async (store) => (await listOffsite(store))[0]?.sets[0]?.set), set);
      assert.ok((await keysIn(here.server, here.bucket)).includes(bucketLayout.contents(series, set)));
    });

    it("sends no content twice: generations share what they have in common, also in a full set", async () => {
      here.maker.fileStore("files", { add: 60 });
      const first = await carryAll(here.server, here.bucket, here.maker);
      here.maker.fileStore("files", { add: 3, change: 2, remove: 4 });
      const full = here.maker.fileStore("files", { add: 1, full: true });
      const second = await carryAll(here.server, here.bucket, here.maker);
      assert.deepEqual(
        second.sets.map(({ outcome }) => outcome),
        ["carried", "carried"],
      );
      assert.ok(second.bytes < first.bytes / 2, `${second.bytes} of ${first.bytes}`);
      await fetchedAndSame(here.server, here.bucket, full);
      // The same content under another name, in another set: a large file is found by its hash alone.
      const sql = here.maker.sql("archiving", [9 << 20]);
      await carryAll(here.server, here.bucket, here.maker);
      const copy = here.maker.sql("archiving", [9 << 20]);
      fs.copyFileSync(path.join(sql.folder, "LcsLog0.bak"), path.join(copy.folder, "LcsLog0.bak"));
      const text = fs.readFileSync(path.join(copy.folder, "manifest.json"), "utf8");
      const hash = (folder: string): string =>
        sha256Of(fs.readFileSync(path.join(folder, "LcsLog0.bak"))).toString("hex");
      fs.writeFileSync(
        path.join(copy.folder, "manifest.json"),
        text.replace(/"sha256": "\w+"/, `"sha256": "${hash(sql.folder)}"`),
      );
      const third = await carryAll(here.server, here.bucket, here.maker);
      assert.deepEqual([third.objects, third.bytes], [0, 0]);
      await fetchedAndSame(here.server, here.bucket, copy);
    });

    it("has the whole of a large file compared by its CRC where the store compares no hashes of its parts", async () => {
      const set = here.maker.sql("archiving", [SLAB * 2 + 70_000]);
      here.bucket = { ...here.bucket, capabilities: { "checksum-sha256-parts": false } };
      const bytes = fs.readFileSync(path.join(set.folder, "LcsLog0.bak"));
      const key = bucketLayout.data("archiving", sha256Of(bytes).toString("hex"), 0);
      // Begun by a courier that was killed; of what has arrived one part is right.
      const first = bytes.subarray(0, SLAB);
      const other = Buffer.alloc(SLAB, "other");
      const id = await here.use(async (store) => {
        const upload = { key, id: await createUpload(store, key, {}) };
        for (const [index, part] of [first, other].entries())
          await sendPart(store, upload, index + 1, bodyOf(part), crcText(crc32(part)));
        return upload.id;
      });
      const report = await carryAll(here.server, here.bucket, here.maker, {}, { othersMs: 10 });
      assert.equal(report.bytes, bytes.length - SLAB);
      assert.deepEqual(await here.use((store) => gather(openUploads(store, ""))), []);
      const found = await here.use((store) => store.head(key));
      assert.equal(found?.crc32, crcText(crc32(bytes)));
      assert.ok(
        here.server.requests(here.bucket.bucket).some(({ action }) => action === "CompleteMultipartUpload"),
        id,
      );
      await fetchedAndSame(here.server, here.bucket, set);
    });

    it("writes into the bucket how it is laid out, once", async () => {
      here.maker.exports();
      await carryAll(here.server, here.bucket, here.maker);
      const text = await here.use((store) => store.readWhole(bucketLayout.readme));
      assert.match(String(text), /Restoring a set without lync-backup/);
      here.maker.exports();
      await carryAll(here.server, here.bucket, here.maker);
    });

    for (const sealsParts of [true, false]) {
      it(`refuses a large file that is not what was sealed${sealsParts ? ", part by part" : ""}, and leaves no upload of it`, async () => {
        here.maker.sealsParts = sealsParts;
        const { folder } = here.maker.sql("archiving", [SLAB * 2 + 70_000]);
        const file = path.join(folder, "LcsLog0.bak");
        const bytes = fs.readFileSync(file);
        const flip = (): void => {
          bytes.writeUInt8(bytes.readUInt8(SLAB + 5) ^ 4, SLAB + 5);
          fs.writeFileSync(file, bytes);
        };
        flip();
        const report = await carry(here.server, here.bucket, here.maker);
        assert.match(report.sets[0]?.problem ?? "", /LcsLog0.bak is not what was sealed: its SHA-256 differs\./);
        assert.deepEqual(await here.use((store) => gather(openUploads(store, ""))), []);
        flip();
        await carryAll(here.server, here.bucket, here.maker);
        for (const made of here.maker.all) await fetchedAndSame(here.server, here.bucket, made);
      });
    }

    it("refuses by name a set that is not what was sealed, and carries the others", async () => {
      const [damaged, good] = [here.maker.exports("damaged"), here.maker.exports("good")];
      const file = path.join(damaged.folder, "Config.zip");
      const bytes = fs.readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(1234) ^ 4, 1234);
      fs.writeFileSync(file, bytes);
      const report = await carry(here.server, here.bucket, here.maker);
      const [problem] = report.sets.flatMap((set) => set.problem ?? []);
      assert.match(
        problem ?? "",
        new RegExp(`^damaged/${damaged.set}: Config.zip is not what was sealed: its SHA-256 differs\\.`),
      );
      assert.equal(receiptOf(here.maker, damaged), undefined);
      assert.ok(receiptOf(here.maker, good));
      const published = (await keysIn(here.server, here.bucket)).filter((key) => key.includes("/sets/"));
      assert.ok(published.length > 0 && published.every((key) => key.startsWith("series/good/")));
      await fetchedAndSame(here.server, here.bucket, good);
    });
  });
}
