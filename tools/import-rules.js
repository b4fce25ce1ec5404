"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { capture } = require("./setup/child");

/** Where the rules of .dependency-cruiser.cjs apply. */
const PARTS = [
  "index.ts",
  "stacks",
  "estate",
  "providers",
  "hosts",
  "offsite",
  "restore",
  "lab",
  "cli",
  "bench",
  "docs",
  "test",
  "tools",
];

const REPOSITORY = path.resolve(__dirname, "..");

/**
 * Looks for imports that point the wrong way.
 *
 * @param {string} root the folder to look at; the rules are always this repository's
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
async function checkImports(root) {
  const bin = path.join(REPOSITORY, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const config = path.join(REPOSITORY, ".dependency-cruiser.cjs");
  const parts = PARTS.filter((part) => fs.existsSync(path.join(root, part)));
  const { status, output } = await capture(process.execPath, [bin, "--config", config, ...parts], { cwd: root });
  return { ok: status === 0, output: output.trim() };
}

module.exports = { checkImports };

if (require.main === module) {
  void checkImports(process.cwd()).then(({ ok, output }) => {
    console.log(output);
    process.exitCode = ok ? 0 : 1;
  });
}
