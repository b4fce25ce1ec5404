import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  BUCKET_PROPERTY_NAMES,
  BucketPosture,
  STORAGE_TIERS,
  type LifecycleRule,
  type PolicyStatement,
} from "../../estate/documents";
import { canonicalLifecycle } from "../../estate/stores/lifecycle";
import { loosened, type BucketPromise, type Loosening } from "../../estate/stores/loosened";
import { asksFor, canonicalPosture } from "../../estate/stores/posture";
import { canonicalStatements } from "../../estate/stores/statements";

const days = fc.integer({ min: 1, max: 1000 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const PREFIXES = ["", "a/", "a/b/", "c/"];

const rule: fc.Arbitrary<LifecycleRule> = fc
  .record({
    prefix: fc.constantFrom(...PREFIXES),
    abortIncompleteUploadsAfterDays: optional(days),
    expireNoncurrentAfterDays: optional(days),
    transitions: fc.array(fc.record({ afterDays: days, tier: fc.constantFrom(...STORAGE_TIERS) }), { maxLength: 2 }),
  })
  .map((one) => without(one))
  .filter((one) => Object.keys(one).length > 2 || one.transitions.length > 0);

const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  Effect: fc.constantFrom("Allow" as const, "Deny" as const),
  Principal: fc.constantFrom("*" as const, { AWS: "courier" }, { AWS: ["pruner", "courier"] }),
  Action: fc.subarray(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], { minLength: 1 }),
  Resource: fc.constantFrom("arn:aws:s3:::b/*", "arn:aws:s3:::b"),
});

const posture: fc.Arbitrary<BucketPosture> = fc
  .record({
    versioning: optional(fc.constantFrom("enabled" as const, "suspended" as const)),
    objectLock: optional(
      fc
        .record({
          retention: optional(fc.record({ mode: fc.constantFrom("governance" as const, "compliance" as const), days })),
        })
        .map((one) => without(one)),
    ),
    defaultEncryption: optional(
      fc.oneof(
        fc.constant({ by: "sse-s3" as const }),
        fc.record({ by: fc.constant("sse-kms" as const), key: fc.string({ minLength: 1 }), bucketKey: fc.boolean() }),
      ),
    ),
    publicAccessBlock: optional(
      fc.record({
        blockPublicAcls: fc.boolean(),
        ignorePublicAcls: fc.boolean(),
        blockPublicPolicy: fc.boolean(),
        restrictPublicBuckets: fc.boolean(),
      }),
    ),
    ownership: optional(
      fc.constantFrom("owner-enforced" as const, "owner-preferred" as const, "object-writer" as const),
    ),
    lifecycle: optional(fc.array(rule, { maxLength: 4 })),
    refusePlainHttp: optional(fc.boolean()),
    refuseUnencryptedPuts: optional(fc.boolean()),
    policyStatements: optional(fc.array(statement, { maxLength: 4 })),
    tags: optional(fc.dictionary(fc.constantFrom("service", "site"), fc.string({ maxLength: 5 }))),
  })
  .map((one) => without(one));

/** As documents have it: what is not there has no key. */
const without = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

type Step = (from: BucketPosture) => BucketPosture | undefined;

/** Undefined where there is nothing to loosen. */
const LOOSER: readonly (readonly [Loosening["property"], Step])[] = [
  ["versioning", (from) => (from.versioning === "suspended" ? undefined : { ...from, versioning: "suspended" })],
  ["versioning", (from) => (from.versioning === "enabled" ? drop(from, "versioning") : undefined)],
  ["objectLock", (from) => from.objectLock && drop(from, "objectLock")],
  ["objectLock", (from) => from.objectLock?.retention && { ...from, objectLock: {} }],
  [
    "objectLock",
    ({ objectLock, ...rest }) =>
      objectLock?.retention && objectLock.retention.days > 1
        ? { ...rest, objectLock: { retention: { mode: "compliance", days: objectLock.retention.days - 1 } } }
        : undefined,
  ],
  [
    "objectLock",
    ({ objectLock, ...rest }) =>
      objectLock?.retention?.mode === "compliance"
        ? { ...rest, objectLock: { retention: { mode: "governance", days: objectLock.retention.days + 1 } } }
        : undefined,
  ],
  ["defaultEncryption", (from) => from.defaultEncryption && drop(from, "defaultEncryption")],
  [
    "defaultEncryption",
    (from) => (from.defaultEncryption?.by === "sse-kms" ? { ...from, defaultEncryption: { by: "sse-s3" } } : undefined),
  ],
  [
    "publicAccessBlock",
    ({ publicAccessBlock, ...rest }) =>
      publicAccessBlock?.blockPublicPolicy === true
        ? { ...rest, publicAccessBlock: { ...publicAccessBlock, blockPublicPolicy: false } }
        : undefined,
  ],
  ["publicAccessBlock", (from) => (asksFor(from, "publicAccessBlock") ? drop(from, "publicAccessBlock") : undefined)],
  [
    "ownership",
    (from) => (from.ownership === "owner-enforced" ? { ...from, ownership: "owner-preferred" } : undefined),
  ],
  ["ownership", (from) => (from.ownership === "owner-preferred" ? drop(from, "ownership") : undefined)],
  ["lifecycle", (from) => from.lifecycle && drop(from, "lifecycle")],
  [
    "lifecycle",
    (from) => ({
      ...from,
      lifecycle: [...(from.lifecycle ?? []), { prefix: "new/", expireNoncurrentAfterDays: 0, transitions: [] }],
    }),
  ],
  [
    "lifecycle",
    (from) => ({
      ...from,
      lifecycle: [
        ...(from.lifecycle ?? []),
        { prefix: "a/new/", transitions: [{ afterDays: 0, tier: "DEEP_ARCHIVE" as const }] },
      ],
    }),
  ],
  ["refusePlainHttp", (from) => (from.refusePlainHttp === true ? { ...from, refusePlainHttp: false } : undefined)],
  ["refusePlainHttp", (from) => (from.refusePlainHttp === true ? drop(from, "refusePlainHttp") : undefined)],
  [
    "refuseUnencryptedPuts",
    (from) => (from.refuseUnencryptedPuts === true ? { ...from, refuseUnencryptedPuts: false } : undefined),
  ],
  ["policyStatements", (from) => from.policyStatements && drop(from, "policyStatements")],
  [
    "policyStatements",
    (from) => ({
      ...from,
      policyStatements: [...(from.policyStatements ?? []), { Effect: "Allow", Principal: "*", Action: "s3:*" }],
    }),
  ],
  [
    "policyStatements",
    (from) => {
      const { policyStatements = [] } = from;
      const denied = policyStatements.find(({ Effect }) => Effect === "Deny");
      const text = JSON.stringify(denied && canonicalStatements([denied]));
      return (
        denied && {
          ...from,
          policyStatements: policyStatements.filter((one) => JSON.stringify(canonicalStatements([one])) !== text),
        }
      );
    },
  ],
  ["waived", (from) => ({ ...from, waived: [{ property: "tags" }] }) as BucketPromise],
];

const TIGHTER: readonly Step[] = [
  (from) => ({ ...from, versioning: "enabled" }),
  ({ objectLock, ...rest }) => ({
    ...rest,
    objectLock: { retention: { mode: "compliance", days: (objectLock?.retention?.days ?? 0) + 1 } },
  }),
  (from) => (from.defaultEncryption?.by === "sse-kms" ? from : { ...from, defaultEncryption: { by: "sse-s3" } }),
  (from) => ({ ...from, defaultEncryption: { by: "sse-kms", key: "other", bucketKey: false } }),
  (from) => ({
    ...from,
    publicAccessBlock: {
      ...{ blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true },
    },
  }),
  (from) => ({ ...from, ownership: "owner-enforced" }),
  (from) =>
    from.lifecycle && {
      ...from,
      lifecycle: from.lifecycle.map((one) =>
        one.expireNoncurrentAfterDays === undefined
          ? one
          : { ...one, expireNoncurrentAfterDays: one.expireNoncurrentAfterDays + 1 },
      ),
    },
  (from) => from.lifecycle && { ...from, lifecycle: [] },
  (from) => ({
    ...from,
    lifecycle: [
      ...(from.lifecycle ?? []),
      { prefix: "", abortIncompleteUploadsAfterDays: 1, transitions: [{ afterDays: 0, tier: "STANDARD_IA" as const }] },
    ],
  }),
  (from) => ({ ...from, refusePlainHttp: true, refuseUnencryptedPuts: true }),
  (from) => ({
    ...from,
    policyStatements: [...(from.policyStatements ?? []), { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject" }],
  }),
  (from) =>
    from.policyStatements && {
      ...from,
      policyStatements: from.policyStatements.filter(({ Effect }) => Effect === "Deny"),
    },
  (from) => ({ ...from, tags: {} }),
  (from) => (from.versioning === "suspended" ? drop(from, "versioning") : undefined),
];

const same = (one: object, other: object, key: string): boolean =>
  JSON.stringify((one as Record<string, unknown>)[key]) === JSON.stringify((other as Record<string, unknown>)[key]);

const drop = (from: BucketPosture, key: keyof BucketPosture): BucketPosture => {
  const { [key]: _gone, ...rest } = from;
  return rest;
};

describe("A bucket that protects less than before", () => {
  it("is found for every way to loosen it, whatever is tightened beside that", () => {
    fc.assert(
      fc.property(
        posture,
        fc.constantFrom(...LOOSER),
        fc.array(fc.constantFrom(...TIGHTER)),
        (from, [name, looser], more) => {
          const loose = looser(from);
          fc.pre(loose !== undefined);
          // What another step does to the very same property could undo it.
          const to = more.reduce((now, step) => {
            const next = step(now) ?? now;
            return name in next && !same(next, now, name) ? now : next;
          }, loose);
          const names = loosened(from, to).map(({ property }) => property);
          assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
        },
      ),
    );
  });

  it("is never found in a bucket that protects more, or the same", () => {
    fc.assert(
      fc.property(posture, fc.array(fc.constantFrom(...TIGHTER)), (from, steps) => {
        const to = steps.reduce((now, step) => step(now) ?? now, from);
        assert.deepEqual(loosened(from, to), []);
        assert.deepEqual(loosened(from, canonicalPosture(from)), []);
      }),
    );
  });

  it("is found for a key exactly when earlier versions of it go sooner", () => {
    const of = (rules: readonly LifecycleRule[], key: string): number =>
      Math.min(
        ...rules.map((one) => (key.startsWith(one.prefix) ? (one.expireNoncurrentAfterDays ?? Infinity) : Infinity)),
      );
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), (before, after) => {
        const plain = [before, after].map((rules) => rules.map((one) => ({ ...one, transitions: [] })));
        const [was = [], is = []] = plain;
        const sooner = [...PREFIXES, "a/x", "a/b/x", "c/x", "x"].some((key) => of(is, key) < of(was, key));
        assert.equal(loosened({ lifecycle: was }, { lifecycle: is }).length > 0, sooner);
      }),
    );
  });

  it("names what was promised in words", () => {
    const before: BucketPromise = {
      versioning: "enabled",
      objectLock: { retention: { mode: "compliance", days: 90 } },
      lifecycle: [{ prefix: "", expireNoncurrentAfterDays: 60, transitions: [] }],
      refusePlainHttp: true,
    };
    const after: BucketPromise = {
      versioning: "enabled",
      objectLock: { retention: { mode: "governance", days: 30 } },
      lifecycle: [{ prefix: "", expireNoncurrentAfterDays: 30, transitions: [] }],
      policyStatements: [{ Sid: "Everybody", Effect: "Allow", Principal: "*", Action: "s3:GetObject" }],
    };
    assert.deepEqual(loosened(before, after), [
      { property: "objectLock", what: "some may remove a lock: compliance was promised" },
      { property: "objectLock", what: "objects are locked for 30 days instead of 90" },
      { property: "lifecycle", what: "earlier versions go after 30 days" },
      { property: "refusePlainHttp", what: "requests without TLS are not refused any more" },
      { property: "policyStatements", what: "Everybody allows what was not allowed" },
    ]);
  });
});

describe("A declared bucket has one form", () => {
  it("whatever the order in which its rules and statements are written down", () => {
    fc.assert(
      fc.property(
        posture.chain((one) =>
          fc.tuple(
            fc.constant(one),
            fc.shuffledSubarray(one.lifecycle ?? [], { minLength: one.lifecycle?.length ?? 0 }),
            fc.shuffledSubarray(one.policyStatements ?? [], { minLength: one.policyStatements?.length ?? 0 }),
          ),
        ),
        ([one, rules, statements]) => {
          const shuffled = {
            ...one,
            ...(one.lifecycle ? { lifecycle: rules } : {}),
            ...(one.policyStatements ? { policyStatements: statements } : {}),
          };
          const canonical = canonicalPosture(one);
          assert.deepEqual(canonicalPosture(shuffled), canonical);
          assert.deepEqual(canonicalPosture(canonical), canonical);
          assert.deepEqual(BucketPosture.parse(canonical), canonical);
        },
      ),
    );
  });

  it("in which a list of one is its member, and an account has one name", () => {
    const one: PolicyStatement = {
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
      Action: ["s3:GetObject"],
      Condition: { Bool: { "aws:SecureTransport": [true] } },
    };
    const other: PolicyStatement = {
      Sid: "",
      Effect: "Allow",
      Principal: { AWS: "123456789012" },
      Action: "s3:GetObject",
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    };
    assert.deepEqual(canonicalStatements([one, other]), canonicalStatements([other]));
    assert.deepEqual(canonicalStatements([{ ...one, Principal: { AWS: ["*"] } }])[0]?.Principal, "*");
  });

  it("in which the earliest day counts where two rules speak of the same keys", () => {
    const rules: LifecycleRule[] = [
      { prefix: "a/", expireNoncurrentAfterDays: 30, transitions: [{ afterDays: 9, tier: "GLACIER" }] },
      { prefix: "a/", expireNoncurrentAfterDays: 10, transitions: [{ afterDays: 12, tier: "GLACIER" }] },
    ];
    assert.deepEqual(canonicalLifecycle(rules), [
      { prefix: "a/", expireNoncurrentAfterDays: 10, transitions: [{ afterDays: 9, tier: "GLACIER" }] },
    ]);
  });

  it("and asks nothing of a store where it wants nothing to be there", () => {
    for (const property of BUCKET_PROPERTY_NAMES) assert.equal(asksFor({}, property), false);
    const nothing: BucketPosture = {
      versioning: "suspended",
      lifecycle: [],
      policyStatements: [],
      tags: {},
      refusePlainHttp: false,
    };
    for (const property of BUCKET_PROPERTY_NAMES) assert.equal(asksFor(nothing, property), false);
  });
});
