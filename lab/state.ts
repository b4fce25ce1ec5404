import { z } from "zod";
import type { Run } from "../estate/documents";
import {
  hostLayout,
  HostState,
  Job,
  MANIFEST,
  OffsitePoint,
  seriesOf,
  TargetMark,
  targetLayout,
  type JobState,
  type TargetState,
  type TaskState,
} from "../estate/documents";
import { nextOf } from "../estate/schedules";
import { productFile, readAgent } from "./agent";
import { agentJobState, watchedOf } from "./agent-jobs";
import { Body } from "./body";
import { sidOf } from "./directory";
import { freeBytes, reach, volumeOf } from "./files";
import { manifestIn, setFolders } from "./interpreter/sets";
import { below, folderKey, joinWindows, samePath } from "./paths";
import { liveRun, readRuns, RUNNING, runsOf } from "./runs";
import { own, type Computer, type Task, type World } from "./world";

/** The one read of a host: only what is local to it. */
export function readState(world: World, fqdn: string): HostState {
  const computer = world.computer(fqdn);
  const { domain, operatingSystem, powershell, lync } = computer;
  const problems: Problem[] = [];
  return HostState.make({
    host: computer.fqdn,
    at: world.clock.now,
    timeZone: computer.timeZone,
    computer: { domain, operatingSystem, powershell, lync },
    volumes: Object.fromEntries(
      Object.entries(computer.volumes).map(([drive, { encryption }]) => [
        `${drive}:`,
        { encryption, freeBytes: freeBytes(world, { host: fqdn, local: `${drive}:\\` }) ?? null },
      ]),
    ),
    agent: readable(problems, "agent", "The mark of the module", () => readAgent(world, fqdn))[0] ?? null,
    tasks: Object.values(computer.tasks).map((task) => taskState(world, computer, task)),
    jobs: jobNames(world, fqdn).map((name) => jobState(world, fqdn, name, problems)),
    targets: targetNames(world, fqdn).flatMap((name) =>
      readable(problems, "targets", `The note of the target ${name}`, () => targetState(world, computer, name)),
    ),
    problems,
  });
}

type Problem = HostState["problems"][number];

/** What cannot be read is told, and hides nothing else. */
function readable<T>(problems: Problem[], concerns: Problem["concerns"], what: string, read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    problems.push(unreadable(concerns, what, error));
    return [];
  }
}

const unreadable = (concerns: Problem["concerns"], what: string, error: unknown): Problem => ({
  concerns,
  code: "unreadable",
  message: `${what} cannot be read: ${(error as Error).message.replace(/\.$/, "")}.`,
});

function taskState(world: World, computer: Computer, task: Task): TaskState {
  const { owner: _owner, since, considered, makesUpAt: _makesUpAt, account, ...shown } = task;
  const known = Object.values(world.directory.accounts).find(({ sid }) => sid === account.sid);
  const next = task.enabled ? nextOf(task.triggers, computer.timeZone, since, Date.parse(considered)) : null;
  // Killed: Windows shows how the process ended.
  const killed = task.lastResult === RUNNING && liveRun(world, computer.fqdn, task.name) === undefined;
  return {
    ...shown,
    lastResult: killed ? 1 : task.lastResult,
    account: { name: known?.name ?? account.name, sid: known?.sid ?? null },
    nextRunAt: next === null ? null : new Date(next).toISOString(),
  };
}

export const jobNames = (world: World, fqdn: string): string[] =>
  world.disk.names(productFile(fqdn, "jobs")).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : []));

export const jobFile = (world: World, fqdn: string, name: string): Body | undefined =>
  world.disk.body(productFile(fqdn, hostLayout.job(name)));

/** Undefined: it is no job document. */
export function parseJob(text: string): Job | undefined {
  try {
    return Job.parse(text);
  } catch {
    return undefined;
  }
}

export const jobIn = (content: Buffer): Job | undefined => parseJob(content.toString("utf8"));

/** Whether a document is the one of this job, and for this host. */
export const isPlacedOn = (job: Job, name: string, fqdn: string): boolean =>
  job.name === name && job.placement.some(({ host }) => host === fqdn);

const NOTHING = new Body({ content: Buffer.alloc(0) });

function jobState(world: World, fqdn: string, name: string, problems: Problem[]): JobState {
  const file = jobFile(world, fqdn, name) ?? NOTHING;
  const job = file.derive(jobIn);
  const [lastRun] = readRuns(world, fqdn, name, 1, (file, error) => {
    problems.push(unreadable("sets", `The result ${file}`, error));
  });
  return {
    name,
    owner: job?.owner ?? null,
    hash: file.sha256(),
    text: file.read().toString("utf8"),
    accountSid: job ? sidOf(world.directory, job.account) : null,
    newestSet: job ? newestSet(world, fqdn, job, problems) : null,
    lastRun: lastRun ? withoutSteps(lastRun) : null,
    agent:
      readable(problems, "agent-jobs", `The Agent job of ${name}`, () => agentJobState(world, fqdn, name))[0] ?? null,
    watched: readable(problems, "watches", `What ${name} backs up`, () => watchedOf(world, fqdn, name))[0] ?? null,
    offsite: job ? offsitePoints(world, fqdn, job) : [],
  };
}

/** The newest verification counts, also where it found less than the one before it. */
function offsitePoints(world: World, fqdn: string, { name, steps: declared }: Job): JobState["offsite"] {
  if (!declared.some(({ kind }) => kind === "courier")) return [];
  for (const { steps } of runsOf(world, fqdn, name)) {
    const newest = steps.findLast(({ kind, data }) => kind === "courier" && "newest" in data)?.data["newest"];
    if (newest !== undefined) return z.array(OffsitePoint).parse(newest);
  }
  return [];
}

function withoutSteps(run: Run): NonNullable<JobState["lastRun"]> {
  const { document: _document, version: _version, steps: _steps, ...rest } = run;
  return rest;
}

/**
 * A session is a network logon and sees no share: the newest set that this host knows of is the one that its own runs
 * sealed, or that lies on its own disk.
 */
function newestSet(world: World, fqdn: string, job: Job, problems: Problem[]): JobState["newestSet"] {
  const what = `The sets of ${job.name}`;
  const local = readable(problems, "sets", what, () => localSets(world, fqdn, job)).flat();
  const sets = local.flatMap(({ set, manifest }) =>
    readable(problems, "sets", `The manifest of the set ${set}`, () => manifest.derive(manifestIn)),
  );
  const found = sets.map(({ set, sealedAt, bytes }) => ({ set, sealedAt, bytes }));
  for (const { set, steps } of runsOf(world, fqdn, job.name)) {
    const seal = steps.find(({ kind }) => kind === "seal");
    if (set === undefined || !seal) continue;
    found.push({ set, sealedAt: seal.finishedAt, bytes: Number(seal.data["bytes"]) });
    break;
  }
  return found.sort((a, b) => (a.set < b.set ? 1 : -1))[0] ?? null;
}

function localSets(world: World, fqdn: string, job: Job): { set: string; manifest: Body }[] {
  if (!job.target || job.target.path.startsWith("\\\\")) return [];
  const actor = { host: fqdn, account: job.account, logon: "network" } as const;
  const sets = reach(world, actor, joinWindows(job.target.path, targetLayout.sets(seriesOf(job))), "read");
  return setFolders(world.disk, sets).flatMap((set) => {
    const manifest = world.disk.body(below(sets, set, MANIFEST));
    return manifest ? [{ set, manifest }] : [];
  });
}

/** What a host notes down of a target that it keeps: enough to take its share away when the folder is gone. */
export type TargetNote = Pick<TargetMark, "owner" | "declaration">;

export const targetNames = (world: World, fqdn: string): string[] =>
  world.disk.names(productFile(fqdn, "targets")).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : []));

/** Undefined: there is none that can be read. */
export function targetNote(world: World, fqdn: string, name: string): TargetNote | undefined {
  const text = world.disk.text(productFile(fqdn, hostLayout.targetNote(name)));
  try {
    return text === undefined ? undefined : (JSON.parse(text) as TargetNote);
  } catch {
    return undefined;
  }
}

/** Null: there is none that can be read. */
export function targetMark(world: World, fqdn: string, folder: string): TargetMark | null {
  const text = world.disk.text(below({ host: fqdn, local: folder }, targetLayout.mark));
  try {
    return text === undefined ? null : TargetMark.parse(text);
  } catch {
    return null;
  }
}

function targetState(world: World, computer: Computer, name: string): TargetState {
  const note = targetNote(world, computer.fqdn, name);
  if (!note) throw new Error("it is no JSON");
  const { path: folder, share, writers, readers } = note.declaration;
  const place = { host: computer.fqdn, local: folder };
  const mark = targetMark(world, computer.fqdn, folder);
  const accounts = [...writers, ...readers, ...(mark?.declaration.writers ?? []), ...(mark?.declaration.readers ?? [])];
  const shared =
    (share === undefined ? undefined : own(computer.shares, share.toLowerCase())) ??
    Object.values(computer.shares).find((one) => samePath(one.path, folder));
  return {
    name,
    path: folder,
    declaration: mark?.declaration ?? null,
    owner: mark?.owner ?? null,
    folder: world.disk.has(place),
    share: shared ? { name: shared.name, path: shared.path, access: shared.access } : null,
    access: computer.access[folderKey(folder)] ?? [],
    encryption: volumeOf(computer, folder)?.encryption ?? "unknown",
    freeBytes: freeBytes(world, place) ?? null,
    accounts: Object.fromEntries(accounts.map((account) => [account, sidOf(world.directory, account)])),
  };
}
