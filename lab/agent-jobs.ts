import {
  AGENT_JOB_MARK,
  AgentJobDeclaration,
  hostLayout,
  InstanceWatch,
  type InstanceCall,
  type InstanceAnswers,
  type Owner,
} from "../estate/documents";
import { HostError } from "../hosts/host";
import { productFile } from "./agent";
import { findAccount, SQL_ADMINISTRATORS } from "./directory";
import { refused } from "./error";
import type { Actor } from "./files";
import { SqlError } from "./sql/error";
import type { Row } from "./sql/model";
import { executeSql } from "./sql/statements";
import type { World } from "./world";

/** Jobs that SQL Server Agent starts: a host keeps a note of each, which says where it is and what asks for it. */

/** Undefined: it is started otherwise, or there is none. */
export function agentNote(world: World, host: string, job: string): AgentJobDeclaration | undefined {
  const text = world.disk.text(productFile(host, hostLayout.agentJob(job)));
  return text === undefined ? undefined : AgentJobDeclaration.parse(JSON.parse(text));
}

/** Null: another scheduler starts it. What cannot be asked throws. */
export function agentJobState(world: World, host: string, job: string): InstanceAnswers | null {
  const note = agentNote(world, host, job);
  if (!note) return null;
  return answersOf(world, host, { instance: note.instance, calls: note.read });
}

/** Null: nothing is to be asked with the job. */
export function watchedOf(world: World, host: string, job: string): InstanceAnswers | null {
  const text = world.disk.text(productFile(host, hostLayout.watch(job)));
  return text === undefined ? null : answersOf(world, host, InstanceWatch.parse(JSON.parse(text)));
}

/** Undefined: it goes. */
export function setWatch(world: World, host: string, job: string, watch: InstanceWatch | undefined): void {
  const file = productFile(host, hostLayout.watch(job));
  if (watch) world.disk.write(file, JSON.stringify(watch, null, 2));
  else world.disk.remove(file);
}

function answersOf(world: World, host: string, { instance, calls }: InstanceWatch): InstanceAnswers {
  return {
    instance,
    rows: Object.fromEntries(calls.map((call) => [call.statement, ask(world, host, instance, call)])),
  };
}

/** Undefined: there is no such Agent job. Null: it bears nobody's mark. */
export function agentJobOwner(
  world: World,
  host: string,
  { instance, read }: AgentJobDeclaration,
): Owner | null | undefined {
  const [first] = read;
  const [found] = first ? ask(world, host, instance, first) : [];
  if (!found) return undefined;
  const { description } = found;
  if (!description?.startsWith(AGENT_JOB_MARK)) return null;
  const [project, stack, ...name] = description.slice(AGENT_JOB_MARK.length).split("/");
  return project && stack && name.length > 0 ? { project, stack, name: name.join("/") } : null;
}

/** The note comes first: what a crash leaves half made is found by it. */
export function makeAgentJob(world: World, host: string, job: string, declared: AgentJobDeclaration): void {
  const before = agentNote(world, host, job);
  if (before && before.instance !== declared.instance) askAll(world, host, before.instance, before.remove);
  world.disk.write(productFile(host, hostLayout.agentJob(job)), JSON.stringify(declared, null, 2));
  askAll(world, host, declared.instance, declared.make);
}

export function startAgentJob(world: World, host: string, { instance, start }: AgentJobDeclaration): void {
  ask(world, host, instance, start);
}

export function removeAgentJob(world: World, host: string, job: string): void {
  const note = agentNote(world, host, job);
  if (!note) return;
  askAll(world, host, note.instance, note.remove);
  world.disk.remove(productFile(host, hostLayout.agentJob(job)));
}

function askAll(world: World, host: string, instance: string, calls: readonly InstanceCall[]): void {
  for (const call of calls) ask(world, host, instance, call);
}

function ask(world: World, host: string, instance: string, { statement, parameters, select }: InstanceCall): Row[] {
  try {
    const rows = executeSql(world, sessionOn(world, host), { instance, statement, parameters });
    return rows.map((row) => Object.fromEntries(select.map((column) => [column, row[column] ?? null])));
  } catch (error) {
    if (error instanceof HostError || !(error instanceof SqlError)) throw error;
    const advice = "Look whether the instance runs, and whether who installs jobs is a member of sysadmin there.";
    throw refused(host, `${instance} has refused ${statement}: ${error.message}`, advice);
  }
}

/** Whoever opens sessions administers SQL Server too. It is a network logon, and reaches what is on this computer. */
function sessionOn({ directory }: World, host: string): Actor {
  const group = findAccount(directory, `${directory.netbios}\\${SQL_ADMINISTRATORS}`);
  return { host, account: group?.members?.[0] ?? "", logon: "network" };
}
