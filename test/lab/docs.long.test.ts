import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { stopS3 } from "../../lab/s3";
import { labWithJob } from "./fixture";

const ROOT = path.join(__dirname, "..", "..", "..");
const PAGE = fs.readFileSync(path.join(ROOT, "docs", "lab.md"), "utf8");
const COMMAND = "npm run lync-backup -- ";
/** What needs versitygw; without it, that there is such a command has to do. */
const SERVER = [
  "start",
  "s3",
  "stop",
  "make-bucket",
  "give-key",
  "edit-bucket",
  "edit-object",
  "delete-object",
  "purge-object",
];
const hasServer = spawnSync("versitygw", ["--version"]).status === 0;

const commandsIn = (page: string): string[] =>
  [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.trim().split("\n"));

/** As a shell takes a line, so far as this page needs one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);

function lyncBackup(lab: string, words: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "dist", "cli", "main.js"), ...words],
    {
      cwd: ROOT,
      env: { ...process.env, LYNC_BACKUP_LAB: lab },
      encoding: "utf8",
    },
  );
  return { status, output: `${stdout}${stderr}` };
}

describe("The page of the lab", () => {
  let lab: string;
  before(async () => {
    lab = await labWithJob();
  });
  after(() => stopS3(lab));

  it("shows commands that all do what they say, one after the other", function () {
    // Each is a process of its own.
    this.timeout(300_000);
    const commands = commandsIn(PAGE);
    assert.ok(commands.length > 20);
    for (const command of commands) {
      assert.ok(command.startsWith(COMMAND), command);
      const words = wordsOf(command.slice(COMMAND.length));
      const needsServer = SERVER.includes(words[1] ?? "") && !hasServer;
      const { status, output } = lyncBackup(lab, needsServer ? [...words, "--help"] : words);
      assert.equal(status, 0, `${command}\n${output}`);
      if (words.includes("--json")) assert.doesNotThrow(() => void JSON.parse(output), command);
    }
  });

  it("leaves none out", () => {
    const { output } = lyncBackup("", ["lab", "--help"]);
    const names = [...output.matchAll(/^ {2}([a-z0-9-]+) \[options\]/gm)].map(([, name = ""]) => name);
    assert.ok(names.length > 20);
    const shown = new Set(commandsIn(PAGE).map((command) => wordsOf(command.slice(COMMAND.length))[1]));
    assert.deepEqual(
      names.filter((name) => !shown.has(name)),
      [],
    );
  });

  it("names files that there are", () => {
    for (const [, file = ""] of PAGE.matchAll(/`((?:lab|test)\/[\w/.-]+\.ts)`/g)) {
      assert.ok(fs.existsSync(path.join(ROOT, file)), file);
    }
  });
});
