import {
  BUCKET_EDITS,
  deleteObject,
  editBucket,
  editObject,
  giveKey,
  makeBucket,
  purgeObject,
} from "../lab/edits-of-buckets";
import type { Change } from "./lab-sql";
import { CliError } from "./output";

/** What colleagues do to buckets of the lab's S3 server. */
export function addBucketCommands(change: Change): void {
  change(
    "give-key <host> <name>",
    "an administrator puts the key of the S3 server where a courier on the computer finds it, by this name",
    async (folder, host = "", name = "") => {
      await giveKey(folder, host, name);
      return `${host} has credentials by the name of ${name}.`;
    },
  );
  change("make-bucket <bucket>", "a colleague makes a bucket", async (folder, bucket = "") => {
    await makeBucket(folder, bucket);
    return `There is a bucket ${bucket}.`;
  });
  change(
    "edit-bucket <bucket> <how>",
    `a colleague edits a bucket: ${BUCKET_EDITS.join(", ")}`,
    async (folder, bucket = "", how = "") => {
      const edit = BUCKET_EDITS.find((one) => one === how);
      if (!edit) throw new CliError(`a bucket is edited by ${BUCKET_EDITS.join(", ")}, and not by ${how}`, 2);
      await editBucket(folder, bucket, edit);
      return `${bucket}: ${edit}.`;
    },
  );
  change("edit-object <bucket> <key>", "a colleague writes an object anew", async (folder, bucket = "", key = "") => {
    await editObject(folder, bucket, key);
    return `${key} in ${bucket} is what a colleague made of it.`;
  });
  change("delete-object <bucket> <key>", "a colleague deletes an object", async (folder, bucket = "", key = "") => {
    await deleteObject(folder, bucket, key);
    return `${key} in ${bucket} is deleted; versions that the bucket keeps stay.`;
  });
  change(
    "purge-object <bucket> <key>",
    "an object is gone with all its versions",
    async (folder, bucket = "", key = "") => {
      await purgeObject(folder, bucket, key);
      return `${key} in ${bucket} is gone for good.`;
    },
  );
}
