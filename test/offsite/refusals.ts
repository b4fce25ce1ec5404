import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { openUploads } from "../../offsite/store/uploads";
import { carry, gather, keysIn, receiptOf, problemsOf } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet } from "./support/sets";
import type { BucketKind } from "./support/store";

const editManifest = ({ folder }: MadeSet, edit: (text: string) => string): void => {
  const file = path.join(folder, "manifest.json");
  fs.writeFileSync(file, edit(fs.readFileSync(file, "utf8")));
};

const damage = (folder: string, name: string): void => {
  const file = path.join(folder, name);
  const bytes = fs.readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  fs.writeFileSync(file, bytes);
};

export function describeRefusals(kind: BucketKind): void {
  describe(`What lies on the target (${kind})`, () => {
    const here = fixture(kind);

    it("is refused by name where it is not what was sealed, whatever way it travels", async () => {
      const { maker, server, bucket } = here;
      const large = maker.sql("large", [20 << 20]);
      damage(large.folder, "LcsLog0.bak");
      const pack = maker.fileStore("packed", { add: 12 });
      const [first = ""] = fs
        .readdirSync(path.join(pack.folder, "files"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(pack.folder, path.join(entry.parentPath, entry.name)));
      damage(pack.folder, first);
      const listing = maker.fileStore("listed", { add: 3 });
      damage(listing.folder, "listing.jsonl");
      const shorter = maker.exports("shorter");
      fs.truncateSync(path.join(shorter.folder, "LisConfig.zip"), 100);
      const gone = maker.exports("gone");
      fs.rmSync(path.join(gone.folder, "Config.zip"));
      const foreign = maker.exports("foreign");
      editManifest(foreign, (text) => text.replace(/"series": "foreign"/, '"series": "other"'));
      const report = await carry(server, bucket, maker);
      assert.equal(report.sets.filter(({ outcome }) => outcome === "refused").length, 6);
      for (const expected of [
        new RegExp(`large/${large.set}: LcsLog0.bak is not what was sealed`),
        new RegExp(`packed/${pack.set}: files/.* is not what was sealed`),
        new RegExp(`listed/${listing.set}: (line \\d+ of )?listing.jsonl is no`),
        new RegExp(`shorter/${shorter.set}: LisConfig.zip has 100 bytes and was sealed with \\d+`),
        new RegExp(`gone/${gone.set}: Config.zip is not there any more`),
        new RegExp(`foreign/${foreign.set}: manifest.json cannot be read: it is the manifest of other/`),
      ]) {
        assert.match(problemsOf(report), expected);
      }
      const keys = await keysIn(server, bucket);
      assert.deepEqual(
        keys.filter((key) => key.includes("/sets/")),
        [],
      );
      assert.deepEqual(await here.use((store) => gather(openUploads(store, ""))), []);
      for (const set of maker.all) assert.equal(receiptOf(maker, set), undefined);
    });

    it("is carried in the order in which sets need each other, and not without what it needs", async () => {
      const { maker, server, bucket } = here;
      const full = maker.fileStore("files", { add: 5 });
      const next = maker.fileStore("files", { add: 1 });
      damage(full.folder, "listing.jsonl");
      const report = await carry(server, bucket, maker);
      assert.deepEqual(
        report.sets.map(({ outcome }) => outcome),
        ["refused", "refused"],
      );
      assert.match(
        problemsOf(report),
        new RegExp(`files/${next.set}: it needs the set ${full.set}, which is not offsite`),
      );
    });

    it("is told by its own name where there is no target, or one series comes from two", async () => {
      const { maker, server, bucket } = here;
      maker.exports();
      await assert.rejects(
        carry(server, bucket, maker, {}, {}).then(() =>
          here.use(async (store) => {
            const { push } = await import("../../offsite/push/push");
            await push(store, [{ target: "/nowhere", series: "all", legalHold: false }], { copy: "x" });
          }),
        ),
        /The target .*nowhere is not there/,
      );
      await assert.rejects(
        here.use(async (store) => {
          const { push } = await import("../../offsite/push/push");
          const source = { target: maker.target, series: "all" as const, legalHold: false };
          await push(store, [source, source], { copy: "x" });
        }),
        /The series configuration stands in two sources/,
      );
    });
  });
}
