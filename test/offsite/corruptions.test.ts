import { describe, it } from "mocha";
import { Corruptions } from "./support/corruptions";
import { fixture } from "./support/fixture";
import type { BucketKind } from "./support/store";

describe("Damage of every kind", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket is found by a full verification, and named`, async () => {
      const corruptions = await Corruptions.of(here.server, kind, `corruptions ${kind}`);
      for (let index = 0; index < 20; index++) await corruptions.one(index);
      corruptions.close();
    });
  }
});
