"use strict";

const { createHash, randomBytes } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const STAMP = path.join("dist", ".stamp");
/** Beside the sources, what decides how they are compiled. */
const SETTINGS = ["tsconfig.json", "package-lock.json"];
const SOURCE = /\.(ts|mts|cts)$/;

/**
 * @typedef {{ size: number, mtimeMs: number, sha256: string }} Seen
 * @typedef {{ version: 1, fingerprint: string, files: Record<string, Seen> }} Stamp
 */

/** @param {string} file */
const sha256 = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex");

/**
 * The sources that the compiler compiles, as tsconfig.json includes them; paths with slashes, sorted.
 *
 * @param {string} root
 * @returns {string[]}
 */
function sourceFiles(root) {
  const config = /** @type {{ include: string[] }} */ (
    JSON.parse(fs.readFileSync(path.join(root, "tsconfig.json"), "utf8"))
  );
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ relative) => {
    for (const entry of fs.readdirSync(path.join(root, relative), { withFileTypes: true })) {
      const inner = `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) walk(inner);
      } else if (SOURCE.test(entry.name)) found.push(inner);
    }
  };
  for (const included of config.include) {
    const stat = fs.statSync(path.join(root, included), { throwIfNoEntry: false });
    if (stat?.isDirectory()) walk(included);
    else if (stat !== undefined) found.push(included);
  }
  return found.sort();
}

/**
 * JSON files that the sources import: the compiler copies them, and its own record names them.
 *
 * @param {string} root
 * @returns {string[]}
 */
function importedJson(root) {
  try {
    const info = /** @type {{ fileNames: string[] }} */ (
      JSON.parse(fs.readFileSync(path.join(root, "dist", ".tsbuildinfo"), "utf8"))
    );
    return info.fileNames
      .filter((name) => name.endsWith(".json") && !name.includes("/node_modules/"))
      .map((name) => path.posix.join("dist", name))
      .filter((name) => !name.startsWith("../") && fs.existsSync(path.join(root, name)));
  } catch {
    return [];
  }
}

/**
 * What is there now. What has not been touched since it was last seen is not read again.
 *
 * @param {string} root
 * @param {readonly string[]} files
 * @param {Record<string, Seen>} [before]
 * @returns {Stamp}
 */
function look(root, files, before = {}) {
  /** @type {Record<string, Seen>} */
  const seen = {};
  for (const file of [...files, ...SETTINGS]) {
    const { size, mtimeMs } = fs.statSync(path.join(root, file));
    const known = before[file];
    const same = known !== undefined && known.size === size && known.mtimeMs === mtimeMs;
    seen[file] = same ? known : { size, mtimeMs, sha256: sha256(path.join(root, file)) };
  }
  return stampOf(seen);
}

/**
 * @param {Record<string, Seen>} files
 * @returns {Stamp}
 */
function stampOf(files) {
  const hash = createHash("sha256");
  for (const file of Object.keys(files).sort()) hash.update(`${file}\0${files[file].sha256}\0`);
  return { version: 1, fingerprint: hash.digest("hex"), files };
}

/**
 * @param {string} root
 * @returns {Stamp | undefined}
 */
function readStamp(root) {
  try {
    const stamp = /** @type {Stamp} */ (JSON.parse(fs.readFileSync(path.join(root, STAMP), "utf8")));
    return stamp.version === 1 ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {Stamp} stamp
 */
function writeStamp(root, stamp) {
  const file = path.join(root, STAMP);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  fs.writeFileSync(temporary, JSON.stringify(stamp));
  fs.renameSync(temporary, file);
}

/**
 * The files that the compiler makes of these.
 *
 * @param {readonly string[]} sources
 * @returns {string[]}
 */
const outputsOf = (sources) =>
  sources
    .filter((source) => !/\.d\.[mc]?ts$/.test(source))
    .map((source) => path.join("dist", source.replace(/\.([mc]?)ts$/, ".$1js")));

/**
 * Is what was compiled made from the sources that are there now?
 *
 * @param {string} root
 * @returns {"fresh" | "stale" | "missing"}
 */
function freshness(root) {
  // An installed package comes compiled and without its sources: nothing can be stale there.
  if (!fs.existsSync(path.join(root, "tsconfig.json"))) return "fresh";
  const stamp = readStamp(root);
  if (stamp === undefined) return "missing";
  try {
    const json = Object.keys(stamp.files).filter((file) => file.endsWith(".json") && !SETTINGS.includes(file));
    const sources = [...sourceFiles(root), ...json];
    const now = look(root, sources, stamp.files);
    if (now.fingerprint !== stamp.fingerprint) return "stale";
    if (!outputsOf(sources).every((file) => fs.existsSync(path.join(root, file)))) return "stale";
    if (sources.some((file) => now.files[file] !== stamp.files[file])) refresh(root, now);
    return "fresh";
  } catch (error) {
    // A source went away between two looks.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return "stale";
    throw error;
  }
}

/**
 * Touched, but the same: remembered, so that it is not read again. Where that is not possible, nothing is lost.
 *
 * @param {string} root
 * @param {Stamp} now
 */
function refresh(root, now) {
  try {
    writeStamp(root, now);
  } catch {
    // A checkout that may not be written to.
  }
}

module.exports = { freshness, sourceFiles, importedJson, look, stampOf, writeStamp, outputsOf, STAMP };
