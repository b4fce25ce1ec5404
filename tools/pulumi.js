#!/usr/bin/env node
"use strict";

// `npm run pulumi -- <args>`: the engine, in this project, with everything that it needs on PATH.
require("./setup/node-version").requireNode();
const { run, setUp } = require("./setup");
const { handOver } = require("./setup/child");

run(async () => {
  const { root, env, engine } = await setUp({ engine: true });
  return handOver(engine?.pulumi ?? "pulumi", process.argv.slice(2), { cwd: root, env });
});
