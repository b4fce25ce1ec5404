import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { advance, loseSqlServer } from "../../lab/commands";
import { buildDeployment } from "../../lab/deployments/build";
import { allDatabases, type Database, type DatabaseName } from "../../lab/model/databases";
import { poolsWithUsers, usersOf } from "../../lab/model/directory-users";
import { impossible } from "../../lab/model/impossible";
import { Store } from "../../lab/store";
import { inWorld, type World } from "../../lab/world";
import { everything, lab, labOf, look } from "./cmdlets/support";
import { fingerprint } from "../support/fingerprint";
import { temporaryFolder } from "./fixture";

const DAY = 1440;
const STORE = { host: "fs1.contoso.com", local: String.raw`E:\lync` };
const CONTENT = { ...STORE, local: String.raw`E:\lync\1-WebServices-1\CollabContent` };

/** A deployment with everything in it, and a file store with some files. */
async function livingLab(seed = "test"): Promise<string> {
  const folder = await labOf(buildDeployment(everything(), { seed, usersPerPool: 6 }));
  await look(folder, (world) => {
    const seeds = { bytes: 1000, modified: Date.parse(world.clock.now), seed: "old" };
    world.disk.describe({ ...CONTENT, local: String.raw`${CONTENT.local}\2026-03-01-1\slides-1.pptx` }, seeds);
  });
  return folder;
}

const copyOf = (folder: string): string => {
  const copy = path.join(temporaryFolder(), ".lab");
  fs.cpSync(folder, copy, { recursive: true });
  return copy;
};

const named = <N extends DatabaseName>(world: World, name: N): Database<N>[] =>
  allDatabases(world).filter((database): database is Database<N> => database.name === name);
const serial = (world: World): number => Math.max(...named(world, "xds").map(({ contents }) => contents?.serial ?? 0));
const rowsIn = (world: World, store: RegExp): string =>
  JSON.stringify(named(world, "rtcxds").filter((one) => store.test(one.store)));

/** What each model of daily life changes, as something to compare. */
const LIFE: Record<string, (world: World) => unknown> = {
  configuration: serial,
  contacts: (world) => rowsIn(world, /./),
  conferences: (world) => named(world, "rtcshared").map(({ contents }) => contents?.directories),
  pools: (world) => poolsWithUsers(world).map((pool) => usersOf(world, pool).length),
  files: (world) => [...world.disk.files(CONTENT)].map((file) => file.path),
  messages: (world) => named(world, "mgc").map(({ contents }) => contents?.messages.length),
  rooms: (world) => named(world, "mgc").map(({ contents }) => contents?.rooms.length),
  archive: (world) => named(world, "LcsLog").map(({ contents }) => contents?.days),
  calls: (world) => named(world, "LcsCDR").map(({ contents }) => contents?.days),
};
const life = (folder: string): Promise<Record<string, string>> =>
  look(folder, (world) =>
    Object.fromEntries(Object.entries(LIFE).map(([name, of]) => [name, JSON.stringify(of(world))])),
  );

describe("What happens by itself in the lab", () => {
  it("goes on as long as time passes: people, meetings, chats, records, administrators", async () => {
    const folder = await livingLab();
    const before = await life(folder);
    await advance(folder, 90 * DAY);
    const after = await life(folder);
    assert.deepEqual(
      Object.keys(LIFE).filter((name) => before[name] === after[name]),
      [],
    );
  });

  it("is the same for the same seed, however the clock is advanced, and another for another seed", async () => {
    const folder = await livingLab();
    const days = 12;
    const whole = copyOf(folder);
    await advance(whole, days * DAY);
    const parts = fc.array(fc.integer({ min: 1, max: 2 * DAY }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(parts, async (minutes) => {
        const copy = copyOf(folder);
        let left = days * DAY;
        for (const some of minutes) {
          await advance(copy, Math.min(some, left));
          left = Math.max(0, left - some);
        }
        await advance(copy, left);
        assert.equal(fingerprint(copy), fingerprint(whole));
        fs.rmSync(copy, { recursive: true });
      }),
      { numRuns: 5 },
    );
    const other = await livingLab("other");
    await advance(other, days * DAY);
    assert.notDeepEqual(await life(other), await life(whole));
  });

  it("leaves nothing that cannot be, nor grows without end", async () => {
    const folder = await livingLab();
    await advance(folder, 400 * DAY);
    await look(folder, (world) => {
      assert.deepEqual(impossible(world), []);
      assert.ok(world.disk.names(CONTENT).every((meeting) => !/^2026-/.test(meeting)));
      for (const { contents } of named(world, "LcsCDR")) assert.ok(Object.keys(contents?.days ?? {}).length <= 61);
      for (const { contents } of named(world, "rtcxds")) {
        const rows = Object.values(contents?.homes ?? {}).flatMap(({ users }) => Object.values(users));
        assert.ok(rows.every(({ conferences }) => conferences.length < 60));
      }
    });
  });

  it("stops where the database of a pool is lost, and goes on elsewhere", async () => {
    const folder = await lab();
    for (const server of ["sql1", "mir1"]) await loseSqlServer(folder, `${server}.contoso.com`);
    const [lost, kept] = [/^sql1\./, /^se\./];
    const before = await inWorld(new Store(folder), (world) => [rowsIn(world, lost), rowsIn(world, kept)]);
    await advance(folder, 30 * DAY);
    const after = await inWorld(new Store(folder), (world) => [rowsIn(world, lost), rowsIn(world, kept)]);
    assert.equal(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
  });
});
