import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { advance } from "../../lab/commands";
import { failOverDatabase, foreignBackup, makeDatabase, setRecovery, stopSqlServer } from "../../lab/sql/edits";
import { sqlBackupSchedule } from "../../providers/sql-backup-schedule/reconcile";
import { prepareJobs } from "../support/job-case";
import { labForEach } from "../support/lab";
import { OneResource } from "../support/one-resource";

const example = RESOURCE_EXAMPLES.SqlBackupSchedule.args;
const { instance } = example;
const DAY = 24 * 60;

describe("What stands in the way of SQL backups", () => {
  const here = labForEach(async (lab) => {
    await prepareJobs(lab, example, "sql02.contoso.com");
    for (const name of ["LcsLog", "LcsCDR", "QoEMetrics"]) await setRecovery(lab, instance, name, "FULL");
  });

  async function findings(resource: OneResource, declared: object): Promise<readonly string[]> {
    assert.deepEqual(await resource.drift(declared), [], "no property of the schedule");
    assert.equal(await resource.preview(declared), "same");
    return (resource.state?.outputs as { findings: string[] }).findings;
  }

  it("is nothing where all is well, day after day", async () => {
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    await resource.up(example);
    assert.deepEqual(await findings(resource, example), []);
    await advance(here.folder, 2 * DAY);
    assert.deepEqual(await findings(resource, example), []);
  });

  it("is a full backup of somebody else's, until the next one of ours", async () => {
    const declared = { ...example, differential: { schedule: { every: "day", at: ["12:00"] } } };
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    await resource.up(declared);
    await advance(here.folder, DAY);
    await foreignBackup(here.folder, instance, "LcsCDR", "full");
    const [found, ...more] = await findings(resource, declared);
    assert.match(found ?? "", /has made a full backup of LcsCDR .* differentials of sql-archive cannot build on it/);
    assert.deepEqual(more, []);
    await advance(here.folder, DAY);
    assert.deepEqual(await findings(resource, declared), []);
  });

  it("is a log backup of somebody else's; one that is copy-only is none", async () => {
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    await resource.up(example);
    await advance(here.folder, DAY);
    await foreignBackup(here.folder, instance, "LcsLog", "copy-only");
    assert.deepEqual(await findings(resource, example), []);
    await foreignBackup(here.folder, instance, "LcsLog", "log");
    const [found] = await findings(resource, example);
    assert.match(found ?? "", /has made a log backup of LcsLog .* the logs of sql-archive have a gap there/);
  });

  it("is another recovery model, and a database that has come or gone", async () => {
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    const declared = { ...example, databases: { roles: ["archiving", "monitoring"], names: ["Tools"] } };
    await resource.up(declared);
    await setRecovery(here.folder, instance, "QoEMetrics", "SIMPLE");
    await makeDatabase(here.folder, instance, "Billing");
    const found = await findings(resource, declared);
    assert.equal(found.length, 3, found.join("\n"));
    assert.match(found[0] ?? "", /There is no database Tools on sql03/);
    assert.match(found.join("\n"), /QoEMetrics on sql03.* is in simple recovery, .* the chain of its logs has ended/);
    assert.match(found.join("\n"), /Billing on sql03.* is none of Lync's, and not backed up here/);
  });

  it("is a principal that has moved to its mirror, where the backups go on", async () => {
    const pair = ["sql01", "sql02"].map((name) => `${name}.contoso.com\\rtc`);
    const declared = {
      ...example,
      name: "sql-users",
      instance: pair[0],
      databases: { roles: ["userStore"] },
      hosts: pair.map((one) => ({ name: one.split("\\")[0], reach: { via: "lab" }, instance: one })),
    };
    await prepareJobs(here.folder, {
      ...declared,
      hosts: declared.hosts.map((host) => ({ ...host, name: String(host.name) })),
    });
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    await resource.up(declared);
    await advance(here.folder, DAY);
    assert.deepEqual(await findings(resource, declared), []);
    await failOverDatabase(here.folder, String(pair[0]), "rtcxds");
    const [found, ...more] = await findings(resource, declared);
    assert.match(found ?? "", /^rtcxds has failed over: its principal is on sql02.contoso.com\\rtc/);
    assert.deepEqual(more, []);
  });

  it("is not known of an instance that does not answer, and hides nothing else", async () => {
    const resource = OneResource.of(sqlBackupSchedule, here.folder);
    await resource.up(example);
    await stopSqlServer(here.folder, instance);
    assert.deepEqual(await findings(resource, example), []);
  });
});
