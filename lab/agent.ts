import { createHash } from "node:crypto";
import { hostLayout, type ChangeAction, type HostState, type Owner } from "../estate/documents";
import { below, type Place } from "./paths";
import type { World } from "./world";

/** The module on a computer: its files, and a mark that says whose it is. */

type Agent = NonNullable<HostState["agent"]>;
type AgentFiles = Extract<ChangeAction, { kind: "set-agent" }>["agent"];
type Mark = Pick<Agent, "owner" | "version">;

export const productFile = (host: string, relative: string): Place => below({ host, local: hostLayout.data }, relative);

const agentFolder = (host: string): Place => ({ host, local: hostLayout.agent });
const markFile = (host: string): Place => below(agentFolder(host), hostLayout.agentMark);

/** Undefined: there is none, or a colleague made something else of it. */
export function agentMark(world: World, host: string): Mark | undefined {
  return world.disk.body(markFile(host))?.derive(markIn);
}

function markIn(content: Buffer): Mark | undefined {
  try {
    const { owner, version } = JSON.parse(content.toString("utf8")) as Partial<Mark>;
    return owner && version !== undefined ? { owner, version } : undefined;
  } catch {
    return undefined;
  }
}

const moduleFiles = (world: World, host: string): Record<string, string> =>
  Object.fromEntries(
    [...world.disk.files(agentFolder(host))]
      .filter(({ path }) => path !== hostLayout.agentMark)
      .map(({ path, body }) => [path, body.sha256()]),
  );

/** Null: it is not there. */
export function readAgent(world: World, host: string): Agent | null {
  const mark = agentMark(world, host);
  if (!mark && world.disk.has(markFile(host))) throw new Error(`${hostLayout.agentMark} is not as it was written.`);
  const files = moduleFiles(world, host);
  return mark && Object.keys(files).length > 0 ? { ...mark, files } : null;
}

/** Undefined: it is not there, and nothing of ours runs. */
export function installedVersion(world: World, host: string): string | undefined {
  for (const { path } of world.disk.files(agentFolder(host))) {
    if (path !== hostLayout.agentMark) return agentMark(world, host)?.version;
  }
  return undefined;
}

/** Files in its folder that are not of this module: where no mark says so, they may be anybody's. */
export function strangersTo(world: World, host: string, { files }: AgentFiles): string[] {
  const wanted = new Map(files.map((file) => [file.path, file.sha256]));
  return Object.entries(moduleFiles(world, host))
    .filter(([name, hash]) => wanted.get(name) !== hash)
    .map(([name]) => name);
}

export function writeAgent({ disk }: World, host: string, owner: Owner, agent: AgentFiles): void {
  const folder = agentFolder(host);
  disk.remove(folder);
  for (const file of agent.files) disk.write(below(folder, file.path), Buffer.from(file.base64, "base64"));
  disk.write(markFile(host), JSON.stringify({ owner, version: agent.version }, null, 2));
}

export function removeAgent({ disk }: World, host: string): void {
  disk.remove(agentFolder(host));
}

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
