import assert from "node:assert/strict";
import path from "node:path";
import { it } from "mocha";
import { ROOT } from "../support/root";
import { describeWithPowerShell } from "./pwsh";

interface Tool {
  analyse: (root: string, files: readonly string[]) => Promise<{ looked: string; problems: string[] }>;
  powershellFiles: (folder: string) => string[];
}

describeWithPowerShell("PowerShell itself", function () {
  this.timeout(600_000);

  it("parses every file of the repository, and its analyser has nothing to say", async function () {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the tools are plain JavaScript, outside of the build
    const { analyse, powershellFiles } = require(path.join(ROOT, "tools", "check-powershell.js")) as Tool;
    const { looked, problems } = await analyse(ROOT, powershellFiles(ROOT));
    assert.deepEqual(problems, []);
    assert.match(looked, /^looked: /);
    if (looked.includes("PSScriptAnalyzer is not installed")) this.skip();
  });
});
