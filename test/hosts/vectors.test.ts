import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { openLabHost } from "../../lab/host";
import { FE01, labWithJob } from "../lab/fixture";
import { succeeded } from "../lab/jobs/support";
import { ANSWERS, DOCUMENTS, HISTORIES, ME, oneOff, question } from "./vectors";

describe("The interpreter of the lab, by which the module is measured", function () {
  this.timeout(60_000);
  let lab = "";
  before(async () => {
    lab = await labWithJob();
  });

  for (const [title, { steps, outcome, code }] of Object.entries(DOCUMENTS)) {
    it(`makes what is expected of ${title}`, async () => {
      const run = await (await openLabHost(lab, FE01)).run({ document: oneOff(steps) });
      assert.deepEqual([run.outcome, run.error?.code], [outcome, code], run.error?.message);
    });
  }

  for (const { type, typed, confirms } of ANSWERS) {
    it(`takes ${JSON.stringify(typed)} for ${confirms ? "a yes" : "no answer"} to ${type ?? "a plain question"}`, async () => {
      const confirm = () => Promise.resolve({ by: ME, typed });
      const run = await (await openLabHost(lab, FE01)).run({ document: question(type) }, { confirm });
      assert.equal(run.outcome, confirms ? "succeeded" : "failed");
    });
  }

  for (const [title, { job, before: happens, between, full }] of Object.entries(HISTORIES)) {
    it(`takes ${full === undefined ? "nothing" : full ? "all" : "what is new"} where ${title}`, async () => {
      const folder = await labWithJob(job);
      const host = await openLabHost(folder, FE01);
      await happens?.(folder);
      succeeded(await host.run({ document: job }));
      await between(folder);
      const run = await host.run({ document: job });
      assert.equal(run.outcome, full === undefined ? "failed" : "succeeded", run.error?.message);
      assert.equal(run.steps.find(({ kind, outcome }) => kind === "inventory" && outcome === "ok")?.data["full"], full);
    });
  }
});
