import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { managedKeys } from "../../providers/base/resource-type";
import * as product from "../../providers";
import { RESOURCE_TYPES } from "../../providers/registry";
import { ROOT } from "../support/root";

const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const kebab = (type: string): string => type.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** What is easy to forget when a type is added. */
describe("every registered resource type", () => {
  for (const facts of RESOURCE_TYPES) {
    const { type, inputs, identity, unmanaged, computed } = facts;
    it(`${type} has a class, an example, a page, a test of its own, a place in the story and in the README`, () => {
      assert.equal(
        typeof (product as Record<string, unknown>)[type],
        "function",
        "providers/index.ts exports no class",
      );
      assert.ok(type in RESOURCE_EXAMPLES, "docs/examples/resources.ts has no example");
      assert.ok(existsSync(path.join(ROOT, "docs", "resources", `${kebab(type)}.md`)), "no page: npm run docs");
      // describeJob is describeResource and more, describeBackup describeJob and more. What lies in the state alone
      // has nothing that could drift.
      const isManaged = managedKeys(facts).some((key) => key !== "owner");
      const suite = isManaged ? /describe(?:Resource|Job|Backup)\(/ : /describe\(/;
      assert.match(read(`test/providers/${kebab(type)}.test.ts`), suite);
      assert.match(read("test/engine/story.test.ts"), new RegExp(`"${type}"|\\b${type}\\b`));
      assert.match(read("README.md"), new RegExp(`\\| \`${type}\` `));
    });

    it(`${type} names no property that it does not have`, () => {
      const named = [...identity, ...computed, ...Object.keys(unmanaged)];
      assert.deepEqual(
        named.filter((key) => !(key in inputs.shape)),
        [],
      );
    });
  }
});
