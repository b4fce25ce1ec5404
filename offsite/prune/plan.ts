import { startOfRun, type Retention } from "../../estate/documents";
import { decideRetention, type RetentionDecision } from "../../estate/retention";
import { marked, parseKey } from "../keys";
import { lockText, type Locked } from "./locks";
import { holdsBytes, type KeptKey, type Look } from "./look";
import type { PruneSet } from "./sets";

/** What is decided about one series, from what was seen of it alone. */

/** Sets that go, newest first, and why every other stays. */
export interface SetDecisions {
  decisions: RetentionDecision[];
  going: PruneSet[];
  staying: PruneSet[];
}

export function decideSets(
  sets: readonly PruneSet[],
  policy: Retention,
  { now, world }: { now: string; world: Date },
  locks: ReadonlyMap<string, Locked>,
): SetDecisions {
  const retainable = sets.map(({ kept, retainable: one }) => {
    const lock = locks.get(kept.manifest?.key ?? "");
    if (!lock) return one;
    // Stores count locks in their own time, wherever the clock of the estate stands.
    const until = lock.until && lock.until > world ? lock.until.toISOString() : undefined;
    const locked = until === undefined ? {} : { lockedUntil: until > now ? until : justAfter(now) };
    return { ...one, ...locked, held: one.held || lock.legalHold };
  });
  const troubles = new Map(sets.map(({ set, trouble }) => [set, trouble]));
  const decisions = decideRetention(retainable, { policy, awaits: [], now }).map((decision) => {
    const trouble = troubles.get(decision.set);
    if (trouble === undefined) return decision;
    return { ...decision, reasons: [`${trouble}: it stays, and what it may need, until somebody has looked`] };
  });
  const kept = new Map(decisions.map(({ set, keep }) => [set, keep]));
  const going = sets.filter(({ set }) => kept.get(set) === false);
  return { decisions, going, staying: sets.filter(({ set }) => kept.get(set) !== false) };
}

const justAfter = (now: string): string => new Date(Date.parse(now) + 1).toISOString();

export type RemovalKind = "manifest" | "contents" | "content";

/** Something that nothing needs any more. */
export interface Removal {
  kept: KeptKey;
  kind: RemovalKind;
  /** Of a manifest or contents. */
  set: string | undefined;
  why: string;
}

export interface Unneeded {
  removals: Removal[];
  /** Why no content is removed at all. */
  blocked: string[];
  /** Content that nothing needs, and that a push may have brought a moment ago. */
  young: KeptKey[];
  /** Of sets that are gone, and those that newer ones have overtaken: nobody builds on them, so they need no mark. */
  reports: KeptKey[];
}

/** Everything that no set needs which stays. What came so lately may belong to a set that is still being carried. */
export function unneeded(look: Look, { going, staying }: SetDecisions, youngSince: Date): Unneeded {
  const removals: Removal[] = [];
  const gone = new Set(going.map(({ set }) => set));
  const isYoung = ({ modifiedAt }: KeptKey): boolean => modifiedAt > youngSince;
  for (const { set, manifest, contents } of look.sets.values()) {
    if (gone.has(set) && manifest) removals.push({ kept: manifest, kind: "manifest", set, why: "retention" });
    for (const kept of contents) {
      if (gone.has(set)) removals.push({ kept, kind: "contents", set, why: "retention" });
      else if (!holdsBytes(manifest) && !isYoung(kept))
        removals.push({ kept, kind: "contents", set, why: "without a manifest for longer than any push lasts" });
    }
  }
  const blocked = staying.flatMap(({ set, objects, trouble = "its contents are unknown" }) =>
    objects ? [] : [`${set}: ${trouble}`],
  );
  const young: KeptKey[] = [];
  if (blocked.length === 0) {
    const needed = new Set(staying.flatMap(({ objects }) => [...(objects ?? [])]));
    for (const kept of look.objects.values()) {
      if (needed.has(kept.key)) continue;
      if (isYoung(kept)) young.push(kept);
      else removals.push({ kept, kind: "content", set: undefined, why: "no set needs it" });
    }
  }
  return { removals, blocked, young, reports: obsoleteReports(look, staying) };
}

function obsoleteReports({ verified, sets }: Look, staying: readonly PruneSet[]): KeptKey[] {
  const ofGone = [...verified].flatMap(([set, all]) => (sets.has(set) ? [] : all));
  return [...ofGone, ...staying.flatMap(({ overtaken }) => overtaken)];
}

/** How far each removal is, and what becomes of the marks. */
export interface Marking {
  /** Marked for long enough. */
  due: Removal[];
  waiting: { removal: Removal; until: Date }[];
  toMark: Removal[];
  locked: { removal: Removal; why: string }[];
  /** Marks of what is needed again, and of what is gone. */
  dropped: KeptKey[];
}

export function markingOf(
  look: Look,
  { removals, blocked }: Unneeded,
  locks: ReadonlyMap<string, Locked>,
  { world, waitMinutes }: { world: Date; waitMinutes: number },
): Marking {
  const marking: Marking = { due: [], waiting: [], toMark: [], locked: [], dropped: [] };
  const wanted = new Set<string>();
  for (const removal of removals) {
    const lock = locks.get(removal.kept.key);
    if (lock) {
      marking.locked.push({ removal, why: lockText(lock) });
      continue;
    }
    const name = marked(removal.kept.key);
    wanted.add(name);
    const since = look.marks
      .get(name)
      ?.map(markedSince)
      .sort((a, b) => a.getTime() - b.getTime())[0];
    if (!since) marking.toMark.push(removal);
    else {
      const until = new Date(since.getTime() + waitMinutes * 60_000);
      if (until <= world) marking.due.push(removal);
      else marking.waiting.push({ removal, until });
    }
  }
  for (const [name, marks] of look.marks) {
    // Nobody knows what is needed: whatever is marked stays so.
    if (!wanted.has(name) && blocked.length === 0) marking.dropped.push(...marks);
  }
  return marking;
}

/** By its own word, and not before it came: two computers may have two times. */
function markedSince({ key, modifiedAt }: KeptKey): Date {
  const parsed = parseKey(key);
  const said = parsed?.kind === "mark" ? new Date(startOfRun(`${parsed.at}-00000000`)) : modifiedAt;
  return said > modifiedAt ? said : modifiedAt;
}
