import type { BucketProperty } from "../../estate/documents";
import { MARK_OBJECT, PROBE_FOLDER } from "../bucket/keys";

/** What one asks of a store who declares a bucket, request by request. */
export interface BucketGrant {
  action: string;
  on: "bucket" | keyof typeof OWN_KEYS;
  why: string;
  /** Needed by nobody who declares none of these. */
  only?: readonly BucketProperty[];
  /** Needed in some stores only. */
  where?: string;
}

export const OWN_KEYS = { mark: MARK_OBJECT, probe: `${PROBE_FOLDER}/*` } as const;

const REFUSALS = ["refusePlainHttp", "refuseUnencryptedPuts"] as const;
const LOCK = ["objectLock", "versioning"] as const;
const POLICY = [...REFUSALS, "policyStatements"] as const;

const UNTOLD = "where nobody knows what a store makes of conditions";
const TAGLESS = "where a store has no tags";

/** Reads and writes of one setting. */
const setting = (name: string, property: BucketProperty): BucketGrant[] => [
  { action: `Get${name}`, on: "bucket", only: [property], why: "reads it back" },
  { action: `Put${name}`, on: "bucket", only: [property], why: "sets it" },
];

export const BUCKET_GRANTS: readonly BucketGrant[] = [
  { action: "CreateBucket", on: "bucket", why: "makes it; not needed once it is there" },
  { action: "ListBucket", on: "bucket", why: "whether it is there, and empty" },
  { action: "ListBucketVersions", on: "bucket", why: "whether it is empty" },
  { action: "ListBucketMultipartUploads", on: "bucket", why: "whether it is empty" },
  { action: "DeleteBucket", on: "bucket", why: "removes it when it is empty; not needed as long as it is protected" },
  { action: "GetBucketTagging", on: "bucket", why: "whose it is, and its tags" },
  { action: "PutBucketTagging", on: "bucket", why: "marks it as ours, and sets its tags" },
  ...setting("BucketVersioning", "versioning"),
  { action: "GetBucketObjectLockConfiguration", on: "bucket", only: LOCK, why: "reads it back" },
  { action: "PutBucketObjectLockConfiguration", on: "bucket", only: ["objectLock"], why: "sets it" },
  ...setting("EncryptionConfiguration", "defaultEncryption"),
  ...setting("BucketPublicAccessBlock", "publicAccessBlock"),
  ...setting("BucketOwnershipControls", "ownership"),
  ...setting("LifecycleConfiguration", "lifecycle"),
  { action: "GetBucketPolicy", on: "bucket", only: POLICY, why: "reads it back" },
  { action: "PutBucketPolicy", on: "bucket", only: POLICY, why: "sets it" },
  { action: "DeleteBucketPolicy", on: "bucket", only: POLICY, why: "takes away the last statement" },
  { action: "GetObject", on: "probe", only: REFUSALS, where: UNTOLD, why: "tries what a policy refuses" },
  { action: "GetObject", on: "mark", where: TAGLESS, why: "whose the bucket is" },
  { action: "PutObject", on: "mark", where: TAGLESS, why: "marks it as ours" },
  { action: "DeleteObjectVersion", on: "mark", where: TAGLESS, why: "takes the mark away with an empty bucket" },
];
