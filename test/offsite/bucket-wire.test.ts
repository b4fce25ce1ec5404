import assert from "node:assert/strict";
import type { LifecycleRule as StoredRule } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { describe, it } from "mocha";
import { STORAGE_TIERS, type LifecycleRule, type PolicyStatement } from "../../estate/documents";
import { canonicalLifecycle } from "../../estate/stores/lifecycle";
import { canonicalStatements } from "../../estate/stores/statements";
import { rulesFound, storedRule } from "../../offsite/bucket/lifecycle";
import { markTags, parseTags } from "../../offsite/bucket/mark";
import { meaningOf, refusalOf, statementsFor } from "../../offsite/bucket/policy";

const STORE = { profile: "aws", region: "eu-central-1", bucket: "backups", prefix: "", capabilities: {} } as const;

const days = fc.integer({ min: 1, max: 400 });
const rule: fc.Arbitrary<LifecycleRule> = fc
  .record({
    prefix: fc.constantFrom("", "a/", "b/"),
    abortIncompleteUploadsAfterDays: fc.option(days),
    expireNoncurrentAfterDays: fc.option(days),
    transitions: fc.uniqueArray(fc.record({ afterDays: days, tier: fc.constantFrom(...STORAGE_TIERS) }), {
      maxLength: 2,
      selector: ({ tier }) => tier,
    }),
  })
  .map(
    (one) =>
      JSON.parse(JSON.stringify(one, (_key, value: unknown) => (value === null ? undefined : value))) as LifecycleRule,
  );

/** As a store, or another tool, may write the same rule. */
const otherwise = (stored: StoredRule): fc.Arbitrary<StoredRule[]> => {
  const { Filter, ...rest } = stored;
  const Prefix = Filter?.Prefix ?? "";
  const { AbortIncompleteMultipartUpload: aborts, ...others } = rest;
  const alike: StoredRule[][] = [
    [{ ...rest, Filter: { Prefix } }],
    [{ ...rest, ID: "renamed", Filter: { Prefix, Tag: undefined } }],
    [{ ...rest, Prefix }],
    ...(Prefix === "" ? [[{ ...rest, Filter: {} }]] : []),
    [
      { ...others, Filter },
      ...(aborts ? [{ ID: "apart", Status: "Enabled" as const, Filter, AbortIncompleteMultipartUpload: aborts }] : []),
      { ID: "off", Status: "Disabled", Filter, Expiration: { Days: 1 } },
    ],
  ];
  return fc.constantFrom(...alike);
};

const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  Effect: fc.constantFrom("Allow" as const, "Deny" as const),
  Principal: fc.constantFrom({ AWS: "courier" }, { AWS: ["123456789012"] }),
  Action: fc.subarray(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], { minLength: 1 }),
  Resource: fc.constantFrom("arn:aws:s3:::backups/*", ["arn:aws:s3:::backups"]),
});

describe("What a store tells of a bucket", () => {
  it("is no drift where it has the same rules in another order and another form", () => {
    const told = fc
      .array(rule)
      .chain((rules) =>
        fc
          .tuple(...canonicalLifecycle(rules).map((one, index) => otherwise(storedRule(one, index))))
          .chain((stored) =>
            fc.tuple(fc.constant(rules), fc.shuffledSubarray(stored.flat(), { minLength: stored.flat().length })),
          ),
      );
    fc.assert(
      fc.property(told, ([rules, stored]) => {
        // A rule that says nothing is none to a store either.
        const declared = canonicalLifecycle(rules);
        assert.deepEqual(rulesFound(stored), declared);
      }),
    );
  });

  it("shows what a rule does that no declaration says", () => {
    for (const odd of [
      { Expiration: { Days: 7 } },
      { NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: "GLACIER" as const }] },
      { NoncurrentVersionExpiration: { NoncurrentDays: 9, NewerNoncurrentVersions: 1 } },
      { Transitions: [{ Days: 1, StorageClass: "OUTPOSTS" as never }] },
    ]) {
      const [found] = rulesFound([{ ID: "x", Status: "Enabled", Filter: { Prefix: "" }, ...odd }]);
      assert.match(JSON.stringify(found), /besides/);
    }
    const narrow = { ID: "x", Status: "Enabled", Filter: { Prefix: "", ObjectSizeGreaterThan: 5 } } as const;
    assert.match(JSON.stringify(rulesFound([narrow])), /ObjectSizeGreaterThan/);
  });

  it("means of a policy what was declared, and of what was not declared nothing is changed", () => {
    const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const wanted = fc.record({
      refusePlainHttp: optional(fc.boolean()),
      refuseUnencryptedPuts: optional(fc.boolean()),
      policyStatements: optional(fc.array(statement, { maxLength: 3 })),
    });
    fc.assert(
      fc.property(
        wanted,
        fc.array(statement),
        fc.subarray(["refusePlainHttp", "refuseUnencryptedPuts"] as const),
        (want, others, had) => {
          const before = [...others, ...had.map((one) => refusalOf(STORE, one))];
          const after = meaningOf(STORE, canonicalStatements(statementsFor(STORE, before, want)));
          const was = meaningOf(STORE, before);
          assert.equal(after.refusePlainHttp, want.refusePlainHttp ?? was.refusePlainHttp);
          assert.equal(after.refuseUnencryptedPuts, want.refuseUnencryptedPuts ?? was.refuseUnencryptedPuts);
          assert.deepEqual(after.policyStatements, canonicalStatements(want.policyStatements ?? was.policyStatements));
        },
      ),
    );
  });

  it("shows a refusal that somebody has weakened as gone, and as a statement of nobody's", () => {
    const weak = { ...refusalOf(STORE, "refusePlainHttp"), Action: "s3:GetObject" };
    const { refusePlainHttp, policyStatements } = meaningOf(STORE, [weak]);
    assert.deepEqual([refusePlainHttp, policyStatements.length], [false, 1]);
    assert.deepEqual(
      statementsFor(STORE, [weak], { refusePlainHttp: true }),
      canonicalStatements([refusalOf(STORE, "refusePlainHttp")]),
    );
  });

  it("says whose it is, whatever the name, beside all other tags", () => {
    const text = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" });
    fc.assert(
      fc.property(fc.record({ project: text, stack: text, name: text }), fc.dictionary(text, text), (owner, others) => {
        const tags = markTags(owner);
        for (const value of Object.values(tags)) assert.match(value, /^[\p{L}\p{N} +\-=._:/@]*$/u);
        assert.deepEqual(parseTags({ ...others, ...tags }), { owner: { ...owner }, others: { ...others } });
      }),
    );
    assert.equal(parseTags({ "lync-backup:project": "half a mark" }).owner, null);
  });
});
