"use strict";

const path = require("node:path");
const { cacheFolder } = require("./cache");
const { SetupError } = require("./exit-codes");
const { executable, findOnPath } = require("./find");
const { findGo, goBuild } = require("./go");
const { findInCache, provide } = require("./provide");

const VERSION = "1.8.0";

/** @returns {import("./release").Release | undefined} */
function release() {
  const system = { linux: "Linux", darwin: "Darwin" }[/** @type {string} */ (process.platform)];
  const machine = { x64: "x86_64", arm64: "arm64" }[/** @type {string} */ (process.arch)];
  if (system === undefined || machine === undefined) return undefined;
  return {
    archive: `versitygw_v${VERSION}_${system}_${machine}.tar.gz`,
    checksums: "checksums.txt",
    mirrors: [`https://github.com/versity/versitygw/releases/download/v${VERSION}`],
  };
}

/**
 * @param {string} folder
 * @param {import("./report").Report} report
 */
async function build(folder, report) {
  const go = await findGo();
  if (go === undefined) {
    const message =
      "There is no S3 server (versitygw) on PATH, its releases cannot be reached, and there is no Go to build it with.";
    throw new SetupError("s3server", message);
  }
  const step = report.begin("Building the S3 server", "about a minute and a half on two cores, once");
  try {
    await goBuild(
      go,
      {
        module: path.join(__dirname, "..", "engine", "s3server"),
        package: "github.com/versity/versitygw/cmd/versitygw",
        ldflags: "-s -w",
        out: path.join(folder, executable("versitygw")),
        log: path.join(cacheFolder(), "build-versitygw.log"),
        failure: "s3server",
      },
      step,
    );
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done(`versitygw built with Go ${go.version}`);
}

/** @type {import("./provide").Tool} */
const S3_SERVER = {
  name: "versitygw",
  title: "the S3 server",
  version: VERSION,
  files: ["versitygw"],
  release: release(),
  build,
};

/**
 * The S3 server of the lab and the tests.
 *
 * @param {import("./report").Report} report
 * @param {{ cache?: string, env?: NodeJS.ProcessEnv, tool?: import("./provide").Tool }} [options]
 * @returns {Promise<import("./provide").Provided & { folders: string[] }>} folders: to be put on PATH
 */
async function ensureS3Server(report, options = {}) {
  const { cache = cacheFolder(), env = process.env, tool = S3_SERVER } = options;
  const found = findOnPath("versitygw", env);
  if (found !== undefined) return { folder: path.dirname(found), origin: "PATH", folders: [] };
  const provided = findInCache(tool, cache) ?? (await provide(tool, cache, report));
  return { ...provided, folders: [provided.folder] };
}

module.exports = { ensureS3Server, S3_SERVER };
