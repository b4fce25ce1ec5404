import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { coverageOfEstate } from "../../estate/estate";
import { readEstate } from "../../stacks";
import { CommandLine } from "../support/command-line";
import { engineIsHere } from "../support/engine";
import { discoverAndBringUp } from "./discover";

describe("A discovered estate", function () {
  this.timeout(600_000);
  let cli: CommandLine;
  before(async function () {
    if (!(await engineIsHere())) this.skip();
    cli = new CommandLine();
  });
  after(async () => {
    await cli?.remove();
  });

  it("comes up as it was written, covers everything, and its second preview is empty", async () => {
    const target = String.raw`bk01.contoso.com:D:\LyncBackup`;
    const { file } = await discoverAndBringUp(cli, "contoso", ["--host", "fe01.contoso.com", "--target", target]);
    const estate = readEstate(file);
    const { rows } = coverageOfEstate(estate, "2026-03-02T09:00:00.000Z");
    assert.deepEqual(
      rows.filter(({ state }) => state !== "covered" && state !== "waived"),
      [],
    );
    assert.equal(estate.targets[0]?.encryption, "bitlocker", "as the disk of the target is");
    assert.match(readFileSync(file, "utf8"), /# DECIDE: /);
  });
});
