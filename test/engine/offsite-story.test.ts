import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { realFile } from "../../lab/commands";
import { stopS3 } from "../../lab/s3";
import { serverIsHere } from "../offsite/support/store";
import { engineIsHere, EngineProject, finished } from "../support/engine";
import { ROOT } from "../support/root";

const PAGE = readFileSync(path.join(ROOT, "docs", "offsite-story.md"), "utf8").replaceAll("\r\n", "\n");
const blocksIn = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

describe("the page that tells a set's way offsite and back", function () {
  this.timeout(240_000);
  let project: EngineProject | undefined;

  before(async function () {
    if (process.platform === "win32" || !serverIsHere || !(await engineIsHere())) this.skip();
    project = await EngineProject.make();
  });
  after(async () => {
    if (project) await stopS3(project.lab);
    project?.remove();
  });

  it("is true in every line: what was made on the host comes back from the bucket as it was, and nothing is a change", async () => {
    assert.ok(project);
    const [program = ""] = blocksIn("js");
    project.write("program.js", program);
    const bin = path.join(project.folder, "bin");
    mkdirSync(bin);
    const command = `exec "${process.execPath}" "${path.join(ROOT, "dist", "cli", "main.js")}" "$@"`;
    writeFileSync(path.join(bin, "lync-backup"), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    const env = { ...project.env, LYNC_BACKUP_LAB: project.lab, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    const script = ["set -e", ...blocksIn("sh")].join("\n");
    const { code, output, stdout } = await finished(spawn("sh", ["-c", script], { cwd: project.folder, env }));
    assert.equal(code, 0, output);

    const [set = ""] = /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(stdout) ?? [];
    const made = await realFile(project.lab, "bk01.contoso.com", `D:\\LyncBackup\\series\\configuration\\sets\\${set}`);
    assert.deepEqual(contentOf(path.join(project.folder, "restored")), contentOf(made));
    assert.match(stdout, new RegExp(`^configuration +\\d+ d.* ${set} +${set} .* present$`, "m"), stdout);
    assert.match(output, /every byte is right/);

    const copy = (await project.state()).find(({ type }) => type.endsWith(":OffsiteCopy"));
    const [point] = copy?.outputs["recoveryPoints"] as { series: string; set: string; ageHours: number }[];
    assert.deepEqual([point?.series, point?.set], ["configuration", set]);
    assert.ok(point && point.ageHours > 0 && point.ageHours < 24, "by the clock of the host");
  });
});

const contentOf = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
