import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { shimText } from "../../providers/base/shim";
import type { EngineProvider } from "../../providers/base/provider";
import { ROOT } from "../support/root";

const TYPES = ["HostAgent", "BackupTarget", "CmsExport"];

/** Loads a text as the engine's provider process does: a module without a file, in the process's own folder. */
function load(text: string, folder: string): EngineProvider {
  const loaded = new Module("", undefined) as Module & {
    _compile(text: string, file: string): void;
    exports: { handler(): EngineProvider };
  };
  const lookup = Module as unknown as { _nodeModulePaths(from: string): string[] };
  loaded.paths = lookup._nodeModulePaths(folder);
  const before = process.cwd();
  process.chdir(folder);
  try {
    loaded._compile(text, "");
    return loaded.exports.handler();
  } finally {
    process.chdir(before);
  }
}

describe("the code that the engine keeps in its state", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "lync-backup-shim-")));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is the same for every release, to the letter: old states name it", () => {
    const golden = JSON.parse(readFileSync(path.join(ROOT, "test/providers/shim.golden.json"), "utf8")) as unknown;
    assert.deepEqual(Object.fromEntries(TYPES.map((type) => [type, shimText(type)])), golden);
  });

  it("stays below 700 bytes and carries nothing of the declaration or of this computer", () => {
    for (const type of TYPES) {
      assert.ok(Buffer.byteLength(shimText(type)) < 700);
      assert.ok(!shimText(type).includes(ROOT));
    }
  });

  for (const type of TYPES) {
    it(`finds the product in the folder of Pulumi.yaml (${type})`, () => {
      const provider = load(shimText(type), ROOT);
      assert.deepEqual(Object.keys(provider).sort(), [
        "check",
        "configure",
        "create",
        "delete",
        "diff",
        "read",
        "update",
      ]);
    });
  }

  it("finds the product as an installed package of another program", () => {
    mkdirSync(path.join(folder, "node_modules"));
    symlinkSync(ROOT, path.join(folder, "node_modules", "lync-backup"), "junction");
    assert.equal(typeof load(shimText("HostAgent"), folder).check, "function");
  });

  it("says what is missing where the product is neither here nor installed", () => {
    assert.throws(
      () => load(shimText("HostAgent"), folder),
      /Cannot find module 'lync-backup\/providers\/lync-backup.js'/,
    );
  });

  it("does not hide a failure of the product behind a search for another one", () => {
    mkdirSync(path.join(folder, "providers"));
    writeFileSync(path.join(folder, "providers", "lync-backup.js"), 'require("./not-there.js")');
    assert.throws(() => load(shimText("HostAgent"), folder), /Cannot find module '\.\/not-there\.js'/);
  });

  it("refuses a type that this release does not have, in one sentence", () => {
    assert.throws(() => load(shimText("Nonsense"), ROOT), /no resource type Nonsense: use the one that declared it/);
  });
});
