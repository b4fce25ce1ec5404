import { inParallel } from "../parallel";
import { versionToRead } from "../store/listing";
import type { Store } from "../store/store";
import { oldestFirst, type KeptKey } from "./look";

/** What the store itself does not let go. */
export interface Locked {
  until: Date | undefined;
  legalHold: boolean;
}

/** Keys of which at least one version is locked or held. */
export async function locksOf(
  store: Store,
  keys: Iterable<KeptKey>,
  now: Date,
  transfers: number,
): Promise<Map<string, Locked>> {
  const locks = new Map<string, Locked>();
  if (!store.sender.can("object-lock") && !store.sender.can("legal-hold")) return locks;
  await inParallel(keys, transfers, async (kept) => {
    let until: Date | undefined;
    let legalHold = false;
    for (const version of oldestFirst(kept)) {
      const found = await store.head(kept.key, versionToRead(version));
      const lock = found?.lock?.until;
      if (lock && lock > now && (!until || lock > until)) until = lock;
      if (found?.legalHold === true) legalHold = true;
    }
    if (until !== undefined || legalHold) locks.set(kept.key, { until, legalHold });
  });
  return locks;
}

export const lockText = ({ until, legalHold }: Locked): string =>
  [...(until ? [`locked until ${until.toISOString()}`] : []), ...(legalHold ? ["under legal hold"] : [])].join(" and ");
