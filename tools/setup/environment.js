"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { cacheFolder } = require("./cache");
const { findOnPath, pathKey } = require("./find");

/**
 * The environment in which the engine and the command-line program run: everything that was provided is on PATH, and
 * where the user has not said otherwise, state is kept in this folder and the engine's own things in the cache.
 *
 * @param {string} root
 * @param {{ folders?: readonly string[], base?: NodeJS.ProcessEnv, cache?: string, backend?: string }} [options]
 *   folders: to be put on PATH; backend: a folder for the state, whatever the user has chosen
 * @returns {NodeJS.ProcessEnv}
 */
function environment(root, options = {}) {
  const { folders = [], base = process.env, cache = cacheFolder() } = options;
  const env = { ...base };
  const key = pathKey(env);
  // The engine starts providers as `node`: this one.
  const node = path.dirname(process.execPath);
  const needsNode = !sameFile(findOnPath("node", env), process.execPath);
  const added = [...folders, ...(needsNode ? [node] : [])];
  // For an engine of the user's that lacks the part which starts dynamic providers.
  const last = path.join(root, "node_modules", "@pulumi", "pulumi");
  const there = (env[key] ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "" && folder !== last && !added.includes(folder));
  env[key] = [...added, ...there, last].join(path.delimiter);
  env.PULUMI_SKIP_UPDATE_CHECK = "true";
  // With it the engine would not look at PATH for its plugins.
  delete env.PULUMI_IGNORE_AMBIENT_PLUGINS;
  env.PULUMI_HOME ??= path.join(cache, "pulumi-home");
  if (env.PULUMI_BACKEND_URL === undefined || options.backend !== undefined) {
    const backend = options.backend ?? path.join(root, ".pulumi-state");
    fs.mkdirSync(backend, { recursive: true });
    env.PULUMI_BACKEND_URL = fileUrl(backend);
  }
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    env.PULUMI_CONFIG_PASSPHRASE = "lab";
  }
  return env;
}

/**
 * @param {string | undefined} a
 * @param {string} b
 * @returns {boolean}
 */
function sameFile(a, b) {
  try {
    return a !== undefined && fs.realpathSync(a) === fs.realpathSync(b);
  } catch {
    return false;
  }
}

/**
 * As the engine takes it: an absolute path with slashes after `file://`, nothing escaped but what a URL must not have.
 *
 * @param {string} folder
 * @returns {string}
 */
function fileUrl(folder) {
  if (process.platform === "win32") return `file://${folder.replaceAll("\\", "/")}`;
  return pathToFileURL(folder).href;
}

module.exports = { environment };
