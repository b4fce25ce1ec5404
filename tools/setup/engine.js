"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("./cache");
const { capture } = require("./child");
const { SetupError } = require("./exit-codes");
const { executable, findOnPath, isAtLeast } = require("./find");
const { findGo, goBuild, LEAST_GO } = require("./go");
const { findInCache, provide } = require("./provide");

const VERSION = "3.250.0";
/** The oldest engine on PATH that is used instead of one of our own. */
const LEAST = "3.227.0";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const MODULES = path.join(__dirname, "..", "engine");

/** @returns {import("./release").Release | undefined} */
function release() {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[/** @type {string} */ (process.platform)];
  const machine = { x64: "x64", arm64: "arm64" }[/** @type {string} */ (process.arch)];
  if (system === undefined || machine === undefined) return undefined;
  return {
    archive: `pulumi-v${VERSION}-${system}-${machine}.${system === "windows" ? "zip" : "tar.gz"}`,
    checksums: `pulumi-${VERSION}-checksums.txt`,
    mirrors: ["https://get.pulumi.com/releases/sdk", `https://github.com/pulumi/pulumi/releases/download/v${VERSION}`],
  };
}

/**
 * @param {string} folder
 * @param {import("./report").Report} report
 */
async function build(folder, report) {
  const go = await findGo();
  if (go === undefined) {
    const message = `There is no Pulumi engine on PATH, its releases cannot be reached, and there is no Go to build it with: install Pulumi, or Go ${LEAST_GO} or later.`;
    throw new SetupError("go", message);
  }
  const parts = [
    {
      title: "Building the Pulumi engine",
      expect: "about 5 minutes on two cores, once",
      module: path.join(MODULES, "pulumi"),
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: `-s -w -X ${VERSION_VARIABLE}=v${VERSION}`,
    },
    {
      title: "Building the engine's Node.js language host",
      expect: "about half a minute, once",
      module: path.join(MODULES, "language"),
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    },
  ];
  for (const { title, expect, ...part } of parts) {
    const name = path.basename(part.package);
    const step = report.begin(title, expect);
    try {
      const log = path.join(cacheFolder(), `build-${name}.log`);
      await goBuild(go, { ...part, out: path.join(folder, executable(name)), log, failure: "engine" }, step);
    } catch (error) {
      step.failed();
      throw error;
    }
    step.done(`${name} built with Go ${go.version}`);
  }
}

/** @type {import("./provide").Tool} */
const ENGINE = {
  name: "pulumi",
  title: "Pulumi",
  version: VERSION,
  files: ["pulumi", "pulumi-language-nodejs"],
  release: release(),
  build,
};

/**
 * An engine on PATH, with its language host, and whether it is new enough.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
async function engineOnPath(env = process.env) {
  const pulumi = findOnPath("pulumi", env);
  if (pulumi === undefined) return undefined;
  const language = findOnPath("pulumi-language-nodejs", env);
  const shell = process.platform === "win32" && !pulumi.endsWith(".exe");
  const { status, output } = await capture(shell ? "pulumi" : pulumi, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: 20_000,
    shell,
  });
  const version = status === 0 ? (/v?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1] ?? "") : "";
  return { pulumi, language, version, usable: language !== undefined && isAtLeast(version, LEAST) };
}

/**
 * The engine and its language host: those on PATH when they are new enough, or else our own.
 *
 * @param {import("./report").Report} report
 * @param {{ cache?: string, env?: NodeJS.ProcessEnv, tool?: import("./provide").Tool }} [options]
 * @returns {Promise<import("./provide").Provided & { pulumi: string, folders: string[] }>} folders: to be put on PATH
 */
async function ensureEngine(report, options = {}) {
  const { cache = cacheFolder(), env = process.env, tool = ENGINE } = options;
  const own = (/** @type {import("./provide").Provided} */ provided) => {
    placeBeside(provided.folder);
    return { ...provided, pulumi: path.join(provided.folder, executable("pulumi")), folders: [provided.folder] };
  };
  const found = await engineOnPath(env);
  if (found?.usable) {
    const folder = path.dirname(found.pulumi);
    return { folder, origin: "PATH", pulumi: found.pulumi, folders: [] };
  }
  const cached = findInCache(tool, cache);
  if (cached !== undefined) return own(cached);
  if (found !== undefined) {
    const lack = found.language === undefined ? "has no pulumi-language-nodejs" : `is older than ${LEAST}`;
    report.note(`Pulumi ${found.version} on PATH ${lack}: another one is provided for this project`);
  }
  return own(await provide(tool, cache, report));
}

/**
 * The part of the engine that starts dynamic providers comes with the npm package. Beside the engine, where a release
 * has it, it is used without a warning at every operation.
 *
 * @param {string} folder
 */
function placeBeside(folder) {
  const from = path.join(__dirname, "..", "..", "node_modules", "@pulumi", "pulumi");
  for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-resource-pulumi-nodejs.cmd"]) {
    const [source, target] = [path.join(from, name), path.join(folder, name)];
    if (!fs.existsSync(source) || fs.existsSync(target)) continue;
    const whole = `${target}.${process.pid}`;
    fs.copyFileSync(source, whole);
    fs.renameSync(whole, target);
  }
}

module.exports = { ensureEngine, engineOnPath, ENGINE, LEAST_ENGINE: LEAST };
