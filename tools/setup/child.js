"use strict";

const { spawn } = require("node:child_process");
const os = require("node:os");

const KEEP = 256 * 1024;

/**
 * Runs a program to its end and keeps the last of what it wrote. Never rejects for a non-zero exit.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean,
 *           onOutput?: (text: string) => void }} [options]
 * @returns {Promise<{ status: number | null, output: string }>} status null: it could not be started, or was ended
 */
function capture(file, args, options = {}) {
  const { timeoutMs, onOutput, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...rest,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      timeout: timeoutMs,
    });
    let output = "";
    const keep = (/** @type {Buffer} */ chunk) => {
      const text = chunk.toString();
      onOutput?.(text);
      output = (output + text).slice(-KEEP);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ status: null, output: `${output}${error.message}` }));
    child.on("close", (status) => resolve({ status, output }));
  });
}

/**
 * Hands the terminal over to a program, passes signals on to it, and answers with its exit code.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
function handOver(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: "inherit" });
    // A terminal gives Ctrl-C to every process in the foreground. Passed on once more, it would be the second one,
    // with which the engine stops waiting for what is under way.
    /** @type {Record<string, () => void>} */
    const handlers = {
      SIGINT: () => void (process.stdin.isTTY || child.kill("SIGINT")),
      SIGTERM: () => void child.kill("SIGTERM"),
      SIGHUP: () => void child.kill("SIGHUP"),
    };
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
    const finish = () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("exit", (code, signal) => {
      finish();
      resolve(code ?? 128 + (os.constants.signals[/** @type {NodeJS.Signals} */ (signal)] ?? 1));
    });
  });
}

/**
 * @param {string} output
 * @param {number} [count]
 * @returns {string}
 */
const lastLines = (output, count = 20) => output.trimEnd().split(/\r?\n/).slice(-count).join("\n");

module.exports = { capture, handOver, lastLines };
