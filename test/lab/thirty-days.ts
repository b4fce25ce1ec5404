import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { ListingLine, Manifest, MANIFEST, type Run } from "../../estate/documents";
import { openHost } from "../../hosts/open";
import { advance, changeGroup, cutHost, fillDisk, mendHost, powerOff, powerOn, realFile } from "../../lab/commands";
import { randomFrom } from "../../lab/random";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { fileStoreCopyJob } from "../../providers/file-store-copy-job/reconcile";
import { persistentChatExport } from "../../providers/persistent-chat-export/reconcile";
import { responseGroupExport } from "../../providers/response-group-export/reconcile";
import { userDataExport } from "../../providers/user-data-export/reconcile";
import { prepareJobs, VAULT } from "../support/job-case";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";

/**
 * A month of nights in which jobs run while the world lives, and some nights go wrong. What each night must leave is
 * told by a model that knows the rules and nothing of the product.
 */

const LAST = 3;
const DAILY = 5;
const retention = { last: LAST, daily: DAILY, weekly: 0, monthly: 0, yearly: 0 };
const at = (time: string) => ({ retention, schedule: { every: "day", at: [time] } });
const { CmsExport, UserDataExport, ResponseGroupExport, PersistentChatExport, FileStoreCopyJob } = RESOURCE_EXAMPLES;

/** Where each job acts, and as what. No time of theirs is ever skipped or doubled by a clock that is put forward. */
export const JOBS = [
  { type: cmsExport, args: { ...CmsExport.args, ...at("00:30") }, host: "fe01.contoso.com" },
  {
    type: userDataExport,
    args: { ...UserDataExport.args, ...at("01:00") },
    host: "tools01.contoso.com",
  },
  {
    type: responseGroupExport,
    args: { ...ResponseGroupExport.args, ...at("01:30") },
    host: "fe01.contoso.com",
  },
  {
    type: persistentChatExport,
    args: { ...PersistentChatExport.args, ...at("03:30") },
    host: "tools01.contoso.com",
  },
  {
    type: fileStoreCopyJob,
    args: { ...FileStoreCopyJob.args, ...at("04:00") },
    host: "bk02.contoso.com",
  },
] as const;
type Job = (typeof JOBS)[number];

interface Night {
  what: string;
  strike: (lab: string) => Promise<unknown>;
  mend: (lab: string) => Promise<unknown>;
  fails: (job: Job) => boolean;
}

const nothing = (): Promise<void> => Promise.resolve();
const GROUP = "RTCUniversalServerAdmins";
const NIGHTS: readonly [Night, ...Night[]] = [
  { what: "all is well", strike: nothing, mend: nothing, fails: () => false },
  {
    what: "the target is cut off",
    strike: (lab) => cutHost(lab, VAULT.host),
    mend: (lab) => mendHost(lab, VAULT.host),
    fails: () => true,
  },
  {
    what: "the target is full",
    strike: (lab) => fillDisk(lab, VAULT.host, "D", 0),
    mend: (lab) => fillDisk(lab, VAULT.host, "D", 400 * 1024 ** 3),
    fails: () => true,
  },
  {
    what: "the account was taken out of its group",
    strike: (lab) => changeGroup(lab, CmsExport.args.account, GROUP, "remove"),
    mend: (lab) => changeGroup(lab, CmsExport.args.account, GROUP, "add"),
    fails: () => true,
  },
  {
    what: "the computer that copies files is cut off",
    strike: (lab) => cutHost(lab, "bk02.contoso.com"),
    mend: (lab) => mendHost(lab, "bk02.contoso.com"),
    fails: ({ host }) => host === "bk02.contoso.com",
  },
  {
    // Its starts are missed, and made up for when it is there again.
    what: "a host is off",
    strike: (lab) => powerOff(lab, "tools01.contoso.com"),
    mend: (lab) => powerOn(lab, "tools01.contoso.com"),
    fails: () => false,
  },
];

/** A month in a lab of its own, whose jobs are made without the engine. */
export async function aMonth(seed: string, nights: number): Promise<void> {
  const { folder: lab, remove } = await temporaryLab();
  try {
    for (const { args } of JOBS) await prepareJobs(lab, args);
    for (const { type, args } of JOBS) await OneResource.of(type as typeof cmsExport, lab, args.name).up(args);
    await passNights(lab, seed, nights);
  } finally {
    remove();
  }
}

/** In a lab in which the jobs have been made. */
export async function passNights(lab: string, seed: string, nights: number): Promise<void> {
  const random = randomFrom(seed);
  const kept = new Map<string, string[]>(JOBS.map(({ args }) => [args.name, []]));
  for (let number = 1; number <= nights; number++) {
    // Every other night something goes wrong.
    const night = random.below(2) === 0 ? NIGHTS[0] : random.pick(NIGHTS);
    await night.strike(lab);
    await advance(lab, 23 * 60);
    await night.mend(lab);
    const { now } = await advance(lab, 60);
    for (const job of JOBS) {
      const said = `${seed}, night ${String(number)}, when ${night.what}: ${job.args.name}`;
      const run = await newestRun(lab, job);
      assert.equal(run.outcome, night.fails(job) ? "failed" : "succeeded", `${said}: ${run.error?.message ?? ""}`);
      assert.ok(Date.parse(run.startedAt) > Date.parse(now) - 24 * 3_600_000, `${said}: ran that night`);
      const before = kept.get(job.args.name) ?? [];
      const after = run.set === undefined ? before : await wantedOf(lab, job, [...before, run.set]);
      assert.deepEqual(await setsOf(lab, job), after, said);
      kept.set(job.args.name, after);
      await mustBeWhole(lab, job, after);
      await mustBeReported(lab, job, run, after.at(-1), said);
    }
  }
}

async function newestRun(lab: string, { host, args }: Job): Promise<Run> {
  const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab });
  try {
    const [run] = await opened.results({ job: args.name, last: 1 });
    assert.ok(run, `${args.name} has run`);
    return run;
  } finally {
    await opened.close();
  }
}

/** What the host tells of it, by which people and every other part of the product know. */
async function mustBeReported(
  lab: string,
  { host, args: { name } }: Job,
  { id, outcome, error }: Run,
  newest: string | undefined,
  said: string,
): Promise<void> {
  const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab });
  const { jobs, tasks, problems } = await opened.state();
  await opened.close();
  const job = jobs.find((one) => one.name === name);
  const task = tasks.find((one) => one.name === name);
  assert.deepEqual([job?.lastRun?.id, job?.lastRun?.outcome, job?.lastRun?.error], [id, outcome, error], said);
  assert.equal(job?.newestSet?.set, newest, said);
  assert.deepEqual([task?.lastResult, problems], [outcome === "succeeded" ? 0 : 1, []], said);
}

/** The newest ones, the newest of each of the newest days, and whatever these cannot be restored without. */
async function wantedOf(lab: string, job: Job, sets: readonly string[]): Promise<string[]> {
  const newestFirst = [...sets].sort().reverse();
  const days = [...new Set(newestFirst.map((set) => set.slice(0, 8)))].slice(0, DAILY);
  const wanted = new Set(newestFirst.slice(0, LAST));
  for (const day of days) wanted.add(newestFirst.find((set) => set.startsWith(day)) ?? "");
  for (const set of [...wanted]) for (const other of await heldElsewhere(lab, job, set)) wanted.add(other);
  return [...wanted].sort();
}

const folderOf = (lab: string, { args }: Job): Promise<string> =>
  realFile(lab, VAULT.host, `D:\\LyncBackup\\series\\${args.name}\\sets`);

async function setsOf(lab: string, job: Job): Promise<string[]> {
  const folder = await folderOf(lab, job);
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** The sets in which a listing says that files lie. */
async function heldElsewhere(lab: string, job: Job, set: string): Promise<string[]> {
  const listing = path.join(await folderOf(lab, job), set, "listing.jsonl");
  if (!fs.existsSync(listing)) return [];
  const lines = fs.readFileSync(listing, "utf8").trimEnd().split("\n");
  return [...new Set(lines.map((line) => ListingLine.parse(JSON.parse(line)).set))];
}

async function mustBeWhole(lab: string, job: Job, sets: readonly string[]): Promise<void> {
  const folder = await folderOf(lab, job);
  for (const set of sets) {
    const { artefacts, needs, series } = Manifest.parse(fs.readFileSync(path.join(folder, set, MANIFEST), "utf8"));
    assert.equal(series, job.args.name);
    for (const { path: file, bytes } of artefacts) assert.equal(fs.statSync(path.join(folder, set, file)).size, bytes);
    for (const need of needs) assert.ok(sets.includes(need), `${set} needs ${need}`);
  }
}
