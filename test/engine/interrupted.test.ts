import assert from "node:assert/strict";
import { afterEach, before, beforeEach, describe, it } from "mocha";
import { setTimeout as delay } from "node:timers/promises";
import { labStatus, slowHost } from "../../lab/commands";
import { agentOn, engineIsHere, EngineProject, finished, killTree } from "../support/engine";

const HOSTS = ["fe01.contoso.com", "fe02.contoso.com", "fe03.contoso.com", "fe11.contoso.com"];
const declarations = HOSTS.map(agentOn);

/** Hosts answer slowly, so that there is a middle to interrupt. */
describe("an interrupted pulumi up", function () {
  this.timeout(120_000);
  let project: EngineProject;

  before(async function () {
    if (!(await engineIsHere())) this.skip();
  });
  beforeEach(async () => {
    project = await EngineProject.make();
    project.declare(declarations);
    for (const host of HOSTS) await slowHost(project.lab, host, host.startsWith("fe11") ? 100 : 2500);
  });
  afterEach(() => {
    project?.remove();
  });

  async function converges(): Promise<void> {
    for (const host of HOSTS) await slowHost(project.lab, host, 0);
    // A killed engine leaves its lock and what it was about to do; an operator clears both.
    await project.run(["cancel", "--yes"]);
    const { code, output } = await project.up("--refresh", "--run-program");
    assert.equal(code, 0, output);
    assert.equal((await project.state()).length, HOSTS.length);
    const again = await project.preview("--refresh", "--expect-no-changes");
    assert.equal(again.code, 0, again.output);
    const { hosts } = await labStatus(project.lab);
    assert.deepEqual(
      hosts.filter(({ host, agent }) => HOSTS.includes(host) && agent === null),
      [],
    );
  }

  async function untilFirstIsMade(): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      const { hosts } = await labStatus(project.lab);
      if (hosts.some(({ agent }) => agent !== null)) return;
      await delay(50);
    }
    assert.fail("nothing was made within ten seconds");
  }

  it("by Ctrl-C finishes what it began, says so with its exit code, and goes on next time", async () => {
    const engine = project.start(["up", "--yes", "--skip-preview"]);
    const ended = finished(engine);
    await untilFirstIsMade();
    engine.kill("SIGINT");
    const { code } = await ended;
    assert.notEqual(code, 0);
    await converges();
  });

  it("by a kill of the engine and its providers goes on next time, and makes nothing twice", async () => {
    const engine = project.start(["up", "--yes", "--skip-preview"]);
    const ended = finished(engine);
    await untilFirstIsMade();
    killTree(engine);
    await ended;
    await converges();
  });
});
