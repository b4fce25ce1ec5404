#!/usr/bin/env node
"use strict";

// `npm run lync-backup -- <args>`: the command-line program. The engine is none of its needs.
require("./setup/node-version").requireNode();
const path = require("node:path");
const { run, setUp } = require("./setup");
const { handOver } = require("./setup/child");

run(async () => {
  const args = process.argv.slice(2);
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  const { root, env } = await setUp({ s3server: first === "lab" && second === "start" });
  return handOver(process.execPath, [path.join(root, "dist", "cli", "main.js"), ...args], { cwd: root, env });
});
