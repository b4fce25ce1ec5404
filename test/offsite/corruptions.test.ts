import { after, before, describe, it } from "mocha";
import { Corruptions } from "./support/corruptions";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

describe("Damage of every kind", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket is found by a full verification, and named`, async () => {
      if (!server) return;
      const corruptions = await Corruptions.of(server, kind, `corruptions ${kind}`);
      for (let index = 0; index < 20; index++) await corruptions.one(index);
      corruptions.close();
    });
  }
});
