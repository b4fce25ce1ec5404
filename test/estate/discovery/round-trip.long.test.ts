import { describe, it } from "mocha";
import { Product } from "../../../estate/documents";
import { anythingIsFound, builtAndFound } from "./support";

describe("A discovered topology, many times", function () {
  this.timeout(1_800_000);

  for (const product of Product.options) {
    it(`of 20 pools of ${product} is the one that was built`, () => builtAndFound(product));
  }

  it("is whatever was built, 300 times", () => anythingIsFound(300));
});
