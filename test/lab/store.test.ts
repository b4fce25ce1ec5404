import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { markOf } from "../../lab/processes";
import { Store } from "../../lab/store";
import { child, temporaryFolder } from "./fixture";

const valueOf = (folder: string): Promise<number> =>
  new Store(folder).transaction(({ sections }) => (sections.get("counter") as { value: number }).value);

describe("The lab's store", () => {
  it("loses no update of several processes, and a killed one leaves no lock behind", async () => {
    const folder = temporaryFolder();
    const holder = child(["hold", folder]);
    await holder.said("holding");
    const workers = [1, 2, 3, 4].map(() => child(["count", folder, "40"]));
    const victims = [1, 2].map(() => child(["count", folder, "1000000"]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(fs.existsSync(path.join(folder, "world", "counter.json")), false, "nobody passes a living holder");
    holder.kill();
    await Promise.all(victims.map((victim) => victim.said("...")));
    for (const victim of victims) victim.kill();
    assert.deepEqual(await Promise.all(workers.map(({ ended }) => ended)), [0, 0, 0, 0]);
    await Promise.all(victims.map(({ ended }) => ended));
    const counted = await valueOf(folder);
    assert.ok(counted >= 166, `160 by those that lived and 3 at least of each killed one, not ${String(counted)}`);
    const again = child(["count", folder, "5"]);
    assert.equal(await again.ended, 0);
    assert.equal(await valueOf(folder), counted + 5);
  });

  it("counts exactly what was counted, within one process too", async () => {
    const folder = temporaryFolder();
    const workers = [1, 2, 3].map(() => child(["count", folder, "30"]));
    const store = new Store(folder);
    await Promise.all(
      Array.from({ length: 30 }, () =>
        store.transaction(async ({ sections }) => {
          const before = (sections.get("counter") as { value: number } | undefined)?.value ?? 0;
          await new Promise((resolve) => setImmediate(resolve));
          sections.set("counter", { value: before + 1 });
        }),
      ),
    );
    await Promise.all(workers.map(({ ended }) => ended));
    assert.equal(await valueOf(folder), 120);
    const generations = fs.readdirSync(path.join(folder, "lock"));
    assert.ok(generations.length <= 20, `${String(generations.length)} files of locks are left`);
  });

  it("knows whether anybody waits for it, in this process or another", async () => {
    const folder = temporaryFolder();
    const store = new Store(folder);
    let other: Promise<unknown> = Promise.resolve();
    await store.transaction(async () => {
      assert.equal(store.isWanted(), false);
      const worker = child(["count", folder, "1"]);
      while (!store.isWanted()) await new Promise((resolve) => setTimeout(resolve, 5));
      other = worker.ended;
    });
    await other;
    await store.transaction(() => {
      assert.equal(store.isWanted(), false, "who waited has had its turn");
      other = store.transaction(() => undefined);
      assert.equal(store.isWanted(), true);
    });
    await other;
  });

  it("finishes a commit that was interrupted between its renames, and forgets one that was not recorded", async () => {
    const folder = temporaryFolder();
    const store = new Store(folder);
    await store.transaction(({ sections }) => {
      sections.set("one", { is: "old" });
      sections.set("two", { is: "old" });
    });
    const beside = path.join(folder, "commit");
    fs.mkdirSync(beside);
    fs.writeFileSync(path.join(beside, "new-0"), '{"is":"never recorded"}');
    const read = (): Promise<unknown[]> =>
      store.transaction(({ sections }) => [sections.get("one"), sections.get("two")]);
    assert.deepEqual(await read(), [{ is: "old" }, { is: "old" }]);

    fs.rmSync(path.join(beside, "new-0"));
    fs.writeFileSync(path.join(folder, "world", "one.json"), '{"is":"new"}');
    fs.writeFileSync(path.join(beside, "new-1"), '{"is":"new"}');
    const record = { writes: ["world/one.json", "world/two.json"], folders: [], removals: [] };
    fs.writeFileSync(path.join(beside, "record.json"), JSON.stringify(record));
    assert.deepEqual(await read(), [{ is: "new" }, { is: "new" }]);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["lock", "world"]);
  });

  it("is not held by another program that has the number of a dead one, nor by one that is dead and not buried", async () => {
    const folder = temporaryFolder();
    const store = new Store(folder);
    const held = async (mark: string): Promise<void> => {
      const generations = fs.readdirSync(path.join(folder, "lock")).map(Number);
      fs.writeFileSync(path.join(folder, "lock", String(Math.max(...generations) + 1)), mark);
      await store.transaction(() => undefined);
    };
    await store.transaction(() => undefined);
    await held(JSON.stringify({ pid: process.pid, began: "long ago" }));
    await held('{"pid":');
    if (process.platform !== "linux") return;
    await held(JSON.stringify({ pid: process.ppid, began: "long ago" }));
    const zombie = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 30"]);
    try {
      const pid = Number(
        await new Promise<string>((resolve) =>
          zombie.stdout.once("data", (text: Buffer) => {
            resolve(String(text));
          }),
        ),
      );
      const mark = markOf(pid);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.match(fs.readFileSync(`/proc/${String(pid)}/stat`, "utf8"), /\) Z /);
      await held(JSON.stringify(mark));
    } finally {
      zombie.kill();
    }
  });

  it("changes nothing when a transaction fails, and frees the lock", async () => {
    const store = new Store(temporaryFolder());
    await store.transaction(({ sections }) => {
      sections.set("one", { is: "old" });
    });
    await assert.rejects(
      store.transaction(({ sections }) => {
        (sections.get("one") as { is: string }).is = "new";
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.deepEqual(await store.transaction(({ sections }) => sections.get("one")), { is: "old" });
  });

  it("writes only what was changed", async () => {
    const folder = temporaryFolder();
    const store = new Store(folder);
    await store.transaction(({ sections }) => {
      sections.set("one", 1);
      sections.set("two", 2);
    });
    const file = path.join(folder, "world", "one.json");
    const before = fs.statSync(file).ino;
    await store.transaction(({ sections }) => {
      sections.get("one");
      sections.set("two", 3);
    });
    assert.equal(fs.statSync(file).ino, before);
  });
});
