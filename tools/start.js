#!/usr/bin/env node
"use strict";

// `npm start`: everything set up, then the lab brought up.
require("./setup/node-version").requireNode();
const path = require("node:path");
const { run, setUp } = require("./setup");
const { handOver } = require("./setup/child");

run(async () => {
  const { root, env } = await setUp({ engine: true, s3server: true });
  const main = path.join(root, "dist", "cli", "main.js");
  return handOver(process.execPath, [main, "start", ...process.argv.slice(2)], { cwd: root, env });
});
