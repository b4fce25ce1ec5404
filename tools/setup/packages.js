"use strict";

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("./cache");
const { lastLines } = require("./child");
const { SetupError, exitCodes } = require("./exit-codes");
const { withLock } = require("./lock");
const { npm } = require("./npm");

const STAMP = path.join("node_modules", ".lync-backup-stamp");

/**
 * What node_modules has to match: the lock file, on this platform.
 *
 * @param {string} root
 * @returns {string}
 */
function lockStamp(root) {
  const hash = createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/**
 * @param {string} root
 * @returns {boolean}
 */
function packagesAreFresh(root) {
  try {
    return fs.readFileSync(path.join(root, STAMP), "utf8") === lockStamp(root);
  } catch {
    return false;
  }
}

/**
 * Did somebody already install exactly these packages by hand? npm keeps a record of what it installed.
 *
 * @param {string} root
 * @returns {boolean}
 */
function installedByHand(root) {
  try {
    /** @typedef {{ version?: string, integrity?: string, optional?: boolean }} Locked */
    const read = (/** @type {string} */ file) =>
      /** @type {{ packages: Record<string, Locked> }} */ (JSON.parse(fs.readFileSync(path.join(root, file), "utf8")))
        .packages;
    const wanted = read("package-lock.json");
    const there = read(path.join("node_modules", ".package-lock.json"));
    const same = (/** @type {Locked} */ a, /** @type {Locked} */ b) =>
      a.version === b.version && a.integrity === b.integrity;
    return (
      Object.entries(wanted).every(([where, locked]) => {
        const found = there[where];
        if (where === "") return true;
        if (found === undefined) return locked.optional === true;
        return same(locked, found) && fs.existsSync(path.join(root, where, "package.json"));
      }) && Object.keys(there).every((where) => where in wanted)
    );
  } catch {
    return false;
  }
}

/**
 * Installs the packages unless they are there.
 *
 * @param {string} root
 * @param {import("./report").Report} report
 * @param {string} [cache] npm empties node_modules, so the lock stands elsewhere
 */
async function ensurePackages(root, report, cache = cacheFolder()) {
  if (packagesAreFresh(root)) return;
  const onWait = () => report.note("Waiting for another set-up that is installing the packages");
  await withLock(
    path.join(cache, "locks", `packages-${createHash("sha256").update(root).digest("hex").slice(0, 16)}.lock`),
    async () => {
      if (packagesAreFresh(root)) return;
      if (!installedByHand(root)) await install(root, report);
      fs.writeFileSync(path.join(root, STAMP), lockStamp(root));
    },
    { onWait },
  );
}

/**
 * @param {string} root
 * @param {import("./report").Report} report
 */
async function install(root, report) {
  const step = report.begin("Installing the packages", "npm ci, about half a minute");
  const { status, output } = await npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  if (status === 0) return step.done("Packages installed");
  step.failed();
  const reason =
    /npm (?:error|ERR!) (?!(?:code|syscall|errno|path|dest|file) )(.*)/.exec(output)?.[1] ?? lastLines(output, 1);
  const message = `The packages could not be installed: ${reason.trim()}. ${exitCodes.packages.todo}`;
  throw new SetupError("packages", message, { details: lastLines(output) });
}

module.exports = { ensurePackages, packagesAreFresh };
