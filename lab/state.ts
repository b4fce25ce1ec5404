import fs from "node:fs";
import type { Run } from "../estate/documents";
import {
  hostLayout,
  HostState,
  Job,
  Manifest,
  MANIFEST,
  seriesOf,
  TargetMark,
  targetLayout,
  type JobState,
  type TargetState,
  type TaskState,
} from "../estate/documents";
import { productFile, readAgent, sha256 } from "./agent";
import { sidOf } from "./directory";
import { freeBytes, joinWindows, namesIn, reach, readIfThere, realPath, volumeOf } from "./files";
import { readRuns, runsOf } from "./runs";
import { nextOf } from "./time";
import type { Computer, Task, World } from "./world";

/** The one read of a host: only what is local to it. */
export function readState(world: World, fqdn: string): HostState {
  const computer = world.computer(fqdn);
  const { domain, operatingSystem, powershell, lync } = computer;
  const problems: HostState["problems"] = [];
  return HostState.make({
    host: computer.fqdn,
    at: world.clock.now,
    timeZone: computer.timeZone,
    computer: { domain, operatingSystem, powershell, lync },
    volumes: Object.fromEntries(
      Object.entries(computer.volumes).map(([drive, { encryption }]) => [
        `${drive}:`,
        { encryption, freeBytes: freeBytes(world, fqdn, `${drive}:\\`) ?? null },
      ]),
    ),
    agent: readAgent(world, fqdn),
    tasks: Object.values(computer.tasks).map((task) => taskState(world, computer, task)),
    jobs: jobNames(world, fqdn).map((name) => jobState(world, fqdn, name, problems)),
    targets: targetNames(world, fqdn).map((name) => targetState(world, computer, name)),
    problems,
  });
}

function taskState(world: World, computer: Computer, task: Task): TaskState {
  const { owner: _owner, since, considered, account, ...shown } = task;
  const known = Object.values(world.directory.accounts).find(({ sid }) => sid === account.sid);
  const next = task.enabled ? nextOf(task.triggers, computer.timeZone, since, Date.parse(considered)) : null;
  return {
    ...shown,
    account: { name: known?.name ?? account.name, sid: known?.sid ?? null },
    nextRunAt: next === null ? null : new Date(next).toISOString(),
  };
}

export const jobNames = (world: World, fqdn: string): string[] =>
  namesIn(productFile(world, fqdn, "jobs")).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : []));

export const jobText = (world: World, fqdn: string, name: string): string | undefined =>
  readIfThere(productFile(world, fqdn, hostLayout.job(name)));

/** Undefined: it is no job document. */
export function parseJob(text: string | undefined): Job | undefined {
  try {
    return text === undefined ? undefined : Job.parse(text);
  } catch {
    return undefined;
  }
}

function jobState(world: World, fqdn: string, name: string, problems: HostState["problems"]): JobState {
  const text = jobText(world, fqdn, name) ?? "";
  const job = parseJob(text);
  const lastRun = readRuns(world, fqdn, name, 1)[0];
  return {
    name,
    owner: job?.owner ?? null,
    hash: sha256(text),
    text,
    accountSid: job ? sidOf(world.directory, job.account) : null,
    newestSet: job ? newestSet(world, fqdn, job, problems) : null,
    lastRun: lastRun ? withoutSteps(lastRun) : null,
  };
}

function withoutSteps(run: Run): NonNullable<JobState["lastRun"]> {
  const { document: _document, version: _version, steps: _steps, ...rest } = run;
  return rest;
}

/**
 * A session is a network logon and sees no share: the newest set that this host knows of is the one that its own runs
 * sealed, or that lies on its own disk.
 */
function newestSet(world: World, fqdn: string, job: Job, problems: HostState["problems"]): JobState["newestSet"] {
  const sets = localSets(world, fqdn, job, problems);
  for (const { set, steps } of runsOf(world, fqdn, job.name)) {
    const seal = steps.find(({ kind }) => kind === "seal");
    if (set === undefined || !seal) continue;
    sets.push({ set, sealedAt: seal.finishedAt, bytes: Number(seal.data["bytes"]) });
    break;
  }
  return sets.sort((a, b) => (a.set < b.set ? 1 : -1))[0] ?? null;
}

function localSets(
  world: World,
  fqdn: string,
  job: Job,
  problems: HostState["problems"],
): NonNullable<JobState["newestSet"]>[] {
  if (!job.target || job.target.path.startsWith("\\\\")) return [];
  const actor = { host: fqdn, account: job.account, logon: "network" } as const;
  try {
    const sets = reach(world, actor, joinWindows(job.target.path, targetLayout.sets(seriesOf(job))), "read").real;
    return namesIn(sets).flatMap((set) => {
      const text = readIfThere(`${sets}/${set}/${MANIFEST}`);
      if (text === undefined) return [];
      const { sealedAt, bytes } = Manifest.parse(text);
      return [{ set, sealedAt, bytes }];
    });
  } catch (error) {
    problems.push({ code: "sets-unreadable", message: `The sets of ${job.name}: ${(error as Error).message}` });
    return [];
  }
}

/** What a host notes down of a target that it keeps: enough to take its share away when the folder is gone. */
export type TargetNote = Pick<TargetMark, "owner" | "declaration">;

export const targetNames = (world: World, fqdn: string): string[] =>
  namesIn(productFile(world, fqdn, "targets")).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : []));

export function targetNote(world: World, fqdn: string, name: string): TargetNote | undefined {
  const text = readIfThere(productFile(world, fqdn, hostLayout.targetNote(name)));
  return text === undefined ? undefined : (JSON.parse(text) as TargetNote);
}

/** Null: there is none that can be read. */
export function targetMark(world: World, fqdn: string, path: string): TargetMark | null {
  const text = readIfThere(realPath(world, fqdn, joinWindows(path, targetLayout.mark)));
  try {
    return text === undefined ? null : TargetMark.parse(text);
  } catch {
    return null;
  }
}

function targetState(world: World, computer: Computer, name: string): TargetState {
  const note = targetNote(world, computer.fqdn, name);
  if (!note) throw new Error(`${computer.fqdn}: the note of the target ${name} is gone`);
  const { path, share, writers, readers } = note.declaration;
  const mark = targetMark(world, computer.fqdn, path);
  const accounts = [...writers, ...readers, ...(mark?.declaration.writers ?? []), ...(mark?.declaration.readers ?? [])];
  const shared =
    (share === undefined ? undefined : computer.shares[share.toLowerCase()]) ??
    Object.values(computer.shares).find((one) => one.path.toLowerCase() === path.toLowerCase());
  return {
    name,
    path,
    declaration: mark?.declaration ?? null,
    owner: mark?.owner ?? null,
    folder: fs.existsSync(realPath(world, computer.fqdn, path)),
    share: shared ? { name: shared.name, path: shared.path, access: shared.access } : null,
    access: computer.access[path.toLowerCase()] ?? [],
    encryption: volumeOf(computer, path)?.encryption ?? "unknown",
    freeBytes: freeBytes(world, computer.fqdn, path) ?? null,
    accounts: Object.fromEntries(accounts.map((account) => [account, sidOf(world.directory, account)])),
  };
}
