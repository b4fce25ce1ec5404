import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { agentPackage } from "../agent/package";

/**
 * The module as one text. A session brings the code of its own release along, so it needs nothing on the host: it
 * installs the module where there is none, mends one that a colleague has altered, and speaks of what it finds in words
 * that this desk knows. What tasks run is the module that was installed.
 */

/** Not a part of the module: tasks start it. */
const STARTER = "Start-LyncBackupJob.ps1";
const HEAD =
  "Set-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n$ProgressPreference = 'SilentlyContinue'\n";
const FOOT = "\nExport-ModuleMember -Function '*-LyncBackup*'\n";

export const WINDOWS_ONLY = "Windows.ps1";

/** `windows` takes the place of the one file that knows Windows: a simulated host has another. */
export function moduleText(windows?: string): string {
  const parts = agentPackage()
    .files.filter((file) => file.path.endsWith(".ps1") && file.path !== STARTER)
    .map((file) =>
      file.path === WINDOWS_ONLY && windows !== undefined
        ? windows
        : Buffer.from(file.base64, "base64").toString("utf8"),
    );
  return HEAD + parts.join("\n") + FOOT;
}

export const packed = (text: string): string => gzipSync(text).toString("base64");

/** One line of PowerShell that makes the module of a text in memory. */
export function loadingLine(text: string): string {
  return [
    `$lb = New-Object IO.MemoryStream -ArgumentList (, [Convert]::FromBase64String('${packed(text)}'))`,
    "$lb = New-Object IO.Compression.GZipStream -ArgumentList $lb, ([IO.Compression.CompressionMode]::Decompress)",
    "$lb = New-Object IO.StreamReader -ArgumentList $lb, ([Text.Encoding]::UTF8)",
    "$null = New-Module -Name LyncBackup -ScriptBlock ([ScriptBlock]::Create($lb.ReadToEnd()))",
  ].join("; ");
}

/** The near end of WinRM, as lines that define it and open the session. */
export function remoteLines(settings: RemoteSettings): string[] {
  const text = fs.readFileSync(path.join(__dirname, "..", "..", "..", "hosts", "powershell", "Remote.ps1"), "utf8");
  const encoded = Buffer.from(text).toString("base64");
  const given = Buffer.from(JSON.stringify({ ...settings, module: packed(moduleText()) })).toString("base64");
  return [
    `. ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${encoded}'))))`,
    `Open-LyncBackupRemote -Settings '${given}'`,
  ];
}

export interface RemoteSettings {
  computer: string;
  tls: boolean;
  /** 0: the usual one. */
  port: number;
  /** Of a client certificate; empty: none. */
  thumbprint: string;
  /** Empty: whoever sits at this desk. */
  user: string;
  secret: string;
}
