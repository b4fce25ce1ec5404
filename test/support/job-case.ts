import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { Job, type Step } from "../../estate/documents";
import { triggersOf } from "../../estate/schedules";
import { openHost } from "../../hosts/open";
import { advance, editJobFile, editTask, removeJobFile, removeTask } from "../../lab/commands";
import type { CommonInputs, ResourceType } from "../../providers/base/resource-type";

import type { JobOutputs } from "../../providers/job/schema";
import { IN_DOCUMENT } from "../../providers/job/reconcile";
import { labForEach } from "./lab";
import { OneResource } from "./one-resource";
import { asPatch, describeResource, type ResourceCase } from "./resource-suite";
import { applyTo, installAgent, PREPARER, SOMEBODY } from "./world";

/** What the suite of resources needs to know of a job, whatever it does. A kind of job adds what is its own. */
export interface JobCase<Inputs extends CommonInputs, Outputs extends object> {
  type: ResourceType<Inputs, Outputs>;
  example: JobExample;
  /** Another good value for each property of its own. */
  changes?: Record<string, unknown>;
  /** How a colleague changes properties of its own by hand. */
  edits?: Record<string, (lab: string) => Promise<void>>;
  /** What a colleague may do to a step of its document by hand. */
  editStep: (step: Step) => Step;
  bad?: ResourceCase<Inputs, Outputs>["bad"];
  /** What must be there besides the module on every host, and the target. */
  prepare?: (lab: string) => Promise<void>;
  /** What it must have left behind, half an hour after it was made and started. */
  afterItsFirstRun: (outputs: Record<string, unknown>) => void;
  remains: ResourceCase<Inputs, Outputs>["remains"];
  /** Of the job that the main schedule starts, where it is not that of the resource. */
  job?: string;
  /** Where it may be placed besides. */
  elsewhere?: { name: string; reach: object; instance?: string };
  /** For a job that none but one host can have. */
  single?: boolean;
}

export type JobExample = Record<string, unknown> & {
  name: string;
  hosts: readonly { name: string; reach: object }[];
};

const reach = { via: "lab" };
export const VAULT = RESOURCE_EXAMPLES.BackupTarget.args;
/** Another host where a job may be placed. */
const ELSEWHERE = { name: "fe02.contoso.com", reach, pool: "pool01.contoso.com" };

/** The module on every host, and the target. */
export async function prepareJobs(lab: string, example: JobExample, elsewhere = ELSEWHERE.name): Promise<void> {
  const names = [...example.hosts.map(({ name }) => name), elsewhere, VAULT.host];
  for (const host of new Set(names)) await installAgent(lab, host);
  const { host, reach: _reach, domain: _domain, keepFreeGigabytes, ...declared } = VAULT;
  const target = { ...declared, keepFreeBytes: keepFreeGigabytes * 1024 ** 3 };
  await applyTo(
    lab,
    host,
    { kind: "set-target", target: { ...target, encryption: "bitlocker", location: "remote" } },
    PREPARER,
  );
}

/** As every resource; and every property that stands in its documents only, each found when it is changed there. */
export function describeJob<Inputs extends CommonInputs, Outputs extends object>(
  subject: JobCase<Inputs, Outputs>,
): void {
  const { type, example } = subject;
  const { changes, hosts, prepare } = jobCase(subject);
  describeResource(jobCase(subject));

  describe(`${type.type}, as every job`, () => {
    const here = labForEach(prepare);

    it("starts when it is made, if that is declared, and what comes of it is no change", async () => {
      const { folder: lab } = here;
      const resource = OneResource.of(type, lab);
      const now = { ...example, runNow: true };
      await resource.up(now);
      const outputs = (): Partial<JobOutputs> => resource.state?.outputs ?? {};
      assert.equal(outputs().lastOutcome, null, "nobody waits for it");
      await advance(lab, 30);
      assert.equal(await resource.preview(now), "same");
      assert.deepEqual(await resource.drift(now), []);
      subject.afterItsFirstRun({ ...outputs() });
      assert.match(String(outputs().nextRunAt), /^2026-03-0/);
      assert.equal(await resource.preview(now), "same");
    });

    const texts = async (lab: string, { hosts: [first] } = example): Promise<Record<string, string | null>> => {
      const host = await openHost({ name: first?.name ?? "", reach: { via: "lab" } }, { lab });
      const { jobs } = await host.state();
      await host.close();
      return Object.fromEntries(jobs.map(({ name, text }) => [name, text]));
    };
    for (const key of Object.keys(type.unmanaged).filter((one) => type.unmanaged[one] === IN_DOCUMENT)) {
      it(`finds another ${key} in its documents, and puts it right`, async () => {
        const { folder: lab } = here;
        const resource = OneResource.of(type, lab);
        const changed = { ...example, ...asPatch(key, changes[key]) };
        await resource.up(changed);
        const theirs = await texts(lab, changed);
        await resource.up(example);
        const ours = await texts(lab);
        const [job, text] = Object.entries(theirs).find(([name, one]) => ours[name] !== one) ?? [];
        assert.ok(job !== undefined && typeof text === "string", `${key} stands in no document`);
        await editJobFile(lab, hosts[0] ?? "", job, text);
        assert.deepEqual(await resource.drift(example), ["document"]);
        assert.equal(await resource.up(example), "update");
        assert.deepEqual(await resource.drift(example), []);
        assert.deepEqual(await texts(lab), ours);
      });
    }
  });
}

function jobCase<Inputs extends CommonInputs, Outputs extends object>(
  subject: JobCase<Inputs, Outputs>,
): ResourceCase<Inputs, Outputs> {
  const { type, example, job = example.name, elsewhere = ELSEWHERE } = subject;
  const [first] = example.hosts;
  assert.ok(first);
  const hosts = example.hosts.map(({ name }) => name);
  const editFirst = (patch: Parameters<typeof editTask>[3]) => (lab: string) => editTask(lab, first.name, job, patch);
  const loseOn = async (lab: string, host: string): Promise<void> => {
    const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab });
    const { tasks } = await opened.state();
    await opened.close();
    for (const { name } of tasks) {
      await removeTask(lab, host, name);
      await removeJobFile(lab, host, name);
    }
  };
  return {
    type,
    hosts,
    example,
    prepare: async (lab) => {
      await prepareJobs(lab, example, elsewhere.name);
      await subject.prepare?.(lab);
    },
    changes: {
      hosts: subject.single === true ? [elsewhere] : [first, elsewhere],
      lostHosts: ["fe12.contoso.com"],
      product: "sfb2015",
      deployment: "fabrikam",
      account: { account: String.raw`CONTOSO\lync-probe$` },
      schedule: { every: "week", on: ["friday", "monday"], at: ["23:00", "01:00"] },
      startWhenMissed: false,
      timeLimitMinutes: 90,
      runNow: true,
      enabled: { enabled: false, disabledReason: "the store moves this week" },
      disabledReason: { enabled: false, disabledReason: "maintenance" },
      ...subject.changes,
    },
    replacements: { name: `${example.name}-2` },
    edits: {
      ...(hosts.length === 1 ? {} : { hosts: (lab) => loseOn(lab, first.name) }),
      account: editFirst({ account: String.raw`CONTOSO\intern` }),
      schedule: editFirst({ triggers: triggersOf({ every: "day", at: ["03:00"] }) }),
      startWhenMissed: editFirst({ startWhenMissed: false }),
      timeLimitMinutes: editFirst({ timeLimitMinutes: 0 }),
      enabled: editFirst({ enabled: false }),
      task: editFirst({ action: { program: "cmd.exe", arguments: "/c exit 0" } }),
      document: async (lab) => {
        const host = await openHost({ name: first.name, reach: { via: "lab" } }, { lab });
        const text = (await host.state()).jobs.find(({ name }) => name === job)?.text ?? "";
        await host.close();
        const document = Job.parse(text);
        await editJobFile(
          lab,
          first.name,
          job,
          Job.write({ ...document, steps: document.steps.map(subject.editStep) }),
        );
      },
      ...subject.edits,
    },
    ...(hosts.length === 1 ? { lostWith: ["hosts"] } : {}),
    lose: async (lab) => {
      for (const host of hosts) await loseOn(lab, host);
    },
    foreign: async (lab, differs) => {
      const theirs = OneResource.of(type, lab, SOMEBODY.name);
      await theirs.up(differs ? { ...example, schedule: { every: "day", at: ["05:00"] } } : example);
    },
    another: { ...example, name: `${example.name}-2` },
    remains: subject.remains,
    bad: [
      { with: { name: "Configuration Export" }, names: "name: expected 1 to 64 lower-case letters" },
      { with: { hosts: [] }, names: "hosts" },
      { with: { hosts: [first, first] }, names: "hosts: names a host twice" },
      { with: { hosts: [{ name: "fe01", reach }] }, names: "hosts[0].name" },
      { with: { hosts: [{ ...first, password: "x" }] }, names: "hosts[0].password: there is no such field" },
      { with: { product: "ocs2007" }, names: "product" },
      { with: { account: "lync-backup" }, names: "account: expected an account" },
      { with: { schedule: { every: "day", at: ["2:00"] } }, names: "schedule.at[0]: expected a time of day" },
      { with: { schedule: { every: "day", at: [] } }, names: "schedule.at" },
      { with: { schedule: { every: "fortnight" } }, names: "schedule" },
      { with: { timeLimitMinutes: 0 }, names: "timeLimitMinutes" },
      { with: { lostHosts: [first.name] }, names: "hosts[0].name: stands in lostHosts too" },
      { with: { enabled: false }, names: "disabledReason: is required where enabled is false" },
      ...(subject.bad ?? []),
    ],
  };
}
