"use strict";

const path = require("node:path");
const { asDiskFull, SetupError } = require("./exit-codes");
const { ensureEngine } = require("./engine");
const { environment } = require("./environment");
const { ensurePackages } = require("./packages");
const { ensureProgram } = require("./program");
const { createReport } = require("./report");
const { ensureS3Server } = require("./s3server");

const ROOT = path.resolve(__dirname, "..", "..");

/**
 * Provides what a command needs, in the order in which one thing needs the other, and answers with the environment in
 * which it is to run. Says nothing about what is there already.
 *
 * @param {{ engine?: boolean, s3server?: boolean, program?: boolean, backend?: string }} needs packages always
 */
async function setUp(needs) {
  const report = createReport();
  await ensurePackages(ROOT, report);
  const engine = needs.engine ? await ensureEngine(report) : undefined;
  const s3server = needs.s3server ? await ensureS3Server(report) : undefined;
  if (needs.program !== false) await ensureProgram(ROOT, report);
  const folders = [...(engine?.folders ?? []), ...(s3server?.folders ?? [])];
  const env = environment(ROOT, { folders, ...(needs.backend !== undefined && { backend: needs.backend }) });
  return { root: ROOT, env, engine, s3server, report };
}

/**
 * Runs a command of this folder, and turns whatever it throws into one sentence and an exit code.
 *
 * @param {() => Promise<number>} main answers with the exit code
 */
function run(main) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (/** @type {unknown} */ thrown) => {
      const error = asDiskFull(thrown);
      const known = error instanceof SetupError;
      const details = known ? error.details : undefined;
      if (details) process.stderr.write(`${details}\n`);
      const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
      createReport().error(message);
      process.exitCode = known ? error.exitCode : 1;
    },
  );
}

module.exports = { setUp, run, ROOT };
