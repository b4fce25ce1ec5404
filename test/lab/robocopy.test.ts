import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { closeFiles, editFolderAccess, editShare, openFile } from "../../lab/commands";
import { robocopy, type Robocopied, type RobocopyCall } from "../../lab/robocopy";
import { Store } from "../../lab/store";
import { inWorld, type World } from "../../lab/world";
import { apply, BACKUP, BK01, emptyLab, FE01, TARGET, vault } from "./fixture";

const FS01 = "fs01.contoso.com";
const SOURCE = String.raw`\\fs01.contoso.com\lyncshare\tree`;
const DESTINATION = String.raw`\\bk01.contoso.com\lyncbackup$\copy`;
const at = (file: string) => ({ host: FS01, local: `E:\\lyncshare\\tree\\${file}` });
const copied = (file: string) => ({ host: BK01, local: `${TARGET}\\copy\\${file}` });

const PLAIN: Omit<RobocopyCall, "source" | "destination"> = {
  excludeFiles: [],
  excludeFolders: [],
  mirror: false,
  backupMode: false,
  security: false,
  retries: 2,
  waitSeconds: 5,
};

/** A tree at the source, another at the destination, and the program called. */
async function lab(source: readonly string[], destination: readonly string[] = []): Promise<string> {
  const folder = await emptyLab();
  await apply(folder, BK01, { kind: "set-target", target: vault });
  await look(folder, (world) => {
    world.disk.makeFolder(at("empty"));
    for (const file of source) world.disk.write(at(file), file);
    for (const file of destination) world.disk.write(copied(file), `${file} as it was`);
  });
  return folder;
}
const look = <T>(folder: string, what: (world: World) => T): Promise<T> => inWorld(new Store(folder), what);
const call = (folder: string, patch: Partial<RobocopyCall> = {}, account = BACKUP): Promise<Robocopied> =>
  look(folder, (world) =>
    robocopy(
      world,
      { host: FE01, account, logon: "batch" },
      { source: SOURCE, destination: DESTINATION, ...PLAIN, ...patch },
    ),
  );
const there = (folder: string): Promise<string[]> =>
  look(folder, (world) => [...world.disk.files({ host: BK01, local: `${TARGET}\\copy` })].map(({ path }) => path));

describe("robocopy", () => {
  it("ends with 1 where it has copied, and with 0 where all was there", async () => {
    const folder = await lab(["a.txt", String.raw`sub\b.txt`]);
    const first = await call(folder);
    assert.deepEqual([first.exitCode, first.copied, first.skipped, first.bytes], [1, 2, 0, 14]);
    const second = await call(folder);
    assert.deepEqual([second.exitCode, second.copied, second.skipped], [0, 0, 2]);
    assert.deepEqual(await there(folder), ["a.txt", "sub/b.txt"]);
    assert.ok(await look(folder, (world) => world.disk.has(copied("empty"))), "empty folders too");
  });

  it("keeps the time of a file, and copies what has another size or time", async () => {
    const folder = await lab(["a.txt"], ["a.txt"]);
    const time = await look(folder, (world) => world.disk.stat(at("a.txt"))?.modified);
    assert.equal((await call(folder)).copied, 1);
    assert.equal(await look(folder, (world) => world.disk.stat(copied("a.txt"))?.modified), time);
    await look(folder, (world) => {
      world.clock.now = new Date(Date.parse(world.clock.now) + 1000).toISOString();
      world.disk.write(at("a.txt"), "b.txt");
    });
    assert.equal((await call(folder)).copied, 1);
  });

  it("adds 2 for what the destination has beyond, and leaves it unless it mirrors", async () => {
    const folder = await lab(["a.txt"], [String.raw`old\b.txt`, "c.txt"]);
    assert.equal((await call(folder)).exitCode, 3);
    assert.deepEqual(await there(folder), ["a.txt", "c.txt", "old/b.txt"]);
    assert.equal((await call(folder, { mirror: true })).exitCode, 2);
    assert.deepEqual(await there(folder), ["a.txt"]);
    assert.equal((await call(folder, { mirror: true })).exitCode, 0);
  });

  it("mirrors nothing away of what is excluded, or of a folder that it may not look into", async () => {
    const folder = await lab(
      ["a.txt", String.raw`closed\b.txt`],
      ["Meeting.Active", String.raw`ABFiles\c`, String.raw`closed\b.txt`],
    );
    await editFolderAccess(folder, FS01, at("closed").local, []);
    const excluded = { excludeFiles: ["meeting.active"], excludeFolders: ["AB*"] };
    const { exitCode, errors } = await call(folder, { mirror: true, ...excluded });
    assert.deepEqual([exitCode, errors], [9, ["closed: access is denied"]]);
    assert.deepEqual(await there(folder), ["ABFiles/c", "Meeting.Active", "a.txt", "closed/b.txt"]);
  });

  it("adds 4 where a folder stands in the place of a file, and goes on", async () => {
    const folder = await lab(["a", "b"], [String.raw`a\x`]);
    const { exitCode, copied: count } = await call(folder);
    assert.deepEqual([exitCode & 4, exitCode & 8, count], [4, 0, 1]);
  });

  it("adds 8 for a file that is in use, after it has tried again, and copies the others", async () => {
    const folder = await lab(["a.txt", "b.txt"]);
    await openFile(folder, FS01, at("a.txt").local);
    const done = await call(folder);
    assert.deepEqual([done.exitCode, done.copied, done.failed, done.waitedSeconds], [9, 1, 1, 10]);
    assert.deepEqual(done.errors, ["a.txt: it is in use by another process"]);
    await closeFiles(folder, FS01);
    assert.equal((await call(folder)).exitCode, 1);
  });

  it("adds 8 for what finds no room", async () => {
    const folder = await lab(["a.txt", "long-name-of-a-file.txt"]);
    await look(folder, (world) => {
      const volume = world.computer(BK01).volumes["D"];
      assert.ok(volume);
      volume.otherBytes = volume.capacityBytes - world.disk.usedBytes(copied("a.txt")) - 10;
    });
    const done = await call(folder);
    assert.deepEqual([done.exitCode, done.copied, done.failed], [9, 1, 1]);
  });

  it("ends with 16 and has done nothing where it cannot begin", async () => {
    for (const patch of [
      { source: `${SOURCE}\\none` },
      { source: String.raw`\\none.contoso.com\share` },
      { destination: String.raw`\\bk01.contoso.com\none` },
      { backupMode: true },
    ]) {
      const folder = await lab(["a.txt"]);
      const { exitCode, errors } = await call(folder, patch);
      assert.deepEqual([exitCode, errors.length, await there(folder)], [16, 1, []], JSON.stringify(patch));
    }
  });

  it("takes names in the source itself, and none that is not there any more", async () => {
    const folder = await lab(["a.txt", "b.txt", String.raw`sub\a.txt`], ["c.txt"]);
    const { exitCode } = await call(folder, { names: ["A.txt", "gone.txt"] });
    assert.deepEqual([exitCode, await there(folder)], [1, ["a.txt", "c.txt"]]);
  });

  it("copies rights on folders too, where the share gives full control (robocopy /SEC)", async () => {
    const folder = await lab([String.raw`sub\a.txt`]);
    const owner = { account: String.raw`CONTOSO\restore-admins`, right: "full" as const };
    const reader = { account: BACKUP, right: "read" as const };
    await editFolderAccess(folder, FS01, at("sub").local, [owner, reader]);
    assert.equal((await call(folder, { security: true })).exitCode & 8, 8);
    await editShare(folder, BK01, "LyncBackup$", { access: [{ account: BACKUP, right: "full" }] });
    assert.equal((await call(folder, { security: true })).exitCode, 0);
    const entries = await look(folder, (world) => world.computer(BK01).access[copied("sub").local.toLowerCase()] ?? []);
    assert.ok(entries.some(({ account, right }) => account === owner.account && right === "full"));
    assert.ok(entries.some(({ account, right }) => account === BACKUP && right === "change"));
  });
});
