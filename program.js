"use strict";

// What Pulumi.yaml names as `main`. It stands at the root because the engine starts the providers in its folder.
// A stale build is never run: it is made anew on the spot, or refused.
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { freshness } = require("./tools/setup/stamp");

if (freshness(__dirname) !== "fresh") {
  process.stderr.write("Compiling, because the sources have changed\n");
  // In a process of its own: stdout belongs to the engine.
  const build = spawnSync(process.execPath, [path.join(__dirname, "tools", "build.js")], { stdio: ["ignore", 2, 2] });
  if (build.status !== 0) {
    const { RunError } = require("@pulumi/pulumi");
    throw new RunError('The program could not be compiled, and an old one is never run: see "npm run build".');
  }
}

module.exports = require("./dist/index.js");
