import { after, before, describe, it } from "mocha";
import { Product } from "../../estate/documents";
import { CommandLine } from "../support/command-line";
import { engineIsHere } from "../support/engine";
import { discoverAndBringUp } from "./discover";

describe("A discovered estate of 20 pools", function () {
  this.timeout(3_600_000);
  let cli: CommandLine | undefined;
  before(async function () {
    if (!(await engineIsHere())) this.skip();
  });
  after(async () => {
    await cli?.remove();
  });

  for (const product of Product.options) {
    it(`of ${product} comes up as it was written, and its second preview is empty`, async () => {
      await cli?.remove();
      cli = new CommandLine();
      const target = String.raw`keep01.fabrikam.com:D:\LyncBackup`;
      const words = ["--host", "tools01.fabrikam.com", "--target", target];
      await discoverAndBringUp(cli, `fabrikam-${product}`, words);
    });
  }
});
