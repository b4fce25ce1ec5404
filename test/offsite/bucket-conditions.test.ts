import assert from "node:assert/strict";
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { describe, it } from "mocha";
import type { PolicyStatement } from "../../estate/documents";
import { honoursConditions } from "../../offsite/bucket/conditions";
import { policy } from "../../offsite/bucket/policy";
import type { Store } from "../../offsite/store/store";
import { fixture } from "./support/fixture";

/**
 * No server here does what the conditions of a policy say. So its policy is kept by a real server, and who reads an
 * object is refused on the way, as a store would that looks at conditions, or at none.
 */
function refusing(store: Store, isDenied: (statement: PolicyStatement, key: string) => boolean): void {
  const { client } = store.sender;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === "GetObjectCommand") {
        const { Bucket = "", Key = "" } = args.input as { Bucket?: string; Key?: string };
        const { Policy = '{"Statement":[]}' } = await client
          .send(new GetBucketPolicyCommand({ Bucket }))
          .catch(() => ({ Policy: undefined }));
        const { Statement } = JSON.parse(Policy) as { Statement: PolicyStatement[] };
        const denied = Statement.some((one) => one.Effect === "Deny" && isDenied(one, Key));
        if (denied)
          throw Object.assign(new Error("Access Denied"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
      }
      return next(args);
    },
    { step: "initialize", name: "policies" },
  );
}

const concerns = ({ Resource }: PolicyStatement, key: string): boolean => String(Resource).endsWith(`/${key}`);
/** The requests of these tests go over plain HTTP. */
const isOfPlainHttp = ({ Condition }: PolicyStatement): boolean =>
  Condition?.["Bool"]?.["aws:SecureTransport"] === "false";

describe("Whether a store does what the conditions of a policy say", () => {
  const here = fixture();
  const SHORT_MS = 200;
  let couriers = 0;

  async function tried(isDenied: (statement: PolicyStatement, key: string) => boolean): Promise<unknown> {
    const courier = `courier${String(++couriers)}`;
    here.server.account(courier);
    const store = await here.server.open(here.bucket);
    try {
      const { bucket } = here.bucket;
      const Statement = [
        { Effect: "Allow", Principal: { AWS: courier }, Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` },
      ];
      await store.sender.client.send(
        new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
      );
      const before = await policy.read(store);
      refusing(store, isDenied);
      const answer = await honoursConditions(store, SHORT_MS);
      assert.deepEqual(await policy.read(store), before, "the policy is what it was");
      return answer;
    } finally {
      store.close();
    }
  }

  it("is seen where it refuses the one key and not the other", async () => {
    assert.deepEqual(await tried((one, key) => concerns(one, key) && isOfPlainHttp(one)), { is: true });
  });

  it("is not so where it refuses both", async () => {
    assert.deepEqual(await tried(concerns), {
      lacks: "the conditions of a policy are accepted and left out: it would refuse everybody",
    });
  });

  it("is not seen where a policy does not bind who asks", async () => {
    assert.deepEqual(await tried(() => false), {
      lacks: "a policy that denies something does not keep these credentials from it",
    });
  });
});
