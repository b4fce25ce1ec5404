import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { StoreReference } from "../../estate/documents";
import { PROFILES } from "../../estate/stores/profiles";
import { connectionTo } from "./connection";
import { credentialsFolder, findCredentials, type StaticCredentials } from "./credentials";
import { PATIENCE, type Patience } from "./retry";
import { Sender } from "./sender";
import { Store } from "./store";
import { throttleOf } from "./throttle";

export interface StoreOptions {
  /** The name of the credentials that the account finds on this computer. */
  credentials: string;
  /** Where their files lie; without it where they lie on this computer. */
  credentialsFolder?: string;
  /** Keys that the caller holds already, by the name of their credentials. */
  keys?: Readonly<Record<string, StaticCredentials>>;
  transfers?: number;
  megabitsPerSecond?: number;
  patience?: Partial<Patience>;
  /** Nothing moves for so long: the request has failed. */
  stallMs?: number;
  signal?: AbortSignal;
}

export const TRANSFERS = 16;
const STALL_MS = 60_000;
const silent = (): void => undefined;
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };

/** Ready for requests; makes none itself. */
export async function openStore(reference: StoreReference, options: StoreOptions): Promise<Store> {
  // What the client's makers plan for next year is no news for who runs a backup tonight.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const held = options.keys?.[options.credentials];
  const found = held
    ? // A copy: the client leaves notes in what it is given.
      { credentials: { ...held } }
    : await findCredentials(options.credentials, options.credentialsFolder ?? credentialsFolder());
  const config: S3ClientConfig = {
    region: reference.region,
    // A name with dots fits no certificate.
    forcePathStyle: PROFILES[reference.profile].addressing === "path" || reference.bucket.includes("."),
    requestHandler: connectionTo(reference, (options.transfers ?? TRANSFERS) + 4, options.stallMs ?? STALL_MS),
    // Retries and checksums are made here: bodies must be opened anew, and hashes are known already.
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    expectContinueHeader: false,
    customUserAgent: "lync-backup",
    // It would warn on the console of bodies that it cannot send again by itself.
    logger: SILENT,
    ...(reference.endpoint ? { endpoint: reference.endpoint } : {}),
    ...("credentials" in found ? { credentials: found.credentials } : {}),
    ...("profile" in found ? { profile: found.profile } : {}),
  };
  const sender = new Sender({
    reference,
    client: new S3Client(config),
    patience: { ...PATIENCE, ...options.patience },
    throttle: throttleOf(options.megabitsPerSecond),
    signal: options.signal,
  });
  return new Store(sender);
}
