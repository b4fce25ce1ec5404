import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { sqlJobs } from "../../../estate/jobs/sql";
import { declared, hostOf, runOn, sqlLab, tell, ALONE } from "./support";

describe("SQL backups in the lab", () => {
  it("are made of every database of an instance: full, differential and log", async () => {
    const folder = await sqlLab();
    const jobs = sqlJobs(declared({ databases: { roles: ["archiving"] }, differential: true, log: {} }));
    for (const job of [jobs.full, jobs.differential, jobs.log]) {
      assert.ok(job);
      const run = await runOn(folder, job, hostOf(ALONE));
      assert.equal(run.outcome, "succeeded", tell(run));
    }
  });
});
