import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Body } from "../../lab/body";
import { realFile } from "../../lab/commands";
import type { Disk } from "../../lab/disk";
import { below, type Place } from "../../lab/paths";
import { Store } from "../../lab/store";
import { inWorld } from "../../lab/world";
import { BK01, emptyLab, sha256 } from "./fixture";

const FS01 = "fs01.contoso.com";
const STORE: Place = { host: FS01, local: String.raw`D:\LyncShare` };
const COPY: Place = { host: BK01, local: String.raw`D:\Copy` };
const slides = (seed: string, bytes = 70_000) => ({ seed, bytes, modified: Date.parse("2026-03-01T08:00:00.000Z") });

const onDisk = <T>(folder: string, work: (disk: Disk) => T): Promise<T> =>
  inWorld(new Store(folder), ({ disk }) => work(disk));
const filesBelow = (real: string): string[] =>
  fs.existsSync(real)
    ? fs
        .readdirSync(real, { withFileTypes: true, recursive: true })
        .flatMap((one) => (one.isFile() ? [path.relative(real, path.join(one.parentPath, one.name))] : []))
    : [];

describe("A disk of the lab", () => {
  it("keeps what was written, with its time, and reads what somebody has put there", async () => {
    const folder = await emptyLab();
    await onDisk(folder, (disk) => {
      disk.write(below(STORE, "Meetings", "a.txt"), "a");
      assert.equal(disk.text(below(STORE, "MEETINGS", "A.TXT")), "a");
    });
    const real = await realFile(folder, FS01, String.raw`D:\LyncShare\Meetings\a.txt`);
    assert.equal(fs.statSync(real).mtime.toISOString(), "2026-03-02T09:00:00.000Z");
    fs.writeFileSync(path.join(path.dirname(real), "b.txt"), "from outside");
    await onDisk(folder, (disk) => {
      assert.deepEqual(disk.names(below(STORE, "Meetings")), ["a.txt", "b.txt"]);
      assert.equal(disk.text(below(STORE, "meetings", "b.txt")), "from outside");
    });
  });

  it("keeps times to the millisecond, also in a real file", async () => {
    const folder = await emptyLab();
    const file = below(STORE, "a.pptx");
    for (let ms = 0; ms < 1000; ms += 37) {
      const modified = Date.parse("2026-03-01T08:00:00.000Z") + ms;
      await onDisk(folder, (disk) => {
        disk.describe(file, { ...slides("a", 10), modified });
        disk.materialise(file);
      });
      assert.equal(await onDisk(folder, (disk) => disk.stat(file)?.modified), modified);
    }
  });

  it("moves a real file that nobody has looked at", async () => {
    const folder = await emptyLab();
    await onDisk(folder, (disk) => {
      disk.write(below(STORE, "a.txt"), "a");
    });
    await onDisk(folder, (disk) => {
      disk.rename(below(STORE, "a.txt"), below(STORE, "b", "c.txt"));
    });
    assert.equal(await onDisk(folder, (disk) => disk.text(below(STORE, "b", "c.txt"))), "a");
  });

  it("changes nothing when the transaction fails", async () => {
    const folder = await emptyLab();
    await onDisk(folder, (disk) => {
      disk.write(below(STORE, "a.txt"), "a");
    });
    await assert.rejects(
      onDisk(folder, (disk) => {
        disk.remove(STORE);
        disk.write(below(STORE, "b.txt"), "b");
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.deepEqual(await onDisk(folder, (disk) => disk.names(STORE)), ["a.txt"]);
  });

  it("tells what is in use, by what is described too, before and after changes", async () => {
    const folder = await emptyLab();
    await onDisk(folder, (disk) => {
      assert.equal(disk.usedBytes(STORE), 0);
      disk.write(below(STORE, "a"), "four");
      disk.describe(below(STORE, "x", "b"), slides("b", 1000));
      disk.write(below(STORE, "a"), "three");
      assert.equal(disk.usedBytes(STORE), 1005);
      disk.copy(below(STORE, "x"), below(STORE, "y"));
      disk.remove(below(STORE, "x"));
      assert.equal(disk.usedBytes(STORE), 1005);
    });
    assert.equal(await onDisk(folder, (disk) => disk.usedBytes(STORE)), 1005);
  });
});

describe("A file that is only described", () => {
  it("has its bytes whenever it is read, the same ones for ever, and is no real file until somebody wants one", async () => {
    const folder = await emptyLab();
    const file = below(STORE, "2026", "slides.pptx");
    const hash = await onDisk(folder, (disk) => {
      disk.describe(file, slides("one"));
      return disk.body(file)?.sha256();
    });
    assert.deepEqual(filesBelow(path.join(folder, "files")), []);
    await onDisk(folder, (disk) => {
      assert.deepEqual(disk.stat(file), { kind: "file", bytes: 70_000, modified: slides("").modified });
      assert.equal(sha256(disk.body(file)?.read() ?? ""), hash);
    });
    const real = await realFile(folder, FS01, file.local);
    assert.equal(sha256(fs.readFileSync(real)), hash);
    assert.equal(fs.statSync(real).mtimeMs, slides("").modified);
    assert.deepEqual(
      fs.readdirSync(path.join(folder, "world")).filter((name) => name.startsWith(`tree-${FS01}-d-`)),
      [],
    );
  });

  it("is copied as a description, hundred thousand as easily as one", async () => {
    const folder = await emptyLab();
    await onDisk(folder, (disk) => {
      for (let index = 0; index < 100_000; index++) {
        const meeting = `meeting-${String(index % 500)}`;
        disk.describe(below(STORE, meeting, `${String(index)}.pptx`), slides(String(index), 50_000 + index));
      }
    });
    const hashes = await onDisk(folder, (disk) => {
      disk.copy(STORE, COPY);
      return [STORE, COPY].map((place) => disk.body(below(place, "meeting-7", "7.pptx"))?.sha256());
    });
    assert.equal(hashes[0], hashes[1]);
    const [files, copies] = await onDisk(folder, (disk) => [[...disk.files(STORE)], [...disk.files(COPY)]]);
    assert.equal(files?.length, 100_000);
    assert.deepEqual(
      files.map((file) => [file.path, file.body.bytes, file.body.seed, file.modified]),
      copies?.map((file) => [file.path, file.body.bytes, file.body.seed, file.modified]),
    );
    assert.deepEqual(filesBelow(path.join(folder, "files")), []);
  });

  it("gives way to a real file of its name, and takes the place of one", async () => {
    const folder = await emptyLab();
    const file = below(STORE, "a.bin");
    await onDisk(folder, (disk) => {
      disk.describe(file, slides("a"));
    });
    await onDisk(folder, (disk) => {
      disk.write(file, "real");
    });
    assert.equal(fs.readFileSync(await realFile(folder, FS01, file.local), "utf8"), "real");
    await onDisk(folder, (disk) => {
      disk.describe(file, slides("a"));
    });
    assert.deepEqual(filesBelow(path.join(folder, "files")), []);
    assert.equal(await onDisk(folder, (disk) => disk.body(file)?.bytes), 70_000);
  });
});

const paths = fc
  .array(fc.constantFrom("a", "B", "c"), { minLength: 1, maxLength: 2 })
  .map((names) => ["D:", "T", ...names].join("\\"));
const operation = fc.oneof(
  fc.record({ do: fc.constant("write" as const), at: paths, text: fc.string() }),
  fc.record({ do: fc.constant("describe" as const), at: paths, bytes: fc.nat(200), seed: fc.constantFrom("x", "y") }),
  fc.record({ do: fc.constant("remove" as const), at: paths }),
  fc.record({ do: fc.constant("copy" as const), at: paths, to: paths }),
  fc.record({ do: fc.constant("materialise" as const), at: paths }),
  fc.record({ do: fc.constant("end" as const) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Hashes of what is there, by path in lower case. */
type Model = Map<string, string>;

/** Does it to both, unless a file is in the way of a folder, or a folder in that of a file. */
function perform(disk: Disk, model: Model, one: Exclude<Operation, { do: "end" }>): void {
  const place = { host: FS01, local: one.at };
  const key = one.at.toLowerCase();
  const fits = (target: string): boolean =>
    ![...model.keys()].some((file) => file.startsWith(`${target}\\`) || target.startsWith(`${file}\\`)) &&
    disk.stat({ host: FS01, local: target })?.kind !== "folder";
  switch (one.do) {
    case "write":
      if (!fits(key)) return;
      disk.write(place, one.text);
      model.set(key, sha256(one.text));
      return;
    case "describe":
      if (!fits(key)) return;
      disk.describe(place, slides(one.seed, one.bytes));
      model.set(key, new Body({ bytes: one.bytes, seed: one.seed }).sha256());
      return;
    case "remove":
      disk.remove(place);
      for (const file of model.keys()) if (`${file}\\`.startsWith(`${key}\\`)) model.delete(file);
      return;
    case "copy": {
      const [hash, to] = [model.get(key), one.to.toLowerCase()];
      if (hash === undefined || !fits(to)) return;
      disk.copy(place, { host: FS01, local: one.to });
      model.set(to, hash);
      return;
    }
    case "materialise":
      disk.materialise(place);
  }
}

describe("Whatever is done to a disk,", () => {
  it("it holds what was done, in the transaction and after it", async () => {
    const empty = await emptyLab();
    let count = 0;
    const drive = { host: FS01, local: "D:\\" };
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
        const folder = path.join(path.dirname(empty), String(count++));
        fs.cpSync(empty, folder, { recursive: true });
        const model: Model = new Map();
        const holds = (disk: Disk): void => {
          const files = [...disk.files(drive)];
          const found = files.map(({ path: name, body }) => [`d:/${name}`.replaceAll("/", "\\"), body.sha256()]);
          assert.deepEqual(new Map(found.map(([name = "", hash = ""]) => [name.toLowerCase(), hash])), model);
          assert.equal(
            disk.usedBytes(drive),
            files.reduce((sum, { body }) => sum + body.bytes, 0),
          );
        };
        for (let rest = operations; rest.length > 0;) {
          const end = rest.findIndex((one) => one.do === "end");
          const now = end < 0 ? rest : rest.slice(0, end);
          rest = end < 0 ? [] : rest.slice(end + 1);
          await onDisk(folder, (disk) => {
            for (const one of now) if (one.do !== "end") perform(disk, model, one);
            holds(disk);
          });
          await onDisk(folder, holds);
        }
      }),
      { numRuns: 150 },
    );
  });
});
