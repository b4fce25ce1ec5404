import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { probe } from "../../offsite/probe/probe";
import { gather } from "./support/courier";
import { fixture } from "./support/fixture";
import { CREDENTIALS, type BucketKind } from "./support/store";
import { openUploads } from "../../offsite/store/uploads";

describe("A probe", () => {
  const here = fixture();

  for (const kind of ["plain", "versioned", "locked"] as const satisfies BucketKind[]) {
    it(`finds out what a ${kind} bucket can do, and leaves it as it was`, async () => {
      here.bucket = await here.server.bucket(kind, { capabilities: { "conditional-writes": false } });
      const options = { credentials: CREDENTIALS, credentialsFolder: here.server.credentialsFolder };
      const report = await probe(here.bucket, options);
      assert.deepEqual(report.capabilities, {
        "conditional-writes": true,
        "conditional-completion": true,
        "checksum-sha256": true,
        "checksum-sha256-parts": true,
        "checksum-full-object": true,
        "completion-size": true,
        "list-uploads": true,
        versioning: kind !== "plain",
        "list-versions": true,
        "object-lock": kind === "locked",
        "legal-hold": kind === "locked",
        "default-encryption": false,
        "public-access-block": false,
        ownership: true,
        lifecycle: false,
        "bucket-tags": true,
        policies: true,
      });
      assert.equal(report.findings.length, 18);
      for (const { capability, because } of report.findings) {
        assert.match(because, capability === "policy-conditions" ? /^it could not be decided/ : /^(it|nothing there) /);
      }
      assert.deepEqual(await here.use((store) => gather(openUploads(store, ""))), []);
      const objects = (await here.use((store) => gather(store.list("")))).map(({ key }) => key);
      assert.deepEqual(objects, report.left);
      assert.equal(objects.length, kind === "locked" ? 1 : 0, "what the lock keeps for a minute");
    });
  }

  it("says what is wrong where it cannot even write", async () => {
    const options = { credentials: CREDENTIALS, credentialsFolder: here.server.credentialsFolder };
    await assert.rejects(
      probe({ ...here.bucket, bucket: "not-there" }, options),
      /Sending probe\/.* Create the bucket/,
    );
  });
});
