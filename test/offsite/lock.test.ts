import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bucketLayout, type CourierSource } from "../../estate/documents";
import { readContents } from "../../offsite/sets/contents";
import { carry, carryAll, fetchedAndSame, gather, keysIn } from "./support/courier";
import { fixture } from "./support/fixture";

describe("Under a lock", () => {
  const here = fixture("locked");
  const lock: Partial<CourierSource> = { lock: { mode: "compliance", days: 2 } };

  it("nothing is ever rewritten, and what a later set shares is locked as long as that set", async () => {
    const { maker, server, bucket } = here;
    maker.fileStore("files", { add: 20, size: (random) => 1000 + random.below(2 << 20) });
    maker.exports();
    await carryAll(server, bucket, maker, lock);
    const first = await here.use((store) => gather(store.versions("")));
    const full = maker.fileStore("files", { full: true });
    await carryAll(server, bucket, maker, { lock: { mode: "governance", days: 9 } });
    const versions = await here.use((store) => gather(store.versions("")));
    assert.equal(new Set(versions.map(({ key }) => key)).size, versions.length);
    assert.deepEqual(
      first.filter(({ version }) => !versions.some((one) => one.version === version)),
      [],
    );
    const lines = await here.use((store) => gather(readContents(store, bucketLayout.contents("files", full.set))));
    for (const line of lines) {
      if (!("object" in line)) continue;
      const found = await here.use((store) => store.head(line.object));
      assert.ok(found?.lock && found.lock.until.getTime() > Date.now() + 8 * 86_400_000, line.object);
      // What was under compliance stays under it.
      if (first.some(({ key }) => key === line.object)) assert.equal(found.lock.mode, "COMPLIANCE");
    }
    const [manifest] = first.filter(({ key }) => key.endsWith("/manifest.json"));
    assert.ok(manifest);
    await assert.rejects(
      here.use((store) => store.remove(manifest.key, manifest.version)),
      /Deleting .* failed/,
    );
  });

  it("a set comes back after a hostile delete, and after a hostile overwrite, with a word about it", async () => {
    const { maker, server, bucket } = here;
    const set = maker.fileStore("files", { add: 20, size: (random) => 1000 + random.below(2 << 20) });
    await carryAll(server, bucket, maker, lock);
    const keys = (await keysIn(server, bucket)).filter((key) => key.startsWith("series/"));
    for (const [index, key] of keys.entries()) {
      if (index % 2 === 0) await here.use((store) => store.remove(key));
      else {
        const { bytes = 0 } = (await here.use((store) => store.head(key))) ?? {};
        await here.use((store) => store.put(key, Buffer.alloc(bytes, "x"), { replace: true }));
      }
    }
    const { notes } = await fetchedAndSame(server, bucket, set);
    assert.ok(
      notes.some((note) => /The (manifest|contents) of .* (was|were) deleted|has 2 versions/.test(note)),
      notes.join("\n"),
    );
  });

  it("a push that needs what the store lacks refuses in a sentence", async () => {
    const { maker, server } = here;
    maker.exports();
    const plain = { ...here.bucket, capabilities: { "object-lock": false, "legal-hold": false } };
    await assert.rejects(
      carry(server, plain, maker, { ...lock, legalHold: true }),
      /cannot be used like this: nothing there lets nobody delete a version/,
    );
    await assert.rejects(
      carry(server, { ...here.bucket, capabilities: { "conditional-writes": false } }, maker),
      /refuses to overwrite an object.*\(conditional-writes\)/,
    );
    const unlocked = await here.server.bucket("plain");
    assert.deepEqual(await keysIn(server, unlocked), []);
    await assert.rejects(carry(server, unlocked, maker, lock), /ObjectLockConfiguration/);
  });
});
