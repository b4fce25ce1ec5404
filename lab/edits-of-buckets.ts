import type { S3, S3ServiceException } from "@aws-sdk/client-s3";
import { hostLayout, Name } from "../estate/documents";
import { editFile } from "./edits";
import { LabError } from "./error";
import { requireS3 } from "./s3";

/** What colleagues do to the buckets of the lab's S3 server, past the product and with the rights of its owner. */

const everybodyReads = (bucket: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }],
  });

const versioning = (s3: S3, Bucket: string, Status: "Enabled" | "Suspended"): Promise<unknown> =>
  s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });

const EDITS = {
  "enable-versioning": (s3: S3, bucket: string) => versioning(s3, bucket, "Enabled"),
  "suspend-versioning": (s3: S3, bucket: string) => versioning(s3, bucket, "Suspended"),
  "let-everybody-read": (s3: S3, Bucket: string) => s3.putBucketPolicy({ Bucket, Policy: everybodyReads(Bucket) }),
  "remove-policy": (s3: S3, Bucket: string) => s3.deleteBucketPolicy({ Bucket }),
  // What is in it stays locked as it is; what comes after is not locked by itself any more.
  "remove-retention": (s3: S3, Bucket: string) =>
    s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
} satisfies Record<string, (s3: S3, bucket: string) => Promise<unknown>>;

export type BucketEdit = keyof typeof EDITS;
export const BUCKET_EDITS = Object.keys(EDITS) as BucketEdit[];

export const makeBucket = (folder: string, bucket: string, locks = false): Promise<void> =>
  asOwner(folder, bucket, (s3) => s3.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket: locks }));

/** So that there is one: it may be there already. */
export const provideBucket = (folder: string, bucket: string): Promise<void> =>
  asOwner(folder, bucket, async (s3) => {
    const { Buckets = [] } = await s3.listBuckets();
    if (!Buckets.some(({ Name: name }) => name === bucket)) await s3.createBucket({ Bucket: bucket });
  });

export const editBucket = (folder: string, bucket: string, edit: BucketEdit): Promise<void> =>
  asOwner(folder, bucket, (s3) => EDITS[edit](s3, bucket));

/** Whatever was there: where the bucket keeps versions, it is the one before. */
export const editObject = (folder: string, bucket: string, key: string): Promise<void> =>
  asOwner(folder, bucket, (s3) => s3.putObject({ Bucket: bucket, Key: key, Body: "improved by a colleague\n" }));

/** As a click on Delete does: where the bucket keeps versions, they stay under a mark. */
export const deleteObject = (folder: string, bucket: string, key: string): Promise<void> =>
  asOwner(folder, bucket, async (s3) => {
    if ((await versionsOf(s3, bucket, key)).length === 0) throw noObject(bucket, key);
    await s3.deleteObject({ Bucket: bucket, Key: key });
  });

/** With all its versions. What is locked the server does not let go. */
export const purgeObject = (folder: string, bucket: string, key: string): Promise<void> =>
  asOwner(folder, bucket, async (s3) => {
    let versions = await versionsOf(s3, bucket, key);
    if (versions.length === 0) throw noObject(bucket, key);
    for (; versions.length > 0; versions = await versionsOf(s3, bucket, key)) {
      for (const VersionId of versions) await s3.deleteObject({ Bucket: bucket, Key: key, VersionId });
    }
  });

/** As an administrator does once: the key of the server, where a courier on that computer finds it by name. */
export async function giveKey(folder: string, host: string, name: string): Promise<void> {
  if (!Name.safeParse(name).success) throw new LabError(`${name} is no name of credentials: lync-offsite is one.`, 2);
  const { accessKeyId, secretAccessKey } = await requireS3(folder);
  const file = `${hostLayout.data}/${hostLayout.credentials(name)}`.replaceAll("/", "\\");
  await editFile(folder, host, file, JSON.stringify({ accessKeyId, secretAccessKey }));
}

/** As many as the server lists at once, marks of deletion among them. */
async function versionsOf(s3: S3, bucket: string, key: string): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket: bucket, Prefix: key });
  return [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId = "null" }) => (Key === key ? [VersionId] : []));
}

const noObject = (bucket: string, key: string): LabError => new LabError(`There is no object ${key} in ${bucket}.`, 2);

/** The library is large, and other commands of the lab do without it. */
async function asOwner(folder: string, bucket: string, work: (s3: S3) => Promise<unknown>): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = await requireS3(folder);
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  try {
    await work(s3);
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { name, message } = error as S3ServiceException;
    if (name === "NoSuchBucket") throw new LabError(`There is no bucket ${bucket} in the lab.`, 2);
    throw new LabError(`The lab's S3 server does not do this to ${bucket}: ${message.replace(/\.$/, "")} (${name}).`);
  } finally {
    s3.destroy();
  }
}
