import type { PutObjectCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { StoreReference } from "../../estate/documents";
import type { Capability } from "../../estate/stores/capabilities";
import { can, seen } from "../../estate/stores/known";
import { paced, type Body } from "./body";
import { cancelled, failureOf, toOffsiteError, type FailureKind } from "./failures";
import { attempt, type Expected, type Patience } from "./retry";
import type { Throttle } from "./throttle";

export interface SenderOptions {
  reference: StoreReference;
  client: S3Client;
  patience: Patience;
  throttle: Throttle | undefined;
  signal: AbortSignal | undefined;
}

interface At {
  Bucket: string;
}
interface CallOptions {
  abortSignal?: AbortSignal;
}

/** Requests as the store's methods make them: tried again with patience, cancelled together, told in sentences. */
export class Sender {
  readonly prefix: string;
  readonly where: string;
  requests = 0;
  retries = 0;
  private answered = false;

  constructor(private readonly options: SenderOptions) {
    const { bucket, prefix, endpoint, region } = options.reference;
    this.prefix = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    this.where = `the bucket ${bucket} (${endpoint ?? region})`;
  }

  get reference(): StoreReference {
    return this.options.reference;
  }
  get client(): S3Client {
    return this.options.client;
  }
  get throttle(): Throttle | undefined {
    return this.options.throttle;
  }
  get signal(): AbortSignal | undefined {
    return this.options.signal;
  }
  can(capability: Capability): boolean {
    return can(this.reference, capability);
  }

  async must<T>(what: string, send: (client: S3Client, at: At, options: CallOptions) => Promise<T>): Promise<T> {
    return (await this.tries(what, [], send)) as T;
  }

  async tries<T>(
    what: string,
    expects: readonly FailureKind[],
    send: (client: S3Client, at: At, options: CallOptions) => Promise<T>,
  ): Promise<T | Expected> {
    const { client, signal, reference } = this.options;
    return attempt(
      async () => {
        this.requests++;
        const answer = await send(client, { Bucket: reference.bucket }, signal ? { abortSignal: signal } : {});
        this.answered = true;
        return answer;
      },
      {
        what,
        where: this.where,
        patience: this.patience,
        signal,
        expects,
        onRetry: () => {
          this.retries++;
        },
      },
    );
  }

  /** A request with a body, which is opened anew for each attempt. */
  async sends<T>(
    what: string,
    expects: readonly FailureKind[],
    body: Body,
    send: (client: S3Client, at: At, options: CallOptions, stream: Buffer | Readable) => Promise<T>,
  ): Promise<T | Expected> {
    return this.tries(what, expects, async (client, at) => {
      const control = new AbortController();
      const signal = this.signal ? AbortSignal.any([this.signal, control.signal]) : control.signal;
      const stream = paced(body, this.throttle, signal);
      if (Buffer.isBuffer(stream)) return send(client, at, { abortSignal: signal }, stream);
      let failed: unknown;
      // The client does not look at it: the request would wait for ever.
      stream.once("error", (error) => {
        failed = error;
        control.abort();
      });
      try {
        return await send(client, at, { abortSignal: signal }, stream);
      } catch (error) {
        throw failed ?? error;
      } finally {
        stream.destroy();
      }
    });
  }

  /** After a failure in the middle of an answer: waits, or gives up with a sentence. */
  async pause(error: unknown, what: string, turn: number): Promise<void> {
    const kind = failureOf(error);
    if (this.signal?.aborted) throw cancelled(what);
    if (kind !== "passing" || turn >= 10) throw toOffsiteError(error, what, this.where);
    this.retries++;
    await delay(Math.random() * Math.min(this.patience.longestMs, this.patience.firstMs * 2 ** turn));
  }

  close(): void {
    this.client.destroy();
  }

  /** A store that has not answered once is more likely misspelt than tired. */
  private get patience(): Patience {
    const { patience } = this.options;
    return this.answered ? patience : { ...patience, forMs: Math.min(patience.forMs, FIRST_ANSWER_MS) };
  }
}

const FIRST_ANSWER_MS = 15_000;

/**
 * The signature covers the hash of the bytes; without this the client would compute it once more. A store that was seen
 * to compare a checksum need not do the same twice: that checksum is a header, and signed too.
 */
export function withHash<C extends PutObjectCommand | UploadPartCommand>(
  command: C,
  { sha256 }: Body,
  reference: StoreReference,
): C {
  const capability = "PartNumber" in command.input ? "checksum-sha256-parts" : "checksum-sha256";
  const sent = command.input.ChecksumSHA256 !== undefined;
  // At AWS, policies that ask for a signature over the bytes are common, and it costs nobody here anything.
  const compared = sent && reference.profile !== "aws" && seen(reference, capability);
  (command as PutObjectCommand).middlewareStack.add(
    (next) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-content-sha256"] = compared ? "UNSIGNED-PAYLOAD" : sha256.toString("hex");
      return next(args);
    },
    { step: "build", name: "hashOfBody" },
  );
  return command;
}
