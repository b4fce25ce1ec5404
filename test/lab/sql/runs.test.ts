import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Manifest, targetLayout, Verified, type Job, type Run } from "../../../estate/documents";
import { sqlJobs } from "../../../estate/jobs/sql";
import { cutHost, fillDisk, onComputer, realFile } from "../../../lab/commands";
import { openLabHost } from "../../../lab/host";
import {
  addCertificate,
  asAdministrator,
  editDatabase,
  failOverDatabase,
  foreignBackup,
  makeDatabase,
  setRecovery,
  setServiceAccount,
  stopSqlServer,
} from "../../../lab/sql/edits";
import { TARGET } from "../fixture";
import {
  AG1,
  AG2,
  ALONE,
  BK,
  declared,
  EXPRESS,
  hostOf,
  LISTENER,
  PAIR,
  restored,
  runOn,
  SQL01,
  SQL02,
  sqlLab,
  tell,
} from "./support";

const SERIES = "sql-rtc";
const fileIn = (folder: string, file: string): Promise<string> =>
  realFile(folder, BK, [TARGET, ...file.split("/")].join("\\"));

async function manifestOf(folder: string, { set }: Run): Promise<Manifest> {
  assert.ok(set !== undefined);
  return Manifest.parse(fs.readFileSync(await fileIn(folder, targetLayout.manifest(SERIES, set)), "utf8"));
}

async function succeeds(folder: string, job: Job | undefined, host: string): Promise<Manifest> {
  assert.ok(job);
  const run = await runOn(folder, job, host);
  assert.equal(run.outcome, "succeeded", tell(run));
  return manifestOf(folder, run);
}

async function fails(folder: string, job: Job | undefined, host: string, why: RegExp): Promise<Run> {
  assert.ok(job);
  const run = await runOn(folder, job, host);
  assert.equal(run.outcome, "failed", tell(run));
  assert.match(run.error?.message ?? "", why);
  return run;
}

/** Somebody works. */
const write = (folder: string, instance: string, database: string, day: string): Promise<void> =>
  editDatabase(folder, instance, database, (contents) => {
    const { days, ...rest } = contents as { days?: object };
    return { ...rest, days: { ...days, [day]: { rows: 1 } } };
  });
const daysIn = (contents: unknown): string[] => Object.keys((contents as { days: object }).days).slice(-3);

describe("SQL backups in the lab", () => {
  it("are full, differential and log, of every database of a role; the chain gives all of it back", async () => {
    const folder = await sqlLab();
    const databases = { roles: ["archiving" as const, "monitoring" as const] };
    // In simple recovery, as Lync's setup leaves it.
    const log = { leaveOut: ["QoEMetrics"] };
    const jobs = sqlJobs(declared({ databases, differential: true, log }));
    const host = hostOf(ALONE);
    const full = await succeeds(folder, jobs.full, host);
    assert.deepEqual(
      full.artefacts.filter(({ format }) => format === "bak").map(({ path: name }) => name),
      ["master.full.bak", "msdb.full.bak", "LcsLog.full.bak", "LcsCDR.full.bak", "QoEMetrics.full.bak"],
    );
    assert.ok(full.covers.some(({ datum }) => datum === "sql-instance"));
    await write(folder, ALONE, "LcsLog", "one");
    await succeeds(folder, jobs.differential, host);
    await write(folder, ALONE, "LcsLog", "two");
    await succeeds(folder, jobs.log, host);
    await write(folder, ALONE, "LcsLog", "three");
    const last = await succeeds(folder, jobs.log, host);
    assert.deepEqual(last.artefacts.map(({ path: name }) => name).sort(), ["LcsCDR.log.bak", "LcsLog.log.bak"]);
    assert.deepEqual(
      daysIn(await restored(folder, { series: SERIES, set: last.set, database: "LcsLog", into: SQL01 })),
      ["one", "two", "three"],
    );
  });

  it("lose no log of a mirrored pair whose principal changes sides in between", async () => {
    const folder = await sqlLab();
    const jobs = sqlJobs(
      declared({ databases: { names: ["rtcshared"] }, log: {} }, { instance: SQL01, placement: PAIR, name: SERIES }),
    );
    const [one, two] = PAIR.map(({ host }) => host) as [string, string];
    await succeeds(folder, jobs.full, one);
    await write(folder, SQL01, "rtcshared", "before");
    await succeeds(folder, jobs.log, one);
    assert.ok(jobs.log);
    assert.equal((await runOn(folder, jobs.log, two)).outcome, "stood-down");
    await write(folder, SQL01, "rtcshared", "between");
    await failOverDatabase(folder, SQL01, "rtcshared");
    assert.equal((await runOn(folder, jobs.log, one)).outcome, "stood-down");
    await write(folder, SQL02, "rtcshared", "after");
    const { set } = await succeeds(folder, jobs.log, two);
    const contents = await restored(folder, { series: SERIES, set, database: "rtcshared", into: ALONE });
    assert.deepEqual(daysIn(contents), ["before", "between", "after"]);
    // The mirror captures its own installation, and makes no copy of what is the principal's.
    const mirror = await succeeds(folder, jobs.full, one);
    assert.ok(!mirror.artefacts.some(({ path: name }) => name.startsWith("rtcshared")));
  });

  it("are made where an availability group prefers them, logs and copies from a secondary", async () => {
    const folder = await sqlLab("sfb2015");
    const placement = [AG1, AG2].map((instance) => ({ host: hostOf(instance), instance }));
    const jobs = sqlJobs(
      declared(
        { databases: { names: ["rtcshared"] }, log: {}, replica: "preferred" },
        { instance: LISTENER, placement, name: SERIES, product: "sfb2015", release: "2014" },
      ),
    );
    const onPrimary = await succeeds(folder, jobs.full, AG1);
    assert.ok(!onPrimary.artefacts.some(({ path: name }) => name.startsWith("rtcshared")));
    const full = await succeeds(folder, jobs.full, AG2);
    const copy = full.artefacts.find(({ path: name }) => name === "rtcshared.full.bak");
    assert.deepEqual([copy?.facts["type"], copy?.facts["copy-only"]], ["copy-only", "yes"]);
    await write(folder, AG1, "rtcshared", "one");
    assert.ok(jobs.log);
    assert.equal((await runOn(folder, jobs.log, AG1)).outcome, "stood-down");
    const { set } = await succeeds(folder, jobs.log, AG2);
    const contents = await restored(folder, { series: SERIES, set, database: "rtcshared", into: AG1, as: "Drill" });
    assert.deepEqual(daysIn(contents), ["one"]);
  });

  it("are made on Express, without what it cannot", async () => {
    const folder = await sqlLab();
    const placed = { instance: EXPRESS, placement: [{ host: hostOf(EXPRESS), instance: EXPRESS }], name: SERIES };
    await succeeds(folder, sqlJobs(declared({ databases: { roles: ["userStore"] } }, placed)).full, hostOf(EXPRESS));
    const compressed = sqlJobs(declared({ databases: { roles: ["userStore"] }, compress: true }, placed));
    await fails(folder, compressed.full, hostOf(EXPRESS), /^this edition of SQL Server cannot compress backups/);
  });

  it("are made by a server of 2008 R2, in the words of its time", async () => {
    const folder = await sqlLab();
    await asAdministrator(folder, ALONE, ({ server }) => {
      server.release = "2008R2";
    });
    const jobs = sqlJobs(declared({ databases: { names: ["LcsLog"] }, log: {} }, { release: "2008R2" }));
    const { facts } = await succeeds(folder, jobs.full, hostOf(ALONE));
    assert.equal(facts["sql-version"], "10.50.6000.34");
    await succeeds(folder, jobs.log, hostOf(ALONE));
    const newer = sqlJobs(declared({ databases: { names: ["LcsLog"] } }, { release: "2014" }));
    await fails(folder, newer.full, hostOf(ALONE), /^this SQL Server is older than the estate says \(2014\)/);
  });

  it("are made by a failover cluster on the node where it runs, and on the other when that is down", async () => {
    const folder = await sqlLab();
    const nodes = [hostOf(SQL01), hostOf(SQL02)];
    await onComputer(folder, hostOf(ALONE), (_, world) => {
      const found = world.deployment.topology.sql.find(({ instance }) => instance === ALONE);
      if (found) found.nodes = nodes;
    });
    const placement = nodes.map((host) => ({ host, instance: ALONE }));
    const { full } = sqlJobs(declared({ databases: { names: ["LcsLog"] } }, { placement }));
    await succeeds(folder, full, hostOf(SQL01));
    assert.equal((await runOn(folder, full, hostOf(SQL02))).outcome, "stood-down");
    await cutHost(folder, hostOf(SQL01));
    await succeeds(folder, full, hostOf(SQL02));
  });

  it("are not made while the server is stopped; a mirror with nobody to decide does not take its place", async () => {
    const folder = await sqlLab();
    const { full } = sqlJobs(
      declared({ databases: { names: ["rtcshared"] } }, { instance: SQL01, placement: PAIR, name: SERIES }),
    );
    await stopSqlServer(folder, SQL01);
    await fails(folder, full, hostOf(SQL01), /The server was not found or was not accessible/);
    const { artefacts } = await succeeds(folder, full, hostOf(SQL02));
    assert.ok(!artefacts.some(({ path: name }) => name.startsWith("rtcshared")));
    await stopSqlServer(folder, SQL01, false);
    await succeeds(folder, full, hostOf(SQL01));
  });

  it("are compressed, encrypted and striped where that was declared, and can be restored all the same", async () => {
    const folder = await sqlLab("sfb2015");
    const jobs = sqlJobs(
      declared(
        {
          databases: { names: ["LcsLog"] },
          compress: true,
          encryption: { certificate: "backup" },
          striping: { files: 4, fromGigabytes: 1 },
        },
        { name: SERIES, release: "2014", product: "sfb2015" },
      ),
    );
    await fails(folder, jobs.full, hostOf(ALONE), /^There is no certificate backup with a private key/);
    const certificate = { thumbprint: "0xC0FFEE", expires: "2030-01-01T00:00:00", keySaved: null };
    await addCertificate(folder, ALONE, "backup", certificate);
    const { set, facts, artefacts } = await succeeds(folder, jobs.full, hostOf(ALONE));
    assert.equal(facts["certificate-thumbprint"], "0xC0FFEE");
    const own = artefacts.find(({ path: name }) => name === "LcsLog.full.bak");
    assert.ok(own);
    const asked = { series: SERIES, set, database: "LcsLog", into: SQL01 };
    await assert.rejects(restored(folder, asked), /^SqlError: Cannot find server certificate with thumbprint/);
    await addCertificate(folder, SQL01, "backup", certificate);
    assert.equal(daysIn(await restored(folder, asked)).length, 3);
  });

  it("fail where the service account of the server may not write, and say so", async () => {
    const folder = await sqlLab();
    await setServiceAccount(folder, ALONE, String.raw`CONTOSO\intern`);
    const { full } = sqlJobs(declared({ databases: { names: ["LcsLog"] } }));
    const run = await fails(folder, full, hostOf(ALONE), /^Cannot open backup device .* error 5\(Access is denied\.\)/);
    const backup = run.steps.find(({ id }) => id === "backup");
    assert.equal(backup?.each?.[0]?.error?.code, "sql-3201");
    assert.equal(
      (await manifestOf(folder, run)).artefacts.some(({ format }) => format === "bak"),
      false,
    );
  });

  it("fail where the disk of the target is full; what was not made is in no set", async () => {
    const folder = await sqlLab();
    await fillDisk(folder, BK, "D", 100);
    const { full } = sqlJobs(declared({ databases: { names: ["LcsLog"] } }));
    const run = await fails(folder, full, hostOf(ALONE), /100 bytes free, too few/);
    const backup = run.steps.find(({ id }) => id === "backup");
    assert.match(backup?.message ?? "", /^Write on '.*' failed: 112\(There is not enough space on the disk\.\)/);
    assert.equal(run.set, undefined);
  });

  it("are found damaged by their verification: the set is sealed as one that is not good", async () => {
    const folder = await sqlLab();
    const { full, log } = sqlJobs(declared({ databases: { names: ["LcsLog", "LcsCDR"] }, log: {} }));
    const host = await openLabHost(folder, hostOf(ALONE));
    const sets = await fileIn(folder, targetLayout.sets(SERIES));
    const run = await host.run(
      { document: full },
      {
        onProgress: (progress) => {
          if (progress.kind !== "step-ended" || progress.result.id !== "backup") return;
          const [set = ""] = fs.readdirSync(sets);
          const file = path.join(sets, set, "LcsCDR.full.bak");
          const content = fs.readFileSync(file);
          content[content.length - 40] = (content[content.length - 40] ?? 0) ^ 1;
          fs.writeFileSync(file, content);
        },
      },
    );
    assert.equal(run.outcome, "failed");
    assert.match(run.error?.message ?? "", /^Damage to the backup set was detected\./);
    const { set } = await manifestOf(folder, run);
    const verified = Verified.parse(fs.readFileSync(await fileIn(folder, targetLayout.verified(SERIES, set)), "utf8"));
    assert.deepEqual(
      verified.failures.map(({ path: name }) => name),
      ["LcsCDR.full.bak"],
    );
    // No log builds on it.
    await fails(folder, log, hostOf(ALONE), /holds no good backup of the /);
  });

  it("refuse the log of a database under simple recovery that was declared by name", async () => {
    const folder = await sqlLab();
    const { full, log } = sqlJobs(declared({ databases: { names: ["QoEMetrics"] }, log: {} }));
    await succeeds(folder, full, hostOf(ALONE));
    await fails(folder, log, hostOf(ALONE), /^QoEMetrics on SQL3\\ARCHIVE is in simple recovery/);
  });

  it("notice that somebody else has backed up in between, and that the recovery model was changed", async () => {
    const folder = await sqlLab();
    await makeDatabase(folder, ALONE, "Own", { days: {} });
    await setRecovery(folder, ALONE, "Own", "FULL");
    const jobs = sqlJobs(declared({ databases: { names: ["Own"] }, differential: true, log: {} }));
    const host = hostOf(ALONE);
    await succeeds(folder, jobs.full, host);
    await foreignBackup(folder, ALONE, "Own", "copy-only");
    await succeeds(folder, jobs.log, host);
    await foreignBackup(folder, ALONE, "Own", "full");
    await fails(folder, jobs.differential, host, /would not build on the full backup in the set/);
    await succeeds(folder, jobs.log, host);
    await foreignBackup(folder, ALONE, "Own", "log");
    await fails(folder, jobs.log, host, /^Between the set .* a part is missing/);
    await succeeds(folder, jobs.full, host);
    await succeeds(folder, jobs.log, host);
    await setRecovery(folder, ALONE, "Own", "SIMPLE");
    await setRecovery(folder, ALONE, "Own", "FULL");
    await fails(folder, jobs.log, host, /its recovery model was changed since the set/);
  });
});
