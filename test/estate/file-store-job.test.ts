import assert from "node:assert/strict";
import { fileStoreJob, hoursRules, TRANSIENT_FOLDERS, type FileStoreCopy } from "../../estate/jobs";
import { seriesOf, type StepOf } from "../../estate/documents";
import { declared } from "./jobs";
import { problemsIn } from "./support";

const STORE = String.raw`\\fs01.contoso.com\lyncshare`;
const POOL = "pool01.contoso.com";
const copy: FileStoreCopy = { ...declared, store: STORE };
const steps = (patch: Partial<FileStoreCopy> = {}) => fileStoreJob({ ...copy, ...patch }).steps;
const robocopies = (patch: Partial<FileStoreCopy> = {}): StepOf<"robocopy">[] =>
  steps(patch).flatMap((step) => (step.kind === "robocopy" ? [step] : []));
const inventory = (patch: Partial<FileStoreCopy> = {}): StepOf<"inventory"> => {
  const [found] = steps(patch).flatMap((step) => (step.kind === "inventory" ? [step] : []));
  assert.ok(found);
  return found;
};
const problems = (patch: Partial<FileStoreCopy>): readonly string[] => problemsIn(() => steps(patch));

describe("file store job", () => {
  it("lists the store, copies what is new or changed, and completes and seals the listing", () => {
    const kinds = steps().map(({ kind }) => kind);
    assert.deepEqual(kinds, ["inventory", "robocopy", "check", "hash", "publish", "seal", "retain"]);
    const job = fileStoreJob(copy);
    assert.deepEqual([job.setKind, seriesOf(job)], ["incremental", "subject"]);
    const [done] = robocopies();
    assert.deepEqual(
      [done?.files, done?.destination, done?.mirror],
      [{ $ref: "files.changed" }, { $set: "files" }, false],
    );
    const hash = steps().find((step) => step.kind === "hash");
    const seal = steps().find((step) => step.kind === "seal");
    assert.deepEqual([hash?.completes, seal?.needs], ["files", [{ $ref: "files.needs" }]]);
  });

  it("does not start robocopy without a name: it would take the whole tree", () => {
    const [done] = robocopies();
    assert.deepEqual(done?.when, { value: { $ref: "files.changed.count" }, is: "none-of", of: [0] });
  });

  it("never takes Meeting.Active, whatever is declared", () => {
    for (const patch of [{}, { excludeFolders: [] }, { mirror: true, backupMode: true, security: true }]) {
      assert.deepEqual(inventory(patch).excludeFiles, ["Meeting.Active"]);
      for (const { excludeFiles } of robocopies(patch)) assert.deepEqual(excludeFiles, ["Meeting.Active"]);
    }
  });

  it("leaves out what is made again by itself, unless other folders or none are declared", () => {
    const transient = TRANSIENT_FOLDERS.map(({ folder }) => folder);
    assert.deepEqual(inventory().excludeFolders, transient);
    assert.deepEqual(inventory({ excludeFolders: [] }).excludeFolders, []);
    assert.deepEqual(inventory({ excludeFolders: ["Old*"] }).excludeFolders, ["Old*"]);
    for (const step of robocopies({ mirror: true })) assert.deepEqual(step.excludeFolders, transient);
  });

  it("covers the music and the announcements of the pools that keep them there", () => {
    const [listing] = inventory({ callParkPools: [POOL], announcementPools: [POOL] }).produces;
    const pool = { of: "pool", pool: POOL };
    assert.deepEqual(listing?.covers, [
      { datum: "file-store", scope: { of: "store", path: STORE } },
      { datum: "call-park-music", scope: pool },
      { datum: "announcement-audio", scope: pool },
    ]);
  });

  it("refuses to leave out what it is to cover", () => {
    for (const [excluded, folder] of [
      ["cps", "CPS"],
      ["AppServerFiles", "AppServerFiles"],
      ["*App*", "1-ApplicationServer-1"],
      ["2-ApplicationServer-*", "1-ApplicationServer-1"],
      ["*Server*", "1-ApplicationServer-1"],
    ] as const) {
      const [problem] = problems({ callParkPools: [POOL], excludeFolders: [excluded] });
      assert.equal(problem, `excludeFolders[0]: leaves out ${folder}, and what it is to cover lies there`);
      assert.doesNotThrow(() => steps({ excludeFolders: [excluded] }));
    }
    assert.equal(problems({ announcementPools: [POOL], excludeFolders: ["RGS"] }).length, 1);
    assert.doesNotThrow(() => steps({ announcementPools: [POOL], excludeFolders: ["CPS"] }));
    for (const all of ["*", "*.*", ".", "..", " "]) {
      assert.deepEqual(problems({ excludeFolders: [all] }), ["excludeFolders[0]: would leave out everything"]);
    }
    for (const odd of ["a\\b", "a/b", "a\u0000b", "a|b", ""])
      assert.equal(problems({ excludeFolders: [odd] }).length > 0, true);
  });

  it("judges patterns that somebody made to take long in no time", () => {
    const patterns = [`${"*".repeat(250)}x`, `${"*a".repeat(120)}x`, `${"*1-".repeat(80)}x`];
    assert.doesNotThrow(() => steps({ callParkPools: [POOL], excludeFolders: patterns }));
  });

  it("brings a working copy up to date when the set is sealed and old ones are gone, in a folder of its own", () => {
    const kinds = steps({ mirror: true }).map(({ id }) => id);
    assert.deepEqual(kinds.slice(-3), ["seal", "retain", "mirror"]);
    const [, mirror] = robocopies({ mirror: true });
    assert.deepEqual([mirror?.mirror, mirror?.destination, mirror?.files], [true, { $mirror: "files" }, undefined]);
  });

  it("takes every file anew every so often, so that old sets can go", () => {
    assert.equal(inventory().fullEveryDays, 30);
    assert.equal(inventory({ fullEveryDays: 7 }).fullEveryDays, 7);
  });

  it("hands robocopy's options over as they are declared, and limits the bandwidth of one thread only", () => {
    const given = { backupMode: true, security: true, retries: 7, waitSeconds: 9, megabitsPerSecond: 40 };
    for (const step of robocopies({ ...given, mirror: true })) {
      const { backupMode, security, retries, waitSeconds, megabitsPerSecond, threads } = step;
      assert.deepEqual({ backupMode, security, retries, waitSeconds, megabitsPerSecond }, given);
      assert.equal(threads, 1);
    }
    assert.deepEqual([robocopies()[0]?.threads, robocopies({ threads: 32 })[0]?.threads], [8, 32]);
    assert.deepEqual(problems({ megabitsPerSecond: 40, threads: 2 }), [
      "threads: robocopy limits the bandwidth of a single thread only",
    ]);
  });

  it("copies in its hours only, the working copy too, and lists the store whenever it runs", () => {
    const hours = { from: "20:00", until: "06:00" };
    const made = steps({ mirror: true, hours });
    assert.deepEqual(
      made.flatMap((step) => ("hours" in step ? [[step.id, step.hours]] : [])),
      [
        ["copy", hours],
        ["mirror", hours],
      ],
    );
    assert.ok(!steps({ mirror: true }).some((step) => "hours" in step));
    assert.deepEqual(problems({ hours: { from: "20:00", until: "20:00" } }), [
      "hours: begin and end at the same time: without them it is the whole day",
    ]);
    assert.equal(problems({ hours: { from: "8 pm", until: "06:00" } }).length, 1);
  });

  it("refuses a start from which its hours are farther than the run may take", () => {
    const judged = (from: string, until: string, at: string[], timeLimitMinutes: number): string[] => {
      const found: string[] = [];
      const declared = { hours: { from, until }, schedule: { every: "day" as const, at }, timeLimitMinutes };
      hoursRules(declared, (_, message) => found.push(message));
      return found;
    };
    assert.deepEqual(judged("20:00", "06:00", ["20:00", "23:59", "00:00", "05:59"], 1), []);
    assert.deepEqual(judged("20:00", "06:00", ["02:00", "19:00"], 61), []);
    assert.deepEqual(judged("20:00", "06:00", ["02:00", "19:00"], 60), [
      "begin 60 minutes after the start at 19:00, and by then the run has ended: its timeLimitMinutes are 60",
    ]);
    assert.deepEqual(judged("01:00", "05:00", ["05:00"], 1201), []);
    assert.equal(judged("01:00", "05:00", ["05:00"], 1200).length, 1);
    const every = { schedule: { every: "minutes", minutes: 30, from: "00:00" }, timeLimitMinutes: 1 } as const;
    hoursRules({ ...every, hours: { from: "01:00", until: "05:00" } }, () => assert.fail("a later start copies"));
  });

  it("runs on one host, which needs no cmdlet of Lync's", () => {
    assert.ok(!steps().some(({ kind }) => kind === "cmdlet"));
    const placement = [{ host: "fs01.contoso.com" }, { host: "fs02.contoso.com" }];
    assert.deepEqual(problems({ placement }), [
      "hosts: names several, and nothing tells them which one copies: place it on one",
    ]);
    assert.deepEqual(problems({ callParkPools: [POOL, POOL] }), ["callParkPools[1]: is named twice"]);
  });
});
