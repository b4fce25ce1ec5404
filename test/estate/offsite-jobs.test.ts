import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Schedule, type Job } from "../../estate/documents";
import { offsiteJobs, type OffsiteCopy } from "../../estate/jobs";
import { installationOf } from "../../estate/jobs/offsite-elsewhere";
import { newestGood } from "../../offsite/recovery-point";

const target = { name: "vault", host: "bk01.contoso.com", path: String.raw`\\bk01.contoso.com\lyncbackup$` };
const copy: OffsiteCopy = {
  owner: { project: "lync", stack: "production", name: "offsite" },
  ...{ name: "offsite", product: "lync2013", deployment: "contoso", account: String.raw`CONTOSO\lync-courier$` },
  ...{ placement: [{ host: "bk01.contoso.com" }], timeLimitMinutes: 720 },
  store: { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup" },
  credentials: "lync-offsite",
  sources: [
    {
      target,
      series: ["configuration", "users-pool01"],
      keep: { last: 7, daily: 30, weekly: 0, monthly: 24, yearly: 0, maximumAgeDays: 400 },
      lock: { mode: "compliance", days: 30 },
      legalHold: false,
    },
    { target, series: ["files-pool01"], legalHold: true, storageClass: "STANDARD_IA", encryption: { by: "sse-s3" } },
  ],
  megabitsPerSecond: 200,
};
/** A prune must know what to leave there. */
const pruned: OffsiteCopy = {
  ...copy,
  sources: copy.sources.map((source) => ({ keep: { last: 3 }, ...source })),
  prune: { credentials: "lync-pruner" },
};

const actionsOf = ({ steps }: Job) => steps.flatMap((step) => (step.kind === "courier" ? [step.action] : []));

describe("the jobs of a courier", () => {
  it("carry, and look at what has arrived only where something has", () => {
    const { push, verify, prune } = offsiteJobs(copy);
    assert.deepEqual([verify, prune], [undefined, undefined]);
    assert.equal(push.purpose, "offsite");
    assert.deepEqual(actionsOf(push), ["push", "verify"]);
    const [, look] = push.steps;
    assert.deepEqual(look?.when, { value: { $ref: "push.sets" }, is: "present" });
    assert.equal(look?.runs, "always", "one set that could not be carried is no reason not to look at the others");
  });

  it("have the credentials of their part, and no others", () => {
    const jobs = offsiteJobs({ ...pruned, verifier: "lync-verifier", verify: { level: "full" } });
    const named = Object.values(jobs).flatMap(({ steps }: Job) =>
      steps.flatMap((step) => (step.kind === "courier" ? [[step.action, step.credentials]] : [])),
    );
    assert.deepEqual(named, [
      ["push", "lync-offsite"],
      ["verify", "lync-verifier"],
      ["verify", "lync-verifier"],
      ["prune", "lync-pruner"],
    ]);
  });

  it("keep, lock and hold each line of sets as it is declared", () => {
    const [push] = offsiteJobs(copy).push.steps;
    assert.ok(push?.kind === "courier");
    assert.deepEqual(
      push.sources.map(({ series, lock, legalHold, storageClass }) => [series, lock?.days, legalHold, storageClass]),
      [
        [["configuration", "users-pool01"], 30, false, undefined],
        [["files-pool01"], undefined, true, "STANDARD_IA"],
      ],
    );
  });
});

describe("what is installed where another computer carries", () => {
  const install = (schedule: Parameters<typeof Schedule.parse>[0], more: Partial<OffsiteCopy> = {}) =>
    installationOf(
      { ...copy, ...more },
      {
        folders: { vault: "/mnt/it's here" },
        schedules: { push: Schedule.parse(schedule), prune: Schedule.parse(schedule) },
      },
    );

  it("is a script that carries each source and then looks, whatever fails, and ends as the worst of them", () => {
    const { files, pipeline } = install({ every: "day", at: ["02:00"] });
    const script = files["/etc/lync-backup/offsite.sh"] ?? "";
    const [first, second, look] = script.split("\n").filter((line) => line.startsWith("lync-backup"));
    assert.equal(
      first,
      String.raw`lync-backup offsite push --target '/mnt/it'\''s here' --series configuration --series users-pool01 --copy offsite --keep last=7,daily=30,weekly=0,monthly=24,yearly=0,maximum-age-days=400 --lock compliance:30 --store /etc/lync-backup/offsite.store.json --credentials lync-offsite --transfers 16 --megabits 200 || status=$?`,
    );
    assert.match(second ?? "", /--legal-hold --storage-class STANDARD_IA --encryption sse-s3 /);
    assert.match(look ?? "", /^lync-backup offsite verify --quick --store /);
    assert.ok(script.startsWith("#!/bin/sh\n") && script.endsWith("exit $status\n"));
    assert.deepEqual(pipeline, ["sh /etc/lync-backup/offsite.sh"]);
    assert.deepEqual(JSON.parse(files["/etc/lync-backup/offsite.store.json"] ?? ""), copy.store);
  });

  for (const { schedule, calendar, cron } of [
    { schedule: { every: "day", at: ["02:00"] }, calendar: ["*-*-* 02:00:00"], cron: ["0 2 * * *"] },
    {
      schedule: { every: "week", on: ["friday", "monday"], at: ["23:30"] },
      calendar: ["Mon,Fri *-*-* 23:30:00"],
      cron: ["30 23 * * Mon,Fri"],
    },
    {
      schedule: { every: "run", of: "all", lookEveryMinutes: 20 },
      calendar: ["*-*-* *:00:00", "*-*-* *:20:00", "*-*-* *:40:00"],
      cron: ["0 * * * *", "20 * * * *", "40 * * * *"],
    },
    {
      schedule: { every: "minutes", minutes: 45, from: "23:00", until: "00:30" },
      calendar: ["*-*-* 23:00:00", "*-*-* 23:45:00"],
      cron: ["0 23 * * *", "45 23 * * *"],
    },
    { schedule: { every: "command" }, calendar: [], cron: [] },
  ] as const) {
    it(`starts ${JSON.stringify(schedule)} by a timer of systemd, or by cron`, () => {
      const { files, crontab } = install(schedule);
      const timer = files["/etc/systemd/system/lync-backup-offsite.timer"] ?? "";
      assert.deepEqual(
        [...timer.matchAll(/^OnCalendar=(.*)$/gm)].map(([, time]) => time),
        calendar,
      );
      assert.deepEqual(
        crontab,
        cron.map((times) => `${times} sh /etc/lync-backup/offsite.sh`),
      );
    });
  }

  it("has another script, service and timer for what prunes, with its own credentials", () => {
    const { files, pipeline } = install({ every: "day", at: ["05:00"] }, pruned);
    assert.match(files["/etc/lync-backup/offsite-prune.sh"] ?? "", /offsite prune .*--credentials lync-pruner/);
    assert.match(files["/etc/systemd/system/lync-backup-offsite-prune.service"] ?? "", /ExecStart=\/bin\/sh /);
    assert.equal(pipeline.length, 2);
  });
});

describe("what a restore from offsite would bring", () => {
  const set = (name: string, good = true, ...needs: string[]) => ({ set: name, good, needs });
  it("is the newest good set", () => {
    assert.equal(newestGood([set("1"), set("3", false), set("2")])?.set, "2");
    assert.equal(newestGood([set("1", false)]), undefined);
    assert.equal(newestGood([]), undefined);
  });
  it("is none that builds on what is damaged or not there, however far back", () => {
    const full = set("1");
    const chain = [set("2", true, "1"), set("3", true, "2"), set("4", true, "3")];
    assert.equal(newestGood([full, ...chain])?.set, "4");
    assert.equal(newestGood([full, ...chain.slice(1)])?.set, "1");
    assert.equal(newestGood([{ ...full, good: false }, ...chain]), undefined);
    assert.equal(newestGood([set("1", true, "2"), set("2", true, "1")]), undefined, "nothing builds on itself");
  });
});
