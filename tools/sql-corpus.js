"use strict";

// `npm run sql:corpus -- DIR [--grammar DLL]`: writes every T-SQL text that the product can send, one folder for each
// version of SQL Server, by the number of its grammar. With Microsoft's own parser (the library
// Microsoft.SqlServer.TransactSql.ScriptDom.dll, which comes with SQL Server's tools and with its PowerShell module)
// each is parsed under the grammar of its folder.
const fs = require("node:fs");
const path = require("node:path");
const { handOver } = require("./setup/child");
const { run, setUp } = require("./setup");

const USAGE = "npm run sql:corpus -- DIR [--grammar Microsoft.SqlServer.TransactSql.ScriptDom.dll]";

/** @param {readonly string[]} args */
function read(args) {
  const [folder, option, library, ...more] = args;
  const isRight = folder !== undefined && !folder.startsWith("-") && more.length === 0;
  if (!isRight || (option !== undefined && (option !== "--grammar" || library === undefined))) return undefined;
  return { folder: path.resolve(folder), library };
}

run(async () => {
  const asked = read(process.argv.slice(2));
  if (!asked) {
    console.error(USAGE);
    return 2;
  }
  const { root } = await setUp({});
  fs.mkdirSync(asked.folder, { recursive: true });
  const { writeCorpus } = require(path.join(root, "dist", "cli", "sql-corpus.js"));
  console.log(`${writeCorpus(asked.folder)} statements in ${asked.folder}`);
  if (asked.library === undefined) return 0;
  const shell = process.platform === "win32" ? "powershell.exe" : "pwsh";
  const script = path.join(root, "tools", "sql-grammar.ps1");
  const words = ["-NoProfile", "-NonInteractive", "-File", script, "-Folder", asked.folder, "-Library", asked.library];
  return handOver(shell, words, { cwd: root, env: process.env });
});
