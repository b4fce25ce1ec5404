import assert from "node:assert/strict";
import { before, beforeEach, afterEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { cutHost, mendHost } from "../../lab/commands";
import { recordedDeclarations } from "../support/record-state";
import { agentOn, engineIsHere, EngineProject, type Declaration } from "../support/engine";

/** What the engine really does with answers that are easy to get wrong. */
const FE = "fe01.contoso.com";
const OTHER = "fe11.contoso.com";
const { args: target } = RESOURCE_EXAMPLES.BackupTarget;
const { args: job } = RESOURCE_EXAMPLES.CmsExport;

describe("what the engine makes of a provider's answers", function () {
  this.timeout(120_000);
  let project: EngineProject;

  before(async function () {
    if (!(await engineIsHere())) this.skip();
  });
  beforeEach(async () => {
    project = await EngineProject.make();
  });
  afterEach(() => {
    project?.remove();
  });

  it("keeps a job that was made on some of its hosts, and goes on with the others next time", async () => {
    project.declare([
      ...[FE, OTHER, target.host].map(agentOn),
      { type: "BackupTarget", name: "vault", args: target, dependsOn: ["bk01"] },
    ]);
    assert.equal((await project.up()).code, 0);
    project.declare([
      ...[FE, OTHER, target.host].map(agentOn),
      { type: "BackupTarget", name: "vault", args: target, dependsOn: ["bk01"] },
      { type: "CmsExport", name: "configuration", args: job, dependsOn: ["vault"] },
    ]);
    await cutHost(project.lab, OTHER);
    const first = await project.up();
    assert.notEqual(first.code, 0);
    assert.match(first.output, /fe11\.contoso\.com: it does not answer/);
    const half = (await project.state()).find(({ type }) => type.endsWith("CmsExport"));
    assert.ok(half?.initErrors && half.initErrors.length > 0, "the engine keeps what was made");
    assert.deepEqual(
      (half.outputs["hosts"] as { name: string }[]).map(({ name }) => name),
      [FE],
    );
    await mendHost(project.lab, OTHER);
    const refreshed = await project.run(["refresh", "--yes", "--skip-preview"]);
    assert.equal(refreshed.code, 0, refreshed.output);
    const second = await project.up();
    assert.equal(second.code, 0, second.output);
    assert.equal((await project.preview("--refresh", "--expect-no-changes")).code, 0);
  });

  it("can destroy what was made of a job, and moves one that gets another name without losing it", async () => {
    const renamed = (name: string): Declaration[] => [
      ...[FE, OTHER, target.host].map(agentOn),
      { type: "BackupTarget", name: "vault", args: target, dependsOn: ["bk01"] },
      { type: "CmsExport", name, args: job, dependsOn: ["fe01", "fe11", "vault"] },
    ];
    project.declare(renamed("first"));
    assert.equal((await project.up()).code, 0);
    project.declare(renamed("second"));
    const moved = await project.up();
    assert.equal(moved.code, 0, moved.output);
    const after = await project.preview("--refresh", "--expect-no-changes");
    assert.equal(after.code, 0, after.output);
    const destroyed = await project.run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(destroyed.code, 0, destroyed.output);
  });

  it("does not judge what a preview cannot know, and judges it when it is known", async () => {
    const unknown = (key: string, from: string): Declaration[] => [
      agentOn(FE),
      { type: "BackupTarget", name: "vault", args: { ...target, [key]: { output: from, of: "fe01" } } },
    ];
    project.declare(unknown("media", "operatingSystem"));
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.output);
    project.declare(unknown("keepFreeGigabytes", "operatingSystem"));
    assert.equal((await project.preview()).code, 0);
    const up = await project.up();
    assert.notEqual(up.code, 0);
    assert.match(up.output, /keepFreeGigabytes: /);
  });

  it("drops nothing from its state where the provider is configured badly", async () => {
    project.declare([agentOn(FE)]);
    assert.equal((await project.up()).code, 0);
    await project.run(["config", "set", "lync-backup:hostTimeoutSeconds", "soon"]);
    project.declare([agentOn(FE), agentOn(OTHER)]);
    const up = await project.up();
    assert.notEqual(up.code, 0);
    assert.match(up.output, /lync-backup:hostTimeoutSeconds/);
    const destroy = await project.run(["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(destroy.code, 0, destroy.output);
    assert.equal((await project.state()).length, 1);
    await project.run(["config", "rm", "lync-backup:hostTimeoutSeconds"]);
    assert.equal((await project.up()).code, 0);
    assert.equal((await project.preview("--refresh", "--expect-no-changes")).code, 0);
  });

  it("goes on with a state that the first release wrote", async () => {
    project.declare(recordedDeclarations());
    assert.equal((await project.up()).code, 0);
    await project.importRecorded("v0.1.0");
    const preview = await project.preview("--diff");
    assert.equal(preview.code, 0, preview.output);
    assert.doesNotMatch(preview.output, /replace|create|delete/, "an upgrade updates in place, at most");
    const refreshed = await project.up("--refresh");
    assert.equal(refreshed.code, 0, refreshed.output);
    assert.equal((await project.preview("--refresh", "--expect-no-changes")).code, 0);
    const destroyed = await project.run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(destroyed.code, 0, destroyed.output);
  });
});
