"use strict";

// Runs first, whatever the version: only what every Node.js understands.
var LEAST = [20, 19, 0];

/**
 * @param {string} version such as "v20.19.0"
 * @returns {boolean}
 */
function isNewEnough(version) {
  var parts = version.replace(/^v/, "").split(".").map(Number);
  for (var i = 0; i < LEAST.length; i += 1) {
    if (parts[i] > LEAST[i]) return true;
    if (parts[i] < LEAST[i]) return false;
  }
  return true;
}

/** Ends the process with exit code 10 when this Node.js is too old. */
function requireNode() {
  if (isNewEnough(process.version)) return;
  console.error("error: This is Node.js " + process.version + "; install Node.js 20.19 or later.");
  process.exit(10);
}

module.exports = { isNewEnough: isNewEnough, requireNode: requireNode, LEAST: LEAST.join(".") };
