import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { MANIFEST, type Job, type Run, type Step } from "../../../estate/documents";
import { configurationJob, fileStoreJob, persistentChatJob, responseGroupJob, userDataJob } from "../../../estate/jobs";
import type { RunOptions } from "../../../hosts/host";
import { openLabHost } from "../../../lab/host";
import { FE01, inFolder, labWithJob, sha256, WORK } from "../fixture";
import { FAULTS, type Fault } from "./step-faults";
import { declared as declaredJob, PARTNER, POOL, runJob, setFolder, setsFolder, STORE, succeeded } from "./support";

/** Every step of every export and copy, with something that breaks as it begins: what may never happen then. */

/** No set goes: every one that was sealed can be counted. */
const declared = (name: string): ReturnType<typeof declaredJob> => ({
  ...declaredJob(name),
  retention: { last: 1000, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
});

export const JOBS: Readonly<Record<string, () => Job>> = {
  configuration: () => configurationJob(declared("configuration")),
  "user data": () => userDataJob({ ...declared("users"), pool: POOL, partner: PARTNER }),
  "Response Groups": () => responseGroupJob({ ...declared("groups"), pool: POOL, partner: PARTNER }),
  "Persistent Chat": () =>
    persistentChatJob({
      ...declared("chat"),
      pool: "chat01.contoso.com",
      instance: String.raw`sql03.contoso.com\chat`,
    }),
  "file store": () => fileStoreJob({ ...declared("files"), store: STORE, mirror: true }),
};

/** Breaks what the choice says of each step, one run after the other; in between a run must succeed again. */
export async function breakEveryStep(
  job: Job,
  choose: (faults: readonly Fault[], step: number) => readonly Fault[],
): Promise<void> {
  const lab = await labWithJob(job);
  let good = succeeded(await runJob(lab, job));
  let before = await contentsOf(lab, job, good);
  const [broken, all] = [new Set<string>(), new Set<string>()];
  for (const [index, step] of job.steps.entries()) {
    const { id } = step;
    const able = Object.values(FAULTS).filter(({ strikes }) => strikes?.(step) ?? true);
    for (const fault of choose(able, index)) {
      const sealed = await sealedSets(lab, job);
      const run = await struckIn(lab, job, step, fault);
      all.add(run.id);
      if (run.outcome !== "succeeded") broken.add(run.id);
      const said = `${id}: ${run.outcome} ${run.error?.message ?? ""}`;
      const isSkipped = run.steps.some((one) => one.id === id && one.outcome === "skipped");
      if (fault.strikes && !isSkipped) assert.equal(run.outcome, "failed", said);
      const isSealed = run.steps.some(({ kind, outcome }) => kind === "seal" && outcome === "ok");
      assert.equal(run.outcome === "succeeded" && !isSealed, false, said);
      assert.equal((await sealedSets(lab, job)).length, sealed.length + (isSealed ? 1 : 0), `${said}: sealed or not`);
      if (run.outcome === "failed") {
        const failed = run.steps.find(({ outcome }) => outcome === "failed");
        assert.ok(failed && run.error, `${said}: says which step has failed, and why`);
      }
      assert.deepEqual(await contentsOf(lab, job, good), before, `${said}: the last good set stays as it is`);
      await fault.mend(lab);
      assert.deepEqual(await recorded(lab, job, run), run, `${said}: is recorded as it ended`);

      good = succeeded(await runJob(lab, job));
      before = await contentsOf(lab, job, good);
      assert.deepEqual(await foldersOf(lab, job), await sealedSets(lab, job), `${said}: no folder without a manifest`);
      assert.deepEqual(await inFolder(lab, FE01, WORK), [], `${said}: no work is left behind`);
    }
  }
  assert.ok(broken.size * 2 > all.size, "most of what strikes a run does break it");
}

async function struckIn(lab: string, job: Job, step: Step, { strike }: Fault): Promise<Run> {
  const cancel = new AbortController();
  let struck: Promise<unknown> = Promise.resolve();
  const onProgress: RunOptions["onProgress"] = (progress) => {
    // The world is free while a step is announced, so that fate may have its turn before the step has looked at it.
    if (progress.kind === "step-started" && progress.id === step.id) struck = strike(lab, step, cancel);
  };
  const run = await runJob(lab, job, { onProgress, signal: cancel.signal });
  await struck;
  return run;
}

async function foldersOf(lab: string, job: Job): Promise<string[]> {
  return fs.readdirSync(await setsFolder(lab, job)).sort();
}

async function sealedSets(lab: string, job: Job): Promise<string[]> {
  const folder = await setsFolder(lab, job);
  return (await foldersOf(lab, job)).filter((set) => fs.existsSync(path.join(folder, set, MANIFEST)));
}

/** Every file of a set, by its hash. */
async function contentsOf(lab: string, job: Job, { set = "" }: Run): Promise<[string, string][]> {
  const folder = await setFolder(lab, job, set);
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file): [string, string] => [path.relative(folder, file), sha256(fs.readFileSync(file))]);
}

async function recorded(lab: string, job: Job, { id }: Run): Promise<Run | undefined> {
  const host = await openLabHost(lab, FE01);
  return (await host.results({ job: job.name, last: 5 })).find((run) => run.id === id);
}
