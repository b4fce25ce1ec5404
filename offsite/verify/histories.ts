import { bucketLayout } from "../../estate/documents";
import { OffsiteError } from "../error";
import { byKey, type ListedVersion } from "../store/listing";
import type { Store } from "../store/store";

/** What became of the objects of a series, as far as the bucket keeps versions and tells them. */
export interface Histories {
  /** The newest version of each key that is there. */
  current: Map<string, string>;
  /** Keys that were written more than once, or deleted: their versions that hold bytes, the newest first. */
  changed: Map<string, ListedVersion[]>;
  /** Keys that a delete marker hides. */
  hidden: Set<string>;
  /** Why there are no versions to be seen, where one must know. */
  unseen?: string;
}

export async function takeHistories(store: Store, series: string): Promise<Histories> {
  const histories: Histories = { current: new Map(), changed: new Map(), hidden: new Set() };
  if (!store.sender.can("list-versions")) return histories;
  try {
    for await (const versions of byKey(store.versions(bucketLayout.series(series)))) note(histories, versions);
  } catch (error) {
    if (!(error instanceof OffsiteError && ["access-denied", "lacks"].includes(error.code))) throw error;
    histories.unseen = error.message;
  }
  return histories;
}

function note({ current, changed, hidden }: Histories, versions: readonly ListedVersion[]): void {
  const [newest] = versions;
  if (!newest) return;
  if (newest.marker) hidden.add(newest.key);
  else current.set(newest.key, newest.version);
  if (newest.marker || versions.length > 1) {
    changed.set(
      newest.key,
      versions.filter(({ marker }) => !marker),
    );
  }
}
