import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { after, describe, type Suite } from "mocha";
import { moduleText } from "../../hosts/powershell/bundle";
import { ROOT } from "../support/root";

/** A real PowerShell, where there is one on PATH. Tests that need it are listed as skipped, by name, where not. */

export const PWSH = (process.env["PATH"] ?? "")
  .split(path.delimiter)
  .map((folder) => path.join(folder, process.platform === "win32" ? "pwsh.exe" : "pwsh"))
  .find((file) => fs.existsSync(file));

export const describeWithPowerShell = (title: string, tests: (this: Suite) => void): Suite | void =>
  PWSH === undefined ? describe.skip(`${title} (needs pwsh on PATH)`, tests) : describe(title, tests);

const made: string[] = [];
after(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-pwsh-"));
  made.push(folder);
  return folder;
}

const labFile = (name: string): string => fs.readFileSync(path.join(ROOT, "lab", "powershell", name), "utf8");
export const simulatorText = (): string => labFile("Simulator.ps1");
/** The lab's file in the place of the one that knows Windows. */
export const labModuleText = (): string => moduleText(`${simulatorText()}\n${labFile("Windows.ps1")}`);

/**
 * Runs lines inside the module, with `$In` as they got it; the value of `$Out` comes back. All of it crosses as JSON, and
 * in a process of its own, so that this one can answer what that one asks.
 */
export async function inModule(
  lines: string,
  input: unknown,
  options: { text?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<unknown> {
  if (PWSH === undefined) throw new Error("there is no pwsh on PATH");
  const folder = scratch();
  const file = (name: string): string => path.join(folder, name);
  fs.writeFileSync(file("module.txt"), options.text ?? moduleText());
  fs.writeFileSync(file("in.json"), JSON.stringify(input ?? null));
  const script = [
    "$ErrorActionPreference = 'Stop'",
    `$text = [IO.File]::ReadAllText('${file("module.txt")}')`,
    "$module = New-Module -Name LyncBackup -ScriptBlock ([scriptblock]::Create($text))",
    "& $module {",
    `    $In = ConvertFrom-LbJson -Text ([IO.File]::ReadAllText('${file("in.json")}'))`,
    "    $Out = $null",
    lines,
    `    [IO.File]::WriteAllText('${file("out.json")}', (ConvertTo-LbJson -Value $Out))`,
    "}",
  ];
  fs.writeFileSync(file("run.ps1"), script.join("\n"));
  await promisify(execFile)(PWSH, ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", file("run.ps1")], {
    env: { ...process.env, NO_COLOR: "1", TERM: "dumb", ...options.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(fs.readFileSync(file("out.json"), "utf8"));
}
