import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import type { S3 } from "@aws-sdk/client-s3";
import { after, before, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { BUCKET_PROPERTY_NAMES } from "../../estate/documents";
import { offsiteBucket } from "../../providers/offsite-bucket/reconcile";
import { arn, handEdits, ownerOf } from "../support/buckets";
import { MotoServer } from "../support/moto";
import { OneResource } from "../support/one-resource";
import { Relay } from "../support/relay";
import { describeResource } from "../support/resource-suite";

const { args } = RESOURCE_EXAMPLES.OffsiteBucket;
const BUCKET = args.name;
const OTHER = "contoso-lync-other";
const BYSTANDER = "contoso-photos";
const KEY = { accessKeyId: "offsite", secretAccessKey: "not a secret here" };
const KMS = "arn:aws:kms:us-east-1:123456789012:key/lync";

describe("OffsiteBucket on a store with all of the posture", function () {
  this.timeout(300_000);
  let moto: MotoServer;
  let relay: Relay;
  let proxy: http.Server;
  let s3: S3;

  before(async function () {
    const started = await MotoServer.start();
    if ("missing" in started) {
      process.stderr.write(`The posture of buckets is not tried in full: ${started.missing}\n`);
      return this.skip();
    }
    moto = started;
    relay = await Relay.to(`https://127.0.0.1:${String(moto.port)}`);
    s3 = ownerOf(relay.endpoint, KEY, fs.readFileSync(moto.authority));
    proxy = http.createServer().on("connect", ({ url = "" }: http.IncomingMessage, near: net.Socket) => {
      const far = net.connect(Number(url.split(":").at(-1)), "127.0.0.1", () => {
        near.write("HTTP/1.1 200 Connection established\r\n\r\n");
        far.pipe(near).pipe(far);
      });
      for (const socket of [near, far]) socket.on("error", () => near.destroy() && far.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    s3?.destroy();
    proxy?.close();
    await relay?.shut();
    await moto?.stop();
  });

  const settings = (): Record<string, string> => ({
    "lync-backup:storeTimeoutSeconds": "5",
    "lync-backup:storeKeys": JSON.stringify({ [args.credentials]: KEY, second: KEY }),
  });
  const statements = (bucket: string): object[] => [
    {
      Sid: "Courier",
      Effect: "Allow",
      Principal: { AWS: ["123456789012"] },
      Action: "s3:PutObject",
      Resource: `${arn(bucket)}/*`,
    },
  ];
  /** The page's example, where this server answers. It keeps the conditions of policies, and looks at few of them. */
  const example = {
    ...args,
    ...{ profile: "generic", region: "us-east-1", capabilities: { "policy-conditions": true } },
    get endpoint() {
      return relay?.endpoint ?? "https://127.0.0.1:1";
    },
    get authority() {
      return moto?.authority ?? "nowhere";
    },
    refuseUnencryptedPuts: true,
    policyStatements: statements(BUCKET),
  };
  const another = { name: OTHER, policyStatements: statements(OTHER) };
  const edits = Object.fromEntries(
    BUCKET_PROPERTY_NAMES.map((property) => [
      property,
      async (): Promise<void> => {
        await handEdits(s3, BUCKET)[property]?.();
      },
    ]),
  );

  describeResource({
    type: offsiteBucket,
    hosts: [],
    settings,
    begin: async () => {
      await moto.reset();
    },
    cut: async () => {
      await relay.shut();
      return () => relay.open();
    },
    example,
    changes: {
      ...{ profile: "ceph", region: "eu-west-1", credentials: "second" },
      endpoint: {
        get endpoint() {
          return `https://127.0.0.1:${String(moto.port)}`;
        },
      },
      proxy: {
        get proxy() {
          const address = proxy.address() as net.AddressInfo;
          return `http://127.0.0.1:${String(address.port)}`;
        },
      },
      authority: {
        get authority() {
          const copy = `${moto.authority}.copy`;
          fs.copyFileSync(moto.authority, copy);
          return copy;
        },
      },
      capabilities: { "policy-conditions": true, "list-versions": true },
      objectLock: { retention: { mode: "compliance", days: 60 } },
      defaultEncryption: { by: "sse-kms", key: KMS, bucketKey: true },
      publicAccessBlock: { restrictPublicBuckets: false },
      ownership: "owner-preferred",
      lifecycle: [
        { prefix: "production/", expireNoncurrentAfterDays: 90, transitions: [{ afterDays: 30, tier: "GLACIER_IR" }] },
        { abortIncompleteUploadsAfterDays: 3 },
      ],
      ...{ refusePlainHttp: false, refuseUnencryptedPuts: false, policyStatements: [], tags: {} },
      waived: [{ property: "tags", reason: "nobody reads them" }],
    },
    refused: {
      versioning: { versioning: "suspended", objectLock: undefined },
    },
    replacements: { name: another },
    edits,
    lose: async () => {
      await s3.deleteBucket({ Bucket: BUCKET });
    },
    foreign: async (lab, differs) => {
      const theirs = OneResource.of(offsiteBucket, lab, "somebody", settings());
      await theirs.up(differs ? { ...example, defaultEncryption: { by: "sse-kms", key: KMS } } : example);
    },
    another: {
      ...args,
      ...{ profile: "generic", region: "us-east-1", capabilities: { "policy-conditions": true } },
      get endpoint() {
        return example.endpoint;
      },
      get authority() {
        return example.authority;
      },
      ...another,
    },
    remains: async () => {
      await s3.createBucket({ Bucket: BYSTANDER });
      await s3.putObject({ Bucket: BYSTANDER, Key: "party.jpg", Body: "a photo" });
      return async () => {
        assert.equal((await s3.headObject({ Bucket: BYSTANDER, Key: "party.jpg" })).ContentLength, 7);
      };
    },
    bad: [
      { with: { capabilities: { lifecycle: false } }, names: /^lifecycle: cannot be kept: .*its recorded probe says/ },
    ],
  });

  describe("OffsiteBucket, by itself", () => {
    beforeEach(async () => {
      await moto.reset();
    });

    it("is not told what it is told already, and tells S3 what S3 tells back", async () => {
      const resource = OneResource.of(offsiteBucket, "none", "subject", settings());
      await resource.up(example);
      // The same rules, as other tools write them.
      await s3.putBucketLifecycleConfiguration({
        Bucket: BUCKET,
        LifecycleConfiguration: {
          Rules: [
            { ID: "b", Status: "Enabled", Prefix: "", NoncurrentVersionExpiration: { NoncurrentDays: 60 } },
            { ID: "off", Status: "Disabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
            {
              ...{ ID: "a", Status: "Enabled", Filter: { Prefix: "" } },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            },
          ],
        },
      });
      const { Policy = "" } = await s3.getBucketPolicy({ Bucket: BUCKET });
      const { Statement } = JSON.parse(Policy) as { Statement: Record<string, unknown>[] };
      const rewritten = Statement.toReversed().map(({ Sid, Action, ...one }) => ({
        ...one,
        ...(one["Effect"] === "Allow" ? { Sid } : {}),
        Action: [Action].flat(),
      }));
      await s3.putBucketPolicy({
        Bucket: BUCKET,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement: rewritten }),
      });
      assert.deepEqual(await resource.drift(example), []);
    });

    it("finds out that this server leaves the conditions of policies out, and puts back what was there", async () => {
      const declared = { ...example, capabilities: {}, policyStatements: undefined };
      const resource = OneResource.of(offsiteBucket, "none", "subject", settings());
      await resource.up({ ...declared, refusePlainHttp: undefined, refuseUnencryptedPuts: undefined });
      await handEdits(s3, BUCKET)["policyStatements"]?.();
      const before = (await s3.getBucketPolicy({ Bucket: BUCKET })).Policy ?? "";
      await assert.rejects(
        resource.up(declared),
        /refusePlainHttp cannot be kept: the conditions of a policy are accepted and left out: it would refuse everybody; refuseUnencryptedPuts .*Nothing was changed/,
      );
      const after = (await s3.getBucketPolicy({ Bucket: BUCKET })).Policy ?? "";
      assert.deepEqual(JSON.parse(after), JSON.parse(before));
    });

    it("says which region a bucket of Amazon's is in", async () => {
      const resource = OneResource.of(offsiteBucket, "none", "subject", settings());
      await resource.up(example);
      const amazon = { ...args, endpoint: example.endpoint, authority: example.authority, region: "eu-central-1" };
      // A name with a dot stands in the path, where this server finds it.
      await s3.createBucket({ Bucket: "contoso.lync" });
      const elsewhere = OneResource.of(offsiteBucket, "none", "elsewhere", settings());
      await assert.rejects(
        elsewhere.up({ ...amazon, name: "contoso.lync" }),
        /The bucket contoso\.lync is in us-east-1, not in eu-central-1\. Nothing was changed\. Correct the region/,
      );
    });
  });
});
