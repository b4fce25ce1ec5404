import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { Job } from "../../estate/documents";
import { triggersOf } from "../../estate/schedules";
import {
  cutHost,
  editJobFile,
  editTask,
  mendHost,
  onComputer,
  realFile,
  removeJobFile,
  removeTask,
} from "../../lab/commands";
import { openHost } from "../../hosts/open";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";
import { describeResource } from "../support/resource-suite";
import { applyTo, installAgent, PREPARER, SOMEBODY } from "../support/world";

const example = RESOURCE_EXAMPLES.CmsExport.args;
const [FIRST, SECOND] = example.hosts;
const hosts = example.hosts.map(({ name }) => name);
const reach = { via: "lab" };
const VAULT = RESOURCE_EXAMPLES.BackupTarget.args;

async function prepare(lab: string): Promise<void> {
  for (const host of [...hosts, "fe02.contoso.com", VAULT.host]) await installAgent(lab, host);
  const { host, reach: _reach, domain: _domain, keepFreeGigabytes, ...declared } = VAULT;
  const target = { ...declared, keepFreeBytes: keepFreeGigabytes * 1024 ** 3 };
  await applyTo(
    lab,
    host,
    { kind: "set-target", target: { ...target, encryption: "bitlocker", location: "remote" } },
    PREPARER,
  );
}

const editFirst = (patch: Parameters<typeof editTask>[3]) => (lab: string) =>
  editTask(lab, FIRST?.name ?? "", example.name, patch);

describeResource({
  type: cmsExport,
  hosts,
  example,
  prepare,
  changes: {
    hosts: [FIRST, { name: "fe02.contoso.com", reach, pool: "pool01.contoso.com" }],
    lostHosts: ["fe12.contoso.com"],
    product: "sfb2019",
    deployment: "fabrikam",
    account: { account: String.raw`CONTOSO\lync-probe$` },
    target: { name: "vault", host: VAULT.host, path: String.raw`\\bk01.contoso.com\other$` },
    schedule: { every: "week", on: ["friday", "monday"], at: ["23:00", "01:00"] },
    startWhenMissed: false,
    timeLimitMinutes: 90,
    retention: { last: 3, daily: 1, weekly: 0, monthly: 0, yearly: 0 },
    keepFreeGigabytes: 1,
    enabled: { enabled: false, disabledReason: "the store moves this week" },
    disabledReason: { enabled: false, disabledReason: "maintenance" },
  },
  replacements: { name: "configuration-2" },
  edits: {
    hosts: async (lab) => {
      await removeTask(lab, FIRST?.name ?? "", example.name);
      await removeJobFile(lab, FIRST?.name ?? "", example.name);
    },
    account: editFirst({ account: String.raw`CONTOSO\intern` }),
    schedule: editFirst({ triggers: triggersOf({ every: "day", at: ["03:00"] }) }),
    startWhenMissed: editFirst({ startWhenMissed: false }),
    timeLimitMinutes: editFirst({ timeLimitMinutes: 0 }),
    enabled: editFirst({ enabled: false }),
    task: editFirst({ action: { program: "cmd.exe", arguments: "/c exit 0" } }),
    document: async (lab) => {
      const host = await openHost({ name: FIRST?.name ?? "", reach: { via: "lab" } }, { lab });
      const text = (await host.state()).jobs.find(({ name }) => name === example.name)?.text ?? "";
      await host.close();
      const job = Job.parse(text);
      const steps = job.steps.map((step) => (step.kind === "check" ? { ...step, opens: false } : step));
      await editJobFile(lab, FIRST?.name ?? "", example.name, Job.write({ ...job, steps }));
    },
  },
  lose: async (lab) => {
    for (const host of hosts) {
      await removeTask(lab, host, example.name);
      await removeJobFile(lab, host, example.name);
    }
  },
  foreign: async (lab, differs) => {
    const theirs = OneResource.of(cmsExport, lab, SOMEBODY.name);
    await theirs.up(differs ? { ...example, schedule: { every: "day", at: ["05:00"] } } : example);
  },
  another: { ...example, name: "configuration-2" },
  remains: async (lab) => {
    const host = await openHost({ name: FIRST?.name ?? "", reach: { via: "lab" } }, { lab });
    const { set, outcome } = await host.run({ job: example.name });
    await host.close();
    assert.equal(outcome, "succeeded");
    return async () => {
      const folder = await realFile(lab, VAULT.host, String.raw`D:\LyncBackup\series\configuration\sets`);
      assert.deepEqual(await readdir(path.join(folder, String(set))), [
        "Config.zip",
        "E911Config.zip",
        "manifest.json",
      ]);
    };
  },
  bad: [
    { with: { name: "Configuration Export" }, names: "name: expected 1 to 64 lower-case letters" },
    { with: { hosts: [] }, names: "hosts" },
    { with: { hosts: [FIRST, FIRST] }, names: "hosts: names a host twice" },
    { with: { hosts: [{ name: "fe01", reach }] }, names: "hosts[0].name" },
    { with: { hosts: [{ ...FIRST, password: "x" }] }, names: "hosts[0].password: there is no such field" },
    { with: { product: "ocs2007" }, names: "product" },
    { with: { account: "lync-backup" }, names: "account: expected an account" },
    { with: { schedule: { every: "day", at: ["2:00"] } }, names: "schedule.at[0]: expected a time of day" },
    { with: { schedule: { every: "day", at: [] } }, names: "schedule.at" },
    { with: { schedule: { every: "fortnight" } }, names: "schedule" },
    { with: { retention: { last: 0 } }, names: "retention.last" },
    { with: { retention: { hourly: 3 } }, names: "retention.hourly: there is no such field" },
    { with: { target: { ...example.target, path: "D:" } }, names: "target.path" },
    { with: { timeLimitMinutes: 0 }, names: "timeLimitMinutes" },
    { with: { target: { ...example.target, path: String.raw`D:\LyncBackup` } }, names: "target.path: is a local path" },
    { with: { lostHosts: [FIRST?.name] }, names: "hosts[0].name: stands in lostHosts too" },
    { with: { enabled: false }, names: "disabledReason: is required where enabled is false" },
  ],
});

describe("CmsExport", () => {
  let lab: string;
  let remove: () => void;
  let resource: OneResource;
  beforeEach(async () => {
    ({ folder: lab, remove } = await temporaryLab());
    await prepare(lab);
    resource = OneResource.of(cmsExport, lab);
  });
  afterEach(() => {
    remove();
  });

  const jobsOn = async (name: string): Promise<string[]> => {
    const host = await openHost({ name, reach: { via: "lab" } }, { lab });
    const { jobs, tasks } = await host.state();
    await host.close();
    return [...jobs.map((job) => job.name), ...tasks.map((task) => task.name)];
  };

  it("is made on the hosts that answer; the others follow when they do", async () => {
    await cutHost(lab, SECOND?.name ?? "");
    await assert.rejects(
      resource.up(example),
      /job\/configuration is not complete: fe11\.contoso\.com.*next pulumi up/s,
    );
    assert.deepEqual(await jobsOn(FIRST?.name ?? ""), ["configuration", "configuration"]);
    await mendHost(lab, SECOND?.name ?? "");
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("is taken from a host where it is no longer placed", async () => {
    await resource.up(example);
    await resource.up({ ...example, hosts: [FIRST] });
    assert.deepEqual(await jobsOn(SECOND?.name ?? ""), []);
  });

  it("needs the module on its hosts, and says how it gets there", async () => {
    const elsewhere = { name: "fe03.contoso.com", reach, pool: "pool01.contoso.com" };
    await assert.rejects(resource.up({ ...example, hosts: [elsewhere] }), /fe03\.contoso\.com.*HostAgent/s);
  });

  it("has drift when the account behind the same name is another one", async () => {
    await resource.up(example);
    await editTask(lab, FIRST?.name ?? "", example.name, { account: String.raw`CONTOSO\intern` });
    assert.deepEqual(await resource.drift(example), ["account"]);
  });

  it("has drift when the account was deleted and made again under its name", async () => {
    await resource.up(example);
    await onComputer(lab, FIRST?.name ?? "", ({ tasks }) => {
      const task = tasks[example.name];
      assert.ok(task);
      task.account = { name: example.account, sid: "S-1-5-21-1-2-3-9999" };
    });
    assert.deepEqual(await resource.drift(example), ["account"]);
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("lets go of a host that is lost for good, when told so, and says that it can be told", async () => {
    await resource.up(example);
    await cutHost(lab, SECOND?.name ?? "");
    const without = { ...example, hosts: [FIRST] };
    await assert.rejects(resource.up(without), /lost for good goes from hosts to lostHosts/);
    const lost = { ...without, lostHosts: [SECOND?.name] };
    assert.equal(await resource.up(lost), "update");
    assert.deepEqual(await resource.drift(lost), []);
    await resource.destroy();
    assert.deepEqual(await jobsOn(FIRST?.name ?? ""), []);
  });

  it("is taken away whole where a colleague has removed half of it", async () => {
    await resource.up(example);
    await removeJobFile(lab, SECOND?.name ?? "", example.name);
    assert.deepEqual(await resource.drift(example), ["document"]);
    await resource.destroy();
    assert.deepEqual(await jobsOn(SECOND?.name ?? ""), []);
  });

  it("shows a schedule that no declaration can say as it is", async () => {
    await resource.up(example);
    await editTask(lab, FIRST?.name ?? "", example.name, {
      triggers: [{ kind: "weekly", at: "04:00", on: ["tuesday"], everyWeeks: 3 }],
    });
    await resource.refresh();
    assert.deepEqual((resource.state?.inputs as { schedule: unknown }).schedule, {
      every: "other",
      triggers: ["tuesday of every 3 weeks at 04:00"],
    });
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("is the same however its times and hosts are ordered", async () => {
    const schedule = { every: "day", at: ["14:00", "02:00"] };
    await resource.up({ ...example, schedule });
    const other = {
      ...example,
      hosts: [...example.hosts].reverse(),
      schedule: { every: "day", at: ["02:00", "14:00"] },
    };
    assert.equal(await resource.preview(other), "same");
  });
});
