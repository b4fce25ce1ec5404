import { bucketLayout } from "../../estate/documents";
import { can } from "../../estate/stores/known";
import type { StoreReference } from "../../estate/documents";

/** What each part asks of a store, request by request: the one table that policies and their page are made of. */

/** Who works on a bucket, each with credentials of its own. */
export const ROLES = ["pusher", "verifier", "fetcher", "pruner"] as const;
export type Role = (typeof ROLES)[number];

export const DUTIES: Readonly<Record<Role, string>> = {
  pusher: "`push`: brings sets, and changes and deletes nothing",
  verifier: "`verify` and `list`: reads everything, and leaves reports",
  fetcher: "`fetch` and `list`: reads",
  pruner: "`prune`: deletes what is not wanted any more",
};

/** Where objects lie, as a policy says it: a star stands for anything. */
export const PLACES = {
  readme: bucketLayout.readme,
  series: `${bucketLayout.allSeries}*`,
  data: bucketLayout.data("*", "*", 0).replace(/\.0$/, ""),
  packs: bucketLayout.pack("*", "*", 0).replace(".0.zip", ""),
  sets: `${bucketLayout.sets("*")}*`,
  side: `${bucketLayout.side("*")}*`,
  marks: `${bucketLayout.marks("*")}*`,
} as const;
export type Place = keyof typeof PLACES;

/** Grants that only some need. */
export interface Usage {
  /** The bucket lists versions; without them, what is deleted is the object itself. */
  versions: boolean;
  /** Sets are pushed with a lock. */
  lock: boolean;
  /** Sets are pushed with a legal hold. */
  legalHold: boolean;
}

export interface Grant {
  role: Role;
  action: string;
  /** Objects in these places, or the bucket itself. */
  on: readonly Place[] | "bucket";
  why: string;
  /** Needed by nobody else. */
  only?: Only;
}

export type Only = "versions" | "no versions" | "lock" | "legal hold";

const HOLDS: Readonly<Record<Only, (usage: Usage) => boolean>> = {
  versions: ({ versions }) => versions,
  "no versions": ({ versions }) => !versions,
  lock: ({ lock }) => lock,
  "legal hold": ({ legalHold }) => legalHold,
};

const CONTENT = ["data", "packs"] as const satisfies readonly Place[];

export const GRANTS: readonly Grant[] = [
  { role: "pusher", action: "ListBucket", on: "bucket", why: "what is there already" },
  { role: "pusher", action: "ListBucketVersions", on: "bucket", why: "what somebody has hidden", only: "versions" },
  { role: "pusher", action: "ListBucketMultipartUploads", on: "bucket", why: "uploads to go on with, or to end" },
  { role: "pusher", action: "GetObject", on: ["series"], why: "reads back what it has sent" },
  { role: "pusher", action: "PutObject", on: ["readme", "sets", ...CONTENT], why: "sends" },
  { role: "pusher", action: "ListMultipartUploadParts", on: ["data"], why: "sends no part twice" },
  { role: "pusher", action: "AbortMultipartUpload", on: ["data"], why: "sweeps uploads that nobody completes" },
  {
    role: "pusher",
    action: "GetObjectRetention",
    on: ["series"],
    only: "lock",
    why: "how long what it shares is locked",
  },
  {
    role: "pusher",
    action: "PutObjectRetention",
    on: ["sets", ...CONTENT],
    only: "lock",
    why: "locks, and lengthens locks of what it shares",
  },
  { role: "pusher", action: "GetObjectLegalHold", on: ["series"], why: "what is held", only: "legal hold" },
  { role: "pusher", action: "PutObjectLegalHold", on: ["sets", ...CONTENT], why: "holds", only: "legal hold" },

  { role: "verifier", action: "ListBucket", on: "bucket", why: "what is there" },
  { role: "verifier", action: "ListBucketVersions", on: "bucket", why: "what was changed or hidden", only: "versions" },
  { role: "verifier", action: "GetObject", on: ["series"], why: "reads" },
  {
    role: "verifier",
    action: "GetObjectVersion",
    on: ["series"],
    why: "whether an earlier version is right",
    only: "versions",
  },
  { role: "verifier", action: "PutObject", on: ["side"], why: "reports" },

  { role: "fetcher", action: "ListBucket", on: "bucket", why: "what is there" },
  { role: "fetcher", action: "ListBucketVersions", on: "bucket", why: "versions below a deletion", only: "versions" },
  { role: "fetcher", action: "GetObject", on: ["series"], why: "reads" },
  {
    role: "fetcher",
    action: "GetObjectVersion",
    on: ["series"],
    why: "reads what was published first",
    only: "versions",
  },

  { role: "pruner", action: "ListBucket", on: "bucket", why: "what is there" },
  { role: "pruner", action: "ListBucketVersions", on: "bucket", why: "all that lies under a key", only: "versions" },
  { role: "pruner", action: "GetObject", on: ["series"], why: "what sets need, and whether it has changed" },
  { role: "pruner", action: "GetObjectVersion", on: ["series"], why: "what earlier versions need", only: "versions" },
  { role: "pruner", action: "GetObjectRetention", on: ["series"], why: "locks", only: "lock" },
  { role: "pruner", action: "GetObjectLegalHold", on: ["series"], why: "holds", only: "legal hold" },
  { role: "pruner", action: "PutObject", on: ["marks"], why: "marks what is to go" },
  {
    role: "pruner",
    action: "DeleteObjectVersion",
    on: ["series"],
    why: "deletes, version by version",
    only: "versions",
  },
  { role: "pruner", action: "DeleteObject", on: ["series"], why: "deletes", only: "no versions" },
];

export const grantsOf = (role: Role, usage: Usage): Grant[] =>
  GRANTS.filter((grant) => grant.role === role && (grant.only === undefined || HOLDS[grant.only](usage)));

export const usageOf = (store: StoreReference, { lock, legalHold }: Omit<Usage, "versions">): Usage => ({
  versions: can(store, "list-versions"),
  lock,
  legalHold,
});
