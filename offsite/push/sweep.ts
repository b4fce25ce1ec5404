import { bucketLayout } from "../../estate/documents";
import { parseKey } from "../keys";
import type { Store } from "../store/store";
import { endUpload, openUploads, partsOf, type OpenUpload } from "../store/uploads";

export interface Swept {
  ended: string[];
  /** Uploads that somebody may still be feeding. */
  left: string[];
}

export async function uploadsBelow(store: Store): Promise<OpenUpload[]> {
  const found: OpenUpload[] = [];
  if (!store.sender.can("list-uploads")) return found;
  for await (const upload of openUploads(store, bucketLayout.allSeries)) found.push(upload);
  return found;
}

/**
 * Ends uploads that will never be completed, so that nobody pays for their parts. One whose object is there is of no
 * use to anybody: who still feeds it finds the object. Any other may be fed by another courier, as long as a part of it
 * has arrived within the time of the longest push. What is no content of ours is left alone.
 */
export async function sweep(
  store: Store,
  uploads: readonly OpenUpload[],
  { longestPushHours, now }: { longestPushHours: number; now: Date },
): Promise<Swept> {
  const swept: Swept = { ended: [], left: [] };
  for (const upload of uploads) {
    const kind = parseKey(upload.key)?.kind;
    if (kind !== "data" && kind !== "pack") continue;
    const isOld = (at: Date): boolean => now.getTime() - at.getTime() > longestPushHours * 3_600_000;
    const dead = isOld(upload.startedAt) && isOld(await lastPart(store, upload));
    if (dead || (await store.head(upload.key)) !== undefined) {
      await endUpload(store, upload);
      swept.ended.push(upload.key);
    } else swept.left.push(upload.key);
  }
  return swept;
}

async function lastPart(store: Store, upload: OpenUpload): Promise<Date> {
  const times = ((await partsOf(store, upload)) ?? []).map(({ modifiedAt }) => modifiedAt?.getTime() ?? 0);
  return new Date(Math.max(upload.startedAt.getTime(), ...times));
}
