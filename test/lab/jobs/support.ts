import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  Job,
  LISTING,
  ListingLine,
  Manifest,
  MANIFEST,
  seriesOf,
  targetLayout,
  type Run,
  type StepInput,
} from "../../../estate/documents";
import type { JobDeclaration } from "../../../estate/jobs";
import type { RunOptions } from "../../../hosts/host";
import { realFile } from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import { inWorld, type World } from "../../../lab/world";
import { Store } from "../../../lab/store";
import { BK01, configuration, FE01, ownerOf, TARGET } from "../fixture";

/** Job documents of the estate, run in the lab, and what they leave on the target. */

export const POOL = "pool01.contoso.com";
export const PARTNER = "pool02.contoso.com";
export const STORE = String.raw`\\fs01.contoso.com\lyncshare`;
export const SHARE = String.raw`\\bk01.contoso.com\lyncbackup$`;

/** What every job declares. */
export function declared(name: string): JobDeclaration {
  const { account, product, deployment, target } = configuration();
  assert.ok(target);
  return {
    owner: ownerOf("subject"),
    name,
    product,
    deployment,
    placement: [{ host: FE01 }],
    account,
    timeLimitMinutes: 240,
    target,
    keepFreeBytes: 0,
    retention: { last: 30, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
  };
}

export const runJob = async (folder: string, job: Job, options: RunOptions = {}): Promise<Run> =>
  (await openLabHost(folder, job.placement[0]?.host ?? FE01)).run({ job: job.name }, options);

/** A person restores: the steps are a document that is run once. */
export async function restore(
  folder: string,
  steps: StepInput[],
  options: RunOptions & { series?: string } = {},
): Promise<Run> {
  const { name: _name, steps: _steps, document: _document, version: _version, ...common } = configuration();
  const { series = "restore" } = options;
  const document = Job.make({ ...common, name: "restore", series, purpose: "restore", timeLimitMinutes: 600, steps });
  return (await openLabHost(folder, FE01)).run({ document }, options);
}

export function succeeded(run: Run): Run {
  assert.equal(run.outcome, "succeeded", run.error?.message);
  return run;
}

/** The real folder of the sets of a job, and that of one of them. */
export const setsFolder = (folder: string, job: Job): Promise<string> =>
  realFile(folder, BK01, [TARGET, ...targetLayout.sets(seriesOf(job)).split("/")].join("\\"));
export const setFolder = async (folder: string, job: Job, set: string): Promise<string> =>
  path.join(await setsFolder(folder, job), set);

/** As the account of a job names it. */
export const inSet = (job: Job, { set }: Run, file: string): string =>
  [SHARE, ...targetLayout.artefact(seriesOf(job), set ?? "", file).split("/")].join("\\");

export const manifestOf = async (folder: string, job: Job, { set }: Run): Promise<Manifest> => {
  assert.ok(set, "the run has sealed a set");
  return Manifest.parse(fs.readFileSync(path.join(await setFolder(folder, job, set), MANIFEST), "utf8"));
};

export async function listingOf(folder: string, job: Job, { set = "" }: Run): Promise<ListingLine[]> {
  const text = fs.readFileSync(path.join(await setFolder(folder, job, set), LISTING), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ListingLine.parse(JSON.parse(line)));
}

export const look = <T>(folder: string, what: (world: World) => T): Promise<T> => inWorld(new Store(folder), what);
