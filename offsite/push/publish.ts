import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bucketLayout, MANIFEST } from "../../estate/documents";
import { OffsiteError } from "../error";
import { isMarked, turnOf } from "../inventory";
import type { ObjectLine } from "../sets/contents";
import type { SealedSet } from "../sets/target";
import { rangeBody, sha256Of, type Body } from "../store/body";
import type { Keeping } from "../store/keeping";
import type { Store } from "../store/store";
import type { CarriedContent } from "./set";
import type { Shelf } from "./shelf";

/**
 * From the last look at what is there to the manifest, this is the longest that may pass. A prune that marks something
 * after that look waits longer before it deletes, and then finds the set.
 */
export const PUBLISH_WITHIN_MINUTES = 15;

/** Contents, then the manifest: with it, the set is there. False where it took too long since the last look. */
export async function publish(shelf: Shelf, sealed: SealedSet, content: CarriedContent): Promise<boolean> {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-contents-")), "contents.jsonl");
  try {
    await putContents(shelf, sealed, writeContents(file, sealed, content));
    if (shelf.listedForMs > PUBLISH_WITHIN_MINUTES * 60_000) return false;
    await putManifest(shelf, sealed);
    return true;
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true, force: true });
  }
}

const TURNS = 20;

/** Contents and manifests are read often and are small: they stay where reading costs least. */
const near = (keeping: Keeping): Partial<Keeping> => ({ ...keeping, storageClass: undefined });

/** The same objects are the same text, whoever writes it. */
function writeContents(file: string, { series, set, sealed }: SealedSet, { objects, files }: CarriedContent): Body {
  const manifest = { bytes: sealed.length, sha256: sha256Of(sealed).toString("hex") };
  const key = bucketLayout.manifest(series, set);
  const own: ObjectLine = { object: key, ...manifest };
  const hash = createHash("sha256");
  const handle = fs.openSync(file, "w", 0o600);
  let bytes = 0;
  try {
    let text = "";
    const flush = (): void => {
      const chunk = Buffer.from(text);
      text = "";
      hash.update(chunk);
      fs.writeSync(handle, chunk);
      bytes += chunk.length;
    };
    for (const line of [...objects, own]) text += `${JSON.stringify(line)}\n`;
    for (const line of files) {
      const { path: below, bytes: size, sha256, in: object, entry, offset } = line;
      text += `${JSON.stringify({ path: below, bytes: size, sha256, in: object, entry, offset })}\n`;
      if (text.length > 1 << 20) flush();
    }
    text += `${JSON.stringify({ path: MANIFEST, ...manifest, in: key })}\n`;
    flush();
  } finally {
    fs.closeSync(handle);
  }
  return rangeBody(file, 0, bytes, hash.digest());
}

/** What others have published of this set stays; where it says something else, ours is the next turn. */
async function putContents(
  { inventory, store, keeping }: Shelf,
  { series, set }: SealedSet,
  body: Body,
): Promise<void> {
  // What a prune wants to delete is not built upon, even where it says the same.
  const last = inventory.sets.get(set)?.contents.at(-1);
  const from = last ? turnOf(last) : 0;
  for (let turn = from; turn < from + TURNS; turn++) {
    const key = bucketLayout.contents(series, set, turn);
    if (isMarked(inventory, key)) continue;
    const put = await store.put(key, body, { ...near(keeping), contentType: "application/jsonl" });
    const found = await store.head(key);
    if (found?.bytes !== body.bytes) continue;
    if (found.sha256 ? found.sha256.equals(body.sha256) : put !== "exists") return;
  }
  throw unbelievable(store, bucketLayout.contents(series, set));
}

/**
 * Byte for byte what was sealed. Where a delete marker hides it, it is put above that: what was published stays below,
 * and some stores take a hidden object for one that is there.
 */
async function putManifest({ store, keeping }: Shelf, { series, set, sealed }: SealedSet): Promise<void> {
  const key = bucketLayout.manifest(series, set);
  const options = { ...near(keeping), contentType: "application/json" };
  const put = await store.put(key, sealed, options);
  if (put === "exists" && (await isHidden(store, key))) await store.put(key, sealed, { ...options, replace: true });
  const found = await store.readWhole(key);
  if (found?.equals(sealed) === true) return;
  if (put !== "exists") throw unbelievable(store, key);
  throw new OffsiteError(
    "refused",
    `${series}/${set}: ${store.where} has another manifest under this name, which is never overwritten.`,
    "Find out who made it. Sets of two deployments need a prefix each.",
  );
}

async function isHidden(store: Store, key: string): Promise<boolean> {
  if (!store.sender.can("list-versions") || (await store.head(key)) !== undefined) return false;
  for await (const version of store.versions(key)) if (version.key === key && version.latest) return version.marker;
  return false;
}

const unbelievable = (store: Store, key: string): OffsiteError =>
  new OffsiteError(
    "damaged",
    `${store.where} does not keep what it is sent: ${key} reads back differently.`,
    "Do not trust this store before it is repaired.",
  );
