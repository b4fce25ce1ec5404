import fs from "node:fs";
import path from "node:path";
import { StoreReference } from "../../estate/documents";
import { messageOf, OffsiteError } from "../../offsite/error";
import { openStore, type StoreOptions } from "../../offsite/store/open";
import type { Store } from "../../offsite/store/store";
import { CliError, note } from "../output";
import { refuseKeyAsName, refuseSecretInUrl, type ReferenceCommand, type StoreCommand } from "./options";

/** The store that a command line means, open until the work is done. */
export async function withStore<T>(command: StoreCommand, work: (store: Store) => Promise<T>): Promise<T> {
  const reference = referenceOf(command);
  const options = optionsOf(command);
  return withInterrupt(async (signal) => {
    const store = await openStore(reference, { ...options, signal });
    try {
      return await work(store);
    } finally {
      store.close();
    }
  });
}

/** Ctrl+C ends every request. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
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

export function referenceOf(command: ReferenceCommand): StoreReference {
  refuseSecretInUrl(command.endpoint, "--endpoint");
  refuseSecretInUrl(command.proxy, "--proxy");
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const read = command.store === undefined ? {} : documentIn(command.store);
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
