#!/usr/bin/env node
"use strict";

// Parses every PowerShell file without PowerShell, and with it where it is on PATH, whose analyser looks too where it is
// installed. ASCII only: Windows PowerShell reads a file without a byte order mark in the computer's own code page.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { capture } = require("./setup/child");
const { findOnPath } = require("./setup/find");

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

/**
 * @param {string} text
 * @returns {string[]} what an analyser is told to overlook, and nobody says why
 */
function unexplained(text) {
  return text.split("\n").flatMap((line, row) => {
    const isBare = /SuppressMessage(?:Attribute)?\(/.test(line) && !/Justification\s*=\s*'[^']+'/.test(line);
    return isBare ? [`${row + 1}:1 suppresses a rule without a Justification`] : [];
  });
}

/**
 * As PowerShell itself sees the files: its parser and, where it is installed, PSScriptAnalyzer.
 *
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Promise<{ looked: string, problems: string[] }>}
 */
async function analyse(root, files) {
  const pwsh = findOnPath("pwsh");
  if (pwsh === undefined)
    return {
      looked: "Skipped: PowerShell's own parser and PSScriptAnalyzer, because no pwsh is on PATH.",
      problems: [],
    };
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-analyse-"));
  try {
    const list = path.join(scratch, "files.txt");
    fs.writeFileSync(list, files.map((file) => `${path.resolve(file)}\n`).join(""));
    const settings = path.join(root, "PSScriptAnalyzerSettings.psd1");
    const script = path.join(__dirname, "check-powershell.ps1");
    const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script, "-List", list, "-Settings", settings];
    const env = { ...process.env, NO_COLOR: "1", TERM: "dumb" };
    const { status, output } = await capture(pwsh, args, { cwd: root, env, timeoutMs: 600_000 });
    const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
    const looked = lines.pop() ?? "";
    if (status !== 0 || !looked.startsWith("looked: ")) {
      return { looked: "", problems: [...lines, looked, `${script} ended with the code ${String(status)}`] };
    }
    return { looked, problems: lines.map((line) => line.replace(path.join(root, path.sep), "")) };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
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
 * @returns {Promise<{ files: number, looked: string, problems: string[] }>} looked: as what PowerShell itself has
 */
async function checkPowerShell(root) {
  const files = powershellFiles(root);
  if (files.length === 0) return { files: 0, looked: "", problems: [] };
  const parse = await createParser();
  const problems = files.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    const found = [...notAscii(text), ...unexplained(text), ...parse(text)];
    return found.map((problem) => `${path.relative(root, file)}:${problem}`);
  });
  const analysed = await analyse(root, files);
  return { files: files.length, looked: analysed.looked, problems: [...problems, ...analysed.problems] };
}

module.exports = { analyse, checkPowerShell, powershellFiles };

if (require.main === module) {
  void checkPowerShell(path.resolve(process.argv[2] ?? ".")).then(({ files, looked, problems }) => {
    for (const problem of problems) console.log(problem);
    console.log(looked);
    console.log(`${files} PowerShell files, ${problems.length} problems`);
    process.exitCode = problems.length > 0 ? 1 : 0;
  });
}
