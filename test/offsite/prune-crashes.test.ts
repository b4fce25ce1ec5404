import { describe, it } from "mocha";
import { crashOf } from "./support/crashes";
import { fixture } from "./support/fixture";
import { Random } from "./support/random";
import type { BucketKind } from "./support/store";

describe("A prune that ends in the middle", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket leaves whole sets, and the next one ends what it began`, async () => {
      const random = new Random(kind);
      const requests = await crashOf(here.server, kind, undefined);
      for (let turn = 0; turn < 6; turn++) {
        await crashOf(here.server, kind, { at: random.below(requests), when: random.pick(["before", "after"]) });
      }
    });
  }
});
