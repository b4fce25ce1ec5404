import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { CommandLine } from "../support/command-line";
import { ROOT } from "../support/root";

const PAGE = readFileSync(path.join(ROOT, "docs", "discover.md"), "utf8");
const COMMAND = "npm run lync-backup -- ";
const FILE = "stacks/contoso.estate.yaml";
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block.trim());
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);

describe("The page of discovery", function () {
  this.timeout(120_000);
  const cli = new CommandLine();
  after(() => cli.remove());

  let said = "";
  before(async () => {
    for (const command of blocksOf("sh").flatMap((block) => block.split("\n"))) {
      assert.ok(command.startsWith(COMMAND), command);
      const words = wordsOf(command.slice(COMMAND.length));
      // The page writes into this repository; the test does not.
      const mine =
        words[0] === "discover" && !words.includes("--stack") ? ["--output", path.join(cli.folder, "x.yaml")] : [];
      const { code, output, stdout } = await cli.run(...words, ...mine);
      assert.equal(code, 0, `${command}\n${output}`);
      said += stdout.replaceAll(path.join(cli.folder, "x.yaml"), FILE).replaceAll("x.yaml", FILE);
    }
  });

  it("shows what its commands say", () => {
    const shown = blocksOf("").flatMap((block) => block.split("\n"));
    for (const line of shown.filter((one) => one.includes(FILE))) assert.ok(said.includes(line), `${line}\n${said}`);
  });

  it("names every option", async () => {
    const { stdout } = await cli.run("discover", "--help");
    const options = [...stdout.matchAll(/^ {2}(?:-s, )?(--[a-z]+)/gm)].map(([, option = ""]) => option);
    assert.ok(options.length > 10);
    assert.deepEqual(
      options.filter((option) => !PAGE.includes(option)),
      [],
    );
  });
});
