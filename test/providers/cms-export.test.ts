import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { triggersOf } from "../../estate/schedules";
import {
  advance,
  cutHost,
  editConfiguration,
  editTask,
  mendHost,
  onComputer,
  realFile,
  removeJobFile,
} from "../../lab/commands";
import { openHost } from "../../hosts/open";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { describeBackup } from "../support/backup-case";
import { prepareJobs } from "../support/job-case";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";

const example = RESOURCE_EXAMPLES.CmsExport.args;
const [FIRST, SECOND] = example.hosts;
const reach = { via: "lab" };

describeBackup({
  type: cmsExport,
  example,
  changes: { product: "sfb2019", onChange: { onChange: { schedule: { every: "minutes", minutes: 15 } } } },
  edits: {
    // Of what is not declared, only the job itself can be there.
    onChange: async (lab) => {
      const looking = { ...example, hosts: [FIRST], onChange: { schedule: { every: "minutes", minutes: 15 } } };
      await OneResource.of(cmsExport, lab).up(looking);
    },
  },
  artefacts: ["Config.zip", "E911Config.zip"],
});

describe("CmsExport", () => {
  let lab: string;
  let remove: () => void;
  let resource: OneResource;
  beforeEach(async () => {
    ({ folder: lab, remove } = await temporaryLab());
    await prepareJobs(lab, example);
    resource = OneResource.of(cmsExport, lab);
  });
  afterEach(() => {
    remove();
  });

  const jobsOn = async (name: string): Promise<string[]> => {
    const host = await openHost({ name, reach: { via: "lab" } }, { lab });
    const { jobs, tasks } = await host.state();
    await host.close();
    return [...jobs.map((job) => job.name).sort(), ...tasks.map((task) => task.name).sort()];
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

  it("is started once when it is made anew, if that is declared, and nobody waits for it", async () => {
    const now = { ...example, hosts: [FIRST], runNow: true };
    await resource.up(now);
    await resource.refresh();
    assert.equal((resource.state?.outputs as { newestSet: unknown }).newestSet, null);
    const runs = async (): Promise<string[]> => (await advance(lab, 10)).fired.map(({ outcome }) => outcome);
    assert.deepEqual(await runs(), ["succeeded"]);
    assert.equal(await resource.preview(now), "same");
    await resource.up({ ...now, timeLimitMinutes: 30 });
    assert.deepEqual(await runs(), []);
  });

  describe("that also looks for changes", () => {
    const looking = { ...example, hosts: [FIRST], onChange: { schedule: { every: "minutes", minutes: 15 } } };
    const CHANGES = "configuration-on-change";
    const edit = (change: string) =>
      editConfiguration(lab, { add: [{ kind: "Voice", identity: `Tag:${change}` }] }).then(() => undefined);
    const passed = async (minutes: number): Promise<string[]> => {
      const { fired } = await advance(lab, minutes);
      return fired.map(({ job, outcome }) => `${job} ${outcome}`);
    };

    it("exports soon after a change, once, into the sets of the other job", async () => {
      await resource.up(looking);
      assert.deepEqual(await passed(20), [`${CHANGES} succeeded`], "there was no set to compare with");
      assert.deepEqual(await passed(15), [`${CHANGES} nothing-to-do`]);
      await edit("Added");
      assert.deepEqual(await passed(30), [`${CHANGES} succeeded`, `${CHANGES} nothing-to-do`]);
      await resource.refresh();
      const { newestSet } = resource.state?.outputs as { newestSet: string };
      const sets = await realFile(lab, "bk01.contoso.com", String.raw`D:\LyncBackup\series\configuration\sets`);
      assert.deepEqual((await readdir(sets)).sort().at(-1), newestSet);
      assert.equal((await readdir(sets)).length, 2);
    });

    it("has the daily export all the same, and a change that it held is not exported again", async () => {
      await resource.up(looking);
      await passed(20);
      await edit("Added");
      const run = await openHost({ name: FIRST?.name ?? "", reach: { via: "lab" } }, { lab });
      assert.equal((await run.run({ job: "configuration" })).outcome, "succeeded");
      await run.close();
      assert.deepEqual(await passed(15), [`${CHANGES} nothing-to-do`]);
      const day = await passed(1440);
      assert.equal(day.filter((one) => one === "configuration succeeded").length, 1);
    });

    it("has two tasks and two documents: drift of each is found, and both are removed", async () => {
      await resource.up(looking);
      assert.deepEqual(await jobsOn(FIRST?.name ?? ""), ["configuration", CHANGES, "configuration", CHANGES]);
      await editTask(lab, FIRST?.name ?? "", CHANGES, { triggers: triggersOf({ every: "day", at: ["03:00"] }) });
      assert.deepEqual(await resource.drift(looking), ["onChange"]);
      await resource.up(looking);
      await removeJobFile(lab, FIRST?.name ?? "", CHANGES);
      assert.deepEqual(await resource.drift(looking), ["document"]);
      await resource.up(looking);
      await editTask(lab, FIRST?.name ?? "", CHANGES, { action: { program: "cmd.exe", arguments: "/c exit 0" } });
      assert.deepEqual(await resource.drift(looking), ["task"]);
      await resource.up(looking);
      assert.equal(await resource.up({ ...example, hosts: [FIRST] }), "update");
      assert.deepEqual(await jobsOn(FIRST?.name ?? ""), ["configuration", "configuration"]);
      await resource.up(looking);
      await resource.destroy();
      assert.deepEqual(await jobsOn(FIRST?.name ?? ""), []);
    });
  });
});
