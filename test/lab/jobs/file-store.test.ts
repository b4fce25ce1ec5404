import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { FILES, type Job, type ListingLine, type Run } from "../../../estate/documents";
import { fileStoreJob, type FileStoreCopy } from "../../../estate/jobs";
import {
  advance,
  changeGroup,
  cutHost,
  editFolderAccess,
  fillDisk,
  loseFileStore,
  mendHost,
  openFile,
  removeShare,
} from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import { BACKUP_OPERATORS } from "../../../lab/directory";
import { apply, BACKUP, BK01, FE01, inFolder, labWithJob, setJob, sha256, TARGET } from "../fixture";
import { declared, listingOf, look, manifestOf, POOL, runJob, setFolder, STORE, succeeded } from "./support";

const FS01 = "fs01.contoso.com";
const ROOT = String.raw`E:\lyncshare`;
const fileStore = (patch: Partial<FileStoreCopy> = {}): Job =>
  fileStoreJob({ ...declared("files"), store: STORE, ...patch });

const write = (folder: string, file: string, content: string): Promise<void> =>
  look(folder, (world) => {
    world.disk.write({ host: FS01, local: `${ROOT}\\${file.replaceAll("/", "\\")}` }, content);
  });
const remove = (folder: string, file: string): Promise<void> =>
  look(folder, (world) => {
    world.disk.remove({ host: FS01, local: `${ROOT}\\${file.replaceAll("/", "\\")}` });
  });
const paths = (lines: readonly ListingLine[]): string[] => lines.map(({ path: one }) => one);
const step = (run: Run, id: string): Run["steps"][number] => {
  const found = run.steps.find((one) => one.id === id);
  assert.ok(found, `${id} was performed`);
  return found;
};
/** Files in the folder of a set, as they really lie there. */
async function filesIn(folder: string, job: Job, { set = "" }: Run): Promise<string[]> {
  const files = path.join(await setFolder(folder, job, set), FILES);
  if (!fs.existsSync(files)) return [];
  return fs
    .readdirSync(files, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(files, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

describe("The file-store job in the lab", () => {
  it("takes everything the first time, but what is open, and what is made again by itself", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    const run = succeeded(await runJob(folder, job));
    const lines = await listingOf(folder, job, run);
    assert.deepEqual(paths(lines), await filesIn(folder, job, run));
    assert.ok(lines.length > 40);
    for (const name of paths(lines)) assert.doesNotMatch(name, /Meeting\.Active|ABFiles|CMSFileStore|BackupService/);
    const files = path.join(await setFolder(folder, job, run.set ?? ""), FILES);
    for (const line of lines) {
      const real = fs.readFileSync(path.join(files, line.path));
      assert.deepEqual([line.bytes, line.sha256, line.set], [real.length, sha256(real), run.set]);
    }
    const { kind, needs, artefacts } = await manifestOf(folder, job, run);
    assert.deepEqual([kind, needs, artefacts.map(({ path: one }) => one)], ["incremental", [], ["listing.jsonl"]]);
    assert.deepEqual(step(run, "copy").data["exitCode"], 1);
  });

  it("takes the transient folders too where none is to be left out, and never a meeting that is open", async () => {
    const job = fileStore({ excludeFolders: [] });
    const folder = await labWithJob(job);
    const lines = paths(await listingOf(folder, job, succeeded(await runJob(folder, job))));
    for (const name of ["ABFiles", "CMSFileStore", "BackupService"]) assert.ok(lines.some((one) => one.includes(name)));
    assert.ok(!lines.some((one) => one.includes("Meeting.Active")));
  });

  it("copies what is new or changed afterwards, names the sets that hold the rest, and hashes only what it copied", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    const first = succeeded(await runJob(folder, job));
    const [before] = await listingOf(folder, job, first);
    assert.ok(before);
    await write(folder, "1-WebServices-1/DataConf/new/a.pptx", "new");
    await write(folder, before.path, "changed");
    const second = succeeded(await runJob(folder, job));
    assert.deepEqual(await filesIn(folder, job, second), [before.path, "1-WebServices-1/DataConf/new/a.pptx"].sort());
    const lines = await listingOf(folder, job, second);
    assert.deepEqual(
      lines.filter(({ set }) => set === second.set).map(({ path: one, sha256: hash }) => [one, hash]),
      [
        [before.path, sha256("changed")],
        ["1-WebServices-1/DataConf/new/a.pptx", sha256("new")],
      ].sort(),
    );
    assert.deepEqual((await manifestOf(folder, job, second)).needs, [first.set]);
    assert.deepEqual(step(second, "files").data["changed"], { count: 2, bytes: 10 });
  });

  it("seals a set without a file where nothing has changed", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    const first = succeeded(await runJob(folder, job));
    const second = succeeded(await runJob(folder, job));
    assert.equal(step(second, "copy").outcome, "skipped");
    assert.deepEqual(await filesIn(folder, job, second), []);
    assert.deepEqual(await listingOf(folder, job, second), await listingOf(folder, job, first));
    assert.deepEqual((await manifestOf(folder, job, second)).needs, [first.set]);
  });

  it("forgets what was deleted, and needs no set any more whose files are all gone", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    await write(folder, "only.txt", "1");
    succeeded(await runJob(folder, job));
    await write(folder, "late.txt", "2");
    const second = succeeded(await runJob(folder, job));
    await remove(folder, "late.txt");
    const third = succeeded(await runJob(folder, job));
    assert.ok(!paths(await listingOf(folder, job, third)).includes("late.txt"));
    assert.ok(!(await manifestOf(folder, job, third)).needs.includes(second.set ?? ""));
  });

  it("takes every file anew after so many days, so that old sets can go", async () => {
    const job = fileStore({ fullEveryDays: 3, retention: { last: 2, daily: 0, weekly: 0, monthly: 0, yearly: 0 } });
    const folder = await labWithJob(job);
    const full: unknown[] = [];
    const held: number[] = [];
    for (let day = 0; day < 6; day++) {
      const run = succeeded(await runJob(folder, job));
      full.push(step(run, "files").data["full"]);
      held.push((await inFolder(folder, BK01, String.raw`${TARGET}\series\files\sets`)).length);
      await look(folder, ({ clock }) => {
        clock.now = new Date(Date.parse(clock.now) + 86_400_000).toISOString();
      });
    }
    assert.deepEqual(full, [true, false, false, true, false, false]);
    // The newest two, and the full one that they need.
    assert.deepEqual(held, [1, 2, 3, 3, 2, 3]);
  });

  it("shows the music of Call Park and the audio of announcements as covered, and has them", async () => {
    const job = fileStore({ callParkPools: [POOL], announcementPools: [POOL] });
    const folder = await labWithJob(job);
    const run = succeeded(await runJob(folder, job));
    const { covers } = await manifestOf(folder, job, run);
    assert.deepEqual(
      covers.map(({ datum }) => datum),
      ["file-store", "call-park-music", "announcement-audio"],
    );
    const lines = paths(await listingOf(folder, job, run));
    for (const file of ["CPS/hold.wma", "RGS/AS/closed.wav"]) {
      assert.ok(lines.includes(`1-ApplicationServer-1/AppServerFiles/${file}`), file);
    }
  });

  it("keeps a mirror beside the sets, from which goes what the store lacks", async () => {
    const job = fileStore({ mirror: true });
    const folder = await labWithJob(job);
    await write(folder, "kept.txt", "1");
    await write(folder, "gone/too.txt", "2");
    succeeded(await runJob(folder, job));
    const mirror = String.raw`${TARGET}\series\files\mirror\files`;
    const before = await inFolder(folder, BK01, mirror);
    assert.deepEqual([before.includes("kept.txt"), before.includes("gone")], [true, true]);
    await remove(folder, "gone");
    const run = succeeded(await runJob(folder, job));
    const after = await inFolder(folder, BK01, mirror);
    assert.deepEqual([after.includes("kept.txt"), after.includes("gone")], [true, false]);
    assert.equal(step(run, "mirror").data["exitCode"], 2);
  });

  it("does not believe a listing that is not what was sealed, and begins anew", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    const first = succeeded(await runJob(folder, job));
    const real = path.join(await setFolder(folder, job, first.set ?? ""), "listing.jsonl");
    fs.writeFileSync(real, fs.readFileSync(real, "utf8").replace('"bytes":', '"bytes": '));
    const second = succeeded(await runJob(folder, job));
    assert.equal(step(second, "files").data["full"], true);
    assert.deepEqual((await manifestOf(folder, job, second)).needs, []);
  });

  it("lists what was copied, where a file was changed or deleted between the look and the copy", async () => {
    const job = fileStore();
    const folder = await labWithJob(job);
    await write(folder, "a.txt", "as it was");
    await write(folder, "b.txt", "soon gone");
    let edited: Promise<unknown> | undefined;
    const run = await runJob(folder, job, {
      onProgress: (progress) => {
        if (progress.kind !== "step-ended" || progress.result.id !== "files") return;
        edited = write(folder, "a.txt", "as it is now").then(() => remove(folder, "b.txt"));
      },
    });
    await edited;
    succeeded(run);
    const lines = await listingOf(folder, job, run);
    const line = lines.find(({ path: one }) => one === "a.txt");
    assert.deepEqual([line?.bytes, line?.sha256], [12, sha256("as it is now")]);
    assert.ok(!paths(lines).includes("b.txt"));
  });
});

describe("The file-store job in the lab fails, and leaves no set, when", () => {
  const FAILURES: { when: string; step: string; says: RegExp; before: (folder: string) => Promise<unknown> }[] = [
    {
      when: "a file is in use by somebody else",
      step: "copy",
      says: /^robocopy ended with the code 9: locked\.txt: it is in use by another process\.$/,
      before: async (folder) => {
        await write(folder, "locked.txt", "x");
        await openFile(folder, FS01, `${ROOT}\\locked.txt`);
      },
    },
    { when: "the file server is cut off", step: "files", says: /was not found from/, before: (f) => cutHost(f, FS01) },
    {
      when: "the store is lost",
      step: "files",
      says: /There is no share lyncshare/,
      before: (folder) => loseFileStore(folder, STORE),
    },
    {
      when: "the share of the store is gone",
      step: "files",
      says: /There is no share lyncshare/,
      before: (folder) => removeShare(folder, FS01, "lyncshare"),
    },
    {
      when: "the account may not look into a folder of the store",
      step: "files",
      says: /^Not all of .* can be listed: access to 1-WebServices-1\/DataConf is denied\.$/,
      before: (folder) =>
        editFolderAccess(folder, FS01, String.raw`${ROOT}\1-WebServices-1\DataConf`, [
          { account: String.raw`CONTOSO\administrator`, right: "full" },
        ]),
    },
    {
      when: "the target has no room for the files",
      step: "copy",
      says: /There is not enough space on the disk D: of bk01/,
      before: (folder) => fillDisk(folder, BK01, "D", 300_000),
    },
    {
      when: "the target takes nothing",
      step: "copy",
      says: /denied/,
      before: (folder) => editFolderAccess(folder, BK01, TARGET, [{ account: BACKUP, right: "read" }]),
    },
  ];
  for (const { when, step: id, says, before } of FAILURES) {
    it(when, async () => {
      const job = fileStore();
      const folder = await labWithJob(job);
      await before(folder);
      const run = await runJob(folder, job);
      assert.deepEqual([run.outcome, run.steps.at(-1)?.id], ["failed", id]);
      assert.match(run.error?.message ?? "", says);
      await mendHost(folder, BK01);
      assert.deepEqual(await inFolder(folder, BK01, String.raw`${TARGET}\series\files\sets`), []);
    });
  }

  it("the account has not the right that backup mode needs; with it, permissions are no obstacle", async () => {
    const job = fileStore({ backupMode: true });
    const folder = await labWithJob(job);
    await editFolderAccess(folder, FS01, String.raw`${ROOT}\1-WebServices-1\DataConf`, [
      { account: String.raw`CONTOSO\administrator`, right: "full" },
    ]);
    const refused = await runJob(folder, job);
    assert.match(
      refused.error?.message ?? "",
      /does not have the rights to back up and to restore files.* Backup Operators/,
    );
    await changeGroup(folder, BACKUP, BACKUP_OPERATORS, "add");
    const run = succeeded(await runJob(folder, job));
    assert.ok(paths(await listingOf(folder, job, run)).some((one) => one.includes("/DataConf/")));
  });

  it("the lists of access are to be copied through a share; on the computer of the target itself they are", async () => {
    const more = String.raw`${ROOT}\1-WebServices-1`;
    const reader = { account: BACKUP, right: "read" as const };
    const editor = { account: String.raw`CONTOSO\restore-admins`, right: "full" as const };
    const target = { name: "vault", host: BK01, path: TARGET };
    for (const [job, code] of [
      [fileStore({ security: true, mirror: true }), 9],
      [fileStore({ security: true, mirror: true, target, placement: [{ host: BK01 }] }), 1],
    ] as const) {
      const folder = await labWithJob(job);
      await editFolderAccess(folder, FS01, more, [reader, editor]);
      const run = await runJob(folder, job);
      assert.equal(step(run, "mirror").data["exitCode"] ?? 9, code, run.error?.message);
      assert.equal(run.outcome, code === 1 ? "succeeded" : "failed");
      const copied = String.raw`${TARGET}\series\files\mirror\files\1-WebServices-1`;
      const access = await look(folder, (world) => world.computer(BK01).access[copied.toLowerCase()] ?? []);
      assert.equal(
        access.some(({ account }) => account === editor.account),
        code === 1,
      );
    }
  });
});

describe("The file-store job in the lab, with hours in which it copies", () => {
  // Central European winter time is an hour ahead of UTC.
  const begunAt = async (folder: string, at: string): Promise<void> =>
    look(folder, ({ clock }) => {
      clock.now = `2026-03-03T${at}:00.000Z`;
    });
  const times = (run: Run): [string, string] => {
    const { startedAt, finishedAt } = step(run, "copy");
    return [startedAt.slice(5, 16), finishedAt.slice(5, 16)];
  };
  const hours = { from: "20:00", until: "06:00" };

  it("copies at once while they last, before and after midnight", async () => {
    const job = fileStore({ hours });
    const folder = await labWithJob(job);
    for (const at of ["19:00", "23:30", "04:58"]) {
      await begunAt(folder, at);
      await write(folder, "new.txt", at);
      const run = succeeded(await runJob(folder, job));
      assert.equal(Date.parse(run.finishedAt ?? "") - Date.parse(run.startedAt) < 60_000, true, at);
    }
  });

  it("waits for them after it has listed the store, and copies what is there by then", async () => {
    const job = fileStore({ hours: { from: "04:00", until: "06:00" } });
    const folder = await labWithJob(job);
    await write(folder, "a.txt", "as it was listed");
    await begunAt(folder, "00:00");
    await advance(folder, 90);
    await write(folder, "a.txt", "as it was copied");
    const { fired } = await advance(folder, 120);
    assert.deepEqual(
      fired.map(({ outcome }) => outcome),
      ["succeeded"],
    );
    const [run] = await (await openLabHost(folder, FE01)).results({ job: "files", last: 1 });
    assert.ok(run);
    assert.deepEqual([run.startedAt.slice(5, 16), ...times(run)], ["03-03T01:00", "03-03T01:00", "03-03T03:00"]);
    const line = (await listingOf(folder, job, run)).find(({ path: one }) => one === "a.txt");
    assert.equal(line?.sha256, sha256("as it was copied"));
  });

  it("goes on when they begin again, where there is more than they have room for", async () => {
    const job = fileStore({
      hours: { from: "01:00", until: "01:30" },
      megabitsPerSecond: 0.001,
      timeLimitMinutes: 10_080,
    });
    const folder = await labWithJob(job);
    await begunAt(folder, "00:10");
    const run = succeeded(await runJob(folder, job));
    const { bytes } = step(run, "copy").data;
    // The first night has 20 minutes left, each other one 30.
    const nights = Math.ceil(((Number(bytes) * 8) / 1000 / 60 - 20) / 30);
    assert.ok(nights > 1);
    assert.equal(times(run)[1].slice(3, 8), `0${String(3 + nights)}T00`);
  });

  it("ends with its time limit while it waits or pauses: no set, and the next run succeeds", async () => {
    for (const [at, slow] of [
      ["12:00", {}],
      ["04:30", { megabitsPerSecond: 0.001 }],
    ] as const) {
      const job = fileStore({ hours, timeLimitMinutes: 120, ...slow });
      const folder = await labWithJob(job);
      await begunAt(folder, at);
      const run = await runJob(folder, job);
      assert.deepEqual([run.outcome, run.steps.at(-1)?.id, run.error?.code], ["failed", "copy", "timed-out"]);
      assert.equal(run.error?.message, "files took longer than the 120 minutes that the job may take.");
      assert.equal(Date.parse(run.finishedAt ?? "") - Date.parse(run.startedAt), 120 * 60_000);
      assert.deepEqual(await inFolder(folder, BK01, String.raw`${TARGET}\series\files\sets`), []);
      const quick = fileStore({ hours, timeLimitMinutes: 120 });
      await apply(folder, FE01, setJob(quick));
      await begunAt(folder, "22:00");
      succeeded(await runJob(folder, quick));
    }
  });
});

describe("The file-store job in the lab, night after night", () => {
  it("keeps what its newest sets need", async () => {
    const job = fileStore({ fullEveryDays: 7, retention: { last: 3, daily: 0, weekly: 0, monthly: 0, yearly: 0 } });
    const folder = await labWithJob(job);
    await apply(folder, FE01, setJob(job));
    const { fired } = await advance(folder, 20 * 1440);
    assert.deepEqual([...new Set(fired.map(({ outcome }) => outcome))], ["succeeded"]);
    const sets = await inFolder(folder, BK01, String.raw`${TARGET}\series\files\sets`);
    const newest = { set: sets.at(-1) ?? "" } as Run;
    for (const need of (await manifestOf(folder, job, newest)).needs) assert.ok(sets.includes(need));
  });
});
