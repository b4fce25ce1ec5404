#!/usr/bin/env node
"use strict";

// Parses every PowerShell file without PowerShell. ASCII only: Windows PowerShell reads a file without a byte order
// mark in the computer's own code page.
const fs = require("node:fs");
const path = require("node:path");

const POWERSHELL = /\.(ps1|psm1|psd1)$/i;
const SKIPPED = new Set(["node_modules", "dist", "coverage"]);

/**
 * @param {string} folder
 * @returns {string[]}
 */
function powershellFiles(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) || entry.name.startsWith(".") ? [] : powershellFiles(inner);
    return POWERSHELL.test(entry.name) ? [inner] : [];
  });
}

/**
 * @param {string} text
 * @returns {string[]} what is wrong, each with its line and column
 */
function notAscii(text) {
  return text.split("\n").flatMap((line, row) => {
    const column = [...line].findIndex((character) => character > "\u007f");
    return column < 0 ? [] : [`${row + 1}:${column + 1} not ASCII`];
  });
}

async function createParser() {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm")));
  return (/** @type {string} */ text) => {
    const tree = parser.parse(text);
    if (tree === null) return ["1:1 cannot be parsed"];
    const wrong = tree.rootNode.hasError ? errors(tree.rootNode) : [];
    tree.delete();
    return wrong;
  };
}

/**
 * @param {import("web-tree-sitter").Node} node
 * @returns {string[]}
 */
function errors(node) {
  const at = `${node.startPosition.row + 1}:${node.startPosition.column + 1}`;
  if (node.isMissing) return [`${at} "${node.type}" is missing`];
  if (node.isError) return [`${at} syntax error near "${node.text.split("\n")[0].slice(0, 40)}"`];
  return node.children.flatMap((child) => (child !== null && child.hasError ? errors(child) : []));
}

/**
 * @param {string} root
 * @returns {Promise<{ files: number, problems: string[] }>}
 */
async function checkPowerShell(root) {
  const files = powershellFiles(root);
  if (files.length === 0) return { files: 0, problems: [] };
  const parse = await createParser();
  const problems = files.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    return [...notAscii(text), ...parse(text)].map((problem) => `${path.relative(root, file)}:${problem}`);
  });
  return { files: files.length, problems };
}

module.exports = { checkPowerShell };

if (require.main === module) {
  void checkPowerShell(path.resolve(process.argv[2] ?? ".")).then(({ files, problems }) => {
    for (const problem of problems) console.log(problem);
    console.log(`${files} PowerShell files, ${problems.length} problems`);
    process.exitCode = problems.length > 0 ? 1 : 0;
  });
}
