import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { OffsiteError } from "../error";
import type { Body } from "./body";
import { keepingFields, type Keeping } from "./keeping";
import { Expected } from "./retry";
import { withHash } from "./sender";
import { versionOf, type Store } from "./store";

/** Objects that are sent in parts. Nothing of them is to be seen before the last request. */

export interface OpenUpload {
  key: string;
  id: string;
  startedAt: Date;
  /** Of each part; a part with another one is refused. */
  checksum: string | undefined;
}

export interface Part {
  number: number;
  bytes: number;
  etag: string;
  sha256: Buffer | undefined;
  /** Where the store compares no SHA-256 of parts. */
  crc32: string | undefined;
  modifiedAt: Date | undefined;
}

/** What a store compares of an upload: each part by its SHA-256, or at least the whole by its CRC. */
export function checksumOf({ sender }: Store): "SHA256" | "CRC32" | undefined {
  if (sender.can("checksum-sha256-parts")) return "SHA256";
  return sender.can("checksum-full-object") ? "CRC32" : undefined;
}

export async function createUpload(store: Store, key: string, keeping: Partial<Keeping>): Promise<string> {
  const checksum = checksumOf(store);
  const answer = await store.sender.must(`beginning to send ${key}`, (client, at, options) =>
    client.send(
      new CreateMultipartUploadCommand({
        ...at,
        Key: store.prefix + key,
        ContentType: "application/octet-stream",
        ...(checksum === undefined
          ? {}
          : { ChecksumAlgorithm: checksum, ChecksumType: checksum === "SHA256" ? "COMPOSITE" : "FULL_OBJECT" }),
        ...keepingFields(keeping),
      }),
      options,
    ),
  );
  if (!answer.UploadId) throw new OffsiteError("refused", `${store.where} began an upload of ${key} without a name.`);
  return answer.UploadId;
}

/** Undefined where the upload is gone: somebody has completed or ended it. */
export async function sendPart(
  store: Store,
  upload: { key: string; id: string },
  number: number,
  body: Body,
  crc32?: string,
): Promise<Part | undefined> {
  const checksum = checksumOf(store);
  const what = `sending part ${String(number)} of ${upload.key}`;
  const answer = await store.sender.sends(what, ["missing"], body, (client, at, options, stream) =>
    client.send(
      withHash(
        new UploadPartCommand({
          ...at,
          Key: store.prefix + upload.key,
          UploadId: upload.id,
          PartNumber: number,
          Body: stream,
          ContentLength: body.bytes,
          ...(checksum === "SHA256" ? { ChecksumSHA256: body.sha256.toString("base64") } : {}),
          ...(checksum === "CRC32" && crc32 !== undefined ? { ChecksumCRC32: crc32 } : {}),
        }),
        body,
        store.reference,
      ),
      options,
    ),
  );
  if (answer instanceof Expected) return undefined;
  return { number, bytes: body.bytes, etag: answer.ETag ?? "", sha256: body.sha256, crc32, modifiedAt: undefined };
}

/** The parts that have arrived; undefined where the upload is gone. */
export async function partsOf(store: Store, { key, id }: { key: string; id: string }): Promise<Part[] | undefined> {
  const parts: Part[] = [];
  for (let marker: string | undefined; ;) {
    const page = await store.sender.tries(`listing the parts of ${key}`, ["missing"], (client, at, options) =>
      client.send(
        new ListPartsCommand({
          ...at,
          Key: store.prefix + key,
          UploadId: id,
          ...(marker === undefined ? {} : { PartNumberMarker: marker }),
        }),
        options,
      ),
    );
    if (page instanceof Expected) return undefined;
    for (const {
      PartNumber = 0,
      Size = 0,
      ETag = "",
      ChecksumSHA256,
      ChecksumCRC32: crc32,
      LastModified,
    } of page.Parts ?? []) {
      const sha256 = ChecksumSHA256 === undefined ? undefined : Buffer.from(ChecksumSHA256, "base64");
      parts.push({ number: PartNumber, bytes: Size, etag: ETag, sha256, crc32, modifiedAt: LastModified });
    }
    if (!page.IsTruncated || !page.NextPartNumberMarker || page.NextPartNumberMarker === marker) return parts;
    marker = page.NextPartNumberMarker;
  }
}

/**
 * Makes the object of its parts, unless there is one of this name. "gone": somebody else has completed or ended the
 * upload, or this request did and its answer was lost; a look at the object tells.
 */
export async function completeUpload(
  store: Store,
  { key, id }: { key: string; id: string },
  parts: readonly Part[],
  bytes: number,
  crc32?: string,
): Promise<{ version: string | undefined } | "exists" | "gone"> {
  const checksum = checksumOf(store);
  const answer = await store.sender.tries(`completing ${key}`, ["missing", "exists", "race"], (client, at, options) =>
    client.send(
      new CompleteMultipartUploadCommand({
        ...at,
        Key: store.prefix + key,
        UploadId: id,
        ...(store.sender.can("conditional-completion") ? { IfNoneMatch: "*" } : {}),
        ...(store.sender.can("completion-size") ? { MpuObjectSize: bytes } : {}),
        ...(checksum === "CRC32" && crc32 !== undefined ? { ChecksumCRC32: crc32, ChecksumType: "FULL_OBJECT" } : {}),
        MultipartUpload: {
          Parts: parts.map((part) => ({
            PartNumber: part.number,
            ETag: part.etag,
            ...(checksum === "SHA256" && part.sha256 ? { ChecksumSHA256: part.sha256.toString("base64") } : {}),
            ...(checksum === "CRC32" && part.crc32 !== undefined ? { ChecksumCRC32: part.crc32 } : {}),
          })),
        },
      }),
      options,
    ),
  );
  if (answer instanceof Expected) return answer.kind === "exists" ? "exists" : "gone";
  return { version: versionOf(answer.VersionId) };
}

/** Frees what its parts take. Can be repeated. */
export async function endUpload(store: Store, { key, id }: { key: string; id: string }): Promise<void> {
  await store.sender.tries(`ending the upload of ${key}`, ["missing"], (client, at, options) =>
    client.send(new AbortMultipartUploadCommand({ ...at, Key: store.prefix + key, UploadId: id }), options),
  );
}

/** Uploads that are open below a key. */
export async function* openUploads(store: Store, below: string): AsyncGenerator<OpenUpload> {
  for (let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}; ;) {
    const page = await store.sender.must(`listing the open uploads of ${below}`, (client, at, options) =>
      client.send(new ListMultipartUploadsCommand({ ...at, Prefix: store.prefix + below, ...marker }), options),
    );
    for (const { Key = "", UploadId = "", Initiated, ChecksumAlgorithm } of page.Uploads ?? []) {
      const key = Key.slice(store.prefix.length);
      yield { key, id: UploadId, startedAt: Initiated ?? new Date(0), checksum: ChecksumAlgorithm };
    }
    if (!page.IsTruncated || !page.NextKeyMarker || page.NextKeyMarker === marker.KeyMarker) return;
    marker = {
      KeyMarker: page.NextKeyMarker,
      ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
    };
  }
}

/** What a store says of an object that was sent in these parts. */
export function compositeOf(parts: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `${hash.digest("base64")}-${String(parts.length)}`;
}
