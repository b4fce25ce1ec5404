"use strict";

const { freshness } = require("./setup/stamp");

/**
 * Throws one sentence when the compiled program was not made from the sources beside it. A package that was installed
 * without its sources counts as fresh.
 *
 * @param {string} root the folder with package.json
 */
function assertFresh(root) {
  const found = freshness(root);
  if (found === "fresh") return;
  const what = found === "missing" ? "The program is not compiled" : "The compiled program is older than its sources";
  throw new Error(`${what}; run "npm run build" in ${root}, then try again.`);
}

module.exports = { assertFresh };
