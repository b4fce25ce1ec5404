import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { it } from "mocha";
import { ROOT } from "../support/root";
import { describeWithPowerShell, PWSH } from "./pwsh";
import { AGENT } from "./powershell-source";

describeWithPowerShell("PSScriptAnalyzer", function () {
  this.timeout(120_000);

  it("has nothing to say against the module", async function () {
    const settings = path.join(ROOT, "PSScriptAnalyzerSettings.psd1");
    const script = [
      "if ($null -eq (Get-Module -ListAvailable -Name PSScriptAnalyzer)) { 'missing'; exit 0 }",
      `$found = @(Invoke-ScriptAnalyzer -Path '${AGENT}' -Recurse -Settings '${settings}')`,
      "foreach ($one in $found) { '{0}:{1} {2} {3}' -f $one.ScriptName, $one.Line, $one.RuleName, $one.Message }",
    ].join("; ");
    const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script];
    const env = { ...process.env, NO_COLOR: "1", TERM: "dumb" };
    const { stdout } = await promisify(execFile)(PWSH ?? "", args, { env, maxBuffer: 16 * 1024 * 1024 });
    if (stdout.trim() === "missing") this.skip();
    assert.equal(stdout.trim(), "");
  });
});
