"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { capture } = require("./child");
const { SetupError } = require("./exit-codes");
const { withLock } = require("./lock");
const { freshness, importedJson, look, outputsOf, sourceFiles, stampOf, writeStamp, STAMP } = require("./stamp");

/** The compiler's own record, from which it decides what need not be compiled again. */
const RECORD = path.join("dist", ".tsbuildinfo");

/**
 * Compiles unless what is there was made from the sources as they are.
 *
 * @param {string} root
 * @param {import("./report").Report} report
 */
async function ensureProgram(root, report) {
  if (freshness(root) === "fresh") return;
  const onWait = () => report.note("Waiting for another set-up that is compiling");
  await withLock(
    path.join(root, "dist", ".lock"),
    async () => {
      if (freshness(root) !== "fresh") await compile(root, report);
    },
    { onWait },
  );
}

/**
 * @param {string} root
 * @param {import("./report").Report} report
 */
async function compile(root, report) {
  // Looked at before the compiler reads them: what changes meanwhile is stale afterwards.
  const before = look(root, sourceFiles(root));
  fs.rmSync(path.join(root, STAMP), { force: true });
  const first = !fs.existsSync(path.join(root, RECORD));
  const step = report.begin("Compiling", first ? "about 15 seconds" : "some seconds");
  let { status, output } = await tsc(root);
  if (status === 0 && !outputsOf(sourceFiles(root)).every((file) => fs.existsSync(path.join(root, file)))) {
    // Somebody removed what had been compiled, and the record did not notice.
    fs.rmSync(path.join(root, RECORD), { force: true });
    ({ status, output } = await tsc(root));
  }
  if (status !== 0) {
    step.failed();
    const count = output.match(/error TS\d+/g)?.length ?? 0;
    const what = count === 0 ? "" : count === 1 ? ": 1 error" : `: ${count} errors`;
    throw new SetupError("compile", `The program does not compile${what}.`, { details: output.trimEnd() });
  }
  prune(root);
  writeStamp(root, stampOf({ ...look(root, importedJson(root)).files, ...before.files }));
  step.done("Compiled");
}

/** @param {string} root */
const tsc = (root) =>
  capture(process.execPath, [path.join(root, "node_modules", "typescript", "lib", "tsc.js"), "--pretty", "false"], {
    cwd: root,
  });

/**
 * Removes what was compiled from sources that are gone: a deleted test must not go on running.
 *
 * @param {string} root
 */
function prune(root) {
  const outputs = new Set(outputsOf(sourceFiles(root)).map((file) => file.replace(/\.js$/, "")));
  const walk = (/** @type {string} */ relative) => {
    for (const entry of fs.readdirSync(path.join(root, relative), { withFileTypes: true })) {
      const inner = path.join(relative, entry.name);
      if (entry.isDirectory()) walk(inner);
      else if (/\.(js|js\.map|d\.ts)$/.test(entry.name) && !outputs.has(inner.replace(/\.(js|js\.map|d\.ts)$/, ""))) {
        fs.rmSync(path.join(root, inner), { force: true });
      }
    }
  };
  walk("dist");
}

module.exports = { ensureProgram };
