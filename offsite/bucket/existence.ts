import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, OffsiteError } from "../error";
import { toOffsiteError } from "../store/failures";
import { Expected } from "../store/retry";
import type { Store } from "../store/store";
import { openUploads } from "../store/uploads";
import { MARK_OBJECT } from "./keys";

const LOOKING = "looking at the bucket";

/** A bucket that is elsewhere, or that these credentials may not see, is never taken for none. */
export async function isThere(store: Store): Promise<boolean> {
  const answer = await store.sender.tries(LOOKING, ["missing", "denied", "final"], (client, at, options) =>
    client.send(new HeadBucketCommand(at), options),
  );
  const { bucket, region, profile } = store.reference;
  if (!(answer instanceof Expected)) {
    const elsewhere = answer.BucketRegion;
    if (profile === "aws" && elsewhere !== undefined && elsewhere !== region) throw inRegion(bucket, elsewhere, region);
    return true;
  }
  if (answer.kind === "missing") return false;
  if (answer.kind === "denied") {
    throw new OffsiteError(
      "access-denied",
      `${store.where} is not shown to these credentials: it belongs to another account, s3:ListBucket is not granted, or the key is wrong. Nothing was changed.`,
      "Check the credentials and the policy of the bucket; names of buckets are taken for all accounts at once.",
      answer.error,
    );
  }
  const { $metadata, $response } = answer.error as Answered;
  const told = $response?.headers?.["x-amz-bucket-region"];
  if ($metadata?.httpStatusCode === 301) throw inRegion(bucket, told ?? "another region", region, answer.error);
  // The answer to this request has no words; that to another one has.
  const said = await store.sender
    .must(LOOKING, (client, at, options) => client.send(new GetBucketVersioningCommand(at), options))
    .then(
      () => toOffsiteError(answer.error, LOOKING, store.where),
      (error: unknown) => error,
    );
  throw new OffsiteError(
    "refused",
    `${messageOf(said)} Nothing was changed.`,
    "Correct the region, the endpoint or the name of the bucket.",
    said,
  );
}

interface Answered {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
}

const inRegion = (bucket: string, elsewhere: string, declared: string, cause?: unknown): OffsiteError =>
  new OffsiteError(
    "refused",
    `The bucket ${bucket} is in ${elsewhere}, not in ${declared}. Nothing was changed.`,
    "Correct the region; a bucket never moves.",
    cause,
  );

/** Object Lock is switched on here where it is wanted, because many stores can do it at no other time. */
export async function create(store: Store, locks: boolean, forMs: number): Promise<void> {
  const { region, profile, bucket } = store.reference;
  const elsewhere = profile === "aws" && region !== "us-east-1";
  const what = "creating the bucket";
  const answer = await store.sender.tries(what, ["race"], (client, at, options) =>
    client.send(
      new CreateBucketCommand({
        ...at,
        ...(locks ? { ObjectLockEnabledForBucket: true } : {}),
        ...(elsewhere ? { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } } : {}),
      }),
      options,
    ),
  );
  if (answer instanceof Expected) {
    const { name } = answer.error as Answered;
    if (name === "BucketAlreadyExists") {
      throw new OffsiteError(
        "refused",
        `There is a bucket ${bucket} of another account. Nothing was changed.`,
        "Choose another name: those of buckets are taken for all accounts at once.",
        answer.error,
      );
    }
    // An earlier answer was lost.
    if (name !== "BucketAlreadyOwnedByYou") throw toOffsiteError(answer.error, what, store.where);
  }
  for (const until = Date.now() + forMs; !(await isThere(store)) && Date.now() < until; await delay(100));
}

/** A key of what lies in it, or of what is on its way there; undefined: it is empty but for our mark. */
export async function contentOf(store: Store): Promise<string | undefined> {
  for await (const { key } of everything(store)) if (key !== MARK_OBJECT) return key;
  for await (const { key } of openUploads(store, "")) return key;
  return undefined;
}

/** False where something is in it: that is left alone, with everything that protects it. */
export async function removeEmpty(store: Store): Promise<boolean> {
  if ((await contentOf(store)) !== undefined) return false;
  const marks: { key: string; version?: string }[] = [];
  for await (const mark of everything(store)) marks.push(mark);
  for (const { key, version } of marks) await store.remove(key, version);
  const what = "deleting the empty bucket";
  // It is the store that decides: something may have come meanwhile.
  const answer = await store.sender.tries(what, ["race", "final", "missing"], (client, at, options) =>
    client.send(new DeleteBucketCommand(at), options),
  );
  if (!(answer instanceof Expected)) return true;
  const { name } = answer.error as Answered;
  if (name === "BucketNotEmpty") return false;
  if (answer.kind === "missing" || name === "NoSuchBucket") return true;
  throw toOffsiteError(answer.error, what, store.where);
}

async function* everything(store: Store): AsyncGenerator<{ key: string; version?: string }> {
  if (!store.sender.can("list-versions")) {
    yield* store.list("");
    return;
  }
  for await (const { key, version } of store.versions("")) yield { key, version };
}
