import assert from "node:assert/strict";
import http from "node:http";
import type net from "node:net";
import path from "node:path";
import type { S3 } from "@aws-sdk/client-s3";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { offsiteBucket } from "../../providers/offsite-bucket/reconcile";
import { CREDENTIALS, S3Server, serverIsHere } from "../offsite/support/store";
import { arn, handEdits, keyOf, ownerOf, type Key } from "../support/buckets";
import { OneResource } from "../support/one-resource";
import { Relay } from "../support/relay";
import { describeResource } from "../support/resource-suite";

const BUCKET = RESOURCE_EXAMPLES.OffsiteBucket.args.name;
const OTHER = "contoso-lync-other";
const BYSTANDER = "contoso-photos";
const KMS = "arn:aws:kms:us-east-1:123456789012:key/lync";
const COURIER = "courier";

describe("OffsiteBucket on a store without much of the posture", () => {
  /** One server for the file, reached through a door that can be shut, and through a proxy. */
  let server: S3Server;
  let relay: Relay;
  let proxy: http.Server;
  let key: Key;
  let s3: S3;

  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
    relay = await Relay.to(server.endpoint);
    key = keyOf(server, CREDENTIALS);
    s3 = ownerOf(relay.endpoint, key);
    server.account(COURIER);
    proxy = http.createServer((request, response) => {
      const { method, headers, url = "" } = request;
      request.pipe(
        http.request(url, { ...(method ? { method } : {}), headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    s3?.destroy();
    proxy?.close();
    proxy?.closeAllConnections();
    await relay?.shut();
    await server?.stop();
  });

  const settings = (): Record<string, string> => ({
    "lync-backup:storeTimeoutSeconds": "1",
    "lync-backup:storeKeys": JSON.stringify({ offsite: key, second: key }),
  });

  function discardAll(): void {
    for (const bucket of [BUCKET, OTHER, BYSTANDER]) {
      server.discard({ bucket, profile: "versitygw", region: "us-east-1", prefix: "", capabilities: {} });
    }
  }

  const statements = (bucket: string): object[] => [
    {
      Sid: "Courier",
      Effect: "Allow",
      Principal: { AWS: [COURIER] },
      Action: ["s3:PutObject"],
      Resource: `${arn(bucket)}/*`,
    },
  ];

  /** What versitygw keeps. What it does not is refused, by name, and tried in full elsewhere. */
  const example = {
    name: BUCKET,
    profile: "generic",
    region: "us-east-1",
    get endpoint() {
      return relay?.endpoint ?? "http://127.0.0.1:1";
    },
    credentials: "offsite",
    versioning: "enabled",
    objectLock: RESOURCE_EXAMPLES.OffsiteBucket.args.objectLock,
    ownership: "owner-enforced",
    policyStatements: statements(BUCKET),
    tags: RESOURCE_EXAMPLES.OffsiteBucket.args.tags,
  };
  const another = { name: OTHER, policyStatements: statements(OTHER) };
  const edit = (property: string) => async (): Promise<void> => {
    await handEdits(s3, BUCKET)[property]?.();
  };
  const REASON = "The store encrypts its disks";

  describeResource({
    type: offsiteBucket,
    hosts: [],
    settings,
    begin: () => {
      discardAll();
      return Promise.resolve();
    },
    cut: async () => {
      await relay.shut();
      return () => relay.open();
    },
    example,
    changes: {
      profile: "ceph",
      endpoint: {
        get endpoint() {
          return server.endpoint;
        },
      },
      proxy: {
        get proxy() {
          const address = proxy.address() as net.AddressInfo;
          return `http://127.0.0.1:${String(address.port)}`;
        },
      },
      authority: path.join(process.cwd(), "test", "support", "authority.pem"),
      capabilities: { "list-versions": true },
      credentials: "second",
      objectLock: { retention: { mode: "compliance", days: 60 } },
      ownership: "owner-preferred",
      refusePlainHttp: false,
      policyStatements: [],
      tags: {},
      waived: { defaultEncryption: { by: "sse-s3" }, waived: [{ property: "defaultEncryption", reason: REASON }] },
    },
    refused: {
      region: "eu-west-1",
      versioning: { versioning: "suspended", objectLock: undefined },
      defaultEncryption: { by: "sse-kms", key: KMS },
      publicAccessBlock: {},
      lifecycle: [{ abortIncompleteUploadsAfterDays: 7 }],
      refuseUnencryptedPuts: true,
    },
    replacements: { name: another },
    edits: {
      objectLock: edit("objectLock"),
      ownership: edit("ownership"),
      policyStatements: edit("policyStatements"),
      tags: edit("tags"),
    },
    // Where Object Lock is on nobody suspends versions; the others this server does not have.
    lostWith: [
      ...["versioning", "defaultEncryption", "publicAccessBlock", "lifecycle", "refusePlainHttp"],
      "refuseUnencryptedPuts",
    ],
    lose: async () => {
      await s3.deleteBucket({ Bucket: BUCKET });
    },
    foreign: async (lab, differs) => {
      const theirs = OneResource.of(offsiteBucket, lab, "somebody", settings());
      await theirs.up(differs ? { ...example, tags: { service: "exchange" } } : example);
    },
    another: {
      get endpoint() {
        return example.endpoint;
      },
      ...{ profile: "generic", region: "us-east-1", credentials: "offsite", versioning: "enabled" },
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
      { with: { name: "Contoso" }, names: "name: expected 3 to 63" },
      { with: { profile: "ftp" }, names: "profile" },
      { with: { region: "" }, names: "region" },
      { with: { endpoint: "s3" }, names: "endpoint" },
      { with: { proxy: "http://me:hush@proxy" }, names: "proxy: must not contain a name or a password" },
      { with: { credentials: "AKIA/secret" }, names: "credentials" },
      { with: { versioning: "suspended" }, names: "versioning: expected enabled, because there is an objectLock" },
      { with: { versioning: undefined }, names: "versioning: expected enabled" },
      { with: { objectLock: false }, names: "objectLock: expected an object: once on, Object Lock stays on" },
      { with: { objectLock: { retention: { mode: "strict", days: 1 } } }, names: "objectLock.retention.mode" },
      { with: { objectLock: { retention: { mode: "governance", days: 0 } } }, names: "objectLock.retention.days" },
      { with: { defaultEncryption: { by: "rot13" } }, names: "defaultEncryption" },
      { with: { defaultEncryption: { by: "sse-kms" } }, names: "defaultEncryption.key" },
      { with: { lifecycle: [{ prefix: "a/" }] }, names: "lifecycle[0]: says nothing" },
      {
        with: { lifecycle: [{ transitions: [{ afterDays: 1, tier: "FLOPPY" }] }] },
        names: "lifecycle[0].transitions[0].tier",
      },
      { with: { refusePlainHttp: true }, names: "refusePlainHttp: would refuse everybody" },
      { with: { policyStatements: [{ Effect: "Perhaps" }] }, names: "policyStatements[0].Effect" },
      {
        with: { policyStatements: [{ Sid: "LyncBackupRefusePlainHttp", Effect: "Deny" }] },
        names: "policyStatements[0].Sid: is a name of the product's own",
      },
      { with: { tags: { "lync-backup:stack": "other" } }, names: "tags" },
      { with: { tags: { "aws:x": "y" } }, names: "tags" },
      { with: { waived: [{ property: "tags", reason: "because" }] }, names: "waived[0].reason" },
      {
        with: { waived: [{ property: "lifecycle", reason: REASON }] },
        names: "waived[0]: waives lifecycle, which is not",
      },
      { with: { profile: "r2" }, names: "versioning: cannot be kept: nothing there keeps earlier versions" },
      {
        with: { profile: "versitygw", lifecycle: [{ expireNoncurrentAfterDays: 9 }] },
        names:
          /^lifecycle: cannot be kept: .*\(lifecycle\), as is measured of Versity S3 Gateway\. Leave it out, waive it/,
      },
      {
        with: { capabilities: { "default-encryption": false }, defaultEncryption: { by: "sse-s3" } },
        names: /^defaultEncryption: cannot be kept: .*as its recorded probe says/,
      },
      { with: { adopt: "yes" }, names: "adopt" },
    ],
  });

  describe("OffsiteBucket, by itself", () => {
    let resource: OneResource;
    let said: string;
    const write = process.stdout.write.bind(process.stdout);
    beforeEach(() => {
      discardAll();
      said = "";
      resource = OneResource.of(offsiteBucket, "none", "subject", settings());
    });
    afterEach(() => {
      process.stdout.write = write;
    });
    const plain = {
      ...{ name: BUCKET, profile: "generic", region: "us-east-1", credentials: "offsite" },
      get endpoint() {
        return relay.endpoint;
      },
    };
    const listen = (): void => {
      process.stdout.write = (text: string | Uint8Array) => {
        said += String(text);
        return true;
      };
    };
    const isThere = (): Promise<boolean> =>
      s3.headBucket({ Bucket: BUCKET }).then(
        () => true,
        () => false,
      );

    it("finds that versions were suspended by hand, and keeps them again", async () => {
      const declared = { ...plain, versioning: "enabled" };
      await resource.up(declared);
      await handEdits(s3, BUCKET)["versioning"]?.();
      assert.deepEqual(await resource.drift(declared), ["versioning"]);
      assert.equal(await resource.up(declared), "update");
      assert.deepEqual(await resource.drift(declared), []);
      assert.equal(await resource.up({ ...plain, versioning: "suspended" }), "update");
    });

    it("neither sets nor looks at what is not declared", async () => {
      await resource.up(plain);
      for (const property of ["policyStatements", "ownership"]) await handEdits(s3, BUCKET)[property]?.();
      await s3.putBucketVersioning({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } });
      assert.deepEqual(await resource.drift(plain), []);
      await resource.up({ ...plain, ownership: "owner-enforced" });
      assert.match((await s3.getBucketPolicy({ Bucket: BUCKET })).Policy ?? "", /GetObject/);
      assert.equal((await s3.getBucketVersioning({ Bucket: BUCKET })).Status, "Enabled");
    });

    it("leaves a bucket with content, all that is in it and all that protects it, and says so", async () => {
      await resource.up(example);
      await s3.putObject({ Bucket: BUCKET, Key: "set", Body: "data" });
      await s3.deleteObject({ Bucket: BUCKET, Key: "set" });
      await resource.refresh();
      assert.equal((resource.state?.outputs as { hasContent: boolean }).hasContent, true, "a version is content");
      const { state } = resource;
      listen();
      await resource.destroy();
      process.stdout.write = write;
      assert.match(
        said,
        /contoso-lync-offsite is not empty, and stays with all that is in it and all that protects it/,
      );
      resource.state = state;
      assert.deepEqual(await resource.drift(example), []);
      resource.state = undefined;
      assert.equal(await resource.up(example), "create", "what still bears the mark is taken over");
    });

    it("counts an upload in parts that is under way as content", async () => {
      await resource.up(plain);
      await s3.createMultipartUpload({ Bucket: BUCKET, Key: "large" });
      listen();
      await resource.destroy();
      process.stdout.write = write;
      assert.equal(await isThere(), true);
    });

    it("takes a bucket away again that was only made to find out what the store keeps", async () => {
      const wanted = { ...plain, defaultEncryption: { by: "sse-s3" }, lifecycle: [{ expireNoncurrentAfterDays: 9 }] };
      await assert.rejects(
        resource.up(wanted),
        /defaultEncryption cannot be kept: the store has no such thing as default encryption; lifecycle cannot be kept: .*Nothing was changed\. Leave it out, waive it by name.*The bucket that was made to find out is gone again$/,
      );
      assert.equal(resource.state, undefined);
      assert.equal(await isThere(), false);
    });

    it("keeps its mark in an object where the store has no tags", async () => {
      const declared = { ...plain, capabilities: { "bucket-tags": false }, versioning: "enabled" };
      await resource.up(declared);
      assert.deepEqual(await resource.drift(declared), []);
      const stranger = OneResource.of(offsiteBucket, "none", "stranger", settings());
      await assert.rejects(stranger.up({ ...declared, versioning: "suspended" }), /belongs to test\/test\/subject/);
      await resource.destroy();
      assert.equal(await isThere(), false, "the mark alone is no content");
    });

    it("keeps the mark of an owner whose name no tag can hold", async () => {
      const odd = OneResource.of(offsiteBucket, "none", "größe=1 (né \u{1F4BE})", settings());
      await odd.up(plain);
      assert.deepEqual(await odd.drift(plain), []);
    });

    it("leaves no bucket behind that nobody would know as ours", async () => {
      const unspeakable = OneResource.of(offsiteBucket, "none", "(".repeat(150), settings());
      await assert.rejects(unspeakable.up(plain), /Setting tags failed.*The bucket that was made .* is gone again$/);
      assert.equal(await isThere(), false);
    });

    it("says which key is refused, and never takes that for a bucket that is gone", async () => {
      await resource.up(plain);
      const wrong = { ...key, secretAccessKey: "wrong" };
      const keys = { "lync-backup:storeKeys": JSON.stringify({ offsite: wrong }) };
      const denied = OneResource.of(offsiteBucket, "none", "subject", { ...settings(), ...keys });
      denied.state = resource.state;
      for (const work of [() => denied.refresh(), () => denied.up({ ...plain, tags: {} }), () => denied.destroy()]) {
        await assert.rejects(work(), (error: Error) => {
          assert.match(error.message, /is not shown to these credentials.*Nothing was changed/);
          assert.ok(!error.message.includes('wrong"'));
          return true;
        });
      }
    });

    it("says what a name of credentials stands for, where there are none of it", async () => {
      await assert.rejects(resource.up({ ...plain, credentials: "nobody" }), /nobody|profile/i);
    });
  });
});
