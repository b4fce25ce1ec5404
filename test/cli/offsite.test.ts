import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { bucketLayout, StoreReference } from "../../estate/documents";
import type { OffsiteSeries } from "../../offsite/list";
import type { Policy } from "../../offsite/policies/policy";
import type { PushReport } from "../../offsite/push/push";
import type { VerifyReport } from "../../offsite/verify/report";
import { cliFixture } from "../offsite/support/cli";
import { filesIn, keysIn, receiptOf } from "../offsite/support/courier";
import { CREDENTIALS } from "../offsite/support/store";
import type { Outcome } from "../support/engine";

interface Age {
  series: string;
  ageSeconds: number;
  recoveryPoint: { set: string; ageSeconds: number } | null;
}

describe("lync-backup offsite", function () {
  this.timeout(240_000);
  const fixed = cliFixture("versioned");
  const { here, offsite, ok } = fixed;
  const credentials = (): string => path.join(here.server.credentialsFolder, `${CREDENTIALS}.json`);
  const push = (...args: string[]): Promise<Outcome> => offsite("push", "--target", here.maker.target, ...args);

  /** Other bytes in the place of an object, of the same size. */
  const damage = async (kind: string): Promise<string> => {
    const key = (await keysIn(here.server, here.bucket)).find((one) => one.includes(`/${kind}/`)) ?? "";
    const file = here.server.fileOf(here.bucket.bucket, here.bucket.prefix + key);
    const bytes = fs.readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    fs.writeFileSync(file, bytes);
    return key;
  };

  it("carries, lists, verifies and fetches without any estate, in words that a person can read", async () => {
    const [exports, files] = [here.maker.exports(), here.maker.fileStore("files", { add: 20 })];
    const pushed = await ok(push());
    assert.match(pushed, new RegExp(`^✓ configuration/${exports.set}  2\\.9 MB sent$`, "m"));
    assert.match(pushed, /^2 sets carried .*3\.\d MB in \d+ s, .*\/s\.$/m);
    assert.ok(receiptOf(here.maker, files));
    assert.match(await ok(push()), /^Nothing to carry: every sealed set is offsite\.$/m);

    const listed = await ok(offsite("list"));
    assert.match(listed, new RegExp(`^${exports.set}  \\d+ d.*  full  2\\.9 MB +complete  never$`, "m"));
    assert.match(await ok(offsite("list", "--age")), new RegExp(`^files +none +${files.set} +\\d+ d.* never$`, "m"));

    assert.match(await ok(offsite("verify")), /^2 sets looked at \(quick, 0 objects read\): nothing is wrong\.$/m);
    const full = await ok(offsite("verify", "--full"));
    assert.match(full, new RegExp(`^✓ files/${files.set}  .*every byte is right$`, "m"));
    assert.match(
      await ok(offsite("list", "--age")),
      new RegExp(`^configuration +\\d+ d.* ${exports.set} +${exports.set} .*\\d{4}-\\d\\d-\\d\\d hashed$`, "m"),
    );
    assert.match(
      await ok(offsite("verify", "--sample", "--damage", "20%", "--confidence", "0.9")),
      /this would have met one with a probability of \d+(\.\d+)? % \(--seed \w+ draws the same\)/,
    );

    const to = path.join(fixed.cli.folder, "fetched");
    assert.match(await ok(offsite("fetch", "files", "newest", "--to", to)), /21 files, .*every byte was compared/);
    assert.deepEqual(filesIn(to), filesIn(files.folder));
    const one = path.join(fixed.cli.folder, "one");
    await ok(offsite("fetch", "configuration", exports.set, "LisConfig.zip", "--to", one));
    assert.deepEqual(fs.readdirSync(one), ["LisConfig.zip"]);
  });

  it("answers as JSON, and with nothing else on standard output", async () => {
    here.maker.exports();
    const pushed = JSON.parse(await ok(push("--json"))) as PushReport;
    assert.deepEqual(
      pushed.sets.map(({ outcome }) => outcome),
      ["carried"],
    );
    const listed = JSON.parse(await ok(offsite("list", "--json"))) as OffsiteSeries[];
    assert.equal(listed[0]?.sets[0]?.state, "complete");
    const ages = JSON.parse(await ok(offsite("list", "--age", "--json"))) as Age[];
    assert.ok(ages[0]?.series === "configuration" && ages[0].ageSeconds > 0);
    assert.equal(ages[0].recoveryPoint, null, "nobody has looked at it");
    const verified = JSON.parse(await ok(offsite("verify", "--full", "--json"))) as VerifyReport;
    assert.deepEqual([verified.level, verified.series[0]?.sets[0]?.findings], ["full", []]);
    const [age] = JSON.parse(await ok(offsite("list", "--age", "--json"))) as Age[];
    assert.equal(age?.recoveryPoint?.set, listed[0].sets[0].set);
    assert.equal(age.recoveryPoint.ageSeconds, age.ageSeconds);
    const to = path.join(fixed.cli.folder, "fetched");
    const fetched = JSON.parse(await ok(offsite("fetch", "configuration", "newest", "--to", to, "--json"))) as {
      files: number;
    };
    assert.equal(fetched.files, 4);
  });

  it("names what a fetched set needs beside itself", async () => {
    const first = here.maker.fileStore("files", { add: 5 });
    here.maker.fileStore("files", { add: 1 });
    await ok(push());
    const text = await ok(offsite("fetch", "files", "newest", "--to", path.join(fixed.cli.folder, "second")));
    assert.match(text, new RegExp(`^  offsite fetch files ${first.set} --to FOLDER$`, "m"));
  });

  it("ends with 3 where sets are damaged, and names the set, the file and the object", async () => {
    const { set } = here.maker.exports();
    await ok(push());
    const key = await damage("data");
    assert.equal((await offsite("verify", "--quick")).code, 0, "a quick look does not read");
    const { code, stdout, output } = await offsite("verify", "--full");
    assert.equal(code, 3, output);
    assert.match(stdout, new RegExp(`^✗ configuration/${set}  damaged$`, "m"));
    assert.ok(stdout.includes("Config.zip") && stdout.includes(key), stdout);
    const json = await offsite("verify", "--full", "--json");
    assert.equal(json.code, 3);
    assert.ok((JSON.parse(json.stdout) as VerifyReport).series[0]?.sets[0]?.findings.length);
    const fetched = await offsite("fetch", "configuration", set, "--to", path.join(fixed.cli.folder, "fetched"));
    assert.equal(fetched.code, 1);
    assert.match(fetched.output, /cannot be fetched whole.*Config\.zip/);
    assert.match((await offsite("list", "--age")).stdout, /^configuration +none .*1 failures/m);
  });

  it("ends with 1 and names the set that it does not carry, and carries the others", async () => {
    const [damaged] = [here.maker.exports("damaged"), here.maker.exports("good")];
    fs.appendFileSync(path.join(damaged.folder, "Policies.xml"), "!");
    const { code, stdout, output } = await push();
    assert.equal(code, 1, output);
    assert.match(stdout, /^✓ good\//m);
    assert.match(output, new RegExp(`^damaged/${damaged.set}: Policies\\.xml has \\d+ bytes and was sealed with`, "m"));
  });

  it("takes the store from a document, and options over it", async () => {
    here.maker.exports();
    const file = path.join(fixed.cli.folder, "store.json");
    fs.writeFileSync(file, JSON.stringify({ ...here.bucket, bucket: "elsewhere" }));
    const args = ["--store", file, "--credentials", credentials()];
    await ok(fixed.cli.run("offsite", "push", "--target", here.maker.target, ...args, "--bucket", here.bucket.bucket));
    assert.ok((await keysIn(here.server, here.bucket)).includes(bucketLayout.readme));
    const { code, output } = await fixed.cli.run("offsite", "list", ...args);
    assert.equal(code, 2, output);
    assert.match(output, /elsewhere.*Create the bucket, or correct its name/);
  });

  it("refuses what a recorded store cannot do before it sends anything", async () => {
    here.maker.exports();
    const file = path.join(fixed.cli.folder, "store.json");
    fs.writeFileSync(file, JSON.stringify({ ...here.bucket, capabilities: { "object-lock": false } }));
    const args = ["push", "--target", here.maker.target, "--store", file, "--credentials", credentials()];
    const { code, output } = await fixed.cli.run("offsite", ...args, "--lock", "compliance:30");
    assert.equal(code, 1, output);
    assert.match(output, /object-lock.*Choose another store or ask for less/);
    assert.deepEqual(await keysIn(here.server, here.bucket), []);
  });

  it("probes what the store can do, as a document that a push goes by", async () => {
    here.maker.exports();
    const { code, stdout, output } = await offsite("probe", "--json");
    assert.equal(code, 0, output);
    const file = path.join(fixed.cli.folder, "store.json");
    fs.writeFileSync(file, stdout);
    const { capabilities } = StoreReference.parse(JSON.parse(stdout));
    assert.deepEqual([capabilities["conditional-writes"], capabilities["object-lock"]], [true, false]);
    const args = ["--target", here.maker.target, "--store", file, "--credentials", credentials()];
    await ok(fixed.cli.run("offsite", "push", ...args));
    const text = await ok(offsite("probe"));
    assert.match(text, /^✓ +conditional-writes +it refuses to overwrite/m);
    assert.doesNotMatch(text, /otherwise than/);
    assert.match(
      await ok(offsite("probe", "--profile", "r2")),
      /^This bucket has versioning, otherwise than is documented of Cloudflare R2: the probe counts once it is recorded\.$/m,
    );
  });

  it("prints the least that each part needs, as a policy, and asks no store for it", async () => {
    const args = ["--bucket", "backups", "--prefix", "production", "--json"];
    const policy = JSON.parse(await ok(fixed.cli.run("offsite", "policy", "verifier", ...args))) as Policy;
    assert.deepEqual(
      policy.Statement.map(({ Action, Resource }) => [Action, Resource]),
      [
        [["s3:ListBucket", "s3:ListBucketVersions"], ["arn:aws:s3:::backups"]],
        [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::backups/production/series/*"]],
        [["s3:PutObject"], ["arn:aws:s3:::backups/production/series/*/side/*"]],
        [["s3:PutObject"], ["arn:aws:s3:::backups/production/series/*/side/*"]],
      ],
    );
    // Whoever puts must ask that nothing be overwritten, or put a part of an upload, which cannot ask.
    assert.deepEqual(
      policy.Statement.slice(2).map(({ Condition }) => Condition),
      [{ Null: { "s3:if-none-match": "false" } }, { Bool: { "s3:ObjectCreationOperation": "false" } }],
    );
    const text = await ok(
      fixed.cli.run("offsite", "policy", "pruner", "--lock", "--principal", "kim", ...args.slice(0, 4)),
    );
    assert.match(text, /^DeleteObjectVersion +series\/\* +deletes, version by version$/m);
    assert.match(text, /"AWS": "kim"/);
    assert.doesNotMatch(text, /Bypass|"s3:DeleteObject"/);
    const { code, output } = await fixed.cli.run("offsite", "policy", "owner", ...args);
    assert.equal(code, 2);
    assert.match(output, /one of pusher, verifier, fetcher, pruner/);
    const other = await fixed.cli.run("offsite", "policy", "pusher", "--profile", "r2", ...args);
    assert.equal(other.code, 2);
    assert.match(other.output, /Cloudflare R2 knows no policies: make an API token/);
  });

  it("takes no key from the command line, and never repeats one", async () => {
    const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01";
    for (const args of [
      ["--secret-access-key", secret],
      [`--secret-access-key=${secret}`],
      [`--session-token`, secret],
      ["--credentials", `AKIAIOSFODNN7EXAMPLE:${secret}`],
      ["--credentials", secret],
      ["--endpoint", `https://user:${secret}@s3.example.com`],
      ["--proxy", `http://user:${secret}@proxy.example.com:3128`],
    ]) {
      const { code, output } = await offsite("list", ...args);
      assert.equal(code, 2, output);
      assert.match(output, /every process/);
      assert.ok(!output.includes(secret), output);
    }
  });

  it("says in one sentence what is wrong with a command line, with exit code 2", async () => {
    const { set } = here.maker.exports();
    await ok(push());
    const to = path.join(fixed.cli.folder, "to");
    for (const [args, says] of [
      [["push"], /required option '--target/],
      [["push", "--target", path.join(fixed.cli.folder, "nowhere")], /The target .*nowhere is not there/],
      [["verify", "--quick", "--full"], /cannot be used with/],
      [["verify", "--series", "nonsense"], /has no series nonsense/],
      [["verify", "--set", set], /name that with --series/],
      [["list", "--series", "nonsense"], /has no series nonsense/],
      [["list", "--transfers", "0"], /whole number from 1 to 256/],
      [["fetch", "configuration", "yesterday", "--to", to], /no name of a set/],
      [["fetch", "configuration", "20200101T000000Z-00000000", "--to", to], /20200101T000000Z-00000000/],
      [["fetch", "configuration", set, "Konfig.zip", "--to", to], /holds no file Konfig\.zip/],
      [["fetch", "nonsense", "newest", "--to", to], /no complete set of nonsense/],
    ] as const) {
      const [command, ...rest] = args;
      const { code, output } = await offsite(command, ...rest);
      assert.equal(code, 2, `${args.join(" ")}: ${output}`);
      assert.match(output, says);
      assert.doesNotMatch(output, /at .*\.js:\d+/);
    }
    const { code, output } = await fixed.cli.run("offsite", "list");
    assert.equal(code, 2);
    assert.match(output, /Which bucket is meant\?/);
  });

  it("does not use credentials that others may read", async function () {
    if (process.platform === "win32") this.skip();
    const file = path.join(fixed.cli.folder, "open.json");
    fs.copyFileSync(credentials(), file);
    fs.chmodSync(file, 0o644);
    const { code, output } = await offsite("list", "--credentials", file);
    assert.equal(code, 1);
    assert.match(output, /are not used: others may read them \(mode 644\)/);
  });

  it("says what to do where the store refuses the credentials", async () => {
    const file = path.join(fixed.cli.folder, "wrong.json");
    fs.writeFileSync(file, JSON.stringify({ accessKeyId: "nobody", secretAccessKey: "x".repeat(32) }), { mode: 0o600 });
    const { code, output } = await offsite("list", "--credentials", file);
    assert.equal(code, 1);
    assert.match(output, /Check the credentials and the policy of the bucket/);
    assert.ok(!output.includes("x".repeat(32)));
  });
});
