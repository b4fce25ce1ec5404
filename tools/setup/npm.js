"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { capture } = require("./child");
const { findOnPath } = require("./find");

/**
 * How npm is called: its own script with this Node.js wherever that is to be found, because on Windows `npm.cmd`
 * needs a shell, and a shell needs quoting.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ file: string, args: string[], shell: boolean } | undefined} undefined: there is no npm
 */
function npmCommand(env = process.env) {
  const beside = path.dirname(process.execPath);
  const scripts = [
    env.npm_execpath,
    path.join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    path.join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  const script = scripts.find(
    (file) => file !== undefined && path.basename(file) === "npm-cli.js" && fs.existsSync(file),
  );
  if (script !== undefined) return { file: process.execPath, args: [script], shell: false };
  const found = findOnPath("npm", env);
  if (found === undefined) return undefined;
  return process.platform === "win32"
    ? { file: "npm", args: [], shell: true }
    : { file: found, args: [], shell: false };
}

/**
 * @param {readonly string[]} args words without blanks or characters that mean something to a shell
 * @param {Parameters<typeof capture>[2]} [options]
 */
async function npm(args, options = {}) {
  const command = npmCommand(options.env);
  if (command === undefined) return { status: null, output: "npm is neither beside Node.js nor on PATH" };
  return capture(command.file, [...command.args, ...args], { ...options, shell: command.shell });
}

module.exports = { npm, npmCommand };
