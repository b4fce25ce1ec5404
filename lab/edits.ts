import path from "node:path";
import {
  hostLayout,
  TargetMark,
  targetLayout,
  type AccessEntry,
  type Owner,
  type TargetDeclaration,
} from "../estate/documents";
import { nextOf } from "../estate/schedules";
import { productFile } from "./agent";
import { policy } from "./deployments/policies";
import { findAccount, sidOf } from "./directory";
import { underwayIn } from "./interpreter/execution";
import { LabError } from "./error";
import { freeBytes, volumeOf } from "./files";
import { changeConfiguration, moveMaster } from "./model/central-management";
import type { Policy } from "./model/configuration";
import { below, folderKey, joinWindows, type Place } from "./paths";
import { targetMark, targetNote } from "./state";
import { Store } from "./store";
import { inWorld, own, type Computer, type Task, type Volume, type World } from "./world";

/** What fate and colleagues do to a deployment: past the product, and often past good sense. */

export function onComputer<T>(folder: string, host: string, edit: (on: Computer, world: World) => T): Promise<T> {
  return inWorld(new Store(folder), (world) => edit(world.computer(host), world));
}

/** An edit that is called with the lab's folder, the computer, and what it needs besides. */
export const byHand =
  <Words extends unknown[], T>(edit: (computer: Computer, world: World, ...words: Words) => T) =>
  (folder: string, host: string, ...words: Words): Promise<T> =>
    onComputer(folder, host, (computer, world) => edit(computer, world, ...words));

const found = <T>(thing: T | null | undefined, what: string, { fqdn }: Computer): T => {
  if (thing === null || thing === undefined) throw new LabError(`There is no ${what} on ${fqdn}.`, 2);
  return thing;
};

/** The network to a computer is gone; the computer itself goes on. */
export const cutHost = byHand((computer) => {
  computer.reachable = false;
});

export const mendHost = byHand((computer) => {
  if (computer.off) throw new LabError(`${computer.fqdn} is off. Switch it on: lab power-on ${computer.fqdn}`);
  Object.assign(computer, { reachable: true, delayMs: 0, load: 1 });
});

/** Each call to the computer takes this much real time longer. */
export const slowHost = byHand((computer, _, delayMs: number) => {
  computer.delayMs = delayMs;
});

/** It is so busy that what runs on it takes so many times as long. */
export const loadHost = byHand((computer, _, load: number) => {
  computer.load = load;
});

/** What runs on it by schedule ends there, without a word. */
export const powerOff = byHand((computer, world) => {
  Object.assign(computer, { off: true, reachable: false });
  endRuns(world, computer.fqdn);
});

export function endRuns(world: World, host: string): void {
  for (const [id, { run }] of Object.entries(underwayIn(world))) {
    if (run.host === host) Reflect.deleteProperty(world.underway, id);
  }
}

/** Task Scheduler makes up for a start that it has missed after this time: its documented default. */
const MAKES_UP_AFTER_MINUTES = 10;

/** Starts that were missed meanwhile are made up for by one each, where the task says so. */
export const powerOn = byHand((computer, { clock: { now } }) => {
  if (!computer.off) return;
  delete computer.off;
  computer.reachable = true;
  for (const task of Object.values(computer.tasks)) {
    const next = nextOf(task.triggers, computer.timeZone, task.since, Date.parse(task.considered));
    const hasMissed = task.enabled && next !== null && next <= Date.parse(now);
    task.considered = now;
    if (hasMissed && task.startWhenMissed) task.makesUpAt = minutesAfter(now, MAKES_UP_AFTER_MINUTES);
  }
});

const minutesAfter = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

export const moveToDomain = byHand((computer, _, domain: string | null) => {
  computer.domain = domain;
});

// Tasks, jobs and the module.

type TaskPatch = Partial<Omit<Task, "name" | "account">> & { account?: string };

export const editTask = byHand((computer, world, job: string, { account, ...patch }: TaskPatch) => {
  const task = Object.assign(found(own(computer.tasks, job), `task ${job}`, computer), patch);
  if (account !== undefined) task.account = { name: account, sid: sidOf(world.directory, account) };
  // A trigger that was just typed has missed nothing.
  if (patch.triggers || patch.enabled === true) {
    task.considered = world.clock.now;
    delete task.makesUpAt;
  }
  if (patch.triggers) task.since = world.clock.now;
});

export const removeTask = byHand((computer, _, job: string) => {
  Reflect.deleteProperty(computer.tasks, job);
});

/** A task in the product's folder that the product did not make. */
export const makeForeignTask = byHand((computer, { clock: { now } }, job: string) => {
  computer.tasks[job] = {
    name: job,
    owner: null,
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

export const editJobFile = byHand(({ fqdn }, world, job: string, text: string) => {
  world.disk.write(productFile(fqdn, hostLayout.job(job)), text);
});

export const removeJobFile = byHand(({ fqdn }, world, job: string) => {
  world.disk.remove(productFile(fqdn, hostLayout.job(job)));
});

export const editAgentFile = (folder: string, host: string, file: string, text: string): Promise<void> =>
  editFile(folder, host, joinWindows(hostLayout.agent, file), text);

export const removeAgentFile = (folder: string, host: string, file: string): Promise<void> =>
  removeFolder(folder, host, joinWindows(hostLayout.agent, file));

// Files, shares and disks.

/** The real file behind a path of a computer, for whoever wants to look into it or break it. */
export const realFile = byHand(({ fqdn }, { disk }, where: string) => {
  const place = { host: fqdn, local: where };
  disk.materialise(place);
  return path.resolve(disk.realPath(place));
});

/** Any file, anywhere on a computer. */
export const editFile = byHand(({ fqdn }, world, file: string, content: string | Buffer) => {
  world.disk.write({ host: fqdn, local: file }, content);
});

/** A folder with files of somebody else in it. */
export const makeForeignFolder = (folder: string, host: string, where: string): Promise<void> =>
  editFile(folder, host, joinWindows(where, "readme.txt"), "Do not delete. Ask the database team.\n");

/** With the rights that stood on it. */
export const removeFolder = byHand((computer, world, where: string) => {
  world.disk.remove({ host: computer.fqdn, local: where });
  const inside = (one: string): boolean => `${one}\\`.startsWith(`${folderKey(where)}\\`);
  for (const one of Object.keys(computer.access).filter(inside)) Reflect.deleteProperty(computer.access, one);
});

type Access = readonly Pick<AccessEntry, "account" | "right">[];

const entriesOf = (world: World, access: Access): AccessEntry[] =>
  access.map(({ account, right }) => ({ account, sid: sidOf(world.directory, account), right }));

export const editFolderAccess = byHand((computer, world, where: string, access: Access) => {
  computer.access[folderKey(where)] = entriesOf(world, access);
});

export const editShare = byHand((computer, world, share: string, patch: { path?: string; access?: Access }) => {
  const shared = found(own(computer.shares, share.toLowerCase()), `share ${share}`, computer);
  if (patch.path !== undefined) shared.path = patch.path;
  if (patch.access) shared.access = entriesOf(world, patch.access);
});

export const removeShare = byHand((computer, _, share: string) => {
  Reflect.deleteProperty(computer.shares, share.toLowerCase());
});

export const makeForeignShare = byHand((computer, world, share: string, shared: string) => {
  world.disk.makeFolder({ host: computer.fqdn, local: shared });
  const access = entriesOf(world, [{ account: String.raw`CONTOSO\administrator`, right: "full" }]);
  computer.shares[share.toLowerCase()] = { name: share, path: shared, access };
});

const markFile = (computer: Computer, world: World, target: string): { file: Place; folder: string } => {
  const note = found(targetNote(world, computer.fqdn, target), `target ${target}`, computer);
  const folder = note.declaration.path;
  return { folder, file: below({ host: computer.fqdn, local: folder }, targetLayout.mark) };
};

/** Edits `target.json` of a target that the host has noted down; what it says elsewhere stays. */
export const editTargetMark = byHand(
  (computer, world, target: string, patch: { owner?: Owner; declaration?: Partial<TargetDeclaration> }) => {
    const { folder, file } = markFile(computer, world, target);
    const mark = found(targetMark(world, computer.fqdn, folder), `mark of the target ${target}`, computer);
    const declaration = { ...mark.declaration, ...patch.declaration };
    const next = TargetMark.make({ owner: patch.owner ?? mark.owner, madeAt: mark.madeAt, declaration });
    world.disk.write(file, TargetMark.write(next));
  },
);

export const removeTargetMark = byHand((computer, world, target: string) => {
  world.disk.remove(markFile(computer, world, target).file);
});

/** A drive is named by its letter: the first letter of some other word is not meant. */
const volumeNamed = (computer: Computer, drive: string): Volume | undefined =>
  /^[A-Za-z]:?\\?$/.test(drive) ? volumeOf(computer, drive) : undefined;

export const setEncryption = byHand((computer, _, drive: string, encryption: Volume["encryption"]) => {
  found(volumeNamed(computer, drive), `volume ${drive}`, computer).encryption = encryption;
});

export const fillDisk = byHand((computer, world, drive: string, free: number) => {
  const volume = found(volumeNamed(computer, drive), `volume ${drive}`, computer);
  const now = freeBytes(world, { host: computer.fqdn, local: `${drive.slice(0, 1)}:\\` }) ?? 0;
  volume.otherBytes = Math.max(0, volume.otherBytes + now - free);
});

// The directory and the Central Management store.

export function changeGroup(folder: string, account: string, group: string, change: "add" | "remove"): Promise<void> {
  return inWorld(new Store(folder), ({ directory }) => {
    const changed = findAccount(directory, group.includes("\\") ? group : `${directory.netbios}\\${group}`);
    const member = findAccount(directory, account);
    if (!changed?.members || !member)
      throw new LabError(`The directory has no group ${group} or no account ${account}.`);
    const others = changed.members.filter((one) => one.toLowerCase() !== member.name.toLowerCase());
    changed.members = change === "add" ? [...others, member.name] : others;
  });
}

/** An administrator adds and removes policies. */
export function editConfiguration(
  folder: string,
  changes: { add?: readonly Pick<Policy, "kind" | "identity">[]; keep?: (policy: Policy) => boolean },
): Promise<void> {
  return inWorld(new Store(folder), (world) => {
    changeConfiguration(world, (contents) => {
      const kept = contents.policies.filter(changes.keep ?? (() => true));
      contents.policies = [...kept, ...(changes.add ?? []).map(({ kind, identity }) => policy(kind, identity))];
    });
  });
}

/** The Central Management store becomes active in the pool of this server, which becomes its master. */
export const moveCentralManagement = byHand(({ fqdn, lync }, world) => {
  const kind = world.deployment.topology.pools.find((pool) => pool.fqdn === lync?.pool)?.kind;
  if (kind !== "enterprise" && kind !== "standard") {
    throw new LabError(`${fqdn} is in no Front End pool, so it cannot host the Central Management store.`);
  }
  moveMaster(world, fqdn);
});

/** The database of the Central Management store stops answering, or answers again. */
export function stopCentralManagement(folder: string, stopped = true): Promise<void> {
  return inWorld(new Store(folder), ({ deployment }) => {
    deployment.store.running = !stopped;
  });
}
