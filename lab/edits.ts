import fs from "node:fs";
import path from "node:path";
import {
  hostLayout,
  TargetMark,
  targetLayout,
  type AccessEntry,
  type Owner,
  type TargetDeclaration,
} from "../estate/documents";
import { productFile } from "./agent";
import { changeConfiguration, type Policy } from "./deployment";
import { findAccount, sidOf } from "./directory";
import { policy } from "./deployments/contoso";
import { LabError } from "./error";
import { folderKey, freeBytes, joinWindows, realPath, removeAll, volumeOf, writeWhole } from "./files";
import { targetMark, targetNote } from "./state";
import { Store } from "./store";
import { inWorld, own, type Computer, type Task, type Volume, type World } from "./world";

/** What a colleague does by hand on a server: past the product, and often past good sense. */

type Access = readonly Pick<AccessEntry, "account" | "right">[];

export async function onComputer<T>(
  folder: string,
  host: string,
  edit: (computer: Computer, world: World) => T,
): Promise<T> {
  return inWorld(new Store(folder), (world) => edit(world.computer(host), world));
}

const entriesOf = (world: World, access: Access): AccessEntry[] =>
  access.map(({ account, right }) => ({ account, sid: sidOf(world.directory, account), right }));

const missing = (what: string, host: string): LabError => new LabError(`There is no ${what} on ${host}.`);

export type TaskPatch = Partial<Omit<Task, "name" | "account">> & { account?: string };

export function editTask(folder: string, host: string, job: string, patch: TaskPatch): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    const task = own(computer.tasks, job);
    if (!task) throw missing(`task ${job}`, host);
    const { account, ...others } = patch;
    Object.assign(task, others);
    if (account !== undefined) task.account = { name: account, sid: sidOf(world.directory, account) };
    // A trigger that was just typed has missed nothing.
    if (patch.triggers || patch.enabled === true) task.considered = world.clock.now;
    if (patch.triggers) task.since = world.clock.now;
  });
}

export function removeTask(folder: string, host: string, job: string): Promise<void> {
  return onComputer(folder, host, (computer) => {
    Reflect.deleteProperty(computer.tasks, job);
  });
}

/** A task in the product's folder that the product did not make. */
export function makeForeignTask(folder: string, host: string, job: string, owner: Owner | null = null): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    const { now } = world.clock;
    computer.tasks[job] = {
      name: job,
      owner,
      account: { name: String.raw`NT AUTHORITY\SYSTEM`, sid: "S-1-5-18" },
      logon: "service-account",
      highestRights: false,
      enabled: true,
      triggers: [{ kind: "daily", at: "23:00", everyDays: 1 }],
      startWhenMissed: false,
      oneAtATime: false,
      timeLimitMinutes: 0,
      action: { program: "cmd.exe", arguments: String.raw`/c C:\Scripts\backup.cmd` },
      lastRunAt: null,
      lastResult: null,
      since: now,
      considered: now,
    };
  });
}

export function editJobFile(folder: string, host: string, job: string, text: string): Promise<void> {
  return onComputer(folder, host, (_, world) => {
    writeWhole(productFile(world, host, hostLayout.job(job)), text);
  });
}

export function removeJobFile(folder: string, host: string, job: string): Promise<void> {
  return onComputer(folder, host, (_, world) => {
    removeAll(productFile(world, host, hostLayout.job(job)));
  });
}

export function editAgentFile(folder: string, host: string, file: string, text: string): Promise<void> {
  return editFile(folder, host, joinWindows(hostLayout.agent, file), text);
}

export function removeAgentFile(folder: string, host: string, file: string): Promise<void> {
  return removeFolder(folder, host, joinWindows(hostLayout.agent, file));
}

/** Any file, anywhere on a computer. */
export function editFile(folder: string, host: string, file: string, content: string | Buffer): Promise<void> {
  return onComputer(folder, host, (_, world) => {
    writeWhole(realPath(world, host, file), content);
  });
}

export function editShare(
  folder: string,
  host: string,
  share: string,
  patch: { path?: string; access?: Access },
): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    const found = own(computer.shares, share.toLowerCase());
    if (!found) throw missing(`share ${share}`, host);
    if (patch.path !== undefined) found.path = patch.path;
    if (patch.access) found.access = entriesOf(world, patch.access);
  });
}

export function removeShare(folder: string, host: string, share: string): Promise<void> {
  return onComputer(folder, host, (computer) => {
    Reflect.deleteProperty(computer.shares, share.toLowerCase());
  });
}

export function makeForeignShare(folder: string, host: string, share: string, shared: string): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    fs.mkdirSync(realPath(world, host, shared), { recursive: true });
    const access = entriesOf(world, [{ account: String.raw`CONTOSO\administrator`, right: "full" }]);
    computer.shares[share.toLowerCase()] = { name: share, path: shared, access };
  });
}

export function editFolderAccess(folder: string, host: string, where: string, access: Access): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    computer.access[folderKey(where)] = entriesOf(world, access);
  });
}

/** Edits `target.json` of a target that the host has noted down; what it says elsewhere stays. */
export function editTargetMark(
  folder: string,
  host: string,
  target: string,
  patch: { owner?: Owner; declaration?: Partial<TargetDeclaration> },
): Promise<void> {
  return onComputer(folder, host, (_, world) => {
    const found = targetNote(world, host, target);
    const mark = found ? targetMark(world, host, found.declaration.path) : null;
    if (!found || !mark) throw missing(`mark of the target ${target}`, host);
    const declaration = { ...mark.declaration, ...patch.declaration };
    const next = TargetMark.make({ owner: patch.owner ?? mark.owner, madeAt: mark.madeAt, declaration });
    writeWhole(markFile(world, host, found.declaration.path), TargetMark.write(next));
  });
}

export function removeTargetMark(folder: string, host: string, target: string): Promise<void> {
  return onComputer(folder, host, (_, world) => {
    const found = targetNote(world, host, target);
    if (!found) throw missing(`target ${target}`, host);
    removeAll(markFile(world, host, found.declaration.path));
  });
}

const markFile = (world: World, host: string, where: string): string =>
  realPath(world, host, joinWindows(where, targetLayout.mark));

/** With the rights that stood on it. */
export function removeFolder(folder: string, host: string, where: string): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    removeAll(realPath(world, host, where));
    const inside = (one: string): boolean => `${one}\\`.startsWith(`${folderKey(where)}\\`);
    for (const one of Object.keys(computer.access).filter(inside)) Reflect.deleteProperty(computer.access, one);
  });
}

/** A folder with files of somebody else in it. */
export function makeForeignFolder(folder: string, host: string, where: string): Promise<void> {
  return editFile(folder, host, joinWindows(where, "readme.txt"), "Do not delete. Ask the database team.\n");
}

export function setEncryption(
  folder: string,
  host: string,
  drive: string,
  encryption: Volume["encryption"],
): Promise<void> {
  return onComputer(folder, host, (computer) => {
    const volume = volumeOf(computer, drive);
    if (!volume) throw missing(`volume ${drive}`, host);
    volume.encryption = encryption;
  });
}

export function fillDisk(folder: string, host: string, drive: string, free: number): Promise<void> {
  return onComputer(folder, host, (computer, world) => {
    const volume = volumeOf(computer, drive);
    const now = freeBytes(world, host, `${drive.slice(0, 1)}:\\`);
    if (!volume || now === undefined) throw missing(`volume ${drive}`, host);
    volume.otherBytes = Math.max(0, volume.otherBytes + now - free);
  });
}

export function moveToDomain(folder: string, host: string, domain: string | null): Promise<void> {
  return onComputer(folder, host, (computer) => {
    computer.domain = domain;
  });
}

export function changeGroup(folder: string, account: string, group: string, change: "add" | "remove"): Promise<void> {
  return inWorld(new Store(folder), ({ directory }) => {
    const found = findAccount(directory, group.includes("\\") ? group : `${directory.netbios}\\${group}`);
    const member = findAccount(directory, account);
    if (!found?.members || !member) throw new LabError(`The directory has no group ${group} or no account ${account}.`);
    const others = found.members.filter((one) => one.toLowerCase() !== member.name.toLowerCase());
    found.members = change === "add" ? [...others, member.name] : others;
  });
}

/** An administrator adds and removes policies. */
export function editConfiguration(
  folder: string,
  changes: { add?: readonly Pick<Policy, "kind" | "identity">[]; keep?: (policy: Policy) => boolean },
): Promise<void> {
  return inWorld(new Store(folder), ({ deployment }) => {
    changeConfiguration(deployment, (contents) => {
      const kept = contents.policies.filter(changes.keep ?? (() => true));
      contents.policies = [...kept, ...(changes.add ?? []).map(({ kind, identity }) => policy(kind, identity))];
    });
  });
}

/** The real file behind a path of a computer, for whoever wants to look into it or break it. */
export function realFile(folder: string, host: string, where: string): Promise<string> {
  return onComputer(folder, host, (_, world) => path.resolve(realPath(world, host, where)));
}
