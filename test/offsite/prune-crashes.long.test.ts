import { describe, it } from "mocha";
import { crashOf } from "./support/crashes";
import { fixture } from "./support/fixture";
import type { BucketKind } from "./support/store";

describe("A prune that ends at any of its requests", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket leaves whole sets, and the next one ends what it began`, async function () {
      this.timeout(1_800_000);
      const requests = await crashOf(here.server, kind, undefined);
      for (let at = 0; at < requests; at++) {
        for (const when of ["before", "after"] as const) await crashOf(here.server, kind, { at, when });
      }
    });
  }
});
