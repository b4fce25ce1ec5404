import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bucketLayout,
  compactTime,
  hostLayout,
  MANIFEST,
  RelativePath,
  RunId,
  runId,
  startOfRun,
  targetLayout,
  taskAction,
} from "../../estate/documents";

const instant = fc
  .date({ min: new Date("2000-01-01T00:00:00.000Z"), max: new Date("2099-12-31T23:59:59.999Z"), noInvalidDate: true })
  .map((at) => at.toISOString());
const token = fc.integer({ min: 0, max: 0xffffffff }).map((number) => number.toString(16).padStart(8, "0"));

describe("runs", () => {
  it("are named by their start, to the second, and tell it again", () => {
    fc.assert(
      fc.property(instant, token, (at, digits) => {
        const run = runId(at, digits);
        assert.equal(RunId.parse(run), run);
        assert.equal(startOfRun(run), `${at.slice(0, 19)}.000Z`);
        assert.equal(runId(startOfRun(run), digits), run);
      }),
    );
  });

  it("sort by name as they sort by time", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, token), { maxLength: 30 }), (starts) => {
        const byName = starts.map(([at, digits]) => runId(at, digits)).sort();
        const times = byName.map((run) => Date.parse(startOfRun(run)));
        assert.deepEqual(
          times,
          [...times].sort((a, b) => a - b),
        );
      }),
    );
  });

  it("have tokens of eight hexadecimal digits and nothing else", () => {
    for (const bad of ["", "0a1b2c3", "0A1B2C3D", "0a1b2c3d4", "../../..", "0a1b2c3\n"]) {
      assert.throws(() => runId("2026-03-01T02:00:00.000Z", bad));
    }
    assert.throws(() => startOfRun("20261301T020000Z-0a1b2c3d"));
  });
});

describe("layout", () => {
  const name = "n".repeat(64);
  const short = "s".repeat(32);
  const run = runId("2026-03-01T02:00:00.000Z", "0a1b2c3d");
  const at = "2026-03-01T02:00:00.000Z";
  const sha = "a".repeat(64);
  const target = [
    targetLayout.mark,
    targetLayout.sets(name),
    targetLayout.set(name, run),
    targetLayout.artefact(name, run, "UserSettings.pool01.contoso.com.jsonl"),
    targetLayout.manifest(name, run),
    targetLayout.side(name),
    targetLayout.verified(name, run),
    targetLayout.carried(name, run, short),
    targetLayout.held(name, run),
    targetLayout.accepted(name),
    targetLayout.drilled(name, at, short),
    targetLayout.mirror(name),
  ];
  const host = [
    hostLayout.job(name),
    hostLayout.targetNote(name),
    hostLayout.run(name, run),
    hostLayout.work(run),
    hostLayout.lock(name),
    `${hostLayout.inbox}/${run}.json`,
    hostLayout.agentMark,
  ];
  const bucket = [
    bucketLayout.readme,
    bucketLayout.manifest(name, run),
    bucketLayout.contents(name, run),
    bucketLayout.verified(name, run, at),
    bucketLayout.data(name, sha, 99),
    bucketLayout.pack(name, sha, 99),
    bucketLayout.pruneMark(name, bucketLayout.pack(name, sha, 99), at),
  ];

  it("stays within what Windows takes, for the longest names below the longest paths", () => {
    // 260 with the final zero; a file is first written beside its place, under a longer name.
    const longest = 259 - ".new".length;
    const top = 100;
    for (const path of target) assert.ok(top + 1 + path.length <= longest, `${String(path.length)} ${path}`);
    for (const path of host) assert.ok(hostLayout.data.length + 1 + path.length <= longest, path);
    // A folder ends twelve characters earlier, so that a short name fits into it.
    for (const path of [targetLayout.set(name, run), targetLayout.side(name)]) assert.ok(top + 1 + path.length <= 247);
  });

  it("stays within what stores take", () => {
    for (const key of bucket) assert.ok(500 + Buffer.byteLength(key) <= 1024, key);
  });

  it("is made of relative paths, each at a place of its own", () => {
    for (const paths of [target, host, bucket]) {
      for (const path of paths) assert.ok(RelativePath.safeParse(path).success, path);
      assert.equal(new Set(paths.map((path) => path.toLowerCase())).size, paths.length);
    }
  });

  it("tells two marked objects apart", () => {
    const objects = [
      bucketLayout.data("a", sha, 0),
      bucketLayout.data("a", sha, 1),
      bucketLayout.data("a-b", sha, 0),
      bucketLayout.pack("a", sha, 0),
      bucketLayout.manifest("a", run),
    ];
    const marks = objects.map((object) => bucketLayout.pruneMark("a", object, at));
    assert.equal(new Set(marks).size, objects.length);
  });

  it("puts the manifest into the set, here and offsite alike", () => {
    assert.equal(targetLayout.manifest("a", run), `${targetLayout.set("a", run)}/${MANIFEST}`);
    assert.equal(bucketLayout.manifest("a", run), targetLayout.manifest("a", run));
    assert.equal(targetLayout.artefact("a", run, MANIFEST), targetLayout.manifest("a", run));
  });

  it("writes times without what a file name cannot hold", () => {
    assert.equal(compactTime("2026-03-01T02:00:59.999Z"), "20260301T020059Z");
  });

  it("starts the module and names the job, and takes no other text", () => {
    const { program, arguments: text } = taskAction("configuration");
    assert.equal(program, "powershell.exe");
    assert.match(text, /^-NoProfile -NonInteractive .* -Name configuration$/);
    for (const hostile of ["a b", "a;b", "$(x)", "-Command", '"', ""]) assert.throws(() => taskAction(hostile));
  });
});
