#!/usr/bin/env node
"use strict";

// Known weaknesses in the packages that are shipped. Whether a registry can be asked is not ours to decide: where it
// cannot, that is said and nothing fails.
const path = require("node:path");
const { npm } = require("./setup/npm");

const GRAVE = ["high", "critical"];

/**
 * What npm's answer means.
 *
 * @param {string} output of `npm audit --json`
 * @returns {{ asked: false, why: string } | { asked: true, grave: string[] }}
 */
function readAudit(output) {
  /** @type {{ error?: { summary?: string, detail?: string }, message?: string,
   *           vulnerabilities?: Record<string, { name: string, severity: string, range: string }> }} */
  let answer;
  try {
    answer = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  } catch {
    return { asked: false, why: output.trim().split(/\r?\n/).at(-1) ?? "" };
  }
  if (answer.vulnerabilities === undefined) {
    return { asked: false, why: answer.error?.summary || answer.message || answer.error?.detail || "no answer" };
  }
  const grave = Object.values(answer.vulnerabilities).filter(({ severity }) => GRAVE.includes(severity));
  return { asked: true, grave: grave.map(({ name, severity, range }) => `${name} ${range}: ${severity}`) };
}

/**
 * @param {string} root
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
async function audit(root) {
  const args = ["audit", "--omit=dev", "--audit-level=high", "--json", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { output } = await npm(args, { cwd: root, timeoutMs: 60_000 });
  const found = readAudit(output);
  if (!found.asked) {
    const [why] = found.why.split(/\n| - /);
    return { ok: true, output: `The registry could not be asked for known weaknesses (${why.slice(0, 120)}).` };
  }
  if (found.grave.length === 0) return { ok: true, output: "No grave weakness is known in the packages." };
  return { ok: false, output: found.grave.join("\n") };
}

module.exports = { audit, readAudit };

if (require.main === module) {
  void audit(path.resolve(__dirname, "..")).then(({ ok, output }) => {
    console.log(output);
    process.exitCode = ok ? 0 : 1;
  });
}
