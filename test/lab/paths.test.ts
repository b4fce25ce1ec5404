import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { editFile, fillDisk, realFile } from "../../lab/commands";
import { reach } from "../../lab/files";
import { FileError } from "../../lab/paths";
import { Store } from "../../lab/store";
import { inWorld } from "../../lab/world";
import { apply, BACKUP, BK01, configuration, FE01, labWithJob, run, runSteps, vault } from "./fixture";

const actor = { host: FE01, account: BACKUP, logon: "batch" } as const;
const reached = (folder: string, where: string, need: "read" | "change" = "change"): Promise<string> =>
  inWorld(new Store(folder), (world) => world.disk.realPath(reach(world, actor, where, need)));
const refused =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof FileError && error.code === code;

describe("A path of the lab", () => {
  it("is the same in any case, with dots and spaces at the end of its names, and with a slash too many", async () => {
    const folder = await labWithJob();
    await editFile(folder, BK01, String.raw`D:\LyncBackup\Notes\A.txt`, "a");
    const real = await realFile(folder, BK01, String.raw`D:\LyncBackup\Notes\A.txt`);
    for (const other of [
      String.raw`\\BK01.contoso.com\LYNCBACKUP$\notes\a.TXT`,
      String.raw`\\bk01.contoso.com\lyncbackup$\Notes. \A.txt.`,
      String.raw`\\bk01.contoso.com\lyncbackup$\\Notes\A.txt`,
      String.raw`\\bk01.contoso.com\lyncbackup$\Notes/A.txt`,
    ]) {
      assert.equal(await reached(folder, other), real, other);
    }
  });

  it("leads nowhere but below its share or drive", async () => {
    const folder = await labWithJob();
    const share = String.raw`\\bk01.contoso.com\lyncbackup$`;
    for (const odd of [
      String.raw`\..\..\c`,
      String.raw`\.\x`,
      String.raw`\...\x`,
      "\\a/../b",
      "\\a\0b",
      "\\a:b",
      "\\a*",
    ]) {
      await assert.rejects(reached(folder, `${share}${odd}`), refused("path-not-found"), odd);
    }
    for (const odd of ["relative\\x", "", "/etc/passwd", String.raw`\x`]) {
      await assert.rejects(reached(folder, odd), refused("path-not-found"), odd);
    }
    await assert.rejects(reached(folder, String.raw`\\bk01.contoso.com\nothing\x`), refused("network-path-not-found"));
    await assert.rejects(
      reached(folder, String.raw`\\bk01.contoso.com\constructor\x`),
      refused("network-path-not-found"),
    );
    await assert.rejects(reached(folder, `${share}\\${"x".repeat(260)}`), refused("path-too-long"));
  });

  it("is granted by the nearest folder with rights, the top of a drive included", async () => {
    const folder = await labWithJob();
    await apply(folder, BK01, { kind: "remove-target", name: "vault" });
    await apply(folder, BK01, { kind: "set-target", target: { ...vault, path: "D:\\" } }, { adopt: true });
    assert.equal((await run(folder)).outcome, "succeeded");
    await assert.rejects(reached(folder, String.raw`C:\Windows\x`), refused("access-denied"));
  });

  it("has no room on a full disk, and an export there says so", async () => {
    const folder = await labWithJob();
    await fillDisk(folder, FE01, "C", 10);
    const failed = await run(folder);
    assert.deepEqual([failed.error?.code, failed.steps.at(-1)?.id], ["disk-full", "export"]);
    assert.equal(failed.error?.message, "There is not enough space on the disk C: of fe01.contoso.com.");
  });
});

describe("The name of an artefact", () => {
  const { steps, target } = configuration();
  const exportTo = (id: string, name: string) => ({
    ...steps[3],
    id,
    parameters: { FileName: { $work: [name] } },
    produces: [{ file: { $work: [name] }, datum: "configuration", scope: { of: "deployment" }, format: "zip" }],
  });
  const exported = async (...names: string[]) => {
    const folder = await labWithJob();
    const documents = names.map((name, index) => exportTo(`export-${String(index)}`, name));
    return runSteps(folder, documents as never, target ? { target } : {});
  };

  it("is never that of a device, nor of an artefact that is there already", async () => {
    assert.equal((await exported("con.zip")).outcome, "succeeded");
    assert.equal((await exported("a:b.zip", "c.zip")).outcome, "succeeded");
    const twice = await exported("a:b.zip", "A?B.zip");
    assert.deepEqual(
      [twice.error?.code, twice.error?.message],
      ["made-twice", "Two artefacts of this run would be called A_B.zip."],
    );
  });

  it("belongs to a scope that there is", async () => {
    const folder = await labWithJob();
    const one = exportTo("export", "c.zip");
    const scope = { of: "pool", pool: { $ref: "run.trigger" } };
    const failed = await runSteps(folder, [{ ...one, produces: [{ ...one.produces[0], scope }] }] as never);
    assert.equal(failed.error?.code, "no-scope");
    assert.match(failed.error?.message ?? "", /^It is not known what c\.zip belongs to: .*computer name/);
  });
});

it("Nothing of the lab's real folders shows in what a host says", async () => {
  const folder = await labWithJob();
  await fillDisk(folder, FE01, "C", 10);
  assert.ok(fs.existsSync(folder));
  assert.ok(!JSON.stringify(await run(folder)).includes(folder));
});
