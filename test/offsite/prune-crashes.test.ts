import { after, before, describe, it } from "mocha";
import { crashOf } from "./support/crashes";
import { Random } from "./support/random";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

describe("A prune that ends in the middle", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket leaves whole sets, and the next one ends what it began`, async () => {
      if (!server) return;
      const random = new Random(kind);
      const requests = await crashOf(server, kind, undefined);
      for (let turn = 0; turn < 6; turn++) {
        await crashOf(server, kind, { at: random.below(requests), when: random.pick(["before", "after"]) });
      }
    });
  }
});
