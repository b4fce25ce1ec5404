import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { fixture } from "./support/fixture";
import { playScene } from "./support/scenes";
import type { BucketKind } from "./support/store";

/** SCENES_SEED repeats what failed: the message of the failed test names the seed. */
describe("Many scenes of couriers, prunes and a verification", () => {
  const here = fixture();

  const seed = process.env["SCENES_SEED"];
  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket`, async function () {
      this.timeout(3_600_000);
      const seeds = seed === undefined ? Array.from({ length: 60 }, () => randomBytes(4).toString("hex")) : [seed];
      for (const one of seeds) {
        try {
          await playScene(here.server, kind, one);
        } catch (error) {
          throw new Error(`SCENES_SEED=${one}: ${String((error as Error).stack)}`, { cause: error });
        }
      }
    });
  }
});
