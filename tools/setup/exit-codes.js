"use strict";

/**
 * Everything that can be missing when a command sets itself up, with the exit code that says so.
 * The documentation's table is generated from this one.
 *
 * @type {Readonly<Record<string, { code: number, means: string, todo: string }>>}
 */
const exitCodes = Object.freeze({
  node: {
    code: 10,
    means: "Node.js is too old.",
    todo: "Install Node.js 20.19 or later.",
  },
  packages: {
    code: 11,
    means: "The packages could not be installed, or there is no network to fetch something from.",
    todo: "Check the network, the proxy settings and npm's configuration, then run the command again.",
  },
  go: {
    code: 12,
    means: "There is no Pulumi engine, its releases cannot be reached, and there is no Go to build it with.",
    todo: "Install Pulumi with its Node.js language host, or Go 1.25 or later, and put it on PATH.",
  },
  engine: {
    code: 13,
    means: "The Pulumi engine could not be built.",
    todo: "Read the lines of the build above; the whole of it stands in the log that the message names.",
  },
  s3server: {
    code: 14,
    means: "The S3 server (versitygw) is not on PATH and could neither be downloaded nor built.",
    todo: "Put versitygw 1.8 or later on PATH, or install Go 1.25 or later.",
  },
  compile: {
    code: 15,
    means: "The program does not compile.",
    todo: "Correct what the compiler names above.",
  },
  disk: {
    code: 16,
    means: "The disk is full.",
    todo: "Free some space: a first set-up needs about 6 GB with a build of the engine, 1.5 GB without.",
  },
  port: {
    code: 17,
    means: "A port that the lab needs is taken.",
    todo: "Stop what listens there, or give the lab another port.",
  },
});

/** A failure that a person can do something about: one sentence, and the exit code that belongs to it. */
class SetupError extends Error {
  /**
   * @param {keyof typeof exitCodes} kind
   * @param {string} message one sentence
   * @param {{ details?: string, cause?: unknown }} [more] details: output of a tool, printed above the sentence
   */
  constructor(kind, message, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "SetupError";
    this.kind = kind;
    this.exitCode = exitCodes[kind].code;
    this.details = more.details;
  }
}

const DISK_FULL = /\bENOSPC\b|no space left on device|not enough space on the disk|disk quota exceeded|\bEDQUOT\b/i;

/**
 * A full disk shows in many ways: an error's code, or a line that a child process wrote. Whatever the failure was
 * taken for, it is that one when it looks like it.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
function asDiskFull(error) {
  if (error instanceof SetupError && error.kind === "disk") return error;
  const { code, message, path, kind, details } = /** @type {Record<string, unknown>} */ (Object(error));
  // What a compiler prints may quote anything.
  const said = kind === "compile" ? "" : `${String(message)}\n${String(details)}`;
  if (code !== "ENOSPC" && code !== "EDQUOT" && !DISK_FULL.test(said)) return error;
  const where = typeof path === "string" ? ` while writing ${path}` : "";
  return new SetupError("disk", `The disk is full${where}. ${exitCodes.disk.todo}`, { cause: error });
}

module.exports = { exitCodes, SetupError, asDiskFull };
