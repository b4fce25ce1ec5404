import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { Corruptions } from "./support/corruptions";
import { DAMAGES } from "./support/damage";
import { fixture } from "./support/fixture";
import type { BucketKind } from "./support/store";

describe("One thousand corruptions", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    const seed = process.env["CORRUPTIONS_SEED"] ?? randomBytes(4).toString("hex");
    it(`of a ${kind} bucket are all found and named (CORRUPTIONS_SEED=${seed} repeats them)`, async function () {
      this.timeout(1_800_000);
      const corruptions = await Corruptions.of(here.server, kind, seed);
      for (let index = 0; index < 500; index++) await corruptions.one(index);
      corruptions.close();
      assert.ok(
        DAMAGES.every((one) => (corruptions.counts[one] ?? 0) > 20),
        JSON.stringify(corruptions.counts),
      );
    });
  }
});
