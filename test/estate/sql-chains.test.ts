import assert from "node:assert/strict";
import fc from "fast-check";
import { needsOf, type SealedSet } from "../../estate/chains";
import { Retention, type Manifest } from "../../estate/documents";
import { sqlJobs } from "../../estate/jobs/sql";
import { declaredSql, PAIR, SQL01, SQL02 } from "./sql-declarations";
import { TestSeries } from "./sql-runner";
import { TestServers } from "./sql-server";

/**
 * Months of full, differential and log backups of a mirrored pair, with failovers, foreign backups, failures and damage
 * at random, and retention after each good run. Whatever is kept can be restored from what is kept.
 */

const DATABASES = ["LcsLog", "LcsCDR", "QoEMetrics"] as const;
const HOSTS = PAIR.map(({ host }) => host);

const database = fc.constantFrom(...DATABASES);
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant("full" as const), host: fc.constantFrom(...HOSTS) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("differential" as const), host: fc.constantFrom(...HOSTS) }) },
  { weight: 12, arbitrary: fc.record({ what: fc.constant("log" as const), host: fc.constantFrom(...HOSTS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("long full" as const),
      host: fc.constantFrom(...HOSTS),
      logs: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("failover" as const), database }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constantFrom("foreign full" as const, "foreign log" as const), database }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("cannot be backed up" as const), database }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("cannot be verified" as const), database }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("damage" as const), index: fc.nat(20) }) },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const policies = fc
  .record({
    last: fc.integer({ min: 1, max: 6 }),
    daily: fc.integer({ min: 0, max: 3 }),
    withinDays: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    maximumAgeDays: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  })
  .map((policy) => Retention.parse(policy));

/** A backup of one database as its facts tell it. */
interface Backup {
  kind: string;
  first: number;
  last: number;
  set: string;
  base: string | undefined;
}

function backupsOf(manifests: readonly Manifest[], name: string): Backup[] {
  return manifests.flatMap(({ artefacts, kind }) =>
    artefacts
      .filter(({ scope }) => scope.of === "database" && scope.database === name)
      .map(({ facts }) => ({
        kind,
        first: Number(facts["first-lsn"]),
        last: Number(facts["last-lsn"]),
        set: JSON.stringify(facts["backup-set"]),
        base: JSON.stringify(facts["base-backup-set"]),
      })),
  );
}

/** By the numbers alone, as SQL Server would: nothing here looks at what a manifest says that it needs. */
function isRestorable(backup: Backup, all: readonly Backup[]): boolean {
  if (backup.kind === "full") return true;
  if (backup.kind === "differential") return all.some(({ kind, set }) => kind === "full" && set === backup.base);
  const isBegun = all.some(
    (base) => base.kind !== "log" && base.last >= backup.first && base.last <= backup.last && isRestorable(base, all),
  );
  return isBegun || all.some((log) => log.kind === "log" && log.last === backup.first && isRestorable(log, all));
}

/** Good, and all that it needs now is there and good too. */
function soundOf(sets: readonly SealedSet[]): SealedSet[] {
  const needs = needsOf(sets);
  const good = new Set(sets.flatMap((one) => (one.good ? [one.manifest.set] : [])));
  const isSound = (set: string): boolean => good.has(set) && (needs.get(set) ?? []).every(isSound);
  return sets.filter(({ manifest }) => isSound(manifest.set));
}

class History {
  readonly servers = new TestServers();
  readonly series: TestSeries;
  private readonly jobs = sqlJobs(declaredSql({ differential: true, log: {} }, { placement: PAIR }));
  /** The sets that were there, sound, after the last run. */
  private before: SealedSet[] = [];
  /** Without damage, every set that is kept must have its chain; with it, those that do not build on the damage. */
  private isUndamaged = true;

  constructor(policy: Retention) {
    this.series = new TestSeries(this.servers, policy);
    for (const name of DATABASES) this.servers.add(name, { on: SQL01 });
  }

  async meet(next: Event): Promise<void> {
    const { servers, series } = this;
    servers.work();
    series.pass(300);
    switch (next.what) {
      case "full":
      case "differential":
      case "log": {
        const job = this.jobs[next.what];
        assert.ok(job);
        const { outcome } = await series.run(job, next.host);
        servers.failing = undefined;
        this.compare(outcome === "succeeded");
        return;
      }
      case "long full": {
        const { full, log } = this.jobs;
        assert.ok(log);
        const { outcome } = await series.run(full, next.host, async () => {
          for (let count = 0; count < next.logs; count++) {
            for (const host of HOSTS) {
              servers.work();
              series.pass(15);
              await series.run(log, host);
            }
          }
        });
        servers.failing = undefined;
        // Runs beside it may have removed something since.
        this.before = [];
        this.compare(outcome === "succeeded");
        return;
      }
      case "failover": {
        const found = servers.databases.get(next.database);
        if (found) found.on = found.on === SQL01 ? SQL02 : SQL01;
        return;
      }
      case "foreign full":
      case "foreign log":
        servers.foreign(next.database, next.what === "foreign full" ? "full" : "log");
        return;
      case "cannot be backed up":
      case "cannot be verified": {
        const prefix = next.what === "cannot be backed up" ? "backup-" : "verify-";
        const name = next.database;
        servers.failing = (statement, parameters) =>
          statement.startsWith(prefix) && Object.values(parameters).some((one) => String(one).includes(name))
            ? next.what
            : undefined;
        return;
      }
      case "damage": {
        const set = series.sets[next.index % Math.max(1, series.sets.length)];
        if (set) set.good = false;
        this.isUndamaged = false;
        this.before = [];
      }
    }
  }

  /** Retention has just run, or was right not to. */
  private compare(hasSucceeded: boolean): void {
    const { sets } = this.series;
    this.isUndamaged &&= sets.every(({ good }) => good);
    const sound = (this.isUndamaged ? sets : soundOf(sets)).map(({ manifest }) => manifest);
    for (const name of DATABASES) {
      const all = backupsOf(sound, name);
      for (const backup of all) {
        assert.ok(isRestorable(backup, all), `${backup.kind} of ${name} up to ${String(backup.last)} has no chain`);
      }
      const newest = (manifests: readonly Manifest[]): number =>
        Math.max(0, ...backupsOf(manifests, name).map(({ last }) => last));
      const was = newest(this.before.map(({ manifest }) => manifest));
      assert.ok(newest(sound) >= was, `the newest backup of ${name} is gone`);
    }
    if (!hasSucceeded) {
      const kept = new Set(sets.map(({ manifest }) => manifest.set));
      for (const { manifest } of this.before) assert.ok(kept.has(manifest.set), "a failed run removed a set");
    }
    this.before = soundOf(sets);
  }
}

describe("Chains of SQL backups", () => {
  it("are kept whole by retention, whatever happens to databases, replicas and sets", async () => {
    const seen = { removed: 0, differentials: 0, logs: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 80 }), policies, async (events, policy) => {
        const history = new History(policy);
        const ever = new Set<string>();
        for (const next of events) {
          await history.meet(next);
          for (const { manifest } of history.series.sets) {
            if (ever.has(manifest.set)) continue;
            ever.add(manifest.set);
            if (manifest.kind === "differential") seen.differentials++;
            if (manifest.kind === "log") seen.logs++;
          }
        }
        seen.removed += ever.size - history.series.sets.length;
      }),
      { numRuns: 150 },
    );
    assert.ok(
      Object.values(seen).every((count) => count > 100),
      `too little happened: ${JSON.stringify(seen)}`,
    );
  });

  it("let go of old ones, though full backups take hours and logs go on meanwhile", async () => {
    const history = new History(Retention.parse({ last: 10 }));
    const [host] = HOSTS;
    assert.ok(host !== undefined);
    for (let day = 0; day < 20; day++) {
      await history.meet({ what: "long full", host, logs: 4 });
      for (let count = 0; count < 4; count++) await history.meet({ what: "log", host });
    }
    const { sets } = history.series;
    assert.ok(sets.length < 30, `${String(sets.length)} sets are still there`);
    assert.ok(sets.filter(({ manifest }) => manifest.kind === "full").length <= 3);
  });

  it("would not be, if a log named only the newest full backup", () => {
    const facts = (first: number, last: number, more: Partial<Backup> = {}): Backup => ({
      kind: "log",
      first,
      last,
      set: "x",
      base: undefined,
      ...more,
    });
    const full = facts(0, 10, { kind: "full", set: "F" });
    const logs = [facts(10, 20), facts(20, 30)] as const;
    assert.ok(isRestorable(logs[1], [full, ...logs]));
    assert.ok(!isRestorable(logs[1], [full, logs[1]]));
    assert.ok(!isRestorable(facts(0, 5), [full]), "a full backup after the end of a log does not begin it");
    const differential = facts(10, 25, { kind: "differential", base: "F" });
    assert.ok(isRestorable(logs[1], [full, differential, logs[1]]));
    assert.ok(!isRestorable(logs[1], [differential, logs[1]]));
  });
});
