import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, it } from "mocha";
import yauzl from "yauzl";
import { bucketLayout } from "../../estate/documents";
import { EMPTY_PACK, layOut, roomOf, writeHeaders } from "../../offsite/packs/zip";
import { Known } from "../../offsite/push/known";
import { planOf } from "../../offsite/push/plan";
import { partBytesOf, partsIn, SLAB, SMALL } from "../../offsite/push/sizes";
import type { Inventory } from "../../offsite/inventory";
import type { SetFile } from "../../offsite/sets/files";
import { gather } from "./support/courier";

const segment = fc.stringMatching(/^[\p{L}\p{N}._()# +-]{0,20}[\p{L}\p{N}]$/u);
const names = fc.uniqueArray(
  fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
  { maxLength: 40 },
);

describe("A pack", () => {
  it("is a ZIP that others read, with every file at the place that is told of it", async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.infiniteStream(fc.uint8Array({ maxLength: 300 })), async (all, contents) => {
        const entries = all.map((name) => {
          const content = Buffer.from(contents.next().value ?? []);
          return { name, content, bytes: content.length };
        });
        const layout = layOut(entries);
        assert.equal(
          layout.bytes,
          entries.reduce((sum, entry) => sum + roomOf(entry), EMPTY_PACK),
        );
        // What lay in the buffer before must not show.
        const pack = Buffer.alloc(layout.bytes, 0xaa);
        for (const { entry, offset } of layout.placed) entry.content.copy(pack, offset);
        writeHeaders(pack, layout, ({ content }) => crc32(content));
        const zip = await yauzl.fromBufferPromise(pack, { autoClose: false, strictFileNames: true });
        const found: string[] = [];
        for await (const entry of zip.eachEntry()) {
          const read = Buffer.concat(await gather((await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>));
          const made = layout.placed[found.length];
          assert.ok(made);
          assert.equal(entry.fileName, made.entry.name);
          assert.deepEqual(read, made.entry.content);
          assert.deepEqual(pack.subarray(made.offset, made.offset + made.entry.bytes), made.entry.content);
          found.push(entry.fileName);
        }
        assert.equal(found.length, entries.length);
      }),
    );
  });
});

const nothingThere = (series: string): Inventory => ({
  series,
  objects: new Map(),
  sets: new Map(),
  marks: new Map(),
  verified: new Map(),
  strange: [],
});

const files = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 5000 }), fc.nat({ max: 40 }), fc.nat({ max: 3 << 20 })), {
    selector: ([name]) => name,
    maxLength: 60,
  })
  .map((some) =>
    some.map(([name, content, bytes]): SetFile => ({
      path: `files/${String(name)}`,
      // Files of one content have one size.
      bytes: (bytes * (content + 1)) % (3 << 20),
      sha256: content.toString(16).padStart(64, "0"),
    })),
  );

describe("A plan", () => {
  it("sends every content once, whatever is there already, and fits into the buffers", () => {
    fc.assert(
      fc.property(files, fc.array(fc.nat({ max: 40 })), (all, there) => {
        const inventory = nothingThere("files");
        for (const content of there) {
          const sha256 = content.toString(16).padStart(64, "0");
          const bytes = all.find((file) => file.sha256 === sha256)?.bytes ?? 1;
          const key = bucketLayout.data("files", sha256, 0);
          inventory.objects.set(key, { key, bytes, modifiedAt: new Date(0) });
        }
        const plan = planOf("files", all, inventory, new Known(), new Set());
        const sent = [...plan.packs.flat(), ...plan.singles];
        assert.equal(sent.length + plan.placed.size + plan.copies.size, all.length);
        assert.equal(new Set(sent.map(({ sha256, bytes }) => `${sha256} ${String(bytes)}`)).size, sent.length);
        for (const pack of plan.packs) {
          assert.ok(pack.length > 1 && pack.every(({ bytes }) => bytes <= SMALL));
          assert.ok(layOut(pack.map((file) => ({ ...file, name: file.path }))).bytes <= SLAB);
        }
        // Again the same: after a kill, packs have the bytes that they had before.
        assert.deepEqual(planOf("files", all, inventory, new Known(), new Set()), plan);
      }),
    );
  });

  it("avoids what a prune has marked, and what turned out to be something else", () => {
    const [file] = [{ path: "a.bak", bytes: 5, sha256: "ab".repeat(32) }];
    const keyOf = (turn: number): string => bucketLayout.data("files", file.sha256, turn);
    const inventory = nothingThere("files");
    for (const turn of [0, 1])
      inventory.objects.set(keyOf(turn), { key: keyOf(turn), bytes: 5, modifiedAt: new Date(0) });
    inventory.marks.set(keyOf(0).replaceAll("/", "_"), []);
    const places = (avoid: string[]): (string | undefined)[] =>
      [...planOf("files", [file], inventory, new Known(), new Set(avoid)).placed.values()].map((place) => place.in);
    assert.deepEqual(places([]), [keyOf(1)]);
    assert.deepEqual(places([keyOf(1)]), []);
  });
});

describe("Parts", () => {
  it("are as many as stores take, and cover the whole, whatever the size", () => {
    fc.assert(
      fc.property(fc.integer({ min: SLAB + 1, max: 48 * 2 ** 40 }), (bytes) => {
        const [part, count] = [partBytesOf(bytes), partsIn(bytes)];
        assert.ok(count <= 10_000 && part >= 5 << 20);
        assert.ok(count * part >= bytes && (count - 1) * part < bytes);
      }),
    );
  });
});
