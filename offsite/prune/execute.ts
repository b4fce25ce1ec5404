import { bucketLayout, PruneMark } from "../../estate/documents";
import { marked, parseKey } from "../keys";
import { inParallel } from "../parallel";
import type { Store } from "../store/store";
import type { KeptKey } from "./look";
import type { Marking, Removal, SetDecisions } from "./plan";
import { removeKey } from "./remove";

export interface Executed {
  removed: Removal[];
  /** What the store did not let go, or what somebody changed meanwhile. */
  stayed: { removal: Removal; state: "left" | "locked" | "refused"; why: string }[];
  /** Due, and left for the next look: it is needed by what could not go, or the look is too old by now. */
  left: Removal[];
  marked: Removal[];
}

export interface Execution {
  store: Store;
  series: string;
  sets: SetDecisions;
  marking: Marking;
  reports: KeptKey[];
  waitMinutes: number;
  transfers: number;
  now: () => Date;
  /** After this, what was seen is too old to delete by. */
  until: Date;
}

/**
 * First what pushes must know, then the deletions: manifests, those of sets that others need last, so that no set ever
 * counts that misses something; then contents; then what they named.
 */
export async function execute(execution: Execution): Promise<Executed> {
  const { store, series, marking, reports, transfers, now } = execution;
  const done: Executed = { removed: [], stayed: [], left: [], marked: [] };
  await inParallel(marking.toMark, transfers, async (removal) => {
    await putMark(execution, removal);
    done.marked.push(removal);
  });
  // Another prune, with another opinion, may have taken a mark back since: then somebody may build on it by now.
  let marks = await marksOf(execution);
  const due = (kind: Removal["kind"]): Removal[] =>
    marking.due.filter((removal) => {
      if (removal.kind !== kind) return false;
      const isStillMarked = marks.has(marked(removal.kept.key));
      if (!isStillMarked) done.left.push(removal);
      return isStillMarked;
    });
  const still = await removeManifests(execution, due("manifest"), done);
  await inParallel(due("contents"), transfers, async (removal) => {
    const set = removal.set ?? "";
    // A listing may have lost a name on its way. As long as there is a manifest, somebody counts on its contents.
    const counts = still.has(set) || (await store.head(bucketLayout.manifest(series, set))) !== undefined;
    if (counts) done.left.push(removal);
    else await removeOne(execution, removal, done);
  });
  marks = await marksOf(execution);
  const needed = new Set([...still.values()].flatMap(({ objects }) => [...(objects ?? [])]));
  await inParallel(due("content"), transfers, async (removal) => {
    if (needed.has(removal.kept.key)) done.left.push(removal);
    else await removeOne(execution, removal, done);
  });
  await inParallel([...reports, ...marking.dropped], transfers, async (kept) => {
    await removeKey(store, kept, now());
  });
  return done;
}

/** Answers with the sets that still have a manifest. */
async function removeManifests(
  execution: Execution,
  due: readonly Removal[],
  done: Executed,
): Promise<Map<string, SetDecisions["staying"][number]>> {
  const { staying, going } = execution.sets;
  const still = new Map([...staying, ...going].map((one) => [one.set, one]));
  const newestFirst = [...due].sort((a, b) => ((a.set ?? "") < (b.set ?? "") ? 1 : -1));
  for (const removal of newestFirst) {
    const set = removal.set ?? "";
    const isNeeded = [...still.values()].some((one) => one.set !== set && one.retainable.needs.includes(set));
    if (isNeeded) done.left.push(removal);
    else if (await removeOne(execution, removal, done)) still.delete(set);
  }
  return still;
}

async function removeOne({ store, now, until }: Execution, removal: Removal, done: Executed): Promise<boolean> {
  if (now() > until) {
    done.left.push(removal);
    return false;
  }
  const answer = await removeKey(store, removal.kept, now());
  if (answer.removed) done.removed.push(removal);
  else done.stayed.push({ removal, state: answer.state, why: answer.why });
  return answer.removed;
}

async function marksOf({ store, series, marking }: Execution): Promise<Set<string>> {
  const found = new Set<string>();
  if (marking.due.length === 0) return found;
  for await (const { key } of store.list(bucketLayout.marks(series))) {
    const parsed = parseKey(key);
    if (parsed?.kind === "mark") found.add(parsed.object);
  }
  return found;
}

async function putMark({ store, series, waitMinutes, now }: Execution, { kept }: Removal): Promise<void> {
  const at = now().toISOString();
  const mark = PruneMark.make({ object: kept.key, at, waitMinutes });
  const body = Buffer.from(PruneMark.write(mark));
  // "exists": another prune has marked it in the same second, which is as good.
  await store.put(bucketLayout.pruneMark(series, kept.key, at), body, { contentType: "application/json" });
}
