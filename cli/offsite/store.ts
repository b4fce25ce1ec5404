import { setMaxListeners } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { StoreReference } from "../../estate/documents";
import type { Estate } from "../../estate/estate";
import { clockOf, storeAt } from "../../hosts/open";
import { messageOf, OffsiteError } from "../../offsite/error";
import { openStore, type StoreOptions } from "../../offsite/store/open";
import type { Store } from "../../offsite/store/store";
import { CliError, note } from "../output";
import { openStack } from "../stack";
import { refuseKeyAsName, refuseSecretInUrl, type ReferenceCommand, type StoreCommand } from "./options";

/** The store that a command line means, open until the work is done. */
export async function withStore<T>(
  command: StoreCommand,
  work: (store: Store, now: () => Date) => Promise<T>,
): Promise<T> {
  const { reference, options, now } = await meantBy(command);
  return withInterrupt(async (signal) => {
    const store = await openStore(reference, { ...options, signal });
    try {
      return await work(store, now);
    } finally {
      store.close();
    }
  });
}

interface Meant {
  reference: StoreReference;
  options: StoreOptions;
  /** What time it is where the sets come from. */
  now: () => Date;
}

/** By its own options, or by the estate of a stack: then the lab's store and clock are meant where the lab is. */
export async function meantBy(command: StoreCommand): Promise<Meant> {
  const options = optionsOf(command);
  if (command.stack === undefined) return { reference: referenceOf(command), options, now: () => new Date() };
  const { estate, settings } = await openStack(command.stack);
  const { reference, keys } = await storeAt(referenceOf(command, declaredIn(estate, command)), settings);
  const at = new Date(
    await clockOf(
      estate.hosts.map(({ reach }) => reach),
      settings,
    ),
  );
  const inLab = estate.hosts.some(({ reach }) => reach.via === "lab");
  const held = keys ? { keys: { [command.credentials]: keys } } : {};
  return { reference, options: { ...options, ...held }, now: () => (inLab ? at : new Date()) };
}

function declaredIn({ offsite }: Estate, { stack = "", bucket }: StoreCommand): StoreReference {
  const buckets = [...new Map(offsite.map((copy) => [copy.bucket.bucket, copy.bucket])).values()];
  const meant = bucket === undefined ? buckets : buckets.filter((one) => one.bucket === bucket);
  const [only, other] = meant;
  if (only && !other) return only;
  const names = buckets.map((one) => one.bucket).join(", ");
  throw new CliError(
    names === ""
      ? `The estate of ${stack} copies nothing offsite: say which store is meant.`
      : `Which bucket of ${stack} is meant? Name one with --bucket: ${names}.`,
    2,
  );
}

/** Ctrl+C ends every request. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  // Every request that is under way listens.
  setMaxListeners(0, cancel.signal);
  const onInterrupt = (): void => {
    note("Cancelling; what is complete stays, and the next time goes on from there …");
    cancel.abort();
  };
  process.once("SIGINT", onInterrupt);
  try {
    return await work(cancel.signal);
  } catch (error) {
    // What was named and is not there is a mistake of the command line.
    if (error instanceof OffsiteError && error.code === "not-found") throw new CliError(error.message, 2);
    throw error;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

export function optionsOf({ credentials, transfers, megabits }: StoreCommand): StoreOptions {
  refuseKeyAsName(credentials);
  return {
    ...credentialsOf(credentials),
    ...(transfers === undefined ? {} : { transfers }),
    ...(megabits === undefined ? {} : { megabitsPerSecond: megabits }),
  };
}

export function referenceOf(command: ReferenceCommand, declared: Partial<StoreReference> = {}): StoreReference {
  refuseSecretInUrl(command.endpoint, "--endpoint");
  refuseSecretInUrl(command.proxy, "--proxy");
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const read: Record<string, unknown> = command.store === undefined ? declared : documentIn(command.store);
  const { profile, bucket, prefix, proxy, authority } = command;
  const endpoint = command.endpoint ?? read["endpoint"] ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  const given = { profile, bucket, prefix, proxy, authority, region: command.region };
  const wanted = {
    profile: endpoint === undefined ? "aws" : "generic",
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? "us-east-1",
    ...(endpoint === undefined ? {} : { endpoint }),
    ...read,
    ...(command.endpoint === undefined ? {} : { endpoint: command.endpoint }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
  if (!("bucket" in wanted)) {
    throw new CliError("Which bucket is meant? Name it with --bucket, or a document of the store with --store.", 2);
  }
  const found = StoreReference.safeParse(wanted);
  if (found.success) return found.data;
  throw new CliError(
    `The store is not described right: ${found.error.issues
      .map(({ path: at, message }) => `${at.join(".")}: ${message}`)
      .join("; ")}.`,
    2,
  );
}

function documentIn(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    throw new Error("it is no JSON object");
  } catch (error) {
    throw new CliError(`The document of the store cannot be read from ${file}: ${messageOf(error)}.`, 2);
  }
}

/** A file by its path; any other name is looked for where credentials lie. */
function credentialsOf(name: string): { credentials: string; credentialsFolder?: string } {
  if (!name.endsWith(".json") && !/[/\\]/.test(name)) return { credentials: name };
  if (!fs.existsSync(name)) throw new CliError(`There are no credentials in ${name}: the file is not there.`, 2);
  if (!name.endsWith(".json")) throw new CliError(`A file of credentials is called NAME.json, unlike ${name}.`, 2);
  return { credentials: path.basename(name, ".json"), credentialsFolder: path.dirname(path.resolve(name)) };
}
