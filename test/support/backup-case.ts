import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { openHost } from "../../hosts/open";
import { realFile } from "../../lab/commands";
import type { BackupInputs } from "../../providers/job/parts";
import type { BackupOutputs } from "../../providers/job/schema";
import { describeJob, VAULT, type JobCase, type JobExample } from "./job-case";

type SetsCase = "editStep" | "afterItsFirstRun" | "remains";

/** What the suite needs to know of a job that makes sets. */
export interface BackupCase<Inputs extends BackupInputs> extends Omit<JobCase<Inputs, BackupOutputs>, SetsCase> {
  example: JobExample & { target: { name: string; host: string; path: string } };
  /** What lies in a set of its beside the manifest. */
  artefacts: readonly string[];
}

/** As every job; and its sets. */
export function describeBackup<Inputs extends BackupInputs>(subject: BackupCase<Inputs>): void {
  const { example, job = example.name } = subject;
  const { target } = example;
  const [first] = example.hosts;
  describeJob({
    ...subject,
    changes: {
      target: { ...target, path: String.raw`\\bk01.contoso.com\other$` },
      retention: { last: 3, daily: 1, weekly: 0, monthly: 0, yearly: 0 },
      keepFreeGigabytes: 1,
      ...subject.changes,
    },
    editStep: (step) => (step.kind === "check" ? { ...step, shrinkPercent: 1 } : step),
    afterItsFirstRun: ({ newestSet, newestSetBytes }) => {
      assert.ok(typeof newestSet === "string" && Number(newestSetBytes) > 0, "its set, and the size of it");
    },
    remains: async (lab) => {
      const host = await openHost({ name: first?.name ?? "", reach: { via: "lab" } }, { lab });
      const { set, outcome, error } = await host.run({ job });
      await host.close();
      assert.equal(outcome, "succeeded", error?.message);
      return async () => {
        const folder = await realFile(lab, VAULT.host, `D:\\LyncBackup\\series\\${example.name}\\sets`);
        const found = await readdir(path.join(folder, String(set)));
        assert.deepEqual(found.sort(), [...subject.artefacts, "manifest.json"].sort());
      };
    },
    bad: [
      { with: { retention: { last: 0 } }, names: "retention.last" },
      { with: { retention: { hourly: 3 } }, names: "retention.hourly: there is no such field" },
      { with: { target: { ...target, path: "D:" } }, names: "target.path" },
      { with: { target: { ...target, path: String.raw`D:\LyncBackup` } }, names: "target.path: is a local path" },
      ...(subject.bad ?? []),
    ],
  });
}
