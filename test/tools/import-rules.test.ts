import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { inScratch, tool, write } from "./bootstrap";

const { checkImports } = tool<{ checkImports: (root: string) => Promise<{ ok: boolean; output: string }> }>(
  "import-rules.js",
);

const HOUSE = {
  "estate/levels.ts": "export const levels = 1;\n",
  "hosts/host.ts": 'import { levels } from "../estate/levels";\nexport const host = levels;\n',
  "hosts/open.ts": 'export const open = () => import("../lab/host");\n',
  "lab/host.ts": 'import { host } from "../hosts/host";\nexport const lab = host;\n',
  "offsite/courier.ts": 'import { host } from "../hosts/host";\nexport const courier = host;\n',
  "providers/base/shim.ts": "export const shim = 1;\n",
  "providers/job/reconcile.ts": 'import { shim } from "../base/shim";\nexport const reconcile = shim;\n',
  "providers/cms-export/resource.ts": 'import { reconcile } from "../job/reconcile";\nexport const cms = reconcile;\n',
  "restore/plan.ts": 'import { courier } from "../offsite/courier";\nexport const plan = courier;\n',
  "cli/lab.ts": 'import { lab } from "../lab/host";\nexport const command = lab;\n',
  "cli/main.ts":
    'import { command } from "./lab";\nimport { plan } from "../restore/plan";\nexport const main = [command, plan];\n',
  "test/any.test.ts":
    'import { main } from "../cli/main";\nimport { lab } from "../lab/host";\nexport const all = [main, lab];\n',
};

const VIOLATIONS: [rule: string, file: string, text: string][] = [
  ["estate-is-pure", "estate/levels.ts", 'import { host } from "../hosts/host";\nexport const levels = host;\n'],
  ["estate-is-pure", "estate/levels.ts", 'import type { Host } from "../hosts/port";\nexport type Level = Host;\n'],
  ["estate-is-pure", "estate/levels.ts", 'import fs from "node:fs";\nexport const levels = fs;\n'],
  ["hosts-looks-down", "hosts/other.ts", 'import { courier } from "../offsite/courier";\nexport const x = courier;\n'],
  ["offsite-looks-down", "offsite/other.ts", 'import { plan } from "../restore/plan";\nexport const x = plan;\n'],
  [
    "restore-looks-down",
    "restore/other.ts",
    'import { shim } from "../providers/base/shim";\nexport const x = shim;\n',
  ],
  [
    "providers-looks-down",
    "providers/base/other.ts",
    'import { plan } from "../../restore/plan";\nexport const x = plan;\n',
  ],
  ["lab-implements-the-port", "lab/other.ts", 'import { open } from "../hosts/open";\nexport const x = open;\n'],
  ["one-door-to-the-lab", "offsite/other.ts", 'import { lab } from "../lab/host";\nexport const x = lab;\n'],
  ["one-door-to-the-lab", "cli/status.ts", 'export const x = () => import("../lab/host");\n'],
  ["nothing-imports-the-cli", "index.ts", 'import { main } from "./cli/main";\nexport const x = main;\n'],
  [
    "providers-stand-alone",
    "providers/host-agent/resource.ts",
    'import { cms } from "../cms-export/resource";\nexport const x = cms;\n',
  ],
  ["product-without-tests", "hosts/other.ts", 'import { all } from "../test/any.test";\nexport const x = all;\n'],
  ["no-cycles", "hosts/a.ts", 'import { host } from "./b";\nexport const a = host;\n'],
];

describe("import rules", () => {
  it("let the house of the design stand", async () => {
    await inScratch(async (root) => {
      write(root, HOUSE);
      const { ok, output } = await checkImports(root);
      assert.ok(ok, output);
    });
  });

  it("find every kind of import that points the wrong way", async () => {
    // All at once: starting the tool costs more than looking.
    for (const batch of batches()) {
      await inScratch(async (root) => {
        write(root, {
          ...HOUSE,
          "hosts/port.ts": "export interface Host {}\n",
          "hosts/b.ts": 'export { a as host } from "./a";\n',
        });
        write(root, Object.fromEntries(batch.map(([, file, text]) => [file, text])));
        const { ok, output } = await checkImports(root);
        assert.equal(ok, false);
        for (const [rule, file] of batch) assert.match(output, new RegExp(`${rule}: ${file.replaceAll(".", "\\.")} `));
      });
    }
  });
});

/** Violations that are written to the same file cannot be looked for at the same time. */
function batches(): (typeof VIOLATIONS)[] {
  const found: (typeof VIOLATIONS)[] = [];
  for (const violation of VIOLATIONS) {
    const batch = found.find((entries) => entries.every(([, file]) => file !== violation[1]));
    if (batch === undefined) found.push([violation]);
    else batch.push(violation);
  }
  return found;
}
