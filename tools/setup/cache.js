"use strict";

const os = require("node:os");
const path = require("node:path");

/**
 * The folder, one per user and outside any checkout, that keeps what was downloaded or built.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string}
 */
function cacheFolder(env = process.env, platform = process.platform) {
  if (env.LYNC_BACKUP_CACHE) return path.resolve(env.LYNC_BACKUP_CACHE);
  const home = os.homedir();
  if (platform === "win32") return path.join(env.LOCALAPPDATA || path.join(home, "AppData", "Local"), "lync-backup");
  if (platform === "darwin") return path.join(home, "Library", "Caches", "lync-backup");
  // The XDG specification: a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache"), "lync-backup");
}

/**
 * Where one tool is kept: a version for another platform never stands in for it.
 *
 * @param {string} cache
 * @param {{ name: string, version: string }} tool
 * @returns {string}
 */
function toolFolder(cache, tool) {
  return path.join(cache, "tools", `${tool.name}-${tool.version}-${process.platform}-${process.arch}`);
}

module.exports = { cacheFolder, toolFolder };
