import assert from "node:assert/strict";
import fc from "fast-check";
import { Job, type Cover, type StepOf } from "../../estate/documents";
import { sqlCovers } from "../../estate/jobs/sql-covers";
import { sqlJobs } from "../../estate/jobs/sql";
import { wantedDatabases, wantedLogs, type SqlBackup } from "../../estate/jobs/sql-declaration";
import { isAtLeast, statementNamed } from "../../estate/sql";
import { declarations, declaredSql, PAIR, SQL01, SQL02 } from "./sql-declarations";

const jobsOf = (declared: SqlBackup): Job[] => Object.values(sqlJobs(declared)) as Job[];
const sqlSteps = (job: Job): StepOf<"sql">[] => job.steps.flatMap((step) => (step.kind === "sql" ? [step] : []));
const stepIds = (job: Job | undefined): string[] => job?.steps.map(({ id }) => id) ?? [];

describe("The jobs of a SQL Server instance", () => {
  it("are valid documents for whatever can be declared, and survive being written and read", () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        const jobs = jobsOf(declared);
        assert.deepEqual(
          jobs.map(({ name }) => name),
          ["full", ...(declared.differential ? ["differential"] : []), ...(declared.log ? ["log"] : [])].map(
            (kind) => `${declared.name}-${kind}`,
          ),
        );
        for (const job of jobs) {
          assert.deepEqual(Job.parse(Job.write(job)), job);
          assert.deepEqual([job.series, job.purpose], [declared.name, "backup"]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("send statements of the corpus only, word for word, with their parameters, and to no server that is too old", () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        for (const step of jobsOf(declared).flatMap(sqlSteps)) {
          const statement = statementNamed(step.statement);
          assert.ok(statement, step.statement);
          assert.equal(step.text, statement.text);
          assert.ok(isAtLeast(declared.release, statement.since), `${step.statement} to ${declared.release}`);
          assert.deepEqual(Object.keys(step.parameters).sort(), Object.keys(statement.parameters).sort());
          assert.deepEqual(Object.keys(step.identifiers), statement.identifiers);
          assert.deepEqual(step.select, statement.columns);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("verify each backup, file by file, right after it was made", () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        for (const job of jobsOf(declared)) {
          const steps = sqlSteps(job);
          for (const [index, step] of steps.entries()) {
            if (!step.statement.startsWith("backup-")) continue;
            const verify = steps[index + 1];
            assert.ok(verify);
            assert.match(verify.statement, /^verify-only/);
            const files = step.produces.map(({ file }) => file);
            assert.deepEqual(verify.verifies, files);
            assert.deepEqual(Object.values(verify.parameters), files);
            const given = Object.entries(step.parameters).filter(([name]) => name.startsWith("file"));
            assert.deepEqual(
              given.map(([, file]) => file),
              files,
            );
            assert.deepEqual(verify.forEach, { $ref: `${step.id}.each.*.data.items` });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("carry what was declared as data: names stand in loops and parameters, never in a text or a path", () => {
    const name = "x]; DROP DATABASE rtcxds; --";
    const declared = declaredSql(
      {
        databases: { names: [name] },
        log: {},
        differential: true,
        encryption: { certificate: name },
      },
      { release: "2014" },
    );
    for (const job of jobsOf(declared)) {
      for (const { forEach, parameters, identifiers, title, ...step } of sqlSteps(job)) {
        assert.ok(!JSON.stringify(step).includes("rtcxds"), step.id);
        assert.ok(forEach ?? parameters ?? identifiers ?? title);
      }
    }
  });

  it("keep what cannot be made again, and the log whatever the disk says", () => {
    for (const job of jobsOf(declaredSql({ log: {}, differential: true }))) {
      for (const step of sqlSteps(job)) {
        if (/^(backup|verify)-/.test(step.statement)) assert.equal(step.onFailure, "keep", step.id);
      }
      const publish = job.steps.find((step) => step.kind === "publish");
      assert.equal(publish?.keepFreeBytes, job.setKind === "log" ? 0 : 1024);
      const check = job.steps.find((step) => step.kind === "check");
      assert.equal(check?.shrinkPercent, job.setKind === "full" ? 10 : 0);
    }
  });

  it("look at the server before they try anything, and only for what is declared", () => {
    const plain = sqlJobs(declaredSql());
    assert.deepEqual(stepIds(plain.full).slice(0, 3), ["server", "release", "system"]);
    assert.deepEqual([plain.differential, plain.log], [undefined, undefined]);
    const all = sqlJobs(
      declaredSql(
        { compress: true, encryption: { certificate: "backup" }, log: {} },
        { release: "2014", placement: PAIR.map(({ host }) => ({ host, instance: SQL01 })) },
      ),
    );
    assert.deepEqual(stepIds(all.log), [
      ...["server", "node", "release", "compression", "encryption", "certificate", "databases", "here", "chain"],
      ...["follows", "backup", "backup-verify", "made", "check", "hash", "publish", "seal", "retain"],
    ]);
  });

  it("ask a server of 2008 R2 nothing about availability groups", () => {
    const statements = jobsOf(declaredSql({ log: {}, differential: true }, { release: "2008R2" }))
      .flatMap(sqlSteps)
      .flatMap(({ id, statement }) => (id === "databases" ? [statement] : []));
    assert.deepEqual(statements, ["database-2008r2", "database-2008r2", "database-log-2008r2"]);
  });
});

describe("The databases of a declaration", () => {
  const wanted = (declared: SqlBackup): string[] =>
    wantedDatabases(declared).map(({ name, data, log }) => `${name} ${data} ${log}`);

  it("are those of the catalogue for a role, each with the data that it holds", () => {
    assert.deepEqual(wanted(declaredSql({ databases: { roles: ["userStore", "monitoring", "transient"] } })), [
      "rtcxds user-data user-store-log",
      "rtcshared user-data user-store-log",
      "LcsCDR cdr cdr-log",
      "QoEMetrics qoe qoe-log",
      "rtcab database transient-log",
      "rtcab1 database transient-log",
      "rgsdyn database transient-log",
      "cpsdyn database transient-log",
    ]);
    assert.deepEqual(wanted(declaredSql({ databases: { roles: ["persistentChat"] } }, { product: "sfb2019" })), []);
  });

  it("are those with a name, known or not; a name demands more than a role", () => {
    const declared = declaredSql({ databases: { roles: ["archiving"], names: ["lcslog", "Own"] }, log: {} });
    assert.deepEqual(wanted(declared), ["lcslog archiving archiving-log", "Own database database-log"]);
    assert.ok(wantedDatabases(declared).every(({ required, needsLog }) => required && needsLog));
  });

  it("need their log where it is what restores them, and else only so that no disk fills", () => {
    const declared = declaredSql({
      databases: { roles: ["archiving", "userStore"] },
      log: { leaveOut: ["RTCSHARED"] },
    });
    assert.deepEqual(
      wantedLogs(declared).map(({ name, needsLog }) => [name, needsLog]),
      [
        ["LcsLog", true],
        ["rtcxds", false],
      ],
    );
  });
});

describe("What the jobs cover", () => {
  const text = ({ datum, scope }: Cover): string =>
    `${datum} ${scope.of === "database" ? `${scope.instance} ${scope.database}` : scope.of === "instance" ? scope.instance : ""}`;
  const known = [
    { name: "LCSLOG", recovery: "full" },
    { name: "rtcxds", recovery: "simple" },
    { name: "rtcab" },
    { name: "Elsewhere", recovery: "full" },
  ] as const;

  it("is what is there, in the scope of the declared principal; the installation of each replica", () => {
    const declared = declaredSql(
      { databases: { roles: ["archiving", "userStore", "transient"] }, log: {} },
      { placement: PAIR },
    );
    const { full, differential, log } = sqlCovers(declared, known);
    assert.deepEqual(full.map(text), [
      `sql-instance ${SQL01}`,
      `sql-instance ${SQL02}`,
      `archiving ${SQL01} LcsLog`,
      `user-data ${SQL01} rtcxds`,
      `database ${SQL01} rtcab`,
    ]);
    assert.deepEqual(differential, []);
    assert.deepEqual(log.map(text), [`archiving-log ${SQL01} LcsLog`, `transient-log ${SQL01} rtcab`]);
  });

  it("has no installation in a differential, and no log where none is declared", () => {
    const { differential, log } = sqlCovers(declaredSql({ differential: true }), known);
    assert.deepEqual(differential.map(text), [`archiving ${SQL01} LcsLog`]);
    assert.deepEqual(log, []);
  });
});
