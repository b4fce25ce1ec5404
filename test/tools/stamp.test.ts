import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { inScratch, ROOT, tool, write } from "./bootstrap";

interface Stamp {
  fingerprint: string;
  files: Record<string, { size: number; mtimeMs: number; sha256: string }>;
}

const { freshness, sourceFiles, look, writeStamp } = tool<{
  freshness: (root: string) => "fresh" | "stale" | "missing";
  sourceFiles: (root: string) => string[];
  look: (root: string, files: readonly string[], before?: Stamp["files"]) => Stamp;
  writeStamp: (root: string, stamp: Stamp) => void;
}>("setup/stamp.js");
const { assertFresh } = tool<{ assertFresh: (root: string) => void }>("fresh.js");

function compiled(root: string): void {
  write(root, {
    "tsconfig.json": '{ "include": ["index.ts", "estate", "absent"] }',
    "package-lock.json": "{}",
    "index.ts": "export {};\n",
    "estate/a.ts": "export const a = 1;\n",
    "estate/notes.md": "not compiled\n",
    "dist/index.js": "",
    "dist/estate/a.js": "",
  });
  writeStamp(root, look(root, sourceFiles(root)));
}

const ALTERATIONS: [what: string, alter: (root: string) => void][] = [
  ["a source has changed", (root) => fs.appendFileSync(path.join(root, "estate/a.ts"), "//\n")],
  ["a source is new", (root) => write(root, { "estate/b.ts": "" })],
  ["a source is gone", (root) => fs.rmSync(path.join(root, "estate/a.ts"))],
  [
    "a source has another name",
    (root) => fs.renameSync(path.join(root, "estate/a.ts"), path.join(root, "estate/c.ts")),
  ],
  [
    "the compiler's settings have changed",
    (root) => write(root, { "tsconfig.json": '{ "include": ["index.ts", "estate"] }' }),
  ],
  ["the packages have changed", (root) => write(root, { "package-lock.json": '{ "a": 1 }' })],
  ["something compiled is gone", (root) => fs.rmSync(path.join(root, "dist/estate/a.js"))],
];

describe("the stamp of the compiled program", () => {
  it("is fresh after a build, and stays so when files that are not compiled change", async () => {
    await inScratch((root) => {
      compiled(root);
      write(root, { "estate/notes.md": "changed\n" });
      assert.equal(freshness(root), "fresh");
      assert.doesNotThrow(() => assertFresh(root));
    });
  });

  for (const [what, alter] of ALTERATIONS) {
    it(`is stale when ${what}`, async () => {
      await inScratch((root) => {
        compiled(root);
        alter(root);
        assert.equal(freshness(root), "stale");
        assert.throws(() => assertFresh(root), /older than its sources; run "npm run build" in .*\.$/);
      });
    });
  }

  it("is missing when nothing was compiled, or the build was cut off", async () => {
    await inScratch((root) => {
      compiled(root);
      fs.rmSync(path.join(root, "dist/.stamp"));
      assert.equal(freshness(root), "missing");
      write(root, { "dist/.stamp": '{"version":1,"fing' });
      assert.throws(() => assertFresh(root), /not compiled/);
    });
  });

  it("goes by contents: a source that was only touched is fresh, and is remembered as it is now", async () => {
    await inScratch((root) => {
      compiled(root);
      const later = new Date(Date.now() + 60_000);
      fs.utimesSync(path.join(root, "estate/a.ts"), later, later);
      assert.equal(freshness(root), "fresh");
      const stamp = JSON.parse(fs.readFileSync(path.join(root, "dist/.stamp"), "utf8")) as Stamp;
      assert.ok(Math.abs((stamp.files["estate/a.ts"]?.mtimeMs ?? 0) - later.getTime()) < 1);
    });
  });

  it("counts a package without its sources as fresh", async () => {
    await inScratch((root) => {
      write(root, { "dist/index.js": "" });
      assert.doesNotThrow(() => assertFresh(root));
    });
  });

  it("takes well under 200 ms for this repository", () => {
    const began = process.hrtime.bigint();
    freshness(ROOT);
    assert.ok(Number(process.hrtime.bigint() - began) / 1e6 < 200);
  });
});
