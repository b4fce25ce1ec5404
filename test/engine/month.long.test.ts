import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { agentOn, engineIsHere, EngineProject, type Declaration } from "../support/engine";
import { JOBS, passNights } from "../lab/thirty-days";

/** Everything declared and made by the real engine, and then a month in which it is not asked. */
describe("A month of the exports and copies that the real engine has made", function () {
  this.timeout(300_000);
  let project: EngineProject;

  before(async function () {
    if (!(await engineIsHere())) this.skip();
    project = await EngineProject.make();
  });
  after(() => {
    project?.remove();
  });

  const { BackupTarget: target } = RESOURCE_EXAMPLES;
  const hosts = new Set([target.args.host, ...JOBS.flatMap(({ args }) => args.hosts.map(({ name }) => name))]);
  const agents = [...hosts].map(agentOn);
  const first = [...agents.map(({ name }) => name), target.name];
  const jobs = JOBS.map(({ type, args }): Declaration => ({
    type: type.type,
    name: args.name,
    dependsOn: first,
    args,
  }));
  const vault = { type: "BackupTarget", dependsOn: agents.map(({ name }) => name), ...target };

  it("leaves what the rules say, and nothing that the engine would change", async () => {
    project.declare([...agents, vault, ...jobs]);
    const up = await project.up();
    assert.equal(up.code, 0, up.output);
    await passNights(project.lab, "the engine's month", 30);
    const preview = await project.preview("--refresh", "--expect-no-changes");
    assert.equal(preview.code, 0, preview.output);
    const refreshed = await project.up("--refresh");
    assert.equal(refreshed.code, 0, refreshed.output);
    const made = (await project.state()).filter(({ type }) => /Export|CopyJob/.test(type));
    assert.equal(made.length, JOBS.length);
    for (const { outputs, type } of made) {
      assert.ok(outputs["newestSet"] !== null && outputs["nextRunAt"] !== null, type);
    }
  });
});
