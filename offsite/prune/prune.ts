import { setTimeout as delay } from "node:timers/promises";
import { bucketLayout, type Retention } from "../../estate/documents";
import { known } from "../../estate/stores/known";
import { OffsiteError } from "../error";
import { PUBLISH_WITHIN_MINUTES } from "../push/publish";
import { LONGEST_PUSH_HOURS } from "../push/push";
import { isHeldOn } from "../sets/held";
import { demandTarget } from "../sets/target";
import { demand } from "../store/capabilities";
import { TRANSFERS } from "../store/open";
import type { Store } from "../store/store";
import { execute, type Executed } from "./execute";
import { locksOf } from "./locks";
import { takeLook, type Look } from "./look";
import { decideSets, markingOf, unneeded, type Marking, type Removal, type SetDecisions, type Unneeded } from "./plan";
import type { PruneEvent, PruneReport, RemovalReport, RemovalState, SeriesReport } from "./report";
import { readSets } from "./sets";

/** Which series, and which sets of them are wanted. */
export interface PruneSource {
  series: "all" | readonly string[];
  keep: Retention;
  /** The target that they come from: who holds a set there holds it offsite too. */
  target?: string;
}

export interface PruneOptions {
  /** Decides and explains everything, and changes nothing. */
  dryRun?: boolean;
  /** Waits in this run until what it has marked may go. Else that goes the next time. */
  wait?: boolean;
  /** Longer than any push needs from its last look to its manifest. */
  waitMinutes?: number;
  /** Longer than any push lasts: what nothing needs and is younger may belong to one. */
  youngHours?: number;
  transfers?: number;
  /** The clock of the estate, by which sets grow old. */
  now?: () => Date;
  /** The world's, by which pushes and locks are waited for. */
  world?: World;
  onEvent?: (event: PruneEvent) => void;
}

export interface World {
  now(): Date;
  wait(ms: number): Promise<void>;
}

/**
 * From its last look a push has so long for its manifest; what is under way then may need some minutes more, and the
 * clocks of two computers may be apart by as much as stores put up with, fifteen minutes each.
 */
export const WAIT_MINUTES = 60;
export const LEAST_WAIT_MINUTES = 2 * PUBLISH_WITHIN_MINUTES;
/** A computer may sleep in the middle of it: what was seen before is not deleted by. */
const LOOK_IS_GOOD_FOR_MS = 4 * 3_600_000;
/** A store whose clock is ahead lets wait a second time. */
const WAITS = 3;

/** Removes what no set needs that retention keeps. Safe beside running pushes, and wherever it is interrupted. */
export async function prune(
  store: Store,
  sources: readonly PruneSource[],
  options: PruneOptions = {},
): Promise<PruneReport> {
  const { dryRun = false, wait = false, onEvent: tell = () => undefined } = options;
  const { waitMinutes = WAIT_MINUTES, youngHours = LONGEST_PUSH_HOURS, transfers = TRANSFERS } = options;
  const { now = () => new Date(), world = realWorld(store) } = options;
  if (waitMinutes < LEAST_WAIT_MINUTES) throw tooShort(waitMinutes);
  // A share that is away must not look like one on which nobody holds anything.
  for (const { target } of sources) if (target !== undefined) demandTarget(target);
  // Where a bucket keeps versions that nobody sees, nothing would be freed, and all be hidden.
  if (known(store.reference, "versioning") === true) demand(store.reference, ["list-versions"]);
  const before = { requests: store.sender.requests, retries: store.sender.retries };
  const work = { waitMinutes, youngHours, transfers, now, world };
  const all = (await seriesOf(store, sources)).map(({ name, source }) => new SeriesPruner(store, name, source, work));
  let series: SeriesReport[] = [];
  for (const one of all) {
    const report = await one.round(dryRun);
    tell({ kind: "looked", report });
    series.push(report);
  }
  // All of them wait together.
  for (let turn = 0; wait && !dryRun && turn < WAITS; turn++) {
    const until = latest(series);
    if (until === undefined) break;
    tell({ kind: "waiting", until });
    await world.wait(Math.max(0, Date.parse(until) - world.now().getTime()) + 1000);
    const before = series;
    series = [];
    for (const [index, one] of all.entries()) {
      const report = await one.round(false);
      tell({ kind: "looked", report });
      series.push(joined(before[index] ?? report, report));
    }
  }
  const requests = store.sender.requests - before.requests;
  return { dryRun, series, requests, retries: store.sender.retries - before.retries };
}

async function seriesOf(
  store: Store,
  sources: readonly PruneSource[],
): Promise<{ name: string; source: PruneSource }[]> {
  const present = await store.names(bucketLayout.allSeries);
  const found = new Map<string, PruneSource>();
  for (const source of sources) {
    for (const name of source.series === "all" ? present : source.series) {
      if (found.has(name)) {
        const message = `The series ${name} stands in two sources, which may want different sets of it.`;
        throw new OffsiteError("refused", message, "Name it in one of them.");
      }
      if (present.includes(name)) found.set(name, source);
    }
  }
  return [...found].map(([name, source]) => ({ name, source }));
}

const realWorld = (store: Store): World => ({
  now: () => new Date(),
  wait: (ms) => delay(ms, undefined, store.sender.signal ? { signal: store.sender.signal } : {}),
});

type Work = Required<Pick<PruneOptions, "waitMinutes" | "youngHours" | "transfers" | "now" | "world">>;

class SeriesPruner {
  constructor(
    private readonly store: Store,
    private readonly series: string,
    private readonly source: PruneSource,
    private readonly work: Work,
  ) {}

  /** Looks and, unless one only wants to know, marks and deletes; again where the look became too old meanwhile. */
  async round(dryRun: boolean): Promise<SeriesReport> {
    for (let before: SeriesReport | undefined; ;) {
      const judged = await this.judge();
      const now = this.report(judged, dryRun ? undefined : await this.execute(judged));
      const report = before ? joined(before, now) : now;
      const isTooOld = this.work.world.now().getTime() - judged.look.takenAt.getTime() > LOOK_IS_GOOD_FOR_MS;
      const [left, removed] = (["left", "removed"] as const).map((one) =>
        now.removals.some(({ state }) => state === one),
      );
      if (dryRun || !isTooOld || !left || !removed) return report;
      before = report;
    }
  }

  private async judge(): Promise<Judged> {
    const { store, series, source } = this;
    const { transfers, waitMinutes, youngHours, world } = this.work;
    const now = this.work.now().toISOString();
    const look = await takeLook(store, series, world.now());
    const all = await readSets(store, look, (set) => isHeldOn(source.target, series, set, now), transfers);
    const clocks = { now, world: look.takenAt };
    const free = decideSets(all, source.keep, clocks, new Map());
    const manifests = free.going.flatMap(({ kept }) => kept.manifest ?? []);
    const ofManifests = await locksOf(store, manifests, look.takenAt, transfers);
    const sets = decideSets(all, source.keep, clocks, ofManifests);
    const rest = unneeded(look, sets, new Date(look.takenAt.getTime() - youngHours * 3_600_000));
    const asked = new Set(manifests);
    const others = rest.removals.flatMap(({ kept }) => (asked.has(kept) ? [] : kept));
    const locks = new Map([...ofManifests, ...(await locksOf(store, others, look.takenAt, transfers))]);
    return { look, sets, rest, marking: markingOf(look, rest, locks, { world: look.takenAt, waitMinutes }) };
  }

  private execute({ look, sets, rest, marking }: Judged): Promise<Executed> {
    const { transfers, waitMinutes, world } = this.work;
    return execute({
      store: this.store,
      series: this.series,
      sets,
      marking,
      reports: rest.reports,
      waitMinutes,
      transfers,
      now: () => world.now(),
      until: new Date(look.takenAt.getTime() + LOOK_IS_GOOD_FOR_MS),
    });
  }

  private report({ sets, rest, marking }: Judged, executed: Executed | undefined): SeriesReport {
    const done = executed ?? { removed: marking.due, marked: marking.toMark, stayed: [], left: [] };
    const { waiting, locked } = marking;
    const { waitMinutes, world } = this.work;
    const marked = new Date(world.now().getTime() + waitMinutes * 60_000);
    return {
      series: this.series,
      decisions: sets.decisions,
      removals: [
        ...done.removed.map((one) => reportOf(one, "removed")),
        ...done.marked.map((one) => ({ ...reportOf(one, "marked"), until: marked.toISOString() })),
        ...waiting.map(({ removal, until }) => ({ ...reportOf(removal, "waiting"), until: until.toISOString() })),
        ...locked.map(({ removal, why }) => reportOf(removal, "locked", why)),
        ...done.stayed.map(({ removal, state, why }) => reportOf(removal, state, why)),
        ...done.left.map((one) => reportOf(one, "left")),
      ],
      blocked: rest.blocked,
      young: { objects: rest.young.length, bytes: rest.young.reduce((sum, { bytes }) => sum + bytes, 0) },
    };
  }
}

interface Judged {
  look: Look;
  sets: SetDecisions;
  rest: Unneeded;
  marking: Marking;
}

const reportOf = ({ kept: { key, bytes }, why }: Removal, state: RemovalState, detail = why): RemovalReport => ({
  key,
  bytes,
  state,
  why: detail,
});

/** When the last of what is marked may go. */
const latest = (series: readonly SeriesReport[]): string | undefined =>
  series
    .flatMap(({ removals }) => removals.flatMap(({ until }) => until ?? []))
    .sort()
    .at(-1);

/** What two looks have done: of each object the last word, and all that was removed. */
function joined(first: SeriesReport, second: SeriesReport): SeriesReport {
  const decided = new Set(second.decisions.map(({ set }) => set));
  const gone = first.decisions.filter(({ set }) => !decided.has(set));
  const decisions = [...gone, ...second.decisions].sort((a, b) => (a.set < b.set ? 1 : -1));
  return {
    ...second,
    decisions,
    removals: [...first.removals.filter(({ state }) => state === "removed"), ...second.removals],
  };
}

const tooShort = (minutes: number): OffsiteError =>
  new OffsiteError(
    "refused",
    `${String(minutes)} minutes are too short: a push may need ${String(PUBLISH_WITHIN_MINUTES)} from its last look to its manifest, and clocks differ.`,
    `Wait at least ${String(LEAST_WAIT_MINUTES)} minutes; ${String(WAIT_MINUTES)} are right for most.`,
  );
