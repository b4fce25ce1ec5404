"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { randomBytes } = require("node:crypto");
const { toolFolder } = require("./cache");
const { executable } = require("./find");
const { isAlive, withLock } = require("./lock");
const { folderWith, ReleaseError, unpackRelease } = require("./release");

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} title for people
 * @property {string} version
 * @property {readonly string[]} files the programs that it consists of, without .exe
 * @property {import("./release").Release | undefined} release for this platform, if there is one
 * @property {(folder: string, report: import("./report").Report) => Promise<void>} build makes all files in the folder
 */

/**
 * @typedef {object} Provided
 * @property {string} folder to be put on PATH
 * @property {"PATH" | "release" | "build"} origin
 */

const ORIGIN = "origin.json";

/**
 * What the cache holds, if it is complete.
 *
 * @param {Tool} tool
 * @param {string} cache
 * @returns {Provided | undefined}
 */
function findInCache(tool, cache) {
  const folder = toolFolder(cache, tool);
  try {
    const { from } = /** @type {{ from: Provided["origin"] }} */ (
      JSON.parse(fs.readFileSync(path.join(folder, ORIGIN), "utf8"))
    );
    if (tool.files.every((file) => fs.existsSync(path.join(folder, executable(file))))) return { folder, origin: from };
  } catch {
    // Not there.
  }
  return undefined;
}

/**
 * The cached tool, made first if it is not there: from the release, or else built. It is made in a folder of its own
 * and moved into place when complete, so that whoever is killed leaves nothing half-made, and of two who make it at
 * once one simply comes second.
 *
 * @param {Tool} tool
 * @param {string} cache
 * @param {import("./report").Report} report
 * @returns {Promise<Provided>}
 */
async function provide(tool, cache, report) {
  const there = findInCache(tool, cache);
  if (there !== undefined) return there;
  const parent = path.join(cache, "tools");
  fs.mkdirSync(parent, { recursive: true });
  const onWait = () => report.note(`Waiting for another set-up that is making ${tool.title}`);
  return withLock(
    path.join(cache, "locks", `${tool.name}.lock`),
    async () => {
      const meanwhile = findInCache(tool, cache);
      if (meanwhile !== undefined) return meanwhile;
      sweep(parent);
      const making = path.join(parent, `.making-${process.pid}-${randomBytes(4).toString("hex")}`);
      fs.mkdirSync(making);
      try {
        await make(tool, making, parent, report);
        await moveIntoPlace(making, toolFolder(cache, tool));
      } finally {
        fs.rmSync(making, { recursive: true, force: true });
      }
      const made = findInCache(tool, cache);
      if (made === undefined) throw new Error(`${tool.title} was made, but is not in ${parent}`);
      return made;
    },
    { onWait },
  );
}

/**
 * @param {Tool} tool
 * @param {string} making
 * @param {string} parent
 * @param {import("./report").Report} report
 */
async function make(tool, making, parent, report) {
  const from = (await fromRelease(tool, making, report)) ? "release" : "build";
  if (from === "build") await tool.build(making, report);
  const origin = { from, name: tool.name, version: tool.version, at: new Date().toISOString() };
  fs.writeFileSync(path.join(making, ORIGIN), `${JSON.stringify(origin)}\n`);
}

/**
 * @param {Tool} tool
 * @param {string} making
 * @param {import("./report").Report} report
 * @returns {Promise<boolean>}
 */
async function fromRelease(tool, making, report) {
  if (tool.release === undefined) return false;
  const unpacked = fs.mkdtempSync(path.join(making, "release-"));
  const step = report.begin(
    `Looking for the official release of ${tool.title} ${tool.version}`,
    "a minute if it is there",
  );
  try {
    if ((await unpackRelease(tool.release, unpacked, step)) === "unreachable") {
      step.failed(`The releases of ${tool.title} cannot be reached from here`);
      return false;
    }
    const programs = folderWith(unpacked, executable(tool.files[0]));
    if (programs === undefined) throw new ReleaseError(`${tool.release.archive} has no ${tool.files[0]} in it`);
    for (const entry of fs.readdirSync(programs)) fs.renameSync(path.join(programs, entry), path.join(making, entry));
    step.done(`${tool.title} ${tool.version}, official release, checksum verified`);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOSPC" || code === "EDQUOT") throw error;
    step.failed(`The release of ${tool.title} is of no use (${/** @type {Error} */ (error).message})`);
    return false;
  } finally {
    fs.rmSync(unpacked, { recursive: true, force: true });
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
async function moveIntoPlace(from, to) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // An incomplete one, from somebody's clean-up by hand, makes room.
      fs.rmSync(to, { recursive: true, force: true });
      return fs.renameSync(from, to);
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
      // Windows: a virus scanner still reads what was just written.
      if (attempt === 10 || !["EPERM", "EACCES", "EBUSY", "ENOTEMPTY", "EEXIST"].includes(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }
}

/**
 * Removes what set-ups that were killed left behind.
 *
 * @param {string} parent
 */
function sweep(parent) {
  for (const entry of fs.readdirSync(parent)) {
    const pid = /^\.making-(\d+)-/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      fs.rmSync(path.join(parent, entry), { recursive: true, force: true });
  }
}

module.exports = { provide, findInCache };
