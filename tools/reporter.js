"use strict";

const fs = require("node:fs");
const { reporters } = require("mocha");

/** Mocha's own report, and what came of the run as a file for the one who started it. */
class Reporter extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {Summary} */
    const summary = { passed: 0, failed: 0, skipped: [] };
    runner.on("pass", () => void (summary.passed += 1));
    // A hook that fails is a failure too.
    runner.on("fail", () => void (summary.failed += 1));
    runner.on("pending", (test) => void summary.skipped.push(test.fullTitle()));
    runner.once("end", () => {
      const file = process.env.LYNC_BACKUP_TEST_SUMMARY;
      if (file) fs.writeFileSync(file, JSON.stringify(summary));
    });
  }
}

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Summary */

/**
 * The closing lines: what was skipped, by name, and the numbers alone on the last one.
 *
 * @param {Summary} summary
 * @returns {string}
 */
function closingLines({ passed, failed, skipped }) {
  const names = skipped.length === 0 ? [] : ["Skipped:", ...skipped.map((title) => `  - ${title}`), ""];
  return [...names, `${passed} passed, ${failed} failed, ${skipped.length} skipped`].join("\n");
}

module.exports = Reporter;
module.exports.closingLines = closingLines;
