"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * The environment's name for PATH: Windows often says "Path".
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
function pathKey(env) {
  return process.platform === "win32"
    ? (Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "Path")
    : "PATH";
}

/**
 * @param {string} file
 * @returns {boolean}
 */
function isExecutable(file) {
  try {
    if (!fs.statSync(file).isFile()) return false;
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The file that a command's name stands for, or undefined.
 *
 * @param {string} name without .exe
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
function findOnPath(name, env = process.env) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (env[pathKey(env)] ?? "").split(path.delimiter)) {
    if (folder === "") continue;
    for (const suffix of suffixes) {
      const file = path.join(folder, name + suffix);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/**
 * @param {string} name
 * @returns {string} with .exe on Windows
 */
const executable = (name) => (process.platform === "win32" ? `${name}.exe` : name);

/**
 * Is version `found` at least `least`? Anything unreadable is not.
 *
 * @param {string} found such as "v3.250.0" or "go1.26.8"
 * @param {string} least
 * @returns {boolean}
 */
function isAtLeast(found, least) {
  const numbers = (/** @type {string} */ text) =>
    /(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(text)
      ?.slice(1)
      .map((n) => Number(n ?? 0));
  const [a, b] = [numbers(found), numbers(least)];
  if (a === undefined || b === undefined) return false;
  for (let i = 0; i < 3; i += 1) if (a[i] !== b[i]) return a[i] > b[i];
  return true;
}

module.exports = { findOnPath, isExecutable, executable, isAtLeast, pathKey };
