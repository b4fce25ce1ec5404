import { describe, it } from "mocha";
import { breakEveryStep, JOBS } from "./any-step";

describe("Whatever breaks at any step of a job, no set counts that is not whole, and the next run succeeds", function () {
  this.timeout(120_000);
  for (const [name, job] of Object.entries(JOBS)) {
    // One fault at every second step, in turn; all of them at all steps are for the long tests.
    it(name, () =>
      breakEveryStep(job(), (faults, step) =>
        faults.filter((_, number) => step % 2 === 0 && (step / 2) % faults.length === number),
      ),
    );
  }
});
