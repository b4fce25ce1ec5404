import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { shimText } from "../../providers/base/shim";
import { RESOURCE_TYPES } from "../../providers/registry";
import { ROOT } from "../support/root";

const TYPES = RESOURCE_TYPES.map(({ type }) => type);

/** As the engine's provider process does it: a module without a file, in a process whose folder is that of `main`. */
const LOADER = `
const Module = require("node:module");
const loaded = new Module("", undefined);
loaded.paths = Module._nodeModulePaths(process.cwd());
try {
  loaded._compile(process.argv[1], "");
  console.log(Object.keys(loaded.exports.handler()).sort().join());
} catch (error) {
  console.error(String(error));
}
`;

function load(text: string, folder: string): { methods: string; error: string } {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", LOADER, "--", text], { cwd: folder, encoding: "utf8" });
  return { methods: stdout.trim(), error: stderr };
}

const METHODS = "check,configure,create,delete,diff,read,update";

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
      assert.deepEqual(load(shimText(type), ROOT), { methods: METHODS, error: "" });
    });
  }

  it("finds the product as an installed package of another program", () => {
    mkdirSync(path.join(folder, "node_modules"));
    symlinkSync(ROOT, path.join(folder, "node_modules", "lync-backup"), "junction");
    assert.deepEqual(load(shimText("HostAgent"), folder), { methods: METHODS, error: "" });
  });

  it("says what is missing where the product is neither here nor installed", () => {
    const { error } = load(shimText("HostAgent"), folder);
    assert.match(error, /Cannot find module 'lync-backup\/providers\/lync-backup.js'/);
  });

  it("does not hide a failure of the product behind a search for another one", () => {
    mkdirSync(path.join(folder, "providers"));
    writeFileSync(path.join(folder, "providers", "lync-backup.js"), 'require("./not-there.js")');
    assert.match(load(shimText("HostAgent"), folder).error, /Cannot find module '\.\/not-there\.js'/);
  });

  it("refuses a type that this release does not have, in one sentence", () => {
    assert.match(load(shimText("Nonsense"), ROOT).error, /no resource type Nonsense: use the one that declared it/);
  });
});
