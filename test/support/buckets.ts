import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import type { S3Server } from "../offsite/support/store";

/** The key of a server's owner, and what it is called in the stack's configuration. */
export interface Key {
  accessKeyId: string;
  secretAccessKey: string;
}

export const keyOf = ({ credentialsFolder }: S3Server, name: string): Key =>
  JSON.parse(fs.readFileSync(path.join(credentialsFolder, `${name}.json`), "utf8")) as Key;

/** As its owner sees a server: what colleagues do by hand, past the product. */
export function ownerOf(endpoint: string, key: Key, ca?: Buffer): S3 {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  return new S3({
    ...{ endpoint, region: "us-east-1", forcePathStyle: true, credentials: { ...key } },
    ...(ca ? { requestHandler: { httpsAgent: new https.Agent({ ca }) } } : {}),
  });
}

export const arn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** What a colleague does to each property of a bucket. */
export function handEdits(s3: S3, Bucket: string): Record<string, () => Promise<unknown>> {
  return {
    versioning: () => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    objectLock: () =>
      s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
    defaultEncryption: () => s3.deleteBucketEncryption({ Bucket }),
    publicAccessBlock: () =>
      s3.putPublicAccessBlock({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: true,
        },
      }),
    ownership: () =>
      s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } }),
    lifecycle: async () => {
      const { Rules = [] } = await s3.getBucketLifecycleConfiguration({ Bucket });
      const expire = { ID: "cheaper", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 7 } } as const;
      return s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [...Rules, expire] } });
    },
    refusePlainHttp: () => s3.deleteBucketPolicy({ Bucket }),
    refuseUnencryptedPuts: () => s3.deleteBucketPolicy({ Bucket }),
    policyStatements: async () => {
      const everybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${arn(Bucket)}/*` };
      const { Policy = '{"Statement":[]}' } = await s3.getBucketPolicy({ Bucket }).catch(() => ({ Policy: undefined }));
      const { Statement } = JSON.parse(Policy) as { Statement: object[] };
      return s3.putBucketPolicy({
        Bucket,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement: [...Statement, everybody] }),
      });
    },
    tags: async () => {
      const { TagSet = [] } = await s3.getBucketTagging({ Bucket });
      const others = TagSet.filter(({ Key }) => Key !== "service");
      return s3.putBucketTagging({ Bucket, Tagging: { TagSet: [...others, { Key: "service", Value: "exchange" }] } });
    },
  };
}
