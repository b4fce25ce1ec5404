import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { generatePages, leftOver, outOfDate } from "../../docs/generate";
import { rowsOf } from "../../docs/pages/fields";
import { jsonSchemaOf } from "../../docs/pages/json-schema";
import { DOCUMENTS, Step } from "../../estate/documents";
import { ESTATE } from "../../estate/estate/schema";
import { ROOT } from "../support/root";

describe("generated documentation", () => {
  let pages: Map<string, string>;
  before(async () => {
    pages = await generatePages();
  });

  it("has a page and a JSON Schema for every document, and is the same every time", async () => {
    for (const { name, definition } of DOCUMENTS) {
      assert.ok(pages.has(`documents/${name}.md`), name);
      assert.ok(pages.has(`schemas/${name}.v${String(definition.version)}.json`), name);
    }
    assert.deepEqual(await generatePages(), pages);
  });

  it("says of every field of an estate what it is for", () => {
    const fields = rowsOf(jsonSchemaOf(z.strictObject(ESTATE)), (name) => name);
    assert.ok(fields.length > 150);
    assert.deepEqual(
      fields.filter(({ description }) => description === "").map(({ path }) => path),
      ["topology.document", "topology.version"],
    );
  });

  it("explains every step kind", () => {
    const steps = pages.get("documents/steps.md") ?? "";
    for (const option of Step.options) assert.ok(steps.includes(`\n## ${option.shape.kind.value}\n`));
  });

  /** A page that nobody generates. */
  const byHand = (file: string): string | undefined => {
    const real = path.join(ROOT, "docs", file);
    return fs.existsSync(real) ? fs.readFileSync(real, "utf8") : undefined;
  };

  it("has no link to nowhere", () => {
    for (const [file, text] of pages) {
      for (const [, target = "", heading] of text.matchAll(/\]\(([a-z-]*\.?m?d?)(?:#([a-z0-9-]+))?\)/g)) {
        const linked = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
        const other = pages.get(linked) ?? byHand(linked);
        assert.ok(other, `${file} links to ${target}`);
        if (heading === undefined) continue;
        const headings = [...other.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
          title.toLowerCase().replaceAll(" ", "-"),
        );
        const marks = [...other.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
        assert.ok([...headings, ...marks].includes(heading), `${file} links to ${target}#${heading}`);
      }
    }
  });

  it("names what is out of date and what nothing generates any more", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-docs-"));
    try {
      for (const [file, text] of pages) {
        fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        fs.writeFileSync(path.join(folder, file), text.replaceAll("\n", "\r\n"));
      }
      fs.writeFileSync(path.join(folder, "by-hand.md"), "# Mine\n");
      assert.deepEqual([outOfDate(folder, pages), leftOver(folder, pages)], [[], []]);
      const page = "documents/held.md";
      fs.copyFileSync(path.join(folder, page), path.join(folder, "documents", "gone.md"));
      fs.appendFileSync(path.join(folder, page), "x");
      assert.deepEqual([outOfDate(folder, pages), leftOver(folder, pages)], [[page], ["documents/gone.md"]]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
