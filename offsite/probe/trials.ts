import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { crc32 } from "node:zlib";
import { bodyOf, crcText, sha256Of } from "../store/body";
import type { Capability } from "../../estate/stores/capabilities";
import type { Setting } from "../bucket/ask";
import { SETTINGS } from "../bucket/settings";
import { Expected } from "../store/retry";
import type { Store } from "../store/store";
import { completeUpload, compositeOf, createUpload, endUpload, openUploads, partsOf, sendPart } from "../store/uploads";
import { CONTENT, type Ground } from "./ground";

/** True or false, or why it cannot be decided. */
export type Outcome = boolean | { undecided: string };

const LOCK_MS = 60_000;
const CRC = crcText(crc32(CONTENT));

export const TRIALS: Record<Capability, (ground: Ground) => Promise<Outcome>> = {
  async "conditional-writes"(ground) {
    const key = ground.key();
    await ground.put(key);
    return (await ground.put(key)) === "exists";
  },

  async "conditional-completion"(ground) {
    const key = ground.key();
    await ground.put(key, { replace: true });
    return withUpload(ground, key, async (upload) => {
      const part = await sendPart(ground.store, upload, 1, bodyOf(CONTENT));
      return (await completeUpload(ground.store, upload, part ? [part] : [], CONTENT.length)) === "exists";
    });
  },

  async "checksum-sha256"(ground) {
    const key = ground.key();
    await ground.put(key, { replace: true });
    const kept = (await ground.store.head(key))?.sha256;
    return kept?.equals(sha256Of(CONTENT)) === true && (await ground.refusesOtherChecksum(ground.key()));
  },

  async "checksum-sha256-parts"(ground) {
    const key = ground.key();
    return withUpload(ground, key, async (upload) => {
      const part = await sendPart(ground.store, upload, 1, bodyOf(CONTENT));
      const refused = await ground.refusesOtherChecksum(key, upload.id);
      const [kept] = (await partsOf(ground.store, upload)) ?? [];
      await completeUpload(ground.store, upload, part ? [part] : [], CONTENT.length);
      const found = await ground.store.head(key);
      const told = kept?.sha256?.equals(sha256Of(CONTENT)) === true;
      return refused && told && found?.composite === compositeOf([sha256Of(CONTENT)]);
    });
  },

  async "checksum-full-object"(ground) {
    const { store } = ground;
    const at = { Bucket: store.reference.bucket, Key: store.prefix + ground.key() };
    const what = "trying a checksum over a whole multipart";
    const upload = await store.sender.must(what, async (client) => {
      const kind = { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" } as const;
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at, ...kind }));
      const part = { ...at, UploadId, PartNumber: 1, Body: CONTENT, ChecksumCRC32: CRC };
      return { UploadId, ETag: (await client.send(new UploadPartCommand(part))).ETag };
    });
    const complete = (crc: string): Promise<unknown> =>
      store.sender.tries(what, ["final", "doubtful"], (client) =>
        client.send(
          new CompleteMultipartUploadCommand({
            ...{ ...at, UploadId: upload.UploadId, ChecksumCRC32: crc, ChecksumType: "FULL_OBJECT" },
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag: upload.ETag, ChecksumCRC32: CRC }] },
          }),
        ),
      );
    const refused = (await complete(crcText(0))) instanceof Expected;
    if (refused) await complete(CRC);
    const head = await store.sender.must(what, (client) =>
      client.send(new HeadObjectCommand({ ...at, ChecksumMode: "ENABLED" })),
    );
    return refused && head.ChecksumType === "FULL_OBJECT" && head.ChecksumCRC32 === CRC;
  },

  async "completion-size"(ground) {
    return withUpload(ground, ground.key(), async (upload) => {
      const part = await sendPart(ground.store, upload, 1, bodyOf(CONTENT));
      const { store } = ground;
      const Parts = [{ PartNumber: 1, ETag: part?.etag, ChecksumSHA256: part?.sha256?.toString("base64") }];
      const answer = await store.sender.tries("completing with a wrong size", ["final"], (client, at) =>
        client.send(
          new CompleteMultipartUploadCommand({
            ...at,
            Key: store.prefix + upload.key,
            UploadId: upload.id,
            MpuObjectSize: CONTENT.length + 1,
            MultipartUpload: { Parts },
          }),
        ),
      );
      return answer instanceof Expected;
    });
  },

  async "list-uploads"(ground) {
    return withUpload(ground, ground.key(), async ({ key, id }) => {
      for await (const upload of openUploads(ground.store, key)) if (upload.id === id) return true;
      return false;
    });
  },

  async versioning(ground) {
    const put = await ground.put(ground.key(), { replace: true });
    return put !== "exists" && put.version !== undefined;
  },

  async "list-versions"(ground) {
    const key = ground.key();
    await ground.put(key, { replace: true });
    for await (const version of ground.store.versions(key)) if (version.key === key) return true;
    return false;
  },

  async "object-lock"(ground) {
    const key = ground.key();
    const until = new Date(Date.now() + LOCK_MS);
    const put = await ground.put(key, { replace: true, lock: { mode: "GOVERNANCE", until } });
    if (put === "exists" || (await ground.store.head(key))?.lock === undefined) return false;
    return ground.isProtected(key, put.version);
  },

  async "legal-hold"(ground) {
    const key = ground.key();
    const put = await ground.put(key, { replace: true, legalHold: true });
    if (put === "exists" || !(await ground.store.head(key))?.legalHold) return false;
    const outcome = await ground.isProtected(key, put.version);
    await ground.store.hold(key, put.version, "OFF");
    return outcome;
  },

  "default-encryption": ({ store }) => isKnown(SETTINGS.defaultEncryption, store),
  "public-access-block": ({ store }) => isKnown(SETTINGS.publicAccessBlock, store),
  ownership: ({ store }) => isKnown(SETTINGS.ownership, store),
  lifecycle: ({ store }) => isKnown(SETTINGS.lifecycle, store),
  "bucket-tags": ({ store }) => isKnown(SETTINGS.tags, store),
  policies: ({ store }) => isKnown(SETTINGS.policy, store),

  // To find it out takes a policy, and a probe leaves those of a bucket alone.
  "policy-conditions": () => Promise.resolve({ undecided: "an OffsiteBucket that needs it tries it by itself" }),
};

/** Only asked: what a bucket is told is nobody's business here. */
const isKnown = async <T>(setting: Setting<T>, store: Store): Promise<boolean> => "is" in (await setting.read(store));

/** Whatever becomes of it, the upload is ended. */
async function withUpload(
  ground: Ground,
  key: string,
  work: (upload: { key: string; id: string }) => Promise<boolean>,
): Promise<boolean> {
  const upload = { key, id: await createUpload(ground.store, key, {}) };
  try {
    return await work(upload);
  } finally {
    await endUpload(ground.store, upload);
  }
}
