import fc from "fast-check";
import { Posture, type PromisedBucket, type PromisedCopy, type PromisedObligation } from "../../estate/documents";

/** Postures with few names and few values, so that two of them often speak of the same. */

const some = <T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.tuple(...keys.map(() => fc.option(value, { nil: undefined }))).map((values) =>
    Object.fromEntries(
      keys.flatMap((key, index) => {
        const one = values[index];
        return one === undefined ? [] : [[key, one]];
      }),
    ),
  );

const maybe = fc.option(fc.constantFrom(60, 1440), { nil: undefined });
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const levels = fc
  .record({ rpoMinutes: maybe, poolLossMinutes: maybe, rtoMinutes: maybe, keepMinutes: maybe })
  .map((one) => present(one) as PromisedObligation["levels"]);
const obligation: fc.Arbitrary<PromisedObligation> = fc
  .tuple(fc.constantFrom("job", "external", "waiver", "nothing"), fc.constantFrom(60, 1440), levels)
  .map(([by, rpoMinutes, promised]) =>
    by === "job" || by === "external" ? { by, rpoMinutes, levels: promised } : { by, levels: promised },
  );
const lock = fc.option(
  fc.record({ mode: fc.constantFrom("governance" as const, "compliance" as const), days: fc.constantFrom(7, 30) }),
);
const span = fc.constantFrom(1440, 10080);
const copy: fc.Arbitrary<PromisedCopy> = fc
  .record({
    location: fc.constantFrom("local", "remote", "offsite"),
    keeps: fc.option(fc.array(fc.record({ everyMinutes: span, forMinutes: span }), { maxLength: 2 })),
    lock,
    legalHold: fc.boolean(),
    place: fc.option(fc.constantFrom("contoso/ (aws, eu)", "fabrikam/ (aws, eu)"), { nil: undefined }),
    carriedEveryMinutes: maybe,
  })
  .map(present);
const waiver = fc.record({
  data: fc.subarray(["dhcp", "dns"] as const, { minLength: 1 }).map((data) => [...data]),
  scopes: fc.oneof(fc.constant("all" as const), fc.subarray(["pool a", "pool b"], { minLength: 1 })),
  until: fc.constantFrom("2026-06-30", "2026-12-31"),
});
const perhaps = <T>(...values: T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const keptBlock = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true };
const READ = { Effect: "Allow" as const, Principal: "*" as const, Action: "s3:GetObject" };
const NO_DELETE = { Effect: "Deny" as const, Principal: "*" as const, Action: "s3:DeleteObject" };
const bucket: fc.Arbitrary<PromisedBucket> = fc
  .record({
    versioning: perhaps("enabled" as const, "suspended" as const),
    objectLock: fc.option(
      lock.map((retention) => (retention ? { retention } : {})),
      { nil: undefined },
    ),
    defaultEncryption: perhaps(
      { by: "sse-s3" as const },
      { by: "sse-kms" as const, key: "one", bucketKey: true },
      { by: "sse-kms" as const, key: "two", bucketKey: true },
    ),
    publicAccessBlock: perhaps(true, false).map((restrictPublicBuckets) =>
      restrictPublicBuckets === undefined ? undefined : { ...keptBlock, restrictPublicBuckets },
    ),
    ownership: perhaps("owner-enforced" as const, "owner-preferred" as const, "object-writer" as const),
    lifecycle: fc.option(
      fc.array(
        fc.record({
          prefix: fc.constantFrom("", "contoso/"),
          expireNoncurrentAfterDays: fc.constantFrom(30, 90),
          transitions: fc.subarray([{ afterDays: 7, tier: "DEEP_ARCHIVE" as const }]),
        }),
        { maxLength: 2 },
      ),
      { nil: undefined },
    ),
    refusePlainHttp: perhaps(true, false),
    refuseUnencryptedPuts: perhaps(true, false),
    policyStatements: fc.option(fc.subarray([READ, NO_DELETE]), { nil: undefined }),
    tags: perhaps({ site: "west" }),
    waived: fc.subarray(["lifecycle", "ownership"] as const).map((waived) => [...waived]),
  })
  .map(present);
const parts = {
  protect: fc.boolean(),
  obligations: some(["cdr database x", "user-data pool a"], obligation),
  jobs: some(["users", "chat"], fc.record({ copies: some(["target vault", "copy north"], copy) })),
  externals: some(["directory"], fc.record({ restoreTestGoodForDays: fc.constantFrom(30, 365) })),
  waivers: some(["later"], waiver),
  buckets: some(["north"], bucket),
};
export const anyPosture: fc.Arbitrary<Posture> = fc
  .record({ ...parts, disabled: fc.subarray(["users", "chat"]) })
  .map((body) => Posture.make({ ...body, disabled: body.disabled.filter((name) => !(name in body.jobs)) }));

type Part = keyof typeof parts;
/** One part becomes another one. */
export const change: fc.Arbitrary<(posture: Posture) => Posture> = fc
  .constantFrom(...(Object.keys(parts) as Part[]))
  .chain((part) =>
    (parts[part] as fc.Arbitrary<unknown>).map((value) => (posture: Posture) => ({ ...posture, [part]: value })),
  );

/** Everything that can get weaker is strong in it. */
const strong: PromisedCopy = {
  location: "offsite",
  keeps: [
    { everyMinutes: 1440, forMinutes: 10080 },
    { everyMinutes: 10080, forMinutes: 80640 },
  ],
  lock: { mode: "compliance", days: 30 },
  legalHold: true,
  place: "contoso/ (aws, eu)",
  carriedEveryMinutes: 60,
};
const strongBucket: PromisedBucket = {
  versioning: "enabled",
  objectLock: { retention: { mode: "compliance", days: 30 } },
  defaultEncryption: { by: "sse-kms", key: "backup", bucketKey: true },
  publicAccessBlock: { ...keptBlock, restrictPublicBuckets: true },
  ownership: "owner-enforced",
  lifecycle: [{ prefix: "", expireNoncurrentAfterDays: 90, transitions: [] }],
  refusePlainHttp: true,
  refuseUnencryptedPuts: true,
  policyStatements: [NO_DELETE],
  waived: [],
};
const protectedBy = (by: "job" | "external"): PromisedObligation => ({
  by,
  rpoMinutes: 1440,
  levels: { rpoMinutes: 1440, poolLossMinutes: 15, rtoMinutes: 240, keepMinutes: 43200 },
});
export const STRONG = Posture.make({
  protect: true,
  obligations: Object.fromEntries(
    ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map((name) => [`user-data pool ${name}`, protectedBy("job")]),
  ),
  jobs: Object.fromEntries(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"].map((name) => [
      name,
      { copies: { "copy north": strong, "target vault": { ...strong, lock: null } } },
    ]),
  ),
  externals: { directory: { restoreTestGoodForDays: 365 }, gateways: { restoreTestGoodForDays: 365 } },
  waivers: {
    longer: { data: ["dhcp"], scopes: "all", until: "2026-06-30" },
    wider: { data: ["dns"], scopes: ["pool a"], until: "2026-06-30" },
  },
  buckets: { gone: strongBucket, kept: strongBucket },
});

/** One way to weaken it. */
export interface Weaker {
  /** Two of the same thing would be one change. */
  of: string;
  id: string;
  make: (posture: Posture) => Posture;
}

type Mutate = (posture: Posture) => void;
const weaker = (of: string, id: string, mutate: Mutate): Weaker => ({
  of,
  id,
  make: (posture) => {
    const after = structuredClone(posture);
    mutate(after);
    return after;
  },
});
const ofObligation = (name: string, kind: string, values: string, patch: object): Weaker => {
  const key = `user-data pool ${name}`;
  return weaker(key, `${kind}:${key}: ${values}`, ({ obligations }) => {
    const was = obligations[key] ?? protectedBy("job");
    const { levels: changed = {}, ...rest } = patch as { levels?: object };
    obligations[key] = present({ ...was, ...rest, levels: present({ ...was.levels, ...changed }) });
  });
};
const ofCopy = (job: string, kind: string, values: string, patch: Partial<PromisedCopy>): Weaker =>
  weaker(`job ${job}`, `${kind}:${job}/copy north: ${values}`, ({ jobs }) => {
    const copies = jobs[job]?.copies;
    if (copies) copies["copy north"] = { ...strong, ...patch };
  });
/** Each property by itself, so that all of one bucket can be weakened at once. */
const ofBucket = (kind: string, values: string, patch: Partial<PromisedBucket>): Weaker =>
  weaker(`bucket ${kind}`, `${kind}:kept: ${values}`, ({ buckets }) => {
    buckets["kept"] = present({ ...(buckets["kept"] ?? strongBucket), ...patch });
  });

export const WEAKER: Readonly<Record<string, Weaker>> = {
  "a longer RPO": ofObligation("a", "rpo", "24 h -> 7 d", { rpoMinutes: 10080 }),
  "an RPO that nobody knows": ofObligation("b", "rpo", "24 h -> none", { rpoMinutes: undefined }),
  "protection by another tool instead of a job": ofObligation("c", "protection", "job -> external", { by: "external" }),
  "protection that became a waiver": ofObligation("d", "protection", "job -> waiver", {
    by: "waiver",
    rpoMinutes: undefined,
  }),
  "protection that is gone": ofObligation("e", "protection", "job -> nothing", {
    by: "nothing",
    rpoMinutes: undefined,
  }),
  "a longer RTO": ofObligation("f", "promised-rto", "4 h -> 8 h", { levels: { rtoMinutes: 480 } }),
  "a longer RPO of a service level": ofObligation("g", "promised-rpo", "24 h -> 7 d", {
    levels: { rpoMinutes: 10080 },
  }),
  "less that is kept by a service level": ofObligation("h", "promised-retention", "30 d -> none", {
    levels: { keepMinutes: undefined },
  }),
  "what left the topology": weaker("i", "topology:user-data pool i: there -> gone", ({ obligations }) => {
    Reflect.deleteProperty(obligations, "user-data pool i");
  }),
  "a job that is disabled": weaker("job one", "job:one: enabled -> disabled", ({ jobs, disabled }) => {
    Reflect.deleteProperty(jobs, "one");
    disabled.push("one");
  }),
  "a job that is gone": weaker("job one", "job:one: enabled -> gone", ({ jobs }) => {
    Reflect.deleteProperty(jobs, "one");
  }),
  "a copy that is dropped": weaker("job two", "copy:two/copy north: kept -> dropped", ({ jobs }) => {
    Reflect.deleteProperty(jobs["two"]?.copies ?? {}, "copy north");
  }),
  "a copy that is nearer": ofCopy("three", "location", "offsite -> remote", { location: "remote" }),
  "shorter retention": ofCopy("four", "retention", "every 7 d for 56 d -> every 24 h for 7 d", {
    keeps: [{ everyMinutes: 1440, forMinutes: 10080 }],
  }),
  "a lock that is gone": ofCopy("five", "lock", "compliance 30 d -> none", { lock: null }),
  "a lock of another mode": ofCopy("six", "lock", "compliance 30 d -> governance 30 d", {
    lock: { mode: "governance", days: 30 },
  }),
  "a shorter lock": ofCopy("five", "lock", "compliance 30 d -> compliance 7 d", {
    lock: { mode: "compliance", days: 7 },
  }),
  "a legal hold that is lifted": ofCopy("seven", "legal-hold", "held -> released", { legalHold: false }),
  "another tool that is gone": weaker("directory", "external:directory: there -> gone", ({ externals }) => {
    Reflect.deleteProperty(externals, "directory");
  }),
  "restore tests that count for longer": weaker(
    "gateways",
    "restore-test:gateways: 365 d -> 730 d",
    ({ externals }) => {
      externals["gateways"] = { restoreTestGoodForDays: 730 };
    },
  ),
  "a new waiver": weaker(
    "new waiver",
    "waiver:later: none -> dhcp in pool a until 2026-12-31",
    ({ waivers }) => (waivers["later"] = { data: ["dhcp"], scopes: ["pool a"], until: "2026-12-31" }),
  ),
  "a waiver that is extended": weaker(
    "waiver longer",
    "waiver:longer: dhcp in all scopes until 2026-06-30 -> dhcp in all scopes until 2026-12-31",
    ({ waivers }) => (waivers["longer"] = { data: ["dhcp"], scopes: "all", until: "2026-12-31" }),
  ),
  "a waiver for more": weaker(
    "waiver wider",
    "waiver:wider: dns in pool a until 2026-06-30 -> dns in all scopes until 2026-06-30",
    ({ waivers }) => (waivers["wider"] = { data: ["dns"], scopes: "all", until: "2026-06-30" }),
  ),
  "a copy that goes to another bucket": ofCopy(
    "eight",
    "place",
    "contoso/ (aws, eu) -> contoso/ (minio, http://localhost:9000)",
    { place: "contoso/ (minio, http://localhost:9000)" },
  ),
  "a courier that comes less often": ofCopy("nine", "carried", "1 h -> 24 h", { carriedEveryMinutes: 1440 }),
  "a courier that somebody must start": weaker("job ten", "carried:ten/copy north: 1 h -> none", ({ jobs }) => {
    Reflect.deleteProperty(jobs["ten"]?.copies["copy north"] ?? {}, "carriedEveryMinutes");
  }),
  "a bucket that is gone": weaker("bucket gone", "bucket:gone: there -> gone", ({ buckets }) => {
    Reflect.deleteProperty(buckets, "gone");
  }),
  "a bucket without versions": ofBucket("bucket-versioning", "enabled -> suspended", { versioning: "suspended" }),
  "a bucket with a looser lock": ofBucket(
    "bucket-object-lock",
    "{retention:{mode:compliance,days:30}} -> {retention:{mode:governance,days:7}}",
    { objectLock: { retention: { mode: "governance", days: 7 } } },
  ),
  "a bucket whose key is the store's": ofBucket(
    "bucket-default-encryption",
    "{by:sse-kms,key:backup,bucketKey:true} -> {by:sse-s3}",
    { defaultEncryption: { by: "sse-s3" } },
  ),
  "a bucket that may become public": ofBucket(
    "bucket-public-access-block",
    "{blockPublicAcls:true,ignorePublicAcls:true,blockPublicPolicy:true,restrictPublicBuckets:true} -> undeclared",
    { publicAccessBlock: undefined },
  ),
  "a bucket whose objects are somebody else's": ofBucket("bucket-ownership", "owner-enforced -> object-writer", {
    ownership: "object-writer",
  }),
  "a bucket whose earlier versions go sooner": ofBucket(
    "bucket-lifecycle",
    "{prefix:,expireNoncurrentAfterDays:90,transitions:[]} -> {prefix:,expireNoncurrentAfterDays:30,transitions:[]}",
    { lifecycle: [{ prefix: "", expireNoncurrentAfterDays: 30, transitions: [] }] },
  ),
  "a bucket that takes plain HTTP": ofBucket("bucket-refuse-plain-http", "true -> false", { refusePlainHttp: false }),
  "a bucket that takes what is not encrypted": ofBucket("bucket-refuse-unencrypted-puts", "true -> undeclared", {
    refuseUnencryptedPuts: undefined,
  }),
  "a bucket whose policy denies nothing any more": ofBucket(
    "bucket-policy-statements",
    "{Effect:Deny,Principal:*,Action:s3:DeleteObject} -> none",
    { policyStatements: [] },
  ),
  "a bucket of which something is waived": ofBucket("bucket-waived", "none -> lifecycle", { waived: ["lifecycle"] }),
};
