import { gapProperties } from "./gap-properties";

describe("the worst gap of any schedule, tried often", function () {
  this.timeout(1_800_000);
  gapProperties(20)();
});
