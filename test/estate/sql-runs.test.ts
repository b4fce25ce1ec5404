import assert from "node:assert/strict";
import type { Manifest, SetKind } from "../../estate/documents";
import { sqlJobs } from "../../estate/jobs/sql";
import type { SqlBackup } from "../../estate/jobs/sql-declaration";
import { declaredSql, PAIR, SQL01, SQL02 } from "./sql-declarations";
import { TestSeries, type Ended } from "./sql-runner";
import { TestServers } from "./sql-server";

/** What the jobs of a SQL Server instance do, step by step, on servers that behave and on servers that do not. */

interface Scene {
  servers: TestServers;
  series: TestSeries;
  run: (kind: "full" | "differential" | "log", host?: string) => Promise<Ended>;
}

function scene(declared: SqlBackup): Scene {
  const servers = new TestServers();
  const series = new TestSeries(servers);
  const jobs = sqlJobs(declared);
  return {
    servers,
    series,
    run: async (kind, host = "sql01.contoso.com") => {
      const job = jobs[kind];
      assert.ok(job, kind);
      servers.work();
      return series.run(job, host);
    },
  };
}
const files = (manifest: Manifest | undefined): string[] =>
  (manifest?.artefacts ?? []).flatMap(({ path, format }) => (format === "bak" ? [path] : []));
const databasesIn = (manifest: Manifest | undefined): string[] =>
  (manifest?.covers ?? []).flatMap(({ datum, scope }) =>
    scope.of === "database" ? [`${datum} ${scope.database}`] : [],
  );
const good = ({ outcome, errors }: Ended): void => assert.deepEqual([outcome, errors], ["succeeded", []]);
const factsOf = (manifest: Manifest | undefined, path: string): Record<string, unknown> =>
  manifest?.artefacts.find((artefact) => artefact.path === path)?.facts ?? {};

const ALL = { differential: true, log: {} };

describe("Backups of an instance", () => {
  it("hold the databases of its roles, master, msdb and the installation's own state", async () => {
    const { servers, run } = scene(declaredSql(ALL));
    servers.add("LcsLog", { on: SQL01 });
    servers.add("LcsCDR", { on: SQL01, recovery: "SIMPLE" });
    const ended = await run("full");
    good(ended);
    assert.deepEqual(files(ended.manifest), ["master.full.bak", "msdb.full.bak", "LcsLog.full.bak", "LcsCDR.full.bak"]);
    assert.deepEqual(databasesIn(ended.manifest), ["archiving LcsLog", "cdr LcsCDR"]);
    const state = ended.manifest?.artefacts.filter(({ format }) => format === "jsonl") ?? [];
    assert.ok(state.length >= 10);
    for (const { datum, scope } of state) {
      assert.deepEqual([datum, scope], ["sql-instance", { of: "instance", instance: SQL01 }]);
    }
    assert.deepEqual(ended.manifest?.facts, {
      "sql-version": "11.0.7001.0",
      "sql-edition": "Standard Edition",
      replica: SQL01,
    });
    assert.deepEqual(
      servers.made.map(({ statement }) => statement),
      ["backup-copy-only", "backup-copy-only", "backup-full", "backup-full"],
    );
  });

  it("do not cover an installation of which a part may not be read, and back its databases up all the same", async () => {
    const instances = ({ manifest }: Ended): number =>
      manifest?.covers.filter(({ datum }) => datum === "sql-instance").length ?? 0;
    for (const failing of ["instance-logins", "backup-copy-only"]) {
      const { servers, run } = scene(declaredSql());
      servers.add("LcsLog", { on: SQL01 });
      assert.equal(instances(await run("full")), 1);
      servers.failing = (statement) => (statement === failing ? `${failing} was denied.` : undefined);
      const ended = await run("full");
      assert.deepEqual([ended.outcome, ended.errors[0]], ["failed", `${failing} was denied.`]);
      assert.deepEqual([instances(ended), databasesIn(ended.manifest)], [0, ["archiving LcsLog"]]);
    }
  });

  it("know of each what a restore must know", async () => {
    const { servers, run } = scene(declaredSql(ALL));
    servers.add("LcsLog", { on: SQL01 });
    const full = await run("full");
    const differential = await run("differential");
    const log = await run("log");
    for (const ended of [full, differential, log]) good(ended);
    const [base, next, last] = [
      factsOf(full.manifest, "LcsLog.full.bak"),
      factsOf(differential.manifest, "LcsLog.differential.bak"),
      factsOf(log.manifest, "LcsLog.log.bak"),
    ];
    assert.deepEqual([base["type"], next["type"], last["type"]], ["full", "differential", "log"]);
    assert.equal(next["base-backup-set"], base["backup-set"]);
    assert.equal(last["first-lsn"], base["last-lsn"]);
    for (const facts of [base, next, last]) {
      assert.deepEqual([facts["checksum"], facts["encrypted"], facts["replica"]], ["yes", "no", SQL01]);
    }
    assert.deepEqual(databasesIn(log.manifest), ["archiving-log LcsLog"]);
  });

  it("cover a new database of a role without a change, and a name that is not there is an error", async () => {
    const { servers, run } = scene(declaredSql({ databases: { roles: ["monitoring"], names: ["Own"] } }));
    servers.add("LcsCDR", { on: SQL01 });
    const first = await run("full");
    assert.deepEqual([first.outcome, first.errors], ["failed", [`There is no database Own on ${SQL01}`]]);
    assert.deepEqual(databasesIn(first.manifest), ["cdr LcsCDR"], "the others are kept all the same");
    servers.add("QoEMetrics", { on: SQL01 });
    servers.add("Own", { on: SQL01 });
    const second = await run("full");
    good(second);
    assert.deepEqual(databasesIn(second.manifest), ["cdr LcsCDR", "qoe QoEMetrics", "database Own"]);
  });

  it("have short and harmless file names, whatever a database is called", async () => {
    const hostile = ["..\\..\\windows", "a/b", "a_b", "CON", "x]; DROP DATABASE y; --", "数据".repeat(40)];
    const { servers, run } = scene(declaredSql({ databases: { names: hostile }, log: {} }));
    for (const name of hostile) servers.add(name, { on: SQL01 });
    const ended = await run("full");
    good(ended);
    good(await run("log"));
    assert.deepEqual(
      servers.made.slice(2, 8).map(({ database }) => database),
      hostile,
    );
    for (const path of files(ended.manifest)) assert.match(path, /^[^/\\:*?"<>|]{1,60}\.full\.bak$/);
    assert.equal(new Set(files(ended.manifest)).size, hostile.length + 2);
  });

  it("go into several files where a database is large", async () => {
    const { servers, run } = scene(declaredSql({ ...ALL, striping: { files: 4, fromGigabytes: 100 } }));
    servers.add("LcsLog", { on: SQL01, gigabytes: 100 });
    servers.add("LcsCDR", { on: SQL01, gigabytes: 99 });
    const full = await run("full");
    good(full);
    assert.deepEqual(files(full.manifest).slice(2), [
      "LcsCDR.full.bak",
      ...[1, 2, 3, 4].map((number) => `LcsLog.full.${String(number)}.bak`),
    ]);
    good(await run("differential"));
    const log = await run("log");
    good(log);
    assert.deepEqual(files(log.manifest), ["LcsLog.log.bak", "LcsCDR.log.bak"]);
  });

  it("beside another tool's chain are copies, and make no base for anything", async () => {
    const { servers, run } = scene(declaredSql({ copyOnly: true }));
    const database = servers.add("LcsLog", { on: SQL01 });
    servers.foreign("LcsLog", "full");
    const ended = await run("full");
    good(ended);
    assert.deepEqual([ended.manifest?.kind, database.base], ["copy-only", "FOREIGN"]);
    assert.equal(factsOf(ended.manifest, "LcsLog.copy-only.bak")["copy-only"], "yes");
  });
});

describe("Where an instance cannot honour what is declared, a run", () => {
  it("fails before it tries, with a sentence, where edition or release cannot", async () => {
    const express = scene(declaredSql({ compress: true }));
    express.servers.edition = "express";
    const old = scene(declaredSql({}, { release: "2014" }));
    old.servers.release = "2008R2";
    const encrypting = scene(declaredSql({ encryption: { certificate: "backup" } }, { release: "2014" }));
    encrypting.servers.release = "2014";
    encrypting.servers.edition = "express";
    for (const [{ run, servers }, pattern] of [
      [express, /^this edition of SQL Server cannot compress/],
      [old, /older than the estate says \(2014\)/],
      [encrypting, /cannot encrypt backups/],
    ] as const) {
      const { outcome, errors, manifest } = await run("full");
      assert.deepEqual([outcome, manifest, servers.made], ["failed", undefined, []]);
      assert.match(errors.join(), pattern);
    }
  });

  it("names the database whose log was declared and which is in simple recovery, and keeps the logs of the others", async () => {
    const { servers, run } = scene(declaredSql({ log: {} }));
    servers.add("LcsLog", { on: SQL01 });
    servers.add("LcsCDR", { on: SQL01, recovery: "SIMPLE" });
    await run("full");
    const { outcome, errors, manifest } = await run("log");
    assert.deepEqual([outcome, errors], ["failed", [`LcsCDR on ${SQL01} is in simple recovery`]]);
    assert.deepEqual(databasesIn(manifest), ["archiving-log LcsLog"]);
  });

  it("has nothing to do for a database that SQL Server does not restore: no log, no full disk", async () => {
    const { servers, run } = scene(declaredSql({ databases: { roles: ["userStore", "transient"] }, log: {} }));
    servers.add("rtcxds", { on: SQL01, recovery: "SIMPLE" });
    const mirrored = servers.add("rtcab", { on: SQL01, recovery: "SIMPLE" });
    good(await run("full"));
    const { outcome, errors } = await run("log");
    assert.deepEqual([outcome, errors], ["nothing-to-do", []]);
    mirrored.recovery = "FULL";
    good(await run("full"));
    assert.deepEqual(databasesIn((await run("log")).manifest), ["transient-log rtcab"]);
  });
});

describe("Of several replicas", () => {
  const pair = (options: Parameters<typeof declaredSql>[0] = ALL): Scene =>
    scene(declaredSql(options, { placement: PAIR }));
  const OTHER = "sql02.contoso.com";

  it("each backs up what it is the principal of, in the scope of the declared one, and captures its own state", async () => {
    const { servers, run } = pair();
    servers.add("LcsLog", { on: SQL01 });
    servers.add("LcsCDR", { on: SQL02 });
    const [one, other] = [await run("full"), await run("full", OTHER)];
    good(one);
    good(other);
    assert.deepEqual([databasesIn(one.manifest), databasesIn(other.manifest)], [["archiving LcsLog"], ["cdr LcsCDR"]]);
    assert.ok(other.manifest?.covers.some(({ scope }) => scope.of === "instance" && scope.instance === SQL02));
    assert.ok(other.manifest?.covers.every(({ scope }) => scope.of !== "database" || scope.instance === SQL01));
    assert.equal(factsOf(other.manifest, "LcsCDR.full.bak")["replica"], SQL02);
  });

  it("the one that has nothing to back up stands down", async () => {
    const { servers, run } = pair();
    servers.add("LcsLog", { on: SQL01 });
    await run("full");
    for (const kind of ["differential", "log"] as const) {
      assert.equal((await run(kind, OTHER)).outcome, "stood-down");
      good(await run(kind));
    }
  });

  it("a failover in between loses no log: the next one builds on the last, whoever made it", async () => {
    const { servers, run } = pair();
    const database = servers.add("LcsLog", { on: SQL01 });
    const other = servers.add("LcsCDR", { on: SQL01 });
    await run("full");
    const before = await run("log");
    database.on = SQL02;
    const after = await run("log", OTHER);
    good(after);
    assert.deepEqual(after.manifest?.needs, [before.manifest?.set]);
    const lsn = (manifest: Manifest | undefined, fact: string): unknown => factsOf(manifest, "LcsLog.log.bak")[fact];
    assert.equal(lsn(after.manifest, "first-lsn"), lsn(before.manifest, "last-lsn"));
    other.on = SQL02;
    const third = await run("log", OTHER);
    assert.deepEqual(third.manifest?.needs, [before.manifest?.set, after.manifest?.set].toSorted().reverse());
  });

  it("a preferred one that is a secondary makes copies and logs", async () => {
    const { servers, run } = pair({ log: {}, replica: "preferred" });
    servers.add("LcsLog", { on: SQL01, group: true, preferredOn: SQL02, next: 1000 });
    assert.deepEqual(databasesIn((await run("full")).manifest), []);
    const full = await run("full", OTHER);
    good(full);
    assert.deepEqual(
      [full.manifest?.kind, factsOf(full.manifest, "LcsLog.full.bak")["copy-only"]],
      ["full" satisfies SetKind, "yes"],
    );
    assert.equal((await run("log")).outcome, "stood-down");
    good(await run("log", OTHER));
  });

  it("of a failover cluster only the node acts on which the instance runs", async () => {
    const placement = ["sql01", "sql02"].map((node) => ({ host: `${node}.contoso.com`, instance: SQL01 }));
    const { servers, run } = scene(declaredSql(ALL, { placement }));
    servers.add("LcsLog", { on: SQL01 });
    good(await run("full"));
    assert.equal((await run("full", OTHER)).outcome, "stood-down");
    servers.node = "sql02";
    assert.equal((await run("log")).outcome, "stood-down");
    good(await run("log", OTHER));
  });
});

describe("A broken chain", () => {
  const broken = async (): Promise<Scene> => {
    const made = scene(declaredSql(ALL));
    made.servers.add("LcsLog", { on: SQL01 });
    made.servers.add("LcsCDR", { on: SQL01 });
    good(await made.run("full"));
    return made;
  };

  it("by a foreign full backup stops the differentials of that database, until the next full", async () => {
    const { servers, run } = await broken();
    servers.foreign("LcsLog", "full");
    const { outcome, errors, manifest } = await run("differential");
    assert.equal(outcome, "failed");
    assert.match(errors.join(), /^A differential backup of LcsLog would not build on 2026/);
    assert.deepEqual(databasesIn(manifest), ["cdr LcsCDR"]);
    good(await run("log"));
    good(await run("full"));
    good(await run("differential"));
  });

  it("by a foreign log backup stops the logs of that database, until a full or a differential closes the gap", async () => {
    for (const closing of ["full", "differential"] as const) {
      const { servers, run } = await broken();
      good(await run("log"));
      servers.foreign("LcsLog", "log");
      const { outcome, errors, manifest } = await run("log");
      assert.equal(outcome, "failed");
      assert.match(errors.join(), /^Between 2026.* a part is missing/);
      assert.deepEqual(databasesIn(manifest), ["cdr-log LcsCDR"]);
      good(await run(closing));
      good(await run("log"));
    }
  });

  it("by a changed recovery model stops the logs until the next full", async () => {
    const { servers, run } = await broken();
    delete servers.databases.get("LcsLog")?.next;
    assert.match((await run("log")).errors.join(), /^The log of LcsLog cannot be backed up/);
    good(await run("full"));
    good(await run("log"));
  });

  it("by a backup that cannot be verified is not built upon, though what was made is kept", async () => {
    const { servers, series, run } = await broken();
    servers.failing = (statement) =>
      statement === "verify-only" ? "The media family is incorrectly formed." : undefined;
    const unverified = await run("log");
    assert.equal(unverified.outcome, "failed");
    assert.deepEqual(databasesIn(unverified.manifest), ["archiving-log LcsLog", "cdr-log LcsCDR"]);
    assert.equal(series.sets.at(-1)?.good, false);
    servers.failing = undefined;
    assert.match((await run("log")).errors.join(), /a part is missing.*a part is missing/);
    good(await run("full"));
    good(await run("log"));
  });

  it("has no beginning before the first full backup", async () => {
    const { servers, run } = scene(declaredSql(ALL));
    servers.add("LcsLog", { on: SQL01 });
    for (const kind of ["differential", "log"] as const) {
      const { outcome, errors, manifest } = await run(kind);
      assert.deepEqual([outcome, manifest], ["failed", undefined]);
      assert.match(errors.join(), /The series sql-rtc holds no good (full )?backup of the database .* lcslog that/);
    }
    assert.deepEqual(servers.made, []);
  });

  it("costs one database its backup, and no other its own", async () => {
    const { servers, run } = await broken();
    servers.failing = (statement, { database }) =>
      statement.startsWith("backup-") && database === "LcsLog" ? "The disk is full." : undefined;
    const { outcome, errors, manifest } = await run("log");
    assert.deepEqual([outcome, errors, databasesIn(manifest)], ["failed", ["The disk is full."], ["cdr-log LcsCDR"]]);
    servers.failing = undefined;
    good(await run("log"));
  });
});
