import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { before, describe, it } from "mocha";
import { slowHost } from "../../lab/commands";
import { engineIsHere, EngineProject, finished, killTree } from "../support/engine";
import { recordedDeclarations } from "../support/record-state";

const HOSTS = ["fe01.contoso.com", "fe11.contoso.com", "bk01.contoso.com"];

describe("a stack whose engine is killed at random moments, again and again", function () {
  this.timeout(600_000);
  before(async function () {
    if (!(await engineIsHere())) this.skip();
  });

  it("comes up in the end, with nothing made twice and nothing left out", async () => {
    // fast-check prints the seed and the moments that repeat a failure.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 500, max: 5000 }), { minLength: 6, maxLength: 6 }),
        async (moments) => {
          const project = await EngineProject.make();
          try {
            project.declare(recordedDeclarations());
            for (const host of HOSTS) await slowHost(project.lab, host, 200);
            for (const moment of moments) {
              const engine = project.start(["up", "--yes", "--skip-preview"]);
              const ended = finished(engine);
              await delay(moment);
              killTree(engine);
              await ended;
              await project.run(["cancel", "--yes"]);
            }
            for (const host of HOSTS) await slowHost(project.lab, host, 0);
            const up = await project.up("--refresh", "--run-program");
            assert.equal(up.code, 0, up.output);
            const again = await project.preview("--refresh", "--expect-no-changes");
            assert.equal(again.code, 0, again.output);
            assert.equal((await project.state()).length, recordedDeclarations().length);
            const destroyed = await project.run(["destroy", "--yes", "--skip-preview"]);
            assert.equal(destroyed.code, 0, destroyed.output);
          } finally {
            project.remove();
          }
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
