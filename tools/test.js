#!/usr/bin/env node
"use strict";

// `npm test`, `npm run test:long`, `test:fast` and `test:powershell`. What is not ours goes to mocha: npm test -- --grep x
require("./setup/node-version").requireNode();
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { checkImports } = require("./import-rules");
const { run, setUp } = require("./setup");
const { handOver } = require("./setup/child");
const { findOnPath } = require("./setup/find");

const OWN = ["--long", "--fast", "--coverage", "--powershell"];
const LONG = "dist/test/**/*.long.test.js";
const ALL = "dist/test/**/*.test.js";
/** All that needs a pwsh on PATH, and nothing else. */
const POWERSHELL = "dist/test/**/pwsh-*.test.js";
/** Tests that need the engine or the S3 server live in these. */
const HEAVY = [
  ...["dist/test/engine/**", "dist/test/s3/**", "dist/test/offsite/**"],
  ...["dist/test/cli/offsite.test.js", "dist/test/cli/offsite-prune.test.js", "dist/test/lab/jobs/courier.test.js"],
  "dist/test/providers/offsite-bucket*.test.js",
];

/**
 * The test files: those that were named, as sources or compiled, or else all of the kind.
 *
 * @param {readonly string[]} own
 * @param {readonly string[]} named
 * @returns {string[]}
 */
function selection(own, named) {
  if (named.length > 0) return named.map((file) => file.replace(/^(?:\.\/)?(?!dist\/)(.*)\.ts$/, "dist/$1.js"));
  if (own.includes("--long")) return [LONG];
  if (own.includes("--powershell")) return [POWERSHELL];
  const heavy = own.includes("--fast") ? HEAVY.flatMap((glob) => ["--ignore", glob]) : [];
  return [ALL, "--ignore", LONG, ...heavy];
}

/** @param {string} arg */
const isTestFile = (arg) => /\.test\.[jt]s$/.test(arg) && !arg.startsWith("-");

run(async () => {
  const args = process.argv.slice(2);
  const own = args.filter((arg) => OWN.includes(arg));
  const named = args.filter(isTestFile);
  const rest = args.filter((arg) => !OWN.includes(arg) && !isTestFile(arg));
  const fast = own.includes("--fast") || own.includes("--powershell");

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-test-"));
  try {
    // A test that forgets to choose a state of its own must not find the user's.
    const needs = { engine: !fast, s3server: !fast, backend: path.join(scratch, "state") };
    const { root, env, report } = await setUp(needs);

    const rules = report.begin("Checking the import rules");
    const imports = await checkImports(root);
    if (imports.ok) rules.done("The imports point one way");
    else {
      rules.failed("Imports point the wrong way");
      console.log(imports.output);
    }

    const file = path.join(scratch, "summary.json");
    env.LYNC_BACKUP_TEST_SUMMARY = file;
    // Where a test wants a lab of its own, it says so: not that of the shell that started it.
    delete env.LYNC_BACKUP_LAB;
    const modules = path.join(root, "node_modules");
    // For this process alone: what it starts would spend a third of its time on reading maps.
    const mocha = [
      "--enable-source-maps",
      path.join(modules, "mocha", "bin", "mocha.js"),
      ...selection(own, named),
      ...rest,
    ];
    // Two files at a time, because the engine's stories mostly wait. Coverage is measured in one process.
    if (!own.includes("--coverage")) mocha.push("--parallel", "--jobs", "2");
    const command = own.includes("--coverage") ? withCoverage(modules, mocha) : mocha;
    const status = await handOver(process.execPath, command, { cwd: root, env });
    const code = finish(file, status, imports.ok);
    if (!own.includes("--powershell") || findOnPath("pwsh") !== undefined) return code;
    report.error(
      "No pwsh is on PATH, so none of the tests that need it has run: they are named above. Install PowerShell 7.",
    );
    return 1;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});

/**
 * @param {string} modules
 * @param {readonly string[]} mocha
 * @returns {string[]}
 */
const withCoverage = (modules, mocha) => [
  path.join(modules, "c8", "bin", "c8.js"),
  "--reporter=text-summary",
  "--reporter=html",
  "--exclude=test/**",
  "--exclude=dist/test/**",
  process.execPath,
  ...mocha,
  "--require",
  path.join(__dirname, "coverage-here.js"),
];

/**
 * @param {string} file where the reporter left its numbers
 * @param {number} status
 * @param {boolean} importsOk
 * @returns {number} the exit code
 */
function finish(file, status, importsOk) {
  const { closingLines } = require("./reporter");
  if (!fs.existsSync(file)) {
    console.log("\nThe tests ended before they had run.");
    return status || 1;
  }
  const summary = /** @type {import("./reporter").Summary} */ (JSON.parse(fs.readFileSync(file, "utf8")));
  if (!importsOk) summary.failed += 1;
  if (summary.passed + summary.failed === 0) console.log("\nNo test ran.");
  console.log(`\n${closingLines(summary)}`);
  if (summary.failed > 0 || summary.passed === 0) return status || 1;
  return status;
}
