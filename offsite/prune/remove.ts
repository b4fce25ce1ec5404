import { OffsiteError } from "../error";
import type { Store } from "../store/store";
import { locksOf, lockText } from "./locks";
import { oldestFirst, type KeptKey } from "./look";

export type Removed =
  | { removed: true }
  /** Somebody has changed it since it was looked at; or the store keeps it, and says why, or does not. */
  | { removed: false; state: "left" | "locked" | "refused"; why: string };

/** All that the bucket keeps under a key. What is there now goes last: until then nothing earlier shows through. */
export async function removeKey(store: Store, kept: KeptKey, now: Date): Promise<Removed> {
  if (await hasChanged(store, kept)) {
    return { removed: false, state: "left", why: "it was written again since it was looked at" };
  }
  try {
    for (const { version } of [...kept.versions].reverse()) await store.remove(kept.key, version);
    return { removed: true };
  } catch (error) {
    if (!(error instanceof OffsiteError && (error.code === "access-denied" || error.code === "refused"))) throw error;
    const lock = (await locksOf(store, [kept], now, 1)).get(kept.key);
    if (lock) return { removed: false, state: "locked", why: lockText(lock) };
    return { removed: false, state: "refused", why: error.message };
  }
}

/** Where each version has a name of its own, no other one can be meant. */
async function hasChanged(store: Store, kept: KeptKey): Promise<boolean> {
  const [only, ...others] = oldestFirst(kept);
  if (!only || others.length > 0 || (only.version !== undefined && only.version !== "null")) return false;
  const found = await store.head(kept.key);
  // Listings tell parts of seconds, single answers do not.
  return (
    found !== undefined && Math.abs((found.modifiedAt ?? only.modifiedAt).getTime() - only.modifiedAt.getTime()) > 1000
  );
}
