"use strict";

const INTERVAL_TTY_MS = 200;
const INTERVAL_LINE_MS = 15_000;

/**
 * @param {number} ms
 * @returns {string}
 */
function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Says what goes on, on stderr: stdout belongs to the command itself.
 *
 * @param {{ stream?: NodeJS.WriteStream, env?: NodeJS.ProcessEnv, intervalMs?: number }} [options]
 */
function createReport(options = {}) {
  const stream = options.stream ?? process.stderr;
  const env = options.env ?? process.env;
  const live = Boolean(stream.isTTY) && env.TERM !== "dumb";
  const colour = live && !env.NO_COLOR;
  const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
    colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  const write = (/** @type {string} */ text) => stream.write(text);

  /** @param {string} text */
  const note = (text) => void write(`${paint(2, "·")} ${text}\n`);

  /**
   * Something slow begins. The line says what, and how long it usually takes.
   *
   * @param {string} what
   * @param {string} [expect] such as "about 4 minutes"
   */
  function begin(what, expect) {
    const started = Date.now();
    const elapsed = () => duration(Date.now() - started);
    const head = expect === undefined ? what : `${what} (${expect})`;
    let detail = "";
    const fit = (/** @type {string} */ text) => text.slice(0, Math.max(20, (stream.columns ?? 80) - 1));
    const draw = () => write(`\r\u001b[2K${fit(`… ${head}  ${elapsed()}${detail && `  ${detail}`}`)}`);
    if (live) draw();
    else write(`… ${head}\n`);
    const tick = live ? draw : () => write(`  ${what}: ${elapsed()}${detail && `, ${detail}`}\n`);
    const timer = setInterval(tick, options.intervalMs ?? (live ? INTERVAL_TTY_MS : INTERVAL_LINE_MS));
    timer.unref();
    const close = (/** @type {string} */ line) => {
      clearInterval(timer);
      write(`${live ? "\r\u001b[2K" : ""}${line}\n`);
    };
    return {
      /** @param {string} text */
      detail: (text) => void (detail = text),
      /** @param {string} [result] */
      done: (result) => close(`${paint(32, "✓")} ${result ?? what}  ${paint(2, elapsed())}`),
      /** @param {string} [result] */
      failed: (result) => close(`${paint(31, "✗")} ${result ?? what}  ${paint(2, elapsed())}`),
    };
  }

  /** @param {string} text */
  const error = (text) => void write(`${paint(31, "error:")} ${text}\n`);

  return { begin, note, error };
}

/** @typedef {ReturnType<typeof createReport>} Report */

module.exports = { createReport, duration };
