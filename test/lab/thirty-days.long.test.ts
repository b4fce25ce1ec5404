import { randomUUID } from "node:crypto";
import { describe, it } from "mocha";
import { aMonth } from "./thirty-days";

describe("Months of every export and copy, each with another fate", function () {
  this.timeout(1_200_000);
  // The seed stands in every message: aMonth with it repeats the month.
  it("leave the runs, sets and manifests that the rules say", async () => {
    for (let month = 0; month < 4; month++) await aMonth(randomUUID(), 30);
  });
});
