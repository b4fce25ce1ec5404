import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { hostLayout, type ChangeAction, type HostState, type Owner } from "../estate/documents";
import { filesIn, joinWindows, partialOf, readIfThere, realPath, removeAll, writeWhole } from "./files";
import type { World } from "./world";

/** The module on a computer: its files, and a mark that says whose it is. */

type Agent = NonNullable<HostState["agent"]>;
type AgentFiles = Extract<ChangeAction, { kind: "set-agent" }>["agent"];
type Mark = Pick<Agent, "owner" | "version">;

export const productFile = (world: World, host: string, relative: string): string =>
  realPath(world, host, joinWindows(hostLayout.data, relative));

const agentFolder = (world: World, host: string): string => realPath(world, host, hostLayout.agent);

const markFile = (world: World, host: string): string => path.join(agentFolder(world, host), hostLayout.agentMark);

/** Undefined: there is none, or a colleague made something else of it. */
export function agentMark(world: World, host: string): Mark | undefined {
  try {
    const { owner, version } = JSON.parse(readIfThere(markFile(world, host)) ?? "{}") as Partial<Mark>;
    return owner && version !== undefined ? { owner, version } : undefined;
  } catch {
    return undefined;
  }
}

const moduleFiles = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesIn(folder)
      .filter((name) => name !== hostLayout.agentMark)
      .map((name) => [name, sha256(fs.readFileSync(path.join(folder, name)))]),
  );

/** Null: it is not there. */
export function readAgent(world: World, host: string): Agent | null {
  const mark = agentMark(world, host);
  if (!mark && fs.existsSync(markFile(world, host)))
    throw new Error(`${hostLayout.agentMark} is not as it was written.`);
  const files = moduleFiles(agentFolder(world, host));
  return mark && Object.keys(files).length > 0 ? { ...mark, files } : null;
}

/** Files in its folder that are not of this module: where no mark says so, they may be anybody's. */
export function strangersTo(world: World, host: string, { files }: AgentFiles): string[] {
  const wanted = new Map(files.map((file) => [file.path, file.sha256]));
  const leftOver = new Set([...wanted.keys(), hostLayout.agentMark].map(partialOf));
  return Object.entries(moduleFiles(agentFolder(world, host)))
    .filter(([name, hash]) => wanted.get(name) !== hash && !leftOver.has(name))
    .map(([name]) => name);
}

/** The mark last: it says that the module is whole. */
export function writeAgent(world: World, host: string, owner: Owner, agent: AgentFiles): void {
  const folder = agentFolder(world, host);
  const wanted = new Set([hostLayout.agentMark, ...agent.files.map((file) => file.path)]);
  for (const name of filesIn(folder)) if (!wanted.has(name)) removeAll(path.join(folder, name));
  for (const file of agent.files) writeWhole(path.join(folder, file.path), Buffer.from(file.base64, "base64"));
  writeWhole(markFile(world, host), JSON.stringify({ owner, version: agent.version }, null, 2));
}

/** The mark last: until then anyone sees whose the rest is. */
export function removeAgent(world: World, host: string): void {
  const folder = agentFolder(world, host);
  for (const name of filesIn(folder)) if (name !== hostLayout.agentMark) removeAll(path.join(folder, name));
  removeAll(folder);
}

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
