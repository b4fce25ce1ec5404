import { needsOf, type SealedSet } from "../../estate/chains";
import { Manifest } from "../../estate/documents";
import { takeInventory } from "../inventory";
import { inParallel } from "../parallel";
import { readDocument } from "../store/documents";
import type { Store } from "../store/store";
import { isLost, readReport } from "../verify/reports";

const AT_ONCE = 8;

/**
 * What must be restored before a set, as things stand in the bucket now. Its manifest names what it was built on, and
 * for a log that may be gone: whatever good backup ends in it does as well. Only logs have such a choice.
 */
export async function needsNow(store: Store, manifest: Manifest): Promise<readonly string[]> {
  if (manifest.kind !== "log" || manifest.needs.length === 0) return manifest.needs;
  const { sets, verified } = await takeInventory(store, manifest.series);
  const present: SealedSet[] = [{ manifest, good: true }];
  await inParallel(sets.values(), AT_ONCE, async ({ set, manifest: listed, contents }) => {
    if (set === manifest.set || !listed || contents.length === 0) return;
    const read = await readDocument(store, listed.key, Manifest);
    if (!read) return;
    const reports = await Promise.all((verified.get(set) ?? []).toReversed().map(({ key }) => readReport(store, key)));
    present.push({ manifest: read, good: !isLost(reports.flatMap((report) => report ?? [])) });
  });
  return needsOf(present).get(manifest.set) ?? manifest.needs;
}
