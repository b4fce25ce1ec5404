"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { capture, lastLines } = require("./child");
const { SetupError, exitCodes } = require("./exit-codes");
const { findOnPath, isAtLeast } = require("./find");

/** The go.mod files say the same; an older Go cannot even read them. */
const LEAST_GO = "1.25";

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ file: string, version: string } | undefined>}
 */
async function findGo(env = process.env) {
  const file = findOnPath("go", env);
  if (file === undefined) return undefined;
  const { status, output } = await capture(file, ["env", "GOVERSION"], { env });
  // Warnings may stand above it.
  const version = /^go(\d\S*)/m.exec(output)?.[1] ?? "";
  // From 1.21 on, Go fetches a newer one of itself when a module asks for it.
  return status === 0 && isAtLeast(version, "1.21") ? { file, version } : undefined;
}

const NO_NETWORK = /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake timeout|network is unreachable/;

/**
 * Builds one program from the module proxy, as a committed go.mod and go.sum pin it.
 *
 * @param {{ file: string }} go
 * @param {{ module: string, package: string, ldflags?: string, out: string, log: string,
 *           failure: "engine" | "s3server" }} build module: the folder with go.mod
 * @param {ReturnType<import("./report").Report["begin"]>} step
 */
async function goBuild(go, build, step) {
  const flags = build.ldflags === undefined ? [] : ["-ldflags", build.ldflags];
  const args = ["build", "-mod=readonly", "-o", build.out, ...flags, build.package];
  let downloads = 0;
  const onOutput = (/** @type {string} */ text) => {
    downloads += text.split("go: downloading").length - 1;
    if (downloads > 0) step.detail(`${downloads} modules fetched`);
  };
  const env = { ...process.env, GOWORK: "off" };
  const { status, output } = await capture(go.file, args, { cwd: build.module, env, onOutput });
  if (status === 0 && fs.existsSync(build.out)) return;
  const told = output.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("go: downloading"));
  fs.writeFileSync(build.log, output);
  const details = lastLines(told.join("\n"));
  const name = path.basename(build.package);
  if (NO_NETWORK.test(details)) {
    const message = `There is no network to fetch the source of ${name} from. ${exitCodes.packages.todo}`;
    throw new SetupError("packages", message, { details });
  }
  throw new SetupError(build.failure, `Go could not build ${name}; its whole output is in ${build.log}.`, { details });
}

module.exports = { findGo, goBuild, LEAST_GO };
