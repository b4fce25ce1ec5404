import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { ChangeAction } from "../../estate/documents";

/** The PowerShell module that lives on hosts, as files of this package. */
export type AgentPackage = Extract<ChangeAction, { kind: "set-agent" }>["agent"];

const FOLDER = path.join(__dirname, "..", "..", "..", "hosts", "agent", "LyncBackup");
let loaded: AgentPackage | undefined;

export function agentPackage(): AgentPackage {
  return (loaded ??= load());
}

function load(): AgentPackage {
  const files = readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const content = readFileSync(path.join(FOLDER, name));
      return { path: name, sha256: sha256(content), base64: content.toString("base64") };
    });
  const manifest = readFileSync(path.join(FOLDER, "LyncBackup.psd1"), "utf8");
  const version = /^\s*ModuleVersion\s*=\s*'([\d.]+)'/m.exec(manifest)?.[1];
  if (version === undefined) throw new Error("hosts/agent/LyncBackup/LyncBackup.psd1 names no ModuleVersion");
  return { version, files };
}

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/** One hash for the whole module, from the hash of each file: an altered, added or missing file changes it. */
export function moduleHash(files: Readonly<Record<string, string>>): string {
  const lines = Object.keys(files)
    .sort()
    .map((name) => `${String(files[name])}  ${name}\n`);
  return sha256(lines.join(""));
}

export function packageHash(agent: AgentPackage): string {
  return moduleHash(Object.fromEntries(agent.files.map((file) => [file.path, file.sha256])));
}
