import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ContentsLine, DOCUMENTS, ListingLine } from "../../estate/documents";
import { readExamples, repositoryRoot, type Example } from "../../docs/pages/examples";

/**
 * What was recorded once stays as it is: it stands for what lies on hosts and in stores. To record new examples, run
 * this test with RECORD_EXAMPLES=1: it adds hashes and never changes one.
 */
const GOLDEN = path.join(repositoryRoot(), "test", "estate", "examples.golden.json");
const LINES = new Map<string, { parse(value: unknown): unknown }>([
  ["listing-line", ListingLine],
  ["contents-line", ContentsLine],
]);
const DEFINITIONS = new Map<string, (typeof DOCUMENTS)[number]>(DOCUMENTS.map((type) => [type.name, type]));
const examples = readExamples();

/** Of the content, not of its layout: a formatter changes no document. */
function hashOf({ file, text }: Example): string {
  const values = file.endsWith(".jsonl") ? linesOf(text) : [JSON.parse(text) as unknown];
  return createHash("sha256")
    .update(values.map((value) => JSON.stringify(value)).join("\n"))
    .digest("hex");
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe("recorded examples", () => {
  for (const example of examples) {
    it(`${example.file} is readable`, () => {
      const line = LINES.get(example.document);
      if (line) {
        for (const value of linesOf(example.text)) assert.deepEqual(line.parse(value), value);
        return;
      }
      const type = DEFINITIONS.get(example.document);
      assert.ok(type, `there is no document called ${example.document}`);
      const value = type.parse(example.text);
      const again = (type as { write(value: unknown): string }).write(value);
      assert.deepEqual(type.parse(again), value);
    });
  }

  it("exist for every document in its present version, and for the lines of files", () => {
    const recorded = new Set(examples.map(({ document, version }) => `${document} ${String(version)}`));
    for (const { name, definition } of DOCUMENTS) {
      const wanted = `${name} ${String(definition.version)}`;
      assert.ok(recorded.has(wanted), `record an example of ${wanted} in estate/documents/examples/${name}`);
    }
    for (const name of LINES.keys()) assert.ok(recorded.has(`${name} 1`), `record an example of ${name}`);
  });

  it("show every step kind, every change and every outcome that an administrator meets", () => {
    const all = examples.map(({ text }) => text).join("\n");
    const job = DEFINITIONS.get("job");
    assert.ok(job);
    for (const kind of ["set-agent", "remove-agent", "set-job", "remove-job", "set-target", "remove-target"]) {
      assert.ok(all.includes(`"kind": "${kind}"`), kind);
    }
    for (const outcome of ["succeeded", "failed", "stood-down", "waiting"]) {
      assert.ok(all.includes(`"outcome": "${outcome}"`), outcome);
    }
    const steps = ["guard", "cmdlet", "sql", "robocopy", "inventory", "check", "hash", "publish", "seal", "retain"];
    for (const kind of [...steps, "courier", "service", "wait", "confirm", "observe", "assemble", "verify"]) {
      assert.ok(all.includes(`"kind": "${kind}"`), kind);
    }
  });

  it("are never edited", () => {
    const golden = JSON.parse(fs.readFileSync(GOLDEN, "utf8")) as Record<string, string>;
    const added = examples.filter(({ file }) => golden[file] === undefined);
    if (process.env["RECORD_EXAMPLES"] === "1" && added.length > 0) {
      for (const example of added) golden[example.file] = hashOf(example);
      const sorted = Object.entries(golden).sort(([a], [b]) => (a < b ? -1 : 1));
      fs.writeFileSync(GOLDEN, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    }
    for (const example of examples) {
      const recorded = golden[example.file];
      assert.ok(recorded, `${example.file} is new: run the tests once with RECORD_EXAMPLES=1 and commit the hash`);
      assert.equal(
        hashOf(example),
        recorded,
        `${example.file} was edited, but what was written once must stay readable: put it back, raise the document's ` +
          "version, add a migration, and record the new form as an example of the new version",
      );
    }
    const there = new Set(examples.map(({ file }) => file));
    for (const file of Object.keys(golden)) {
      assert.ok(there.has(file), `${file} was removed: an example stays, because what it stands for stays`);
    }
  });
});
