import { after, before, describe, it } from "mocha";
import { JOBS, killIn, labOfJobs } from "./killed-step";

/** All steps, and several moments of each, are for the long tests. */
const SAMPLE = {
  CmsExport: "export",
  UserDataExport: "check",
  ResponseGroupExport: "publish",
  PersistentChatExport: "seal",
  FileStoreCopyJob: "copy",
};

describe("Whatever the step in which a process is killed, no set counts that is not whole, and the next run succeeds", function () {
  this.timeout(120_000);
  let lab: string;
  let remove: () => void;
  before(async () => {
    ({ lab, remove } = await labOfJobs());
  });
  after(() => {
    remove();
  });

  for (const job of JOBS) {
    const step = SAMPLE[job.type.type as keyof typeof SAMPLE];
    it(`${job.type.type}: ${step}`, () => killIn(lab, job, [`${step}+1`]));
  }
});
