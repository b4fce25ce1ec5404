import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "mocha";
import {
  Change,
  Job,
  RunId,
  type ChangeAction,
  type Owner,
  type Run,
  type SchedulerTask,
  type StepInput,
} from "../../estate/documents";
import { configurationJob, type ConfigurationExport } from "../../estate/jobs/configuration";
import { agentPackage } from "../../hosts/agent/package";
import type { RunOptions } from "../../hosts/host";
import { createLab, editConfiguration, realFile } from "../../lab/commands";
import { openLabHost } from "../../lab/host";

/** A lab of its own for a test: empty, or with a target, modules and the configuration job. */

export const FE01 = "fe01.contoso.com";
export const FE02 = "fe02.contoso.com";
export const BK01 = "bk01.contoso.com";
export const BACKUP = String.raw`CONTOSO\lync-backup$`;
export const TARGET = String.raw`D:\LyncBackup`;
export const JOB = "configuration";
export const ownerOf = (name: string): Owner => ({ project: "test", stack: "lab", name });
export const STRANGER: Owner = { project: "other", stack: "prod", name: "theirs" };

const made: string[] = [];
after(function () {
  // Hundreds of labs, where all tests run in one process.
  this.timeout(600_000);
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-lab-"));
  made.push(folder);
  return folder;
}

export async function emptyLab(): Promise<string> {
  const folder = path.join(temporaryFolder(), ".lab");
  await createLab(folder, { deployment: "contoso" });
  return folder;
}

export const vault: Extract<ChangeAction, { kind: "set-target" }>["target"] = {
  name: "vault",
  path: TARGET,
  share: "LyncBackup$",
  writers: [BACKUP],
  readers: [String.raw`CONTOSO\restore-admins`],
  keepFreeBytes: 0,
  encryption: "bitlocker",
  location: "remote",
  media: "disk",
};

export async function apply(
  folder: string,
  host: string,
  action: ChangeAction,
  more: { owner?: Owner; adopt?: boolean } = {},
): Promise<void> {
  const opened = await openLabHost(folder, host);
  await opened.apply(Change.make({ owner: ownerOf("subject"), action, ...more }));
}

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

export function setJob(job: Job): Extract<ChangeAction, { kind: "set-job" }> & { task: SchedulerTask } {
  const text = Job.write(job);
  return {
    kind: "set-job",
    name: job.name,
    base64: Buffer.from(text).toString("base64"),
    sha256: sha256(text),
    task: {
      by: "task-scheduler",
      logon: "managed",
      enabled: true,
      triggers: [{ kind: "daily", at: "02:00", everyDays: 1 }],
      startWhenMissed: true,
    },
  };
}

export function configuration(patch: Partial<ConfigurationExport> = {}): Job {
  return configurationJob({
    owner: ownerOf("subject"),
    name: JOB,
    product: "lync2013",
    deployment: "contoso",
    placement: [{ host: FE01 }, { host: FE02 }],
    account: BACKUP,
    timeLimitMinutes: 60,
    target: { name: "vault", host: BK01, path: String.raw`\\bk01.contoso.com\lyncbackup$` },
    keepFreeBytes: 0,
    retention: { last: 3, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
    ...patch,
  });
}

export async function labWithJob(job: Job = configuration()): Promise<string> {
  const folder = await emptyLab();
  await apply(folder, BK01, { kind: "set-target", target: vault });
  for (const { host } of job.placement) {
    await apply(folder, host, { kind: "set-agent", agent: agentPackage() });
    await apply(folder, host, setJob(job));
  }
  return folder;
}

export async function run(folder: string, host = FE01, options: RunOptions = {}): Promise<Run> {
  return (await openLabHost(folder, host)).run({ job: JOB }, options);
}

/** Runs a document of these steps once, for what no resource declares. */
export async function runSteps(folder: string, steps: StepInput[], more: Partial<Job> = {}): Promise<Run> {
  const { name: _name, steps: _steps, document: _document, version: _version, ...common } = configuration();
  const job = Job.make({ ...common, ...more, name: "one-off", purpose: "probe", steps });
  return (await openLabHost(folder, FE01)).run({ document: job });
}

/** Folders of sets on the target, and whether each is sealed. */
export async function setsOf(folder: string): Promise<{ set: string; sealed: boolean; real: string }[]> {
  const real = await realFile(folder, BK01, String.raw`${TARGET}\series\configuration\sets`);
  if (!fs.existsSync(real)) return [];
  return fs
    .readdirSync(real)
    .sort()
    .map((set) => ({
      set,
      sealed: RunId.safeParse(set).success && fs.existsSync(path.join(real, set, "manifest.json")),
      real: path.join(real, set),
    }));
}

export interface Child {
  ended: Promise<NodeJS.Signals | number | null>;
  kill: () => void;
  said: (text: string) => Promise<void>;
  output: () => string;
}

/** Another process that does something to a lab: see child.ts. It may be killed at a moment of its own. */
export function child(args: readonly string[], dieAt?: number | string): Child {
  const spawned = spawn(process.execPath, [path.join(__dirname, "child.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...(dieAt === undefined ? {} : { DIE_AT: String(dieAt) }) },
  });
  let output = "";
  spawned.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    spawned.once("close", (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return {
    ended,
    kill: () => spawned.kill("SIGKILL"),
    said: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        spawned.stdout.on("data", look);
        look();
      }),
    output: () => output,
  };
}

export const WORK = String.raw`C:\ProgramData\LyncBackup\work`;
export const inFolder = async (folder: string, host: string, where: string): Promise<string[]> => {
  const real = await realFile(folder, host, where);
  return fs.existsSync(real) ? fs.readdirSync(real) : [];
};
export const side = (name: string): string => [TARGET, "series", JOB, "side", name].join("\\");
/** Most of the configuration is gone. */
export const fewPolicies = (folder: string): Promise<void> =>
  editConfiguration(folder, { keep: ({ identity }) => identity === "Global" });
