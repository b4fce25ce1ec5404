import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { FILES, LISTING, ListingLine, Manifest, MANIFEST } from "../../../estate/documents";
import { realFile } from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import type { cmsExport } from "../../../providers/cms-export/reconcile";
import { prepareJobs, VAULT } from "../../support/job-case";
import { temporaryLab } from "../../support/lab";
import { OneResource } from "../../support/one-resource";
import { inFolder, sha256, WORK } from "../fixture";
import { killAt, momentsOf, type MomentInStep } from "../killing";
import { JOBS } from "../thirty-days";

/** Every export and copy as it is declared, whose process is killed in each of its steps: what may never happen then. */

export { JOBS };
type Job = (typeof JOBS)[number];

/** From there on a new set may count, and the one before it may go. */
const SEALING = ["seal", "retain", "mirror"];

/** A lab in which each job has made a good set, and wants no more than one. */
export async function labOfJobs(): Promise<{ lab: string; remove: () => void }> {
  const { folder: lab, remove } = await temporaryLab();
  for (const { args } of JOBS) await prepareJobs(lab, args);
  const retention = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
  for (const { type, args, host } of JOBS) {
    const mirror = type.type === "FileStoreCopyJob" ? { mirror: true } : {};
    await OneResource.of(type as typeof cmsExport, lab, args.name).up({ ...args, retention, ...mirror });
    const { outcome, error } = await (await openLabHost(lab, host)).run({ job: args.name });
    assert.equal(outcome, "succeeded", error?.message);
  }
  return { lab, remove };
}

/** How many moments each of its steps has in which its process may die. */
export const stepsOf = async (lab: string, { args, host }: Job): Promise<{ id: string; moments: number }[]> =>
  (await momentsOf(lab, ["run", args.name, host])).steps;

/** As its last run went through them. */
export async function stepIds(lab: string, { args, host }: Job): Promise<string[]> {
  const [run] = await (await openLabHost(lab, host)).results({ job: args.name, last: 1 });
  return run?.steps.map(({ id }) => id) ?? [];
}

export async function killIn(lab: string, job: Job, moments: readonly MomentInStep[]): Promise<void> {
  const { args, host } = job;
  const steps = await stepIds(lab, job);
  const good = await wholeSets(lab, job);
  await killAt(moments, lab, ["run", args.name, host], async (copy, moment) => {
    const [step = ""] = moment.split("+");
    const [found] = await (await openLabHost(copy, host)).results({ job: args.name, last: 1 });
    assert.equal(found?.outcome, "interrupted");
    const said = / ended (?:before its first step had ended|after the step (\S+)), and the run with it\.$/;
    const [, after] = said.exec(found.error?.message ?? "") ?? assert.fail(found.error?.message);
    assert.ok([step, steps[steps.indexOf(step) - 1]].includes(after), `in ${step}: ${found.error?.message ?? ""}`);

    const left = await wholeSets(copy, job);
    if (SEALING.includes(step)) assert.notDeepEqual(left, {}, "a good set is there");
    else assert.deepEqual(left, good, "the last good set stays as it is, and no other counts");
    await nextSucceeds(copy, job);
  });
}

async function nextSucceeds(copy: string, job: Job): Promise<void> {
  const { args, host } = job;
  const opened = await openLabHost(copy, host);
  const next = await opened.run({ job: args.name });
  assert.equal(next.outcome, "succeeded", next.error?.message);
  const sets = Object.keys(await wholeSets(copy, job));
  assert.ok(sets.includes(next.set ?? ""), "it has made a set");
  assert.deepEqual(fs.readdirSync(await setsFolder(copy, job)).sort(), sets, "no folder is without a manifest");
  assert.deepEqual(await inFolder(copy, host, WORK), [], "no work is left behind");
  for (const { outcome, finishedAt } of await opened.results({ job: args.name, last: 9 })) {
    assert.ok(outcome !== "running" && finishedAt !== undefined, "no run is on record as if it went on");
  }
}

const setsFolder = (lab: string, { args }: Job): Promise<string> =>
  realFile(lab, VAULT.host, `D:\\LyncBackup\\series\\${args.name}\\sets`);

/** What counts as a set, with the hashes of its artefacts. Each must be whole, down to the files that it lists. */
async function wholeSets(lab: string, job: Job): Promise<Record<string, string[]>> {
  const folder = await setsFolder(lab, job);
  const hashOf = (...file: string[]): string => sha256(fs.readFileSync(path.join(folder, ...file)));
  const found: Record<string, string[]> = {};
  for (const set of fs.readdirSync(folder).sort()) {
    if (!fs.existsSync(path.join(folder, set, MANIFEST))) continue;
    const manifest = Manifest.parse(fs.readFileSync(path.join(folder, set, MANIFEST), "utf8"));
    assert.equal(manifest.set, set);
    for (const one of manifest.artefacts) assert.equal(hashOf(set, one.path), one.sha256, `${set}/${one.path}`);
    for (const one of listedIn(path.join(folder, set))) {
      assert.equal(hashOf(one.set, FILES, one.path), one.sha256, `${set}: ${one.path}`);
    }
    found[set] = manifest.artefacts.map((one) => one.sha256);
  }
  return found;
}

function listedIn(folder: string): ListingLine[] {
  const file = path.join(folder, LISTING);
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => ListingLine.parse(JSON.parse(line)));
}
