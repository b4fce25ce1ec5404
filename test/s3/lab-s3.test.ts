import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createLab } from "../../lab/commands";
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
});
