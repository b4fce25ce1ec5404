import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createLab } from "../../lab/commands";
import type { CommandLine } from "../support/command-line";
import { ROOT } from "../support/root";

/** Discovers a deployment of the lab, brings up what was written without a change, and looks twice. */
export async function discoverAndBringUp(
  cli: CommandLine,
  deployment: string,
  words: readonly string[],
): Promise<{ file: string; config: string }> {
  await createLab(cli.lab, { deployment });
  const file = path.join(cli.folder, "found.estate.yaml");
  const discovered = await cli.run("discover", ...words, "--output", file);
  assert.equal(discovered.code, 0, discovered.output);

  const config = path.join(cli.folder, "Pulumi.lab.yaml");
  const own = readFileSync(path.join(ROOT, "stacks", "Pulumi.lab.yaml"), "utf8");
  writeFileSync(config, own.replace("estate: lab", `estate: ${JSON.stringify(file)}`));
  const pulumi = async (...args: string[]): Promise<void> => {
    const { code, output } = await cli.pulumi(...args, "--stack", "lab", "--config-file", config);
    assert.equal(code, 0, output);
  };
  assert.equal((await cli.pulumi("stack", "select", "--create", "lab")).code, 0);
  await pulumi("preview");
  await pulumi("up", "--yes", "--skip-preview");
  await pulumi("preview", "--refresh", "--expect-no-changes");

  const again = await cli.run("discover", ...words, "--output", file);
  assert.equal(again.code, 0, again.output);
  assert.match(again.stdout, /as .* says/);
  return { file, config };
}
