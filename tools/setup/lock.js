"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { randomUUID } = require("node:crypto");

const BEAT_MS = 2_000;
const STALE_MS = 20_000;

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Has whoever held the lock gone without letting go of it?
 *
 * @param {string} file
 * @returns {boolean}
 */
function isAbandoned(file) {
  try {
    const age = Date.now() - fs.statSync(file).mtimeMs;
    const holder = /** @type {{ pid?: unknown, host?: unknown }} */ (JSON.parse(fs.readFileSync(file, "utf8")));
    if (holder.host === os.hostname() && typeof holder.pid === "number" && !isAlive(holder.pid)) return true;
    return age > STALE_MS;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return false;
    // Unreadable: either just being written, or left half-written.
    return Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS;
  }
}

/**
 * Removes an abandoned lock. When another process was faster and this is already its new one, it gets it back.
 *
 * @param {string} file
 */
function takeAway(file) {
  const aside = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
    if (!isAbandoned(aside)) fs.linkSync(aside, file);
  } catch {
    // Gone already, or taken anew.
  }
  fs.rmSync(aside, { force: true });
}

/**
 * Does something that only one process at a time should do. The lock is a courtesy that spares double work: what is
 * done under it must be safe even when two do it at once.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void, pollMs?: number }} [options]
 * @returns {Promise<T>}
 */
async function withLock(file, work, options = {}) {
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), id: randomUUID() });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      fs.writeFileSync(file, mine, { flag: "wx" });
      break;
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code;
      // EPERM and EBUSY: Windows, while another process deletes it.
      if (code !== "EEXIST" && code !== "EPERM" && code !== "EBUSY") throw error;
      if (code !== "EEXIST" && !fs.existsSync(file)) throw error;
    }
    if (isAbandoned(file)) {
      takeAway(file);
      continue;
    }
    if (!waited) options.onWait?.();
    await new Promise((resolve) => setTimeout(resolve, options.pollMs ?? 100));
  }
  const beat = setInterval(() => {
    const now = new Date();
    fs.utimes(file, now, now, () => undefined);
  }, BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    try {
      if (fs.readFileSync(file, "utf8") === mine) fs.rmSync(file, { force: true });
    } catch {
      // Somebody took it for abandoned: no longer ours to remove.
    }
  }
}

module.exports = { withLock, isAlive };
