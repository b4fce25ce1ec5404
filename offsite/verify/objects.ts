import { createHash } from "node:crypto";
import { OffsiteError } from "../error";
import type { Inventory } from "../inventory";
import { parseKey } from "../keys";
import type { Slabs } from "../parallel";
import { sha256Of } from "../store/body";
import type { Store } from "../store/store";
import type { ExpectedObject } from "./expected";
import type { Histories } from "./histories";

/** What is wrong with an object. */
export interface Damage {
  message: string;
  /** Where some of its entries are right: those that are not, as `entryId` names them. */
  wrongEntries?: ReadonlySet<string>;
  /** Only what sets say of its entries is wrong; the object is what it is called. */
  onlyEntries?: boolean;
  /** An earlier version that holds the right bytes. */
  version?: string;
}

/** Without reading it: is it there, has it its size, is it the version that was sent. */
export async function lookAt(
  store: Store,
  { key, bytes, sha256, versions }: ExpectedObject,
  { objects }: Inventory,
  { current, hidden }: Histories,
): Promise<Damage | undefined> {
  const listed = objects.get(key);
  if (!listed) return { message: hidden.has(key) ? "is hidden by a delete marker" : "is not there" };
  if (listed.bytes !== bytes) return { message: `has ${String(listed.bytes)} bytes; ${String(bytes)} were sent` };
  const version = current.get(key);
  if (version === undefined || versions.length === 0 || versions.includes(version)) return undefined;
  // Sent again after it was deleted, or overwritten. Where the store tells the hash, no byte need be read.
  const kept = (await store.head(key))?.sha256;
  if (kept?.toString("hex") === sha256) return undefined;
  return { message: "was overwritten since it was sent" };
}

/** To its last byte. */
export async function readObject(
  store: Store,
  slabs: Slabs,
  object: ExpectedObject,
  version?: string,
): Promise<Damage | undefined> {
  const isPack = parseKey(object.key)?.kind === "pack";
  try {
    return await (isPack ? readPack(store, slabs, object, version) : readWhole(store, object, version));
  } catch (error) {
    if (!(error instanceof OffsiteError)) throw error;
    if (error.code === "not-found") return { message: "is not there" };
    if (error.code === "damaged") return { message: error.message };
    throw error;
  }
}

async function readWhole(
  store: Store,
  { key, bytes, sha256 }: ExpectedObject,
  version: string | undefined,
): Promise<Damage | undefined> {
  const hash = createHash("sha256");
  let read = 0;
  for await (const chunk of store.read(key, version === undefined ? {} : { version })) {
    hash.update(chunk);
    read += chunk.length;
  }
  if (read !== bytes) return { message: `has ${String(read)} bytes; ${String(bytes)} were sent` };
  return hash.digest("hex") === sha256 ? undefined : { message: OTHER_HASH };
}

async function readPack(
  store: Store,
  slabs: Slabs,
  { key, bytes, sha256, entries }: ExpectedObject,
  version: string | undefined,
): Promise<Damage | undefined> {
  return slabs.use(async (slab) => {
    // Packs are made to fit; one that another release has made may be larger.
    const pack = bytes <= slab.length ? slab.subarray(0, bytes) : Buffer.alloc(bytes);
    let read = 0;
    for await (const chunk of store.read(key, version === undefined ? {} : { version })) {
      chunk.copy(pack, read, 0, Math.max(0, bytes - read));
      read += chunk.length;
    }
    if (read !== bytes) return { message: `has ${String(read)} bytes; ${String(bytes)} were sent` };
    const wrongEntries = entries?.wrongIn(pack, sha256Of) ?? new Set<string>();
    if (sha256Of(pack).toString("hex") !== sha256) return { message: OTHER_HASH, wrongEntries };
    if (wrongEntries.size === 0) return undefined;
    return { message: "does not hold it where, and as what, the contents say", wrongEntries, onlyEntries: true };
  });
}

const OTHER_HASH = "has not the bytes that were sent: its SHA-256 differs";

/** An earlier version of a damaged object with the right bytes: read, or, where nothing is read, by what is told of it. */
export async function goodVersion(
  store: Store,
  slabs: Slabs | undefined,
  object: ExpectedObject,
  { changed, current }: Histories,
): Promise<string | undefined> {
  const { key, bytes, sha256, versions } = object;
  for (const earlier of changed.get(key) ?? []) {
    const { version } = earlier;
    if (earlier.bytes !== bytes || version === current.get(key)) continue;
    if (slabs) {
      if ((await readObject(store, slabs, object, version)) === undefined) return version;
    } else if (versions.includes(version) || (await store.head(key, version))?.sha256?.toString("hex") === sha256) {
      return version;
    }
  }
  return undefined;
}

/** It lies in a tier that must be asked for it first, and a day or two before. */
export const isArchived = (error: unknown): boolean =>
  error instanceof OffsiteError && (error.cause as { name?: string } | undefined)?.name === "InvalidObjectState";
