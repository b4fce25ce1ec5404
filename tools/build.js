#!/usr/bin/env node
"use strict";

// `npm run build`: packages and the compiled program, nothing else.
require("./setup/node-version").requireNode();
const { run, setUp } = require("./setup");

run(async () => {
  await setUp({});
  return 0;
});
