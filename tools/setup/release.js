"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { capture, lastLines } = require("./child");
const { AnswerError, fetchFile, fetchText } = require("./download");

/** The release is there but not to be trusted or used: unlike an unreachable site, worth a line of its own. */
class ReleaseError extends Error {}

/** Sites that did not answer this process: asked once, not once for each tool. */
const silent = new Set();

/**
 * @typedef {object} Release
 * @property {string} archive its file name, as the checksum file has it
 * @property {string} checksums the checksum file's name
 * @property {readonly string[]} mirrors addresses of the folders that hold both
 */

/**
 * The published checksum of the archive, from whichever mirror answers first.
 *
 * @param {Release} release
 * @param {(url: string) => Promise<string>} fetch
 */
async function findChecksum(release, fetch) {
  const ask = async (/** @type {string} */ mirror) => {
    const { host } = new URL(mirror);
    if (silent.has(host)) throw new Error(`${host} does not answer`);
    try {
      return { mirror, text: await fetch(`${mirror}/${release.checksums}`) };
    } catch (error) {
      if (!(error instanceof AnswerError)) silent.add(host);
      throw error;
    }
  };
  const { mirror, text } = await Promise.any(release.mirrors.map(ask));
  const line = text.split(/\r?\n/).find((entry) => entry.trim().split(/\s+\*?/)[1] === release.archive);
  const sha256 = line?.trim().split(/\s+/)[0]?.toLowerCase();
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new ReleaseError(`${release.checksums} does not name ${release.archive}`);
  }
  return { mirror, sha256 };
}

/**
 * Windows has a tar of its own that reads ZIP files too; Git's, often first on PATH, does not.
 *
 * @returns {string}
 */
const tar = () =>
  process.platform === "win32" ? path.join(process.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe") : "tar";

/**
 * Downloads a release, verifies it, and unpacks it.
 *
 * @param {Release} release
 * @param {string} folder an empty one
 * @param {ReturnType<import("./report").Report["begin"]>} step
 * @param {{ fetchText: typeof fetchText, fetchFile: typeof fetchFile }} [net]
 * @returns {Promise<"unreachable" | "unpacked">}
 */
async function unpackRelease(release, folder, step, net = { fetchText, fetchFile }) {
  let found;
  try {
    found = await findChecksum(release, net.fetchText);
  } catch (error) {
    if (error instanceof ReleaseError) throw error;
    return "unreachable";
  }
  const archive = path.join(folder, release.archive);
  const progress = (/** @type {number} */ bytes, /** @type {number | undefined} */ of) =>
    step.detail(`${Math.round(bytes / 1e6)}${of === undefined ? "" : ` of ${Math.round(of / 1e6)}`} MB`);
  const sha256 = await net.fetchFile(`${found.mirror}/${release.archive}`, archive, progress);
  if (sha256 !== found.sha256) {
    throw new ReleaseError(`${release.archive} has SHA-256 ${sha256}, but ${found.sha256} was published`);
  }
  const { status, output } = await capture(tar(), ["-xf", archive, "-C", folder]);
  if (status !== 0) throw new ReleaseError(`${release.archive} does not unpack: ${lastLines(output, 1)}`);
  fs.rmSync(archive);
  return "unpacked";
}

/**
 * Where in an unpacked release the programs are: some wrap them in one folder, some in two.
 *
 * @param {string} folder
 * @param {string} file
 * @returns {string | undefined}
 */
function folderWith(folder, file) {
  if (fs.existsSync(path.join(folder, file))) return folder;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const found = entry.isDirectory() ? folderWith(path.join(folder, entry.name), file) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

module.exports = { unpackRelease, folderWith, ReleaseError };
