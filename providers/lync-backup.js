"use strict";
// The one file that stored states name: every resource keeps a text that requires it, and runs it years later on
// refresh and destroy. Its path and its one function must never change; what it forwards to may.
const path = require("node:path");

exports.provider = (type) => {
  const root = path.join(__dirname, "..");
  try {
    require("../tools/fresh.js").assertFresh(root);
  } catch (error) {
    // The engine prints the stack as well, and it tells an administrator nothing.
    error.stack = "";
    throw error;
  }
  return require("../dist/providers/registry.js").provider(type);
};
