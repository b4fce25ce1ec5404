import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { CourierAnswer, CourierPlace, CourierStep, hostLayout } from "../../estate/documents";
import { cliFixture } from "../offsite/support/cli";
import { receiptOf } from "../offsite/support/courier";
import { CREDENTIALS } from "../offsite/support/store";

/** What the module on a host starts for a courier step, by the files that it exchanges with it. */
describe("The courier of a computer", function () {
  this.timeout(120_000);
  const fixed = cliFixture("versioned");
  const { here, ok } = fixed;

  /** A path of Windows is the name of a folder here, when it is looked for from above it. */
  function asked(credentials = CREDENTIALS): string {
    const vault = String.raw`D:\Vault`;
    const { folder } = fixed.cli;
    if (!fs.existsSync(path.join(folder, vault))) fs.symlinkSync(here.maker.target, path.join(folder, vault));
    const step = CourierStep.parse({
      kind: "courier",
      id: "push",
      title: "Carry what is sealed",
      action: "push",
      copy: "offsite",
      store: here.bucket,
      credentials,
      sources: [{ target: { name: "vault", host: "bk01.contoso.com", path: vault }, series: "all" }],
    });
    const file = path.join(folder, "push.courier.json");
    fs.writeFileSync(file, JSON.stringify(step));
    return file;
  }

  async function answerTo(step: string): Promise<CourierAnswer> {
    const answer = path.join(fixed.cli.folder, "push.courier-answer.json");
    const keys = here.server.credentialsFolder;
    await ok(fixed.cli.run("offsite", "perform", step, answer, "--credentials", keys));
    return CourierAnswer.parse(fs.readFileSync(answer, "utf8"));
  }

  it("carries what a step says, leaves receipts, and answers in a document", async () => {
    const set = here.maker.exports("configuration", 0.1);
    const { done, failure } = await answerTo(asked());
    assert.deepEqual([failure, done?.data.sets, done?.problems], [undefined, [set.set], []]);
    assert.ok(receiptOf(here.maker, set));
    const again = await answerTo(asked());
    assert.deepEqual(
      [again.done?.data.objects, again.done?.message],
      [0, "Nothing to carry: every sealed set is offsite."],
    );
  });

  it("says in the same way which set it could not carry, and why it could do nothing at all", async () => {
    const set = here.maker.exports("configuration", 0.1);
    fs.writeFileSync(path.join(set.folder, "LisConfig.zip"), "other bytes");
    const { done } = await answerTo(asked());
    assert.match(done?.problems.join() ?? "", /LisConfig\.zip/);
    const { failure } = await answerTo(asked("nobodys-key"));
    assert.match(failure?.message ?? "", /Could not load credentials .* that only this account may read/);
  });

  it("is found by the module where an installation has noted it", async () => {
    const said = await ok(fixed.cli.run("offsite", "install", "--data", fixed.cli.folder));
    const file = path.join(fixed.cli.folder, hostLayout.courier);
    const { node, program } = CourierPlace.parse(fs.readFileSync(file, "utf8"));
    assert.ok(said.includes(program) && said.includes(file), said);
    assert.equal(node, process.execPath);
    assert.ok(fs.existsSync(program), program);
  });
});
