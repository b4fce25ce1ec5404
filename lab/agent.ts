import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { hostLayout, type ChangeAction, type HostState, type Owner } from "../estate/documents";
import { joinWindows, namesIn, readIfThere, realPath, removeAll, writeWhole } from "./files";
import type { World } from "./world";

/** The module on a computer: its files, and a mark that says whose it is. */

type Agent = NonNullable<HostState["agent"]>;

export const productFile = (world: World, host: string, relative: string): string =>
  realPath(world, host, joinWindows(hostLayout.data, relative));

const agentFile = (world: World, host: string, relative: string): string =>
  realPath(world, host, joinWindows(hostLayout.agent, relative));

export function readAgent(world: World, host: string): Agent | null {
  const mark = readIfThere(agentFile(world, host, hostLayout.agentMark));
  const folder = realPath(world, host, hostLayout.agent);
  const names = namesIn(folder).filter((name) => name !== hostLayout.agentMark);
  if (mark === undefined || names.length === 0) return null;
  const { owner, version } = JSON.parse(mark) as { owner: Owner; version: string };
  const files = names.map((name) => [name, sha256(readFileSync(path.join(folder, name)))]);
  return { owner, version, files: Object.fromEntries(files) as Record<string, string> };
}

export function writeAgent(
  world: World,
  host: string,
  owner: Owner,
  agent: Extract<ChangeAction, { kind: "set-agent" }>["agent"],
): void {
  const folder = realPath(world, host, hostLayout.agent);
  const wanted = new Set([hostLayout.agentMark, ...agent.files.map((file) => file.path)]);
  for (const name of namesIn(folder)) if (!wanted.has(name)) removeAll(path.join(folder, name));
  for (const file of agent.files) {
    writeWhole(agentFile(world, host, file.path), Buffer.from(file.base64, "base64"));
  }
  writeWhole(agentFile(world, host, hostLayout.agentMark), JSON.stringify({ owner, version: agent.version }, null, 2));
}

export function removeAgent(world: World, host: string): void {
  removeAll(realPath(world, host, hostLayout.agent));
}

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
