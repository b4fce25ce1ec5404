import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "mocha";
import { Corruptions } from "./support/corruptions";
import { DAMAGES } from "./support/damage";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

describe("One thousand corruptions", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    const seed = process.env["CORRUPTIONS_SEED"] ?? randomBytes(4).toString("hex");
    it(`of a ${kind} bucket are all found and named (CORRUPTIONS_SEED=${seed} repeats them)`, async function () {
      this.timeout(1_800_000);
      if (!server) return;
      const corruptions = await Corruptions.of(server, kind, seed);
      for (let index = 0; index < 500; index++) await corruptions.one(index);
      corruptions.close();
      assert.ok(
        DAMAGES.every((one) => (corruptions.counts[one] ?? 0) > 20),
        JSON.stringify(corruptions.counts),
      );
    });
  }
});
