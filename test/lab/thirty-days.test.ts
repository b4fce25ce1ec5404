import { describe, it } from "mocha";
import { aMonth } from "./thirty-days";

describe("Thirty nights of every export and copy, with faults and a full disk", function () {
  this.timeout(240_000);
  it("leave the runs, sets and manifests that the rules say", () => aMonth("thirty nights", 30));
});
