import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { advance, cutHost, editTask, mendHost, onComputer, removeJobFile } from "../../lab/commands";
import { openHost } from "../../hosts/open";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { jobCase, prepareJobs } from "../support/job-case";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";
import { describeResource } from "../support/resource-suite";

const example = RESOURCE_EXAMPLES.CmsExport.args;
const [FIRST, SECOND] = example.hosts;
const reach = { via: "lab" };

describeResource(
  jobCase({ type: cmsExport, example, changes: { product: "sfb2019" }, artefacts: ["Config.zip", "E911Config.zip"] }),
);

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
});
