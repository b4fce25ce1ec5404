import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { inflateRawSync } from "node:zlib";
import { readmeText } from "../../offsite/readme";
import { finished } from "../support/engine";
import { CommandLine } from "../support/command-line";
import { ROOT } from "../support/root";
import { carryAll, filesIn } from "./support/courier";
import { fixture } from "./support/fixture";
import type { MadeSet } from "./support/sets";
import { CREDENTIALS, type S3Server } from "./support/store";

const page = (name: string): string => fs.readFileSync(path.join(ROOT, "docs", name), "utf8").replaceAll("\r\n", "\n");
const blocksIn = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block.trim());
const COMMAND = "npm run lync-backup -- ";

const keyOf = (server: S3Server): { accessKeyId: string; secretAccessKey: string } =>
  JSON.parse(fs.readFileSync(path.join(server.credentialsFolder, `${CREDENTIALS}.json`), "utf8")) as ReturnType<
    typeof keyOf
  >;

describe("The page about offsite storage", function () {
  this.timeout(240_000);
  const here = fixture("versioned");

  it("shows commands that all do what they say, one after the other", async () => {
    const cli = new CommandLine();
    try {
      here.maker.exports();
      here.maker.fileStore("files", { add: 5 });
      fs.cpSync(here.maker.target, path.join(cli.folder, "vault"), { recursive: true });
      fs.writeFileSync(path.join(cli.folder, "store.json"), JSON.stringify(here.bucket));
      const key = path.join(cli.folder, "offsite.json");
      fs.writeFileSync(key, JSON.stringify(keyOf(here.server)), { mode: 0o600 });
      const commands = blocksIn(page("offsite.md")).flatMap((block) => block.split("\n"));
      assert.ok(commands.length > 8);
      for (const command of commands) {
        assert.ok(command.startsWith(COMMAND), command);
        const { code, stdout, output } = await cli.run(...command.slice(COMMAND.length).split(" "));
        assert.equal(code, 0, `${command}\n${output}`);
        if (command.includes("--json")) assert.doesNotThrow(() => void JSON.parse(stdout), command);
      }
      assert.deepEqual(fs.readdirSync(path.join(cli.folder, "single")), ["Config.zip"]);
    } finally {
      await cli.remove();
    }
  });
});

const TOOLS = ["aws", "jq", "unzip", "sha256sum", "sh"];
const missing = TOOLS.filter((tool) => spawnSync(tool, [tool === "unzip" ? "-v" : "--version"]).error !== undefined);

describe("Recovery without this product", function () {
  this.timeout(240_000);
  const here = fixture("versioned");
  const [SCRIPT = ""] = blocksIn(page("recovery-without.md"));

  const carried = async (): Promise<MadeSet> => {
    const set = here.maker.fileStore("files", { add: 25, size: (random) => 1000 + random.below(5000) });
    here.maker.sql("archiving", [9 << 20]);
    await carryAll(here.server, here.bucket, here.maker);
    return set;
  };
  const folder = (): string => fs.mkdtempSync(path.join(here.server.folder, "recovered-"));

  it("is told by the page and by the README in the bucket in the same commands", () => {
    assert.deepEqual(blocksIn(readmeText()), [SCRIPT]);
  });

  it(`restores a set with ${TOOLS.join(", ")}${missing.length > 0 ? ` (not here: ${missing.join(", ")})` : ""}`, async function () {
    if (missing.length > 0) this.skip();
    const sets = [await carried(), ...here.maker.all.filter(({ series }) => series === "archiving")];
    const { accessKeyId, secretAccessKey } = keyOf(here.server);
    for (const { series, set, folder: original } of sets) {
      const cwd = folder();
      const env = {
        ...process.env,
        ...{ BUCKET: here.bucket.bucket, PREFIX: here.bucket.prefix, SERIES: series, SET: set },
        ...{ AWS_ENDPOINT_URL: here.server.endpoint, AWS_REGION: here.bucket.region },
        ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      };
      const { code, stdout, output } = await finished(spawn("sh", ["-e", "-c", SCRIPT], { cwd, env }));
      assert.equal(code, 0, output);
      assert.deepEqual(filesIn(path.join(cwd, "set")), filesIn(original));
      assert.equal((stdout.match(/: OK$/gm) ?? []).length, filesIn(original).size, output);
    }
  });

  it("restores a set with plain GETs, a ZIP reader and hashes, as the page describes them", async () => {
    const sets = [await carried(), ...here.maker.all];
    const { endpoint = "", region, bucket: Bucket, prefix } = here.bucket;
    const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: keyOf(here.server) });
    const get = async (key: string): Promise<Buffer> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: prefix + key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };
    for (const { series, set, folder: original } of sets) {
      const lines = (await get(`series/${series}/sets/${set}/contents.jsonl`)).toString().trim().split("\n");
      const restored = new Map<string, string>();
      for (const line of lines) {
        const { path: below, in: object, entry, bytes, sha256 } = JSON.parse(line) as Partial<Record<string, string>>;
        if (below === undefined || object === undefined) continue;
        const content = entry === undefined ? await get(object) : entryOf(await get(object), entry);
        assert.equal(content.length, Number(bytes));
        assert.equal(createHash("sha256").update(content).digest("hex"), sha256);
        restored.set(below, sha256 ?? "");
      }
      assert.deepEqual(new Map([...restored].sort(([a], [b]) => (a < b ? -1 : 1))), sorted(filesIn(original)));
    }
    client.destroy();
  });
});

const sorted = (files: Map<string, string>): Map<string, string> =>
  new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));

/** By the directory at the end of the file, as any ZIP reader does. */
function entryOf(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameBytes, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    if (zip.toString("utf8", at + 46, at + 46 + nameBytes) === name) {
      const local = zip.readUInt32LE(at + 42);
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const content = zip.subarray(from, from + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content);
    }
    at += 46 + nameBytes + extra + comment;
  }
  throw new Error(`the ZIP has no entry ${name}`);
}
