"use strict";
// The one file that stored states name: every resource keeps a text that requires it, and runs it years later on
// refresh and destroy. Its path and its one function must never change; what it forwards to may.
const path = require("node:path");

exports.provider = (type) => {
  const root = path.join(__dirname, "..");
  require("../tools/fresh.js").assertFresh(root);
  return require("../dist/providers/registry.js").provider(type);
};
