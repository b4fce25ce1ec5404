import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createLab } from "../../lab/commands";
import { deleteObject, editBucket, editObject, makeBucket, purgeObject } from "../../lab/edits-of-buckets";
import { isAlive } from "../../lab/processes";
import { requireS3, s3Status, startS3, stopS3 } from "../../lab/s3";

const here = spawnSync("versitygw", ["--version"]).status === 0 || process.env["LYNC_BACKUP_S3_SERVER"] !== undefined;

describe("The lab's S3 server", () => {
  let folder: string;
  beforeEach(async function () {
    if (!here) this.skip();
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-s3-")), ".lab");
    await createLab(folder, {});
  });
  afterEach(async () => {
    if (!here) return;
    await stopS3(folder);
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  const client = async (): Promise<S3Client> => {
    const { endpoint, region, accessKeyId, secretAccessKey } = await requireS3(folder);
    return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  };

  it("keeps objects and their versions, also when it is stopped in between", async () => {
    assert.equal((await startS3(folder)).started, true);
    const first = await client();
    await first.send(new CreateBucketCommand({ Bucket: "lync" }));
    const versioning = { Bucket: "lync", VersioningConfiguration: { Status: "Enabled" } } as const;
    await first.send(new PutBucketVersioningCommand(versioning));
    for (const Body of ["one", "two"]) await first.send(new PutObjectCommand({ Bucket: "lync", Key: "a/b.txt", Body }));
    first.destroy();
    const { endpoint } = await s3Status(folder);
    assert.equal(await stopS3(folder), true);
    assert.equal(await stopS3(folder), false);
    assert.deepEqual(await startS3(folder), { endpoint, started: true });
    const second = await client();
    const listed = await second.send(new ListObjectsV2Command({ Bucket: "lync" }));
    assert.deepEqual(
      listed.Contents?.map(({ Key }) => Key),
      ["a/b.txt"],
    );
    const got = await second.send(new GetObjectCommand({ Bucket: "lync", Key: "a/b.txt" }));
    assert.equal(await got.Body?.transformToString(), "two");
    const versions = await second.send(new ListObjectVersionsCommand({ Bucket: "lync" }));
    assert.equal(versions.Versions?.length, 2);
    second.destroy();
  });

  it("is started once, by however many ask, and only for this computer and this user", async () => {
    const answers = await Promise.all([startS3(folder), startS3(folder), startS3(folder)]);
    assert.equal(answers.filter(({ started }) => started).length, 1);
    assert.equal(new Set(answers.map(({ endpoint }) => endpoint)).size, 1);
    assert.match(answers[0].endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    const file = path.join(folder, "s3", "server.json");
    if (process.platform !== "win32") assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const { accessKeyId, secretAccessKey } = await requireS3(folder);
    const log = fs.readFileSync(path.join(folder, "s3", "server.log"), "utf8");
    assert.ok(!log.includes(secretAccessKey) && !log.includes(accessKeyId));
  });

  it("is not taken for another program that has its number by now, and keeps this shell's secrets out", async function () {
    if (process.platform !== "linux") this.skip();
    process.env["LYNC_BACKUP_TEST_SECRET"] = "for nobody else";
    await startS3(folder);
    delete process.env["LYNC_BACKUP_TEST_SECRET"];
    const file = path.join(folder, "s3", "server.json");
    const text = fs.readFileSync(file, "utf8");
    const { process: mark } = JSON.parse(text) as { process: { pid: number; began: string } };
    assert.doesNotMatch(fs.readFileSync(`/proc/${String(mark.pid)}/environ`, "utf8"), /TEST_SECRET/);
    fs.writeFileSync(file, text.replace(mark.began, `${mark.began}0`));
    assert.equal(await stopS3(folder), false);
    assert.doesNotThrow(() => process.kill(mark.pid, 0));
    fs.writeFileSync(file, text);
    assert.equal(await stopS3(folder), true);
    assert.equal(isAlive(mark), false);
  });

  it("says in one sentence that it is not running, and that its port is taken", async () => {
    await assert.rejects(requireS3(folder), /^LabError: The lab's S3 server is not running: .*lab start\.$/);
    const { endpoint } = await startS3(folder);
    await stopS3(folder);
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(Number(new URL(endpoint).port), "127.0.0.1", resolve));
    try {
      await assert.rejects(startS3(folder), (error: Error & { exitCode?: number }) => {
        assert.equal(error.exitCode, 17);
        assert.match(error.message, /The port \d+ of the lab's S3 server is taken/);
        return true;
      });
      assert.equal((await s3Status(folder)).running, false);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it("has buckets that colleagues edit by hand", async () => {
    await startS3(folder);
    const [Bucket, Key] = ["lync", "series/a/sets/b/manifest.json"];
    await makeBucket(folder, Bucket);
    const s3 = await client();
    const textOf = async (): Promise<string | undefined> =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
    const versions = async (): Promise<[versions: number, marks: number]> => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return [Versions.length, DeleteMarkers.length];
    };
    const status = async (): Promise<string | undefined> =>
      (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    try {
      await editBucket(folder, Bucket, "enable-versioning");
      assert.equal(await status(), "Enabled");
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "ours" }));
      await editObject(folder, Bucket, Key);
      assert.match((await textOf()) ?? "", /colleague/);
      await deleteObject(folder, Bucket, Key);
      assert.deepEqual(await versions(), [2, 1]);
      await purgeObject(folder, Bucket, Key);
      assert.deepEqual(await versions(), [0, 0]);
      await editBucket(folder, Bucket, "suspend-versioning");
      assert.equal(await status(), "Suspended");

      await editObject(folder, Bucket, Key);
      const asAnybody = async (): Promise<number> =>
        (await fetch(`${(await requireS3(folder)).endpoint}/${Bucket}/${Key}`)).status;
      assert.equal(await asAnybody(), 403);
      await editBucket(folder, Bucket, "let-everybody-read");
      assert.equal(await asAnybody(), 200);
      await editBucket(folder, Bucket, "remove-policy");
      assert.equal(await asAnybody(), 403);
    } finally {
      s3.destroy();
    }
  });

  it("lets nobody remove what is locked, and locks nothing more once a colleague took that away", async () => {
    await startS3(folder);
    const [Bucket, Key] = ["locked", "a"];
    await makeBucket(folder, Bucket, true);
    const s3 = await client();
    try {
      const Rule = { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } } as const;
      const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled", Rule } as const;
      await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "ours", ChecksumAlgorithm: "SHA256" }));
      await assert.rejects(
        purgeObject(folder, Bucket, Key),
        /^LabError: The lab's S3 server does not do this to locked/,
      );
      await editBucket(folder, Bucket, "remove-retention");
      const { ObjectLockConfiguration: left } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
      assert.equal(left?.Rule?.DefaultRetention?.Days, undefined);
    } finally {
      s3.destroy();
    }
  });

  it("says in one sentence that there is no such bucket or object", async () => {
    await startS3(folder);
    await assert.rejects(editBucket(folder, "nowhere", "enable-versioning"), /^LabError: There is no bucket nowhere/);
    await makeBucket(folder, "lync");
    for (const remove of [deleteObject, purgeObject]) {
      await assert.rejects(remove(folder, "lync", "a"), /^LabError: There is no object a in lync\.$/);
    }
  });
});
