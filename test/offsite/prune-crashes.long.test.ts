import { after, before, describe, it } from "mocha";
import { crashOf } from "./support/crashes";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

describe("A prune that ends at any of its requests", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket leaves whole sets, and the next one ends what it began`, async function () {
      this.timeout(1_800_000);
      if (!server) return;
      const requests = await crashOf(server, kind, undefined);
      for (let at = 0; at < requests; at++) {
        for (const when of ["before", "after"] as const) await crashOf(server, kind, { at, when });
      }
    });
  }
});
