import { describe, it } from "mocha";
import { fixture } from "./support/fixture";
import { playScene } from "./support/scenes";
import type { BucketKind } from "./support/store";

describe("Couriers, a prune and a verification on one bucket", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`(${kind}), request by request in a random order and killed at random, lose nothing and break nothing`, async () => {
      for (let index = 0; index < 3; index++) await playScene(here.server, kind, `${kind} ${String(index)}`);
    });
  }
});
