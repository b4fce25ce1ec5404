#!/usr/bin/env node
"use strict";

// `npm run check`: everything that can be found wrong. `npm run lint` (--static): all of it but the tests.
require("./setup/node-version").requireNode();
const fs = require("node:fs");
const path = require("node:path");
const { audit } = require("./audit");
const { checkPowerShell } = require("./check-powershell");
const { checkImports } = require("./import-rules");
const { run, setUp } = require("./setup");
const { capture, handOver } = require("./setup/child");

/** @typedef {{ ok: boolean, output: string }} Finding */

/**
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {Promise<Finding>}
 */
async function node(root, ...args) {
  const { status, output } = await capture(process.execPath, args, { cwd: root });
  return { ok: status === 0, output: output.trim() };
}

/**
 * @param {string} root
 * @returns {{ title: string, always?: boolean, check: () => Promise<Finding> }[]}
 */
function checks(root) {
  const bin = (/** @type {string} */ relative) => path.join(root, "node_modules", relative);
  const docs = path.join(root, "dist", "docs", "generate.js");
  return [
    { title: "Format", check: () => node(root, bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", ".") },
    { title: "Lint", check: () => node(root, bin("eslint/bin/eslint.js"), "--max-warnings=0", ".") },
    { title: "Types of the tools", check: () => node(root, ...typesOfTheTools(root)) },
    { title: "Import rules", check: () => checkImports(root) },
    {
      title: "PowerShell",
      always: true,
      check: async () => {
        const { files, looked, problems } = await checkPowerShell(root);
        return { ok: problems.length === 0, output: [...problems, `${files} files. ${looked}`].join("\n") };
      },
    },
    {
      title: "Generated documentation",
      check: async () =>
        fs.existsSync(docs) ? node(root, docs, "--check") : { ok: true, output: "There is none to compare yet." },
    },
    { title: "Known weaknesses", always: true, check: () => audit(root) },
  ];
}

/**
 * The tools are plain JavaScript, because they compile the rest; their types stand in comments, and are checked.
 *
 * @param {string} root
 * @returns {string[]}
 */
function typesOfTheTools(root) {
  const scripts = ["tools", "tools/setup"].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder)).flatMap((name) => (name.endsWith(".js") ? [`${folder}/${name}`] : [])),
  );
  const settings =
    "--noEmit --allowJs --checkJs --strict --skipLibCheck --target es2023 --module commonjs --moduleResolution node --types node,mocha";
  const tsc = path.join(root, "node_modules", "typescript", "lib", "tsc.js");
  return [tsc, ...settings.split(" "), "program.js", ...scripts];
}

run(async () => {
  const args = process.argv.slice(2);
  const { root, report } = await setUp({});
  const failed = [];
  for (const { title, always, check } of checks(root)) {
    const step = report.begin(title);
    const { ok, output } = await check();
    if (ok) step.done();
    else step.failed();
    if (!ok || always) console.log(output);
    if (!ok) failed.push(title);
  }
  if (!args.includes("--static")) {
    const test = [path.join(__dirname, "test.js"), "--coverage", ...args];
    if ((await handOver(process.execPath, test, { cwd: root })) !== 0) failed.push("Tests");
  }
  if (failed.length === 0) return 0;
  report.error(`These checks failed: ${failed.join(", ")}.`);
  return 1;
});
