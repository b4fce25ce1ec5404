import type { CourierSource } from "../../estate/documents";
import type { Capability } from "../../estate/stores/capabilities";
import { many, OffsiteError } from "../error";
import { inParallel, shuffled, Slabs } from "../parallel";
import { writeReadme } from "../readme";
import { seriesOn } from "../sets/target";
import { demand } from "../store/capabilities";
import type { Keeping } from "../store/keeping";
import { TRANSFERS } from "../store/open";
import type { Store } from "../store/store";
import { dueSets, type DueSets } from "./due";
import type { PushEvent, SetOutcome } from "./progress";
import { SeriesCourier } from "./series";
import { SLAB, SLABS } from "./sizes";
import { sweep, uploadsBelow, type Swept } from "./sweep";

/** Which sets of which target are carried, and how they are kept; the target as a folder of this computer. */
export interface PushSource extends Omit<CourierSource, "target"> {
  target: string;
}

export interface PushOptions {
  /** Which copy this is: receipts bear its name. */
  copy: string;
  transfers?: number;
  now?: () => Date;
  onEvent?: (event: PushEvent) => void;
  /** An upload of another courier that was quiet for so long is gone on with. */
  othersMs?: number;
  /** An upload that is older belongs to nobody any more. */
  longestPushHours?: number;
}

export interface PushReport {
  sets: SetOutcome[];
  /** Series that were named, and have no folder on their target. */
  absent: string[];
  swept: Swept;
  objects: number;
  bytes: number;
  requests: number;
  retries: number;
}

/** Of different series: each waits for the store now and then, and needs the processor in between. */
const SERIES_AT_ONCE = 4;
const OTHERS_MS = 5_000;
export const LONGEST_PUSH_HOURS = 48;

/** Carries every sealed set that is not offsite yet. Sets that cannot be carried are named in the report. */
export async function push(store: Store, sources: readonly PushSource[], options: PushOptions): Promise<PushReport> {
  for (const source of sources) demandFor(store, source);
  const { copy, transfers = TRANSFERS, now = () => new Date(), onEvent = () => undefined } = options;
  const slabs = new Slabs(SLAB, SLABS);
  const { present, absent } = seriesIn(sources);
  const work: (Wanted & { due: DueSets })[] = [];
  const [uploads] = await Promise.all([
    uploadsBelow(store),
    inParallel(present, transfers, async ({ source, series }) => {
      const { target, keep } = source;
      const due = await dueSets(store, { target, series, copy, keep, now: now() });
      if (due.carry.length + due.confirm.length > 0) work.push({ source, series, due });
    }),
  ]);
  const of = work.reduce((sum, { due }) => sum + due.carry.length + due.confirm.length, 0);
  let index = 0;
  const sets: SetOutcome[] = [];
  const [first] = work;
  if (first) await writeReadme(store, keepingOf(first.source, now()));
  await inParallel(shuffled(work), SERIES_AT_ONCE, async ({ source, series, due }) => {
    const courier = new SeriesCourier({
      store,
      target: source.target,
      series,
      copy,
      keeping: keepingOf(source, now()),
      slabs,
      transfers,
      othersMs: options.othersMs ?? OTHERS_MS,
      now,
      tell: onEvent,
      next: () => ({ index: ++index, of }),
    });
    sets.push(...(await courier.carry(due)));
  });
  const longest = { longestPushHours: options.longestPushHours ?? LONGEST_PUSH_HOURS, now: new Date() };
  const swept = await sweep(store, work.length > 0 ? await uploadsBelow(store) : uploads, longest);
  const { requests, retries } = store.sender;
  const sum = (pick: (one: SetOutcome) => number): number => sets.reduce((total, one) => total + pick(one), 0);
  return { sets, absent, swept, objects: sum((one) => one.objects), bytes: sum((one) => one.bytes), requests, retries };
}

interface Wanted {
  source: PushSource;
  series: string;
}

function seriesIn(sources: readonly PushSource[]): { present: Wanted[]; absent: string[] } {
  const wanted = sources.flatMap((source) => {
    const there = seriesOn(source.target);
    const names = source.series === "all" ? there : source.series;
    return names.map((series) => ({ source, series, there: there.includes(series) }));
  });
  const twice = wanted.find(({ series }, index) => wanted.findIndex((one) => one.series === series) < index);
  if (twice) {
    const message = `The series ${twice.series} stands in two sources; in a bucket it can be one only.`;
    throw new OffsiteError("refused", message, "Give one of the sources a prefix of its own.");
  }
  const absent = wanted.filter(({ there }) => !there).map(({ series }) => series);
  return { present: wanted.filter(({ there }) => there), absent };
}

/** What was declared, or the push refuses before it sends anything. */
function demandFor(store: Store, { lock, legalHold }: PushSource): void {
  const wanted: Capability[] = ["conditional-writes"];
  if (lock) wanted.push("object-lock");
  if (legalHold) wanted.push("legal-hold");
  demand(store.reference, wanted);
}

const DAY_MS = 86_400_000;

function keepingOf({ lock, legalHold, storageClass, encryption }: PushSource, now: Date): Keeping {
  // Stores refuse a time that is past for them; a clock that runs behind must not shorten a lock either.
  const from = Math.max(now.getTime(), Date.now());
  return {
    lock: lock && {
      mode: lock.mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
      until: new Date(Math.ceil((from + lock.days * DAY_MS) / 1000) * 1000),
    },
    legalHold,
    storageClass,
    encryption,
  };
}

/** One sentence for a person. */
export function summaryOf({ sets, bytes, objects }: PushReport): string {
  const count = (outcome: SetOutcome["outcome"]): number => sets.filter((one) => one.outcome === outcome).length;
  if (sets.length === 0) return "Nothing to carry: every sealed set is offsite.";
  const refused = count("refused");
  return (
    `${many(count("carried"), "set")} carried (${many(objects, "object")}, ${many(bytes, "byte")}), ` +
    `${many(count("already"), "set")} offsite already${refused > 0 ? `, ${many(refused, "set")} refused` : ""}.`
  );
}
