import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { bucketLayout, Held, targetLayout } from "../../estate/documents";
import { grantsOf, usageOf } from "../../offsite/policies/grants";
import { policyOf } from "../../offsite/policies/policy";
import { parseKey } from "../../offsite/keys";
import { removalsOf, type PruneReport } from "../../offsite/prune/report";
import { cliFixture } from "../offsite/support/cli";
import { carryAll, fetchedAndSame, keysIn } from "../offsite/support/courier";

describe("lync-backup offsite prune", function () {
  this.timeout(240_000);
  const fixed = cliFixture("plain");
  const { here, offsite, ok } = fixed;
  const keys = (): Promise<string[]> => keysIn(here.server, here.bucket);
  const kindsThere = async (): Promise<Set<string | undefined>> =>
    new Set((await keys()).map((key) => parseKey(key)?.kind));

  const longAgo = (days: number): void => {
    here.server.age(here.bucket, days);
  };

  it("explains set by set in a dry run, marks, and removes when no push can be using it any more", async () => {
    const { maker, server, bucket } = here;
    const [old, kept] = [maker.exports(), maker.exports()];
    maker.fileStore("files", { add: 5 });
    const files = maker.fileStore("files", { add: 5 });
    await carryAll(server, bucket, maker);
    longAgo(3);
    const before = await keys();

    const dry = await ok(offsite("prune", "--keep", "last=1", "--dry-run"));
    assert.deepEqual(await keys(), before);
    assert.match(dry, new RegExp(`^stays  ${kept.set}  one of the last 1; the newest good set;`, "m"));
    assert.match(dry, new RegExp(`^goes   ${old.set}  no rule wants it$`, "m"));
    assert.match(dry, new RegExp(`^stays  \\S+  needed by ${files.set}$`, "m"));
    assert.match(dry, /^\d+ objects?, 2\.8 MB, would be marked \(no set needs it\); may go after 20\S+$/m);
    assert.match(dry, /^4 sets looked at, 1 set not wanted any more; .* would be marked\.$/m);

    const marked = await ok(offsite("prune", "--keep", "last=1", "--target", maker.target));
    assert.match(marked, /^\d+ objects?, 2\.8 MB, marked \(no set needs it\); may go after 20\S+$/m);
    assert.match(await ok(offsite("list")), /configuration .* marked by a prune/);
    const waiting = await ok(offsite("prune", "--keep", "last=1"));
    assert.match(waiting, /^\d+ objects?, 2\.8 MB, waiting \(no set needs it\); may go after/m);
    longAgo(1);
    const due = await ok(offsite("prune", "--keep", "last=1", "--dry-run"));
    assert.match(due, /^\d+ objects?, 2\.8 MB, would be removed \(no set needs it\)$/m);
    const removed = await ok(offsite("prune", "--keep", "last=1", "--json"));
    const report = JSON.parse(removed) as PruneReport;
    assert.deepEqual(new Set(removalsOf(report).map(({ state }) => state)), new Set(["removed"]));
    assert.ok(!(await keys()).includes(bucketLayout.manifest(old.series, old.set)));
    for (const made of [kept, files]) await fetchedAndSame(server, bucket, made);
    await ok(offsite("prune", "--keep", "last=1"));
    assert.ok(!(await kindsThere()).has("mark"), "nothing is left to be done");
  });

  it("prunes the series that are named, and keeps what is held on the target", async () => {
    const { maker, server, bucket } = here;
    const [held] = [maker.exports("one"), maker.exports("one")];
    for (let turn = 0; turn < 2; turn++) maker.exports("two");
    await carryAll(server, bucket, maker);
    const hold = { series: "one", set: held.set, by: "kim", at: "2026-03-05T00:00:00.000Z", reason: "audit" };
    const file = path.join(maker.target, targetLayout.held("one", held.set));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, Held.write(Held.make(hold)));
    const text = await ok(offsite("prune", "--keep", "last=1", "--series", "one", "--target", maker.target));
    assert.match(text, new RegExp(`^stays  ${held.set}  held$`, "m"));
    assert.doesNotMatch(text, /^two$/m);
    assert.ok(!(await kindsThere()).has("mark"));
    assert.match(await ok(offsite("prune", "--keep", "last=1", "--series", "one", "--dry-run")), /^goes /m);
  });

  it("says that what came lately may belong to a push", async () => {
    const { maker, server, bucket } = here;
    for (let turn = 0; turn < 2; turn++) maker.exports();
    await carryAll(server, bucket, maker);
    const text = await ok(offsite("prune", "--keep", "last=1"));
    assert.match(text, /^\d+ objects?, 2\.8 MB, no set needs, and too young to be judged: a push may need them$/m);
    assert.match(text, /^2 objects, .*, marked \(retention\)/m);
  });

  it("ends with 1 and says what to do where its credentials may not delete", async () => {
    const { maker, server, bucket } = here;
    for (let turn = 0; turn < 2; turn++) maker.exports("configuration", 0.1);
    await carryAll(server, bucket, maker);
    server.account("careful");
    const grants = grantsOf("pruner", usageOf(bucket, { lock: false, legalHold: false }));
    await server.policy(
      bucket,
      policyOf(
        bucket,
        grants.filter(({ action }) => !action.startsWith("Delete")),
        "careful",
      ),
    );
    longAgo(3);
    const args = ["--keep", "last=1", "--credentials", path.join(server.credentialsFolder, "careful.json")];
    await ok(offsite("prune", ...args));
    longAgo(1);
    const { code, stdout, output } = await offsite("prune", ...args);
    assert.equal(code, 1, output);
    assert.match(stdout, /^1 object, .*, refused \(Deleting /m);
    assert.match(output, /could not be removed, series\/configuration\/.* for one: .*offsite policy pruner/);
  });

  it("ends with 3 and removes no content where nobody can say what a set needs", async () => {
    const { maker, server, bucket } = here;
    const [damaged] = [maker.exports(), maker.exports()];
    await carryAll(server, bucket, maker);
    longAgo(3);
    const manifest = bucket.prefix + bucketLayout.manifest(damaged.series, damaged.set);
    fs.writeFileSync(server.fileOf(bucket.bucket, manifest), "{}");
    const { code, stdout, output } = await offsite("prune", "--keep", "last=1");
    assert.equal(code, 3, output);
    assert.match(
      stdout,
      new RegExp(`^stays  ${damaged.set}  its manifest cannot be read: .*until somebody has looked`, "m"),
    );
    assert.match(output, new RegExp(`configuration/${damaged.set}: its manifest cannot be read.*See offsite verify`));
    assert.ok(!(await kindsThere()).has("mark"));
  });

  it("says in one sentence what is wrong with its command line, with exit code 2", async () => {
    const { maker, server, bucket } = here;
    maker.exports();
    await carryAll(server, bucket, maker);
    const keep = ["--keep", "last=1"];
    for (const [args, says] of [
      [[], /required option '--keep/],
      [["--keep", "hourly=3"], /last=3,daily=14/],
      [["--keep", "last=0"], /last: /],
      [[...keep, "--series", "nonsense"], /has no series nonsense/],
      [[...keep, "--target", path.join(maker.target, "away")], /The target .*away is not there/],
      [[...keep, "--wait-minutes", "20"], /whole number from 30 to/],
    ] as const) {
      const { code, output } = await offsite("prune", ...args);
      assert.equal(code, 2, `${args.join(" ")}: ${output}`);
      assert.match(output, says);
    }
  });
});
