import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { OffsiteError } from "../error";
import { bodyOf, sha256Of, type Body } from "./body";
import { keepingFields, type Keeping, type Lock } from "./keeping";
import { Expected } from "./retry";
import { Listing } from "./listing";
import { withHash } from "./sender";
import { PassingError, type FailureKind } from "./failures";

/** An object as the store describes it. */
export interface StoredObject {
  key: string;
  bytes: number;
  version: string | undefined;
  etag: string | undefined;
  /** Of the whole object, where it was sent in one piece and the store keeps it. */
  sha256: Buffer | undefined;
  /** Of the hashes of its parts, where it was sent in parts. */
  composite: string | undefined;
  /** Of the whole object, where it was sent in parts to a store that compares no SHA-256 of them. */
  crc32: string | undefined;
  modifiedAt: Date | undefined;
  lock: Lock | undefined;
  legalHold: boolean;
}

export interface PutOptions extends Partial<Keeping> {
  /** Puts it also where something is there: only for what a delete marker hides. */
  replace?: boolean;
  contentType?: string;
}

/** So often one reads what arrives otherwise than the store says, before one believes that it is so. */
const READINGS = 3;

/** A store, as the courier uses it: every request is tried again while that makes sense, and fails in a sentence. */
export class Store extends Listing {
  /** Undefined where there is none, or a delete marker hides it. */
  async head(key: string, version?: string): Promise<StoredObject | undefined> {
    const found = await this.sender.tries(`looking at ${key}`, ["missing"], (client, at, options) =>
      client.send(
        new HeadObjectCommand({
          ...at,
          Key: this.prefix + key,
          ChecksumMode: "ENABLED",
          ...(version === undefined ? {} : { VersionId: version }),
        }),
        options,
      ),
    );
    if (found instanceof Expected) return undefined;
    const { ContentLength, VersionId, ETag, ChecksumSHA256: checksum, LastModified } = found;
    const { ChecksumCRC32, ChecksumType } = found;
    const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = found;
    const inParts = checksum?.includes("-") === true;
    return {
      key,
      bytes: ContentLength ?? 0,
      version: versionOf(VersionId),
      etag: ETag,
      sha256: checksum !== undefined && !inParts ? Buffer.from(checksum, "base64") : undefined,
      composite: inParts ? checksum : undefined,
      crc32: ChecksumType === "FULL_OBJECT" ? ChecksumCRC32 : undefined,
      modifiedAt: LastModified,
      lock: mode && until ? { mode, until } : undefined,
      legalHold: hold === "ON",
    };
  }

  /** The bytes of an object, or of a range of it; goes on where a lost connection left off. */
  async *read(key: string, range: { version?: string; start?: number; end?: number } = {}): AsyncGenerator<Buffer> {
    const { version, start = 0, end } = range;
    let at = start;
    let etag: string | undefined;
    for (let turn = 0; ; turn++) {
      const from = at;
      const part =
        from > 0 || end !== undefined
          ? { Range: `bytes=${String(from)}-${end === undefined ? "" : String(end - 1)}` }
          : {};
      const answer = await this.sender.must(`reading ${key}`, (client, where, options) =>
        client.send(
          new GetObjectCommand({
            ...where,
            Key: this.prefix + key,
            ...(version === undefined ? {} : { VersionId: version }),
            ...part,
            // Another object of this name must not be glued to the first half of this one.
            ...(etag === undefined ? {} : { IfMatch: etag }),
          }),
          options,
        ),
      );
      etag ??= answer.ETag;
      const expected = answer.ContentLength;
      const body = answer.Body as Readable | undefined;
      let failure: unknown;
      try {
        for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
          await this.sender.throttle?.take(chunk.length, this.sender.signal);
          at += chunk.length;
          yield chunk;
        }
        if (expected === undefined || at - from === expected) return;
        failure = new PassingError(`the answer ended after ${String(at - from)} of ${String(expected)} bytes`);
      } catch (error) {
        failure = error;
      } finally {
        body?.destroy();
      }
      await this.sender.pause(failure, `reading ${key}`, at > from ? 0 : turn);
    }
  }

  /** A small object, whole, and compared with the checksum that the store keeps of it. */
  async readWhole(key: string, version?: string): Promise<Buffer | undefined> {
    // What was changed on the way is right the next time; what has changed in the store never is again.
    for (let turn = 1; ; turn++) {
      const bytes = await this.readOnce(key, version);
      if (bytes !== "other bytes") return bytes;
      if (turn < READINGS) continue;
      throw new OffsiteError(
        "damaged",
        `${key} at ${this.where} does not have the bytes that were sent: its SHA-256 is not the one that the store keeps.`,
      );
    }
  }

  private async readOnce(key: string, version: string | undefined): Promise<Buffer | undefined | "other bytes"> {
    const found = await this.sender.tries(`reading ${key}`, ["missing"], async (client, at, options) => {
      const answer = await client.send(
        new GetObjectCommand({
          ...at,
          Key: this.prefix + key,
          ChecksumMode: "ENABLED",
          ...(version === undefined ? {} : { VersionId: version }),
        }),
        options,
      );
      let bytes: Buffer;
      try {
        bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith("Checksum mismatch")) return "other bytes";
        throw error;
      }
      if (answer.ContentLength !== undefined && answer.ContentLength !== bytes.length) {
        throw new PassingError(`the answer had ${String(bytes.length)} of ${String(answer.ContentLength)} bytes`);
      }
      const kept = answer.ChecksumSHA256;
      const isOther = kept !== undefined && !kept.includes("-") && kept !== sha256Of(bytes).toString("base64");
      return isOther ? "other bytes" : bytes;
    });
    return found instanceof Expected ? undefined : found;
  }

  /**
   * Puts an object in one piece. What is there is never overwritten: the answer then is "exists". The store compares
   * the SHA-256 of what arrives: in the signature, and in a checksum that it keeps.
   */
  async put(
    key: string,
    content: Body | Buffer,
    options: PutOptions = {},
  ): Promise<{ version: string | undefined } | "exists"> {
    const body = Buffer.isBuffer(content) ? bodyOf(content) : content;
    const expects: FailureKind[] = options.replace === true ? [] : ["exists"];
    const answer = await this.sender.sends(`sending ${key}`, expects, body, (client, at, call, stream) =>
      client.send(
        withHash(
          new PutObjectCommand({
            ...at,
            Key: this.prefix + key,
            Body: stream,
            ContentLength: body.bytes,
            ContentType: options.contentType ?? "application/octet-stream",
            ...(options.replace === true ? {} : { IfNoneMatch: "*" }),
            ...(this.sender.can("checksum-sha256") ? { ChecksumSHA256: body.sha256.toString("base64") } : {}),
            ...keepingFields(options),
          }),
          body,
          this.reference,
        ),
        call,
      ),
    );
    return answer instanceof Expected ? "exists" : { version: versionOf(answer.VersionId) };
  }

  /** Without a version, a bucket that keeps versions only hides the object. */
  async remove(key: string, version?: string): Promise<void> {
    await this.sender.tries(`deleting ${key}`, ["missing"], (client, at, options) =>
      client.send(
        new DeleteObjectCommand({
          ...at,
          Key: this.prefix + key,
          ...(version === undefined ? {} : { VersionId: version }),
        }),
        options,
      ),
    );
  }

  /** Lengthens a lock, or sets one; a store never shortens it. */
  async lock(key: string, version: string | undefined, { mode, until }: Lock): Promise<void> {
    await this.sender.must(`locking ${key}`, (client, at, options) =>
      client.send(
        new PutObjectRetentionCommand({
          ...at,
          Key: this.prefix + key,
          ...(version === undefined ? {} : { VersionId: version }),
          Retention: { Mode: mode, RetainUntilDate: until },
          ChecksumAlgorithm: "SHA256",
        }),
        options,
      ),
    );
  }

  async hold(key: string, version: string | undefined, status: "ON" | "OFF"): Promise<void> {
    await this.sender.must(`setting the legal hold of ${key}`, (client, at, options) =>
      client.send(
        new PutObjectLegalHoldCommand({
          ...at,
          Key: this.prefix + key,
          ...(version === undefined ? {} : { VersionId: version }),
          LegalHold: { Status: status },
          ChecksumAlgorithm: "SHA256",
        }),
        options,
      ),
    );
  }

  close(): void {
    this.sender.close();
  }
}

/** Buckets without versions call the only one null. */
export const versionOf = (version: string | undefined): string | undefined =>
  version === undefined || version === "" || version === "null" ? undefined : version;
