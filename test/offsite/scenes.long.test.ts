import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "mocha";
import { playScene } from "./support/scenes";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";

/** SCENES_SEED repeats what failed: the message of the failed test names the seed. */
describe("Many scenes of couriers, prunes and a verification", () => {
  let server: S3Server | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());

  const seed = process.env["SCENES_SEED"];
  for (const kind of ["plain", "versioned"] as const satisfies BucketKind[]) {
    it(`in a ${kind} bucket`, async function () {
      this.timeout(3_600_000);
      if (!server) return;
      const seeds = seed === undefined ? Array.from({ length: 60 }, () => randomBytes(4).toString("hex")) : [seed];
      for (const one of seeds) {
        try {
          await playScene(server, kind, one);
        } catch (error) {
          throw new Error(`SCENES_SEED=${one}`, { cause: error });
        }
      }
    });
  }
});
