import { describe, it } from "mocha";
import { breakEveryStep, JOBS } from "./any-step";

describe("Whatever breaks at any step of a job, each fault at each step that it can strike", function () {
  this.timeout(600_000);
  for (const [name, job] of Object.entries(JOBS)) it(name, () => breakEveryStep(job(), (faults) => faults));
});
