import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { JOBS, killIn, labOfJobs, stepIds, stepsOf } from "./killed-step";

describe("Whatever the step in which a process is killed, each step of each job", function () {
  this.timeout(600_000);
  let lab: string;
  let remove: () => void;
  before(async () => {
    ({ lab, remove } = await labOfJobs());
  });
  after(() => {
    remove();
  });

  for (const job of JOBS) {
    it(job.type.type, async () => {
      const steps = await stepsOf(lab, job);
      assert.deepEqual(
        steps.map(({ id }) => id),
        await stepIds(lab, job),
      );
      const sealing = steps.findIndex(({ id }) => id === "seal");
      const moments = steps.flatMap(({ id, moments: all }, index) => {
        assert.ok(all > 1, `${id} has too few moments`);
        const middle = `${id}+${Math.ceil(all / 2)}` as const;
        // What makes and removes sets dies once more when it has done nearly all.
        return index < sealing ? [middle] : [middle, `${id}+${all}` as const];
      });
      await killIn(lab, job, moments);
    });
  }
});
