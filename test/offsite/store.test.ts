import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { crc32 } from "node:zlib";
import { after, before, describe, it } from "mocha";
import { bodyOf, crcText, sha256Of } from "../../offsite/store/body";
import type { OffsiteError } from "../../offsite/error";
import {
  completeUpload,
  compositeOf,
  createUpload,
  endUpload,
  openUploads,
  partsOf,
  sendPart,
  type Part,
} from "../../offsite/store/uploads";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe("A store", () => {
  let server: S3Server;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => (serverIsHere ? server.stop() : undefined));

  for (const kind of ["plain", "versioned", "locked"] as const satisfies BucketKind[]) {
    it(`of a ${kind} bucket keeps what was put, tells its hash, and never overwrites it`, async () => {
      const store = await server.open(await server.bucket(kind, { prefix: "production" }));
      const bytes = randomBytes(100_000);
      const put = await store.put("series/a/data/x", bytes);
      assert.notEqual(put, "exists");
      assert.equal(await store.put("series/a/data/x", randomBytes(10)), "exists");
      const found = await store.head("series/a/data/x");
      assert.equal(found?.bytes, 100_000);
      assert.deepEqual(found.sha256, sha256Of(bytes));
      assert.deepEqual(found.version, put === "exists" ? undefined : put.version);
      assert.equal(found.version === undefined, kind === "plain");
      assert.deepEqual(await store.readWhole("series/a/data/x"), bytes);
      assert.deepEqual(
        Buffer.concat(await gather(store.read("series/a/data/x", { start: 5, end: 70_000 }))),
        bytes.subarray(5, 70_000),
      );
      assert.deepEqual(
        (await gather(store.list("series/"))).map(({ key }) => key),
        ["series/a/data/x"],
      );
      assert.deepEqual(await store.names("series/"), ["a"]);
      assert.equal(await store.head("series/a/data/y"), undefined);
      assert.equal(await store.readWhole("series/a/data/y"), undefined);
      store.close();
    });
  }

  it("refuses bytes that are not those of the hash, and keeps nothing of them", async () => {
    const store = await server.open(await server.bucket());
    const wrong = bodyOf(Buffer.from("these"), sha256Of(Buffer.from("others")));
    await assert.rejects(store.put("x", wrong), (error: OffsiteError) => {
      assert.equal(error.code, "damaged");
      assert.match(
        error.message,
        /^Sending x failed at the bucket test-.* \(http.*: .*(checksum|SHA256|digest|match)/i,
      );
      return true;
    });
    assert.equal(await store.head("x"), undefined);
  });

  it("says so where an object has not the bytes any more that it was sent with", async () => {
    const reference = await server.bucket();
    const store = await server.open(reference);
    await store.put("a", Buffer.from("one"));
    const handle = fs.openSync(server.fileOf(reference.bucket, "a"), "r+");
    fs.writeSync(handle, "two");
    fs.closeSync(handle);
    await assert.rejects(store.readWhole("a"), (error: OffsiteError) => {
      assert.equal(error.code, "damaged");
      assert.match(error.message, /^a at the bucket .* does not have the bytes that were sent/);
      return true;
    });
    store.close();
  });

  it("takes an object in parts, shows what has arrived, and never overwrites with them", async () => {
    const store = await server.open(await server.bucket("versioned"));
    const parts = [randomBytes(5 << 20), randomBytes(777)];
    const begin = async (): Promise<{ key: string; id: string }> => ({
      key: "big",
      id: await createUpload(store, "big", {}),
    });
    const upload = await begin();
    const sent = [];
    for (const [index, part] of parts.entries()) sent.push(await sendPart(store, upload, index + 1, bodyOf(part)));
    const [first] = await gather(openUploads(store, "b"));
    assert.equal(first?.id, upload.id);
    const arrived = await partsOf(store, upload);
    assert.deepEqual(
      arrived?.map(({ sha256 }) => sha256),
      parts.map(sha256Of),
    );
    const done = await completeUpload(store, upload, arrived ?? [], (5 << 20) + 777);
    assert.ok(typeof done === "object" && done.version !== undefined);
    const found = await store.head("big");
    assert.equal(found?.composite, compositeOf(parts.map(sha256Of)));
    // An answer that was lost: asking again is no failure.
    assert.notEqual(await completeUpload(store, upload, arrived ?? [], (5 << 20) + 777), "exists");

    const second = await begin();
    const part = await sendPart(store, second, 1, bodyOf(Buffer.from("other")));
    assert.equal(await completeUpload(store, second, part ? [part] : [], 5), "exists");
    await endUpload(store, second);
    await endUpload(store, second);
    assert.equal(await partsOf(store, second), undefined);
    assert.equal(await sendPart(store, second, 1, bodyOf(Buffer.from("other"))), undefined);
    assert.deepEqual(await gather(openUploads(store, "")), []);
  });

  it("compares the whole of what it takes in parts where it compares no hashes of them", async () => {
    const bucket = await server.bucket("plain", { capabilities: { "checksum-sha256-parts": false } });
    const store = await server.open(bucket);
    const bytes = randomBytes((5 << 20) + 777);
    const parts = [bytes.subarray(0, 5 << 20), bytes.subarray(5 << 20)];
    const upload = { key: "big", id: await createUpload(store, "big", {}) };
    const sent: Part[] = [];
    for (const [index, part] of parts.entries()) {
      const one = await sendPart(store, upload, index + 1, bodyOf(part), crcText(crc32(part)));
      if (one) sent.push(one);
    }
    await assert.rejects(completeUpload(store, upload, sent, bytes.length, crcText(crc32(parts[0] ?? ""))));
    assert.equal(await store.head("big"), undefined);
    const crc = crcText(crc32(bytes));
    assert.ok(typeof (await completeUpload(store, upload, sent, bytes.length, crc)) === "object");
    const { crc32: kept, composite } = (await store.head("big")) ?? {};
    assert.deepEqual([kept, composite], [crc, undefined]);
    store.close();
  });

  it("shows earlier versions, the newest first, with what hides them", async () => {
    const store = await server.open(await server.bucket("versioned"));
    await store.put("a", Buffer.from("one"));
    await store.put("a", Buffer.from("two"), { replace: true });
    await store.remove("a");
    const found = await gather(store.versions("a"));
    assert.deepEqual(
      found.map(({ marker, latest, bytes }) => [marker, latest, bytes]),
      [
        [true, true, 0],
        [false, false, 3],
        [false, false, 3],
      ],
    );
    const texts = await Promise.all(found.slice(1).map(({ version }) => store.readWhole("a", version)));
    assert.deepEqual(texts.map(String), ["two", "one"]);
  });

  it("keeps a lock, lengthens it, and tells it", async () => {
    const store = await server.open(await server.bucket("locked"));
    const [soon, later] = [3600, 7200].map((seconds) => new Date(Math.floor(Date.now() / 1000 + seconds) * 1000));
    assert.ok(soon && later);
    await store.put("a", Buffer.from("one"), { lock: { mode: "COMPLIANCE", until: soon }, legalHold: true });
    const found = await store.head("a");
    assert.deepEqual(found?.lock, { mode: "COMPLIANCE", until: soon });
    assert.equal(found.legalHold, true);
    await store.lock("a", found.version, { mode: "COMPLIANCE", until: later });
    await store.hold("a", found.version, "OFF");
    assert.deepEqual((await store.head("a"))?.lock?.until, later);
    await assert.rejects(store.remove("a", found.version), /Deleting a failed/);
  });

  it("fails in a sentence that says what, where and what to do", async () => {
    const reference = await server.bucket();
    const nowhere = await server.open({ ...reference, bucket: "not-there" });
    await assert.rejects(gather(nowhere.list("")), /Listing .* failed at the bucket not-there .*Create the bucket/);
    const dead = await server.open({ ...reference, endpoint: "http://127.0.0.1:1" }, { patience: { forMs: 50 } });
    await assert.rejects(gather(dead.list("")), (error: OffsiteError) => error.code === "unreachable");
    const cancelled = await server.open(reference, { signal: AbortSignal.abort() });
    await assert.rejects(gather(cancelled.list("")), (error: OffsiteError) => error.code === "cancelled");
  });
});
