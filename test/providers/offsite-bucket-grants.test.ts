import assert from "node:assert/strict";
import type { S3 } from "@aws-sdk/client-s3";
import { after, before, describe, it } from "mocha";
import type { PolicyStatement } from "../../estate/documents";
import { BUCKET_GRANTS, type BucketGrant } from "../../offsite/policies/bucket-grants";
import { offsiteBucket } from "../../providers/offsite-bucket/reconcile";
import { CREDENTIALS, S3Server, serverIsHere } from "../offsite/support/store";
import { arn, keyOf, ownerOf } from "../support/buckets";
import { OneResource } from "../support/one-resource";

/** What this server has no such thing as, and what cannot be granted by the policy of a bucket. */
const ELSEWHERE =
  /^(CreateBucket|DeleteBucketPolicy|.*(EncryptionConfiguration|PublicAccessBlock|LifecycleConfiguration))$/;
const TRIED = BUCKET_GRANTS.filter(({ action, on }) => on === "bucket" && !ELSEWHERE.test(action));

describe("With the least that a declared bucket needs", function () {
  this.timeout(60_000);
  const KEEPER = "keeper";
  let server: S3Server;
  let s3: S3;
  let count = 0;

  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
    server.account(KEEPER);
    s3 = ownerOf(server.endpoint, keyOf(server, CREDENTIALS));
  });
  after(async () => {
    s3?.destroy();
    await server?.stop();
  });

  /** A bucket that somebody has made is taken over, changed in everything, looked at and removed. */
  async function life(grants: readonly BucketGrant[]): Promise<void> {
    const Bucket = `kept-${String(++count)}`;
    const [owners, objects] = [arn(Bucket), `${arn(Bucket)}/*`];
    const granted: PolicyStatement = {
      ...{ Sid: "Keeper", Effect: "Allow", Principal: { AWS: KEEPER } },
      ...{ Action: grants.map(({ action }) => `s3:${action}`), Resource: owners },
    };
    const reader: PolicyStatement = { ...granted, Sid: "Reader", Action: "s3:GetObject", Resource: objects };
    await s3.createBucket({ Bucket });
    await s3.putBucketPolicy({
      Bucket,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: [granted] }),
    });
    const declared = {
      ...{ name: Bucket, profile: "versitygw", endpoint: server.endpoint, region: "us-east-1", credentials: KEEPER },
      ...{ adopt: true, versioning: "enabled", objectLock: {}, ownership: "owner-enforced" },
      ...{ policyStatements: [granted], tags: { site: "a" } },
    };
    const resource = OneResource.of(offsiteBucket, "none", Bucket, {
      "lync-backup:storeTimeoutSeconds": "2",
      "lync-backup:storeKeys": JSON.stringify({ [KEEPER]: keyOf(server, KEEPER) }),
    });
    await resource.up(declared);
    const changed = {
      ...{ ...declared, objectLock: { retention: { mode: "governance", days: 1 } }, ownership: "object-writer" },
      ...{ policyStatements: [granted, reader], tags: { site: "b" } },
    };
    await resource.up(changed);
    assert.deepEqual(await resource.drift(changed), []);
    await resource.destroy();
    await assert.rejects(s3.headBucket({ Bucket }));
  }

  it("a bucket is taken over, changed, looked at and removed", () => life(TRIED));

  for (const grant of TRIED) {
    it(`without ${grant.action} it is not, and a sentence says so`, async () => {
      await assert.rejects(
        life(TRIED.filter((one) => one !== grant)),
        /Access ?Denied|is not shown to these credentials/i,
      );
    });
  }
});
