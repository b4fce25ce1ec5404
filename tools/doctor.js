#!/usr/bin/env node
"use strict";

// `npm run doctor`: what is there and what is not. It looks, and installs nothing.
require("./setup/node-version").requireNode();
const { ROOT, run } = require("./setup");
const { examine } = require("./setup/examine");

/** @param {import("./setup/examine").Finding} finding */
const mark = ({ there, required }) => (there ? "ok" : required ? "MISSING" : "absent");

/**
 * @param {readonly import("./setup/examine").Finding[]} findings
 * @returns {string}
 */
function table(findings) {
  const rows = [
    ["", "what", "found", "needed for"],
    ...findings.map((finding) => [mark(finding), finding.name, finding.found ?? "-", finding.neededFor]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell)).join("  ");
  const todo = findings.filter(({ there }) => !there).map(({ name, todo }) => `  ${name}: ${todo}`);
  const advice = todo.length === 0 ? [] : ["", "What to do about what is not there:", ...todo];
  return [...rows.map((row) => line(row).trimEnd()), ...advice].join("\n");
}

run(async () => {
  const findings = await examine(ROOT);
  const ok = findings.every(({ there, required }) => there || !required);
  if (process.argv.includes("--json")) console.log(JSON.stringify({ ok, findings }, undefined, 2));
  else console.log(`${table(findings)}\n\n${ok ? "Everything required is there." : "Something required is missing."}`);
  return ok ? 0 : 1;
});
