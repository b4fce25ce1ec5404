import {
  DeleteBucketTaggingCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type ObjectOwnership,
} from "@aws-sdk/client-s3";
import type { BucketPosture } from "../../estate/documents";
import { ask, tell, type Setting } from "./ask";
import { lifecycle } from "./lifecycle";
import { policy } from "./policy";

type Declared<Key extends keyof BucketPosture> = NonNullable<BucketPosture[Key]>;

const versioning: Setting<Declared<"versioning">> = {
  read: (store) =>
    ask(store, "versioning", (client, at, options) => client.send(new GetBucketVersioningCommand(at), options), {
      none: "suspended",
      read: ({ Status }) => (Status === "Enabled" ? "enabled" : "suspended"),
    }),
  write: (store, value) =>
    tell(store, "versioning", (client, at, options) =>
      client.send(
        new PutBucketVersioningCommand({
          ...at,
          VersioningConfiguration: { Status: value === "enabled" ? "Enabled" : "Suspended" },
        }),
        options,
      ),
    ),
};

/** Null: it is off. */
const objectLock: Setting<Declared<"objectLock"> | null> = {
  read: (store) =>
    ask(
      store,
      "Object Lock",
      (client, at, options) => client.send(new GetObjectLockConfigurationCommand(at), options),
      {
        none: null,
        read: ({ ObjectLockConfiguration: found }) => {
          if (found?.ObjectLockEnabled !== "Enabled") return found ? null : undefined;
          const { Mode, Days, Years } = found.Rule?.DefaultRetention ?? {};
          if (Mode === undefined) return {};
          const days = Days !== undefined && Days > 0 ? Days : (Years ?? 0) * 365;
          return { retention: { mode: Mode === "COMPLIANCE" ? "compliance" : "governance", days } };
        },
      },
    ),
  write: (store, value) =>
    tell(store, "Object Lock", (client, at, options) => {
      const { mode, days } = value?.retention ?? {};
      const Mode = mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE";
      return client.send(
        new PutObjectLockConfigurationCommand({
          ...at,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            ...(days === undefined ? {} : { Rule: { DefaultRetention: { Mode, Days: days } } }),
          },
        }),
        options,
      );
    }),
};

/** That of the account, where no key is named. */
const OWN_KEY = "alias/aws/s3";

/** Null: none. */
const defaultEncryption: Setting<Declared<"defaultEncryption"> | null> = {
  read: (store) =>
    ask(
      store,
      "default encryption",
      (client, at, options) => client.send(new GetBucketEncryptionCommand(at), options),
      {
        none: null,
        read: ({ ServerSideEncryptionConfiguration: found }) => {
          if (!found) return undefined;
          const [rule] = found.Rules ?? [];
          const { SSEAlgorithm: algorithm, KMSMasterKeyID: key = OWN_KEY } =
            rule?.ApplyServerSideEncryptionByDefault ?? {};
          if (algorithm === undefined) return null;
          if (algorithm === "AES256") return { by: "sse-s3" };
          const bucketKey = rule?.BucketKeyEnabled === true;
          return { by: "sse-kms", key: algorithm === "aws:kms" ? key : `${key} (${algorithm})`, bucketKey };
        },
      },
    ),
  write: (store, value) =>
    tell(store, "default encryption", (client, at, options) =>
      client.send(
        new PutBucketEncryptionCommand({
          ...at,
          ServerSideEncryptionConfiguration: {
            Rules: [
              value?.by === "sse-kms"
                ? {
                    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: value.key },
                    BucketKeyEnabled: value.bucketKey,
                  }
                : { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
            ],
          },
        }),
        options,
      ),
    ),
};

const publicAccessBlock: Setting<Declared<"publicAccessBlock">> = {
  read: (store) =>
    ask(
      store,
      "the public access block",
      (client, at, options) => client.send(new GetPublicAccessBlockCommand(at), options),
      {
        none: {
          blockPublicAcls: false,
          ignorePublicAcls: false,
          blockPublicPolicy: false,
          restrictPublicBuckets: false,
        },
        read: ({ PublicAccessBlockConfiguration: found }) =>
          found && {
            blockPublicAcls: found.BlockPublicAcls === true,
            ignorePublicAcls: found.IgnorePublicAcls === true,
            blockPublicPolicy: found.BlockPublicPolicy === true,
            restrictPublicBuckets: found.RestrictPublicBuckets === true,
          },
      },
    ),
  write: (store, value) =>
    tell(store, "the public access block", (client, at, options) =>
      client.send(
        new PutPublicAccessBlockCommand({
          ...at,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: value.blockPublicAcls,
            IgnorePublicAcls: value.ignorePublicAcls,
            BlockPublicPolicy: value.blockPublicPolicy,
            RestrictPublicBuckets: value.restrictPublicBuckets,
          },
        }),
        options,
      ),
    ),
};

const OWNERSHIP: readonly (readonly [Declared<"ownership">, ObjectOwnership])[] = [
  ["owner-enforced", "BucketOwnerEnforced"],
  ["owner-preferred", "BucketOwnerPreferred"],
  ["object-writer", "ObjectWriter"],
];

const ownership: Setting<Declared<"ownership">> = {
  read: (store) =>
    ask(
      store,
      "ownership controls",
      (client, at, options) => client.send(new GetBucketOwnershipControlsCommand(at), options),
      {
        // As buckets were before there were such controls.
        none: "object-writer",
        read: ({ OwnershipControls: found }) =>
          OWNERSHIP.find(([, named]) => named === found?.Rules?.[0]?.ObjectOwnership)?.[0],
      },
    ),
  write: (store, value) =>
    tell(store, "ownership controls", (client, at, options) => {
      const [, ObjectOwnership] = OWNERSHIP.find(([name]) => name === value) ?? OWNERSHIP[0] ?? [];
      return client.send(
        new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
        options,
      );
    }),
};

const tags: Setting<Record<string, string>> = {
  read: (store) =>
    ask(store, "tags", (client, at, options) => client.send(new GetBucketTaggingCommand(at), options), {
      none: {},
      read: ({ TagSet }) => TagSet && Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value])),
    }),
  write: (store, value) =>
    tell(store, "tags", (client, at, options) => {
      const TagSet = Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
      return TagSet.length === 0
        ? client.send(new DeleteBucketTaggingCommand(at), options)
        : client.send(new PutBucketTaggingCommand({ ...at, Tagging: { TagSet } }), options);
    }),
};

export const SETTINGS = {
  ownership,
  publicAccessBlock,
  versioning,
  objectLock,
  defaultEncryption,
  lifecycle,
  policy,
  tags,
};
