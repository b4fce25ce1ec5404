import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { fetchSet } from "../../offsite/fetch/fetch";
import { carryAll, keysIn } from "./support/courier";
import { fixture } from "./support/fixture";
import type { BucketKind } from "./support/store";

export function describeFetch(kind: BucketKind): void {
  describe(`A fetch (${kind})`, () => {
    const here = fixture(kind);

    it("brings single files, from packs and whole, without the manifest", async () => {
      const { maker, server, bucket } = here;
      const set = maker.exports();
      await carryAll(server, bucket, maker);
      const destination = path.join(server.folder, "single");
      const files = ["LisConfig.zip", "Config.zip", "empty.txt"];
      await here.use((store) => fetchSet(store, set.series, set.set, { destination, files }));
      assert.deepEqual(fs.readdirSync(destination).sort(), [...files].sort());
      for (const file of files) {
        assert.deepEqual(fs.readFileSync(path.join(destination, file)), fs.readFileSync(path.join(set.folder, file)));
      }
      const wrong = here.use((store) => fetchSet(store, set.series, set.set, { destination, files: ["x/Config.zip"] }));
      await assert.rejects(wrong, /holds no file x\/Config.zip. It holds Config.zip/);
      await assert.rejects(
        here.use((store) => fetchSet(store, set.series, "20260101T000000Z-00000000", { destination })),
        /has no set/,
      );
    });

    it("goes on where it was interrupted, and puts nothing over what is not its own", async () => {
      const { maker, server, bucket } = here;
      const set = maker.sql("archiving", [9 << 20, 5 << 20]);
      await carryAll(server, bucket, maker);
      const destination = path.join(server.folder, "resumed");
      const stop = new AbortController();
      const reading = here.server.open(here.bucket, { signal: stop.signal, megabitsPerSecond: 100 });
      const partials = (): string[] =>
        fs.existsSync(destination) ? fs.readdirSync(destination).filter((name) => name.endsWith(".partial")) : [];
      const watch = setInterval(() => {
        if (partials().some((name) => fs.statSync(path.join(destination, name)).size > 0)) stop.abort();
      }, 5);
      await assert.rejects(
        reading.then((store) => fetchSet(store, set.series, set.set, { destination })),
        /cancelled/,
      );
      clearInterval(watch);
      assert.ok(partials().length > 0);
      assert.ok(!fs.existsSync(path.join(destination, "manifest.json")));
      const begun: number[] = [];
      await here.use((store) => {
        const read = store.read.bind(store);
        store.read = (key, range = {}) => {
          if (key.includes("/data/")) begun.push(range.start ?? 0);
          return read(key, range);
        };
        return fetchSet(store, set.series, set.set, { destination });
      });
      assert.ok(
        begun.some((start) => start > 0),
        "from where it ended, not from the beginning",
      );
      assert.deepEqual(fs.readdirSync(destination).sort(), ["LcsLog0.bak", "LcsLog1.bak", "manifest.json"]);
      assert.deepEqual(
        fs.readFileSync(path.join(destination, "LcsLog0.bak")),
        fs.readFileSync(path.join(set.folder, "LcsLog0.bak")),
      );
      fs.writeFileSync(path.join(destination, "LcsLog1.bak"), "my own");
      await assert.rejects(
        here.use((store) => fetchSet(store, set.series, set.set, { destination })),
        /LcsLog1.bak is there already, and is not the file of the set/,
      );
    });

    it("names what is damaged, brings the rest, and seals nothing", async () => {
      const { maker, server, bucket } = here;
      const set = maker.exports();
      await carryAll(server, bucket, maker);
      const [data = ""] = (await keysIn(server, bucket)).filter((key) => key.includes("/data/"));
      fs.truncateSync(server.fileOf(bucket.bucket, `production/${data}`), 1000);
      const destination = path.join(server.folder, "damaged");
      await assert.rejects(
        here.use((store) => fetchSet(store, set.series, set.set, { destination })),
        new RegExp(
          `configuration/${set.set} cannot be fetched whole, because 1 object cannot be used. Config.zip cannot be had from ${data}`,
        ),
      );
      assert.deepEqual(
        fs
          .readdirSync(destination)
          .filter((name) => !name.endsWith(".partial"))
          .sort(),
        ["LisConfig.zip", "Policies.xml", "empty.txt"],
      );
    });
  });
}
