import { after, before, describe, it } from "mocha";
import { playScene } from "./support/scenes";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

describe("Couriers, a prune and a verification on one bucket", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`(${kind}), request by request in a random order and killed at random, lose nothing and break nothing`, async () => {
      if (!server) return;
      for (let index = 0; index < 3; index++) await playScene(server, kind, `${kind} ${String(index)}`);
    });
  }
});
