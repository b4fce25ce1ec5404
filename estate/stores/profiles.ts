import type { StoreReference } from "../documents";
import type { Capability } from "./capabilities";
import { OF_THE_BUCKET, type Evidence, type Fact, type Parts, type Profile } from "./profile";

/** The table itself: kinds of stores, and what somebody says of each. One fact is one edit. */

const MIB = 1 << 20;
const fact = (holds: Fact["holds"], evidence: Evidence, note?: string): Fact => ({
  holds,
  evidence,
  ...(note === undefined ? {} : { note }),
});
const documented = (note?: string): Fact => fact(true, "documented", note);
const measured = fact(true, "measured");
const unseen = fact(false, "measured");
const missing = (note?: string): Fact => fact(false, "documented", note);
/** A bucket keeps versions, or locks, if it was made so. */
const ofTheBucket = (evidence: Evidence, ...capabilities: Capability[]): Profile["capabilities"] =>
  Object.fromEntries(capabilities.map((one) => [one, fact(OF_THE_BUCKET, evidence)]));
const VERSIONS_AND_LOCKS = ["versioning", "object-lock", "legal-hold"] as const satisfies Capability[];
const likeAmazon = (evidence: Evidence): Parts => ({
  most: 10_000,
  leastBytes: 5 * MIB,
  mostBytes: 5 * 1024 * MIB,
  equal: false,
  evidence,
});

export const PROFILES: Readonly<Record<StoreReference["profile"], Profile>> = {
  aws: {
    name: "Amazon S3",
    capabilities: {
      "conditional-writes": documented(),
      "conditional-completion": documented(),
      "checksum-sha256": documented(),
      "checksum-sha256-parts": documented(),
      "checksum-full-object": documented(),
      "completion-size": documented(),
      "list-uploads": documented(),
      "list-versions": documented(),
      "default-encryption": documented(),
      "public-access-block": documented(),
      ownership: documented(),
      lifecycle: documented(),
      "bucket-tags": documented(),
      policies: documented(),
      "policy-conditions": documented(),
      ...ofTheBucket("documented", ...VERSIONS_AND_LOCKS),
    },
    addressing: "host",
    parts: likeAmazon("documented"),
    notes: [
      {
        text: "Objects in an archive class (GLACIER, DEEP_ARCHIVE) are restored by hand before they can be verified or fetched.",
        evidence: "documented",
      },
      {
        text: "A lifecycle rule may end incomplete uploads; it must not expire objects or versions earlier than retention and locks want.",
        evidence: "documented",
      },
    ],
  },

  minio: {
    name: "MinIO",
    capabilities: {
      "conditional-writes": documented(),
      "list-uploads": documented("of one object only: a push cannot find uploads of objects that it does not send"),
      "list-versions": documented(),
      "default-encryption": documented("with a key service of its own"),
      lifecycle: documented(),
      "bucket-tags": documented(),
      policies: documented(),
      "policy-conditions": documented(),
      ...ofTheBucket("documented", ...VERSIONS_AND_LOCKS),
    },
    addressing: "path",
    parts: likeAmazon("documented"),
    notes: [
      { text: "The server itself ends uploads that stand still for a day.", evidence: "documented" },
      { text: "Policies are made with `mc admin policy`, without a principal.", evidence: "documented" },
    ],
  },

  ceph: {
    name: "Ceph Object Gateway",
    capabilities: {
      "list-uploads": documented(),
      "list-versions": documented(),
      "public-access-block": documented(),
      lifecycle: documented(),
      "bucket-tags": documented(),
      policies: documented(),
      "policy-conditions": documented(),
      ...ofTheBucket("documented", ...VERSIONS_AND_LOCKS),
    },
    addressing: "path",
    parts: likeAmazon("documented"),
    notes: [
      {
        text: "Some releases were seen to ignore the condition of a write instead of refusing it, and completions learnt it in 2025 only: probe it.",
        evidence: "reported",
      },
      { text: "Principals of policies are written `arn:aws:iam:::user/NAME`.", evidence: "documented" },
    ],
  },

  versitygw: {
    name: "Versity S3 Gateway",
    capabilities: {
      "conditional-writes": measured,
      "conditional-completion": measured,
      "checksum-sha256": measured,
      "checksum-sha256-parts": measured,
      "checksum-full-object": measured,
      "completion-size": measured,
      "list-uploads": measured,
      "list-versions": measured,
      "default-encryption": unseen,
      "public-access-block": unseen,
      ownership: measured,
      lifecycle: unseen,
      "bucket-tags": measured,
      policies: measured,
      "policy-conditions": fact(false, "measured", "it leaves the conditions of a policy out"),
      ...ofTheBucket("measured", ...VERSIONS_AND_LOCKS),
    },
    addressing: "path",
    parts: likeAmazon("measured"),
    notes: [
      {
        text: "It has no lifecycle rules, no default encryption and no public access block; versions need `--versioning-dir`.",
        evidence: "measured",
      },
      { text: "Principals of policies are the names of its accounts.", evidence: "measured" },
    ],
  },

  r2: {
    name: "Cloudflare R2",
    capabilities: {
      "conditional-writes": documented(),
      "checksum-sha256-parts": documented(),
      "checksum-full-object": missing("of the whole it takes a CRC64NVME only"),
      "list-uploads": documented(),
      versioning: missing(),
      "list-versions": missing(),
      "object-lock": missing("it has bucket locks of its own, which are made outside of S3"),
      "default-encryption": missing("it encrypts everything, and cannot be told otherwise"),
      "public-access-block": missing(),
      ownership: missing(),
      lifecycle: documented(),
      "bucket-tags": missing(),
      policies: missing(),
      "policy-conditions": missing(),
      "legal-hold": missing(),
    },
    addressing: "path",
    parts: { ...likeAmazon("documented"), equal: true },
    insteadOfPolicies:
      "Cloudflare R2 knows no policies: make an API token for the bucket, “Object Read & Write” for the pusher and the pruner, “Object Read only” for the others (verify with --no-record).",
    notes: [
      { text: "Its region is `auto`.", evidence: "documented" },
      {
        text: "Without versions and locks, whoever has the pusher's token can overwrite and delete: set a bucket lock on the prefix.",
        evidence: "documented",
      },
    ],
  },

  b2: {
    name: "Backblaze B2",
    capabilities: {
      "conditional-writes": fact(false, "reported", "it answers that a header is not implemented"),
      "list-uploads": documented(),
      versioning: documented("always"),
      "list-versions": documented(),
      "default-encryption": documented(),
      lifecycle: missing("its rules are set outside of S3"),
      policies: missing(),
      "policy-conditions": missing(),
      ...ofTheBucket("documented", "object-lock", "legal-hold"),
    },
    addressing: "path",
    parts: likeAmazon("documented"),
    insteadOfPolicies:
      "Backblaze B2 knows no policies: make an application key for the bucket and the prefix with listAllBucketNames, listBuckets, listFiles and readFiles; " +
      "writeFiles for the pusher, deleteFiles for the pruner; readFileRetentions, writeFileRetentions, readFileLegalHolds and writeFileLegalHolds where sets are locked or held.",
    notes: [
      { text: "A delete by name only hides the object; all versions are paid for.", evidence: "documented" },
      { text: "Lifecycle rules are set outside of S3.", evidence: "documented" },
    ],
  },

  wasabi: {
    name: "Wasabi",
    capabilities: {
      "list-uploads": documented(),
      "list-versions": documented(),
      lifecycle: documented(),
      policies: documented(),
      "policy-conditions": documented(),
      ...ofTheBucket("documented", ...VERSIONS_AND_LOCKS),
    },
    addressing: "path",
    parts: likeAmazon("documented"),
    notes: [
      {
        text: "What is deleted is paid for until it is 90 days old, unless the contract says otherwise: shorter retention saves nothing.",
        evidence: "documented",
      },
    ],
  },

  generic: { name: "any other store", capabilities: {}, addressing: "path", parts: undefined, notes: [] },
};
