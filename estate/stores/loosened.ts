import type { BucketPosture, BucketProperty, BucketWaiver, LifecycleRule, PolicyStatement } from "../documents";
import { canonicalLifecycle, earliestAt } from "./lifecycle";
import { canonicalStatements } from "./statements";

/** What a bucket promises: its posture, and what of it is waived. */
export type BucketPromise = BucketPosture & { waived?: readonly Pick<BucketWaiver, "property">[] | undefined };

/** A change by which a bucket protects less than before. */
export interface Loosening {
  property: BucketProperty | "waived";
  /** For a person: what was promised, and what is left of it. */
  what: string;
}

/** From these nothing is read before somebody has restored it. */
const ARCHIVES: readonly string[] = ["GLACIER", "DEEP_ARCHIVE"];

/**
 * Every safety regression between two declarations of one bucket. What is declared no longer counts as given up, because
 * nobody looks after it any more; what was not declared before promised nothing.
 */
export function loosened(before: BucketPromise, after: BucketPromise): Loosening[] {
  const waivedBefore = new Set((before.waived ?? []).map(({ property }) => property));
  const waived = (after.waived ?? []).filter(({ property }) => !waivedBefore.has(property));
  return [
    ...LOOKS.flatMap(([property, look]) => look(before, after).map((what) => ({ property, what }))),
    ...waived.map(({ property }) => ({ property: "waived" as const, what: `${property} is waived` })),
  ];
}

type Look = (before: BucketPosture, after: BucketPosture) => string[];

const GIVEN_UP = "is not looked after any more";

const LOOKS: readonly (readonly [BucketProperty, Look])[] = [
  [
    "versioning",
    ({ versioning: was }, { versioning: is }) => {
      if (is === "suspended" && was !== "suspended") return ["what is overwritten or deleted is lost from now on"];
      return was === "enabled" && is === undefined ? [`versioning ${GIVEN_UP}`] : [];
    },
  ],
  ["objectLock", ({ objectLock: was }, { objectLock: is }) => (was ? lockLoosened(was, is) : [])],
  [
    "defaultEncryption",
    ({ defaultEncryption: was }, { defaultEncryption: is }) => {
      if (was && !is) return [`encryption ${GIVEN_UP}`];
      return was?.by === "sse-kms" && is?.by === "sse-s3" ? ["the key is the store's and no longer yours"] : [];
    },
  ],
  [
    "publicAccessBlock",
    ({ publicAccessBlock: was }, { publicAccessBlock: is }) => {
      if (!was) return [];
      const sides = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;
      return sides.filter((side) => was[side] && is?.[side] !== true).map((side) => `${side} is off`);
    },
  ],
  [
    "ownership",
    ({ ownership: was }, { ownership: is }) => {
      const strength = ["object-writer", "owner-preferred", "owner-enforced"];
      if (was === undefined || (is !== undefined && strength.indexOf(is) >= strength.indexOf(was))) return [];
      return was === "object-writer" ? [] : [`${was} becomes ${is ?? "nobody's business"}`];
    },
  ],
  ["lifecycle", ({ lifecycle: was }, { lifecycle: is }) => lifecycleLoosened(was, is)],
  [
    "refusePlainHttp",
    ({ refusePlainHttp: was }, { refusePlainHttp: is }) =>
      was === true && is !== true ? ["requests without TLS are not refused any more"] : [],
  ],
  [
    "refuseUnencryptedPuts",
    ({ refuseUnencryptedPuts: was }, { refuseUnencryptedPuts: is }) =>
      was === true && is !== true ? ["puts that ask for no encryption are not refused any more"] : [],
  ],
  ["policyStatements", ({ policyStatements: was }, { policyStatements: is }) => policyLoosened(was, is)],
];

type Lock = NonNullable<BucketPosture["objectLock"]>;

function lockLoosened({ retention: was }: Lock, after: Lock | undefined): string[] {
  if (!after) return [`Object Lock ${GIVEN_UP}`];
  if (!was) return [];
  const is = after.retention;
  if (!is) return ["objects without a lock of their own are not locked any more"];
  return [
    ...(was.mode === "compliance" && is.mode === "governance"
      ? ["some may remove a lock: compliance was promised"]
      : []),
    ...(is.days < was.days ? [`objects are locked for ${String(is.days)} days instead of ${String(was.days)}`] : []),
  ];
}

function lifecycleLoosened(before: readonly LifecycleRule[] | undefined, after: typeof before): string[] {
  if (!after) return before ? [`what expires ${GIVEN_UP}`] : [];
  const [was, is] = [canonicalLifecycle(before ?? []), canonicalLifecycle(after)];
  // Between two prefixes nothing changes: each says something of all keys below it.
  const prefixes = [...new Set([...was, ...is].map(({ prefix }) => prefix))].sort();
  return prefixes.flatMap((prefix) => {
    const where = prefix === "" ? "" : ` below ${prefix}`;
    const sooner = (what: (rule: LifecycleRule) => number | undefined): number | undefined => {
      const [old, now] = [earliestAt(was, prefix, what), earliestAt(is, prefix, what)];
      return now !== undefined && now < (old ?? Infinity) ? now : undefined;
    };
    const expires = sooner((rule) => rule.expireNoncurrentAfterDays);
    const archived = sooner(({ transitions }) => firstOf(transitions.filter(({ tier }) => ARCHIVES.includes(tier))));
    return [
      ...(expires === undefined ? [] : [`earlier versions${where} go after ${String(expires)} days`]),
      ...(archived === undefined
        ? []
        : [`objects${where} lie in an archive after ${String(archived)} days, and cannot be read at once`]),
    ];
  });
}

const firstOf = (transitions: LifecycleRule["transitions"]): number | undefined =>
  transitions.length === 0 ? undefined : Math.min(...transitions.map(({ afterDays }) => afterDays));

function policyLoosened(before: readonly PolicyStatement[] | undefined, after: typeof before): string[] {
  if (!after) return before ? [`the policy ${GIVEN_UP}`] : [];
  const [was, is] = [before ?? [], after].map(
    (all) => new Map(canonicalStatements(all).map((one) => [textOf(one), one])),
  );
  const named = ({ Sid, ...rest }: PolicyStatement): string => Sid ?? JSON.stringify(rest);
  const granted = [...(is ?? [])].flatMap(([text, one]) =>
    one.Effect === "Allow" && was?.has(text) !== true ? [`${named(one)} allows what was not allowed`] : [],
  );
  const freed = [...(was ?? [])].flatMap(([text, one]) =>
    one.Effect === "Deny" && is?.has(text) !== true ? [`${named(one)} denies nothing any more`] : [],
  );
  return [...granted, ...freed];
}

/** What a statement is called changes nothing. */
const textOf = ({ Sid: _name, ...meaning }: PolicyStatement): string => JSON.stringify(meaning);
