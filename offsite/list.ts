import { needsOf, type SealedSet } from "../estate/chains";
import { bucketLayout, Manifest, Verified, type OffsitePoint } from "../estate/documents";
import { messageOf, OffsiteError } from "./error";
import { takeInventory, type Inventory, type ListedSet } from "./inventory";
import { inParallel } from "./parallel";
import { newestGood } from "./recovery-point";
import { TRANSFERS } from "./store/open";
import type { Store } from "./store/store";

/** A series as the bucket has it; plain data, for tables and for programs. */
export interface OffsiteSeries {
  series: string;
  /** Newest first. */
  sets: OffsiteSet[];
  /** What all its content takes, shared or not. */
  objects: number;
  bytes: number;
  /** Objects that a prune wants to delete. */
  marked: number;
}

export interface OffsiteSet {
  set: string;
  /** Incomplete: there is no manifest (yet), so it is no set. Damaged: its manifest cannot be read. */
  state: "complete" | "incomplete" | "damaged";
  problem?: string;
  /** When its run began, by its manifest: that is how old its data are. */
  startedAt?: string;
  ageSeconds?: number;
  kind?: Manifest["kind"];
  covers?: Manifest["covers"];
  /** Sets that must be restored before it, as things stand now. */
  needs?: readonly string[];
  /** Of its artefacts; the files of a file store stand in its listing. */
  bytes?: number;
  /** The last look at it offsite. */
  verified?: { at: string; level: Verified["level"]; failures: number };
}

export interface ListOptions {
  series?: readonly string[];
  now?: Date;
}

/** Everything that is offsite, by series and age. What cannot be read is shown as such, and hides nothing else. */
export async function listOffsite(store: Store, options: ListOptions = {}): Promise<OffsiteSeries[]> {
  const now = options.now ?? new Date();
  const names = options.series ?? (await store.names(bucketLayout.allSeries));
  const found: OffsiteSeries[] = [];
  await inParallel(names, 4, async (series) => {
    const inventory = await takeInventory(store, series);
    const described: Described[] = [];
    await inParallel(inventory.sets.values(), TRANSFERS, async (set) => {
      described.push(await describe(store, inventory, set, now));
    });
    described.sort((a, b) => (a.about.set < b.about.set ? 1 : -1));
    const needs = needsOf(described.flatMap(chained));
    const sets = described.map(({ about, manifest }) =>
      manifest ? { ...about, needs: needs.get(about.set) ?? manifest.needs } : about,
    );
    const bytes = [...inventory.objects.values()].reduce((sum, object) => sum + object.bytes, 0);
    found.push({ series, sets, objects: inventory.objects.size, bytes, marked: inventory.marks.size });
  });
  return found.sort((a, b) => (a.series < b.series ? -1 : 1));
}

/** Of each series the newest set that a verification found good, with all that it needs. */
export async function readPoints(store: Store, series?: readonly string[]): Promise<OffsitePoint[]> {
  const present = await store.names(bucketLayout.allSeries);
  const wanted = series ? series.filter((name) => present.includes(name)) : present;
  return (await listOffsite(store, { series: wanted })).flatMap((one) => pointOf(one) ?? []);
}

export function pointOf({ series, sets }: OffsiteSeries): OffsitePoint | undefined {
  const judged = sets.map((one) => ({ ...one, needs: one.needs ?? [], good: isGood(one) }));
  const newest = newestGood(judged);
  if (newest?.startedAt === undefined || !newest.verified) return undefined;
  return { series, set: newest.set, startedAt: newest.startedAt, verifiedAt: newest.verified.at };
}

const isGood = ({ state, verified }: OffsiteSet): boolean => state === "complete" && verified?.failures === 0;

interface Described {
  about: OffsiteSet;
  manifest: Manifest | undefined;
}

/** What others can be built upon: what is there, and not known to be damaged. */
const chained = ({ about, manifest }: Described): SealedSet[] =>
  manifest ? [{ manifest, good: about.state === "complete" && (about.verified?.failures ?? 0) === 0 }] : [];

async function describe(store: Store, inventory: Inventory, listed: ListedSet, now: Date): Promise<Described> {
  const { set, manifest: key, contents } = listed;
  const without = (state: OffsiteSet["state"], problem: string): Described => ({
    about: { set, state, problem },
    manifest: undefined,
  });
  if (!key) return without("incomplete", "its manifest is not there");
  try {
    const text = await store.readWhole(key.key);
    if (!text) return without("incomplete", "its manifest has just gone");
    const manifest = Manifest.parse(text.toString("utf8"));
    const { startedAt, kind, covers, bytes } = manifest;
    if (manifest.set !== set || manifest.series !== inventory.series) {
      throw new Error("its manifest is that of another set");
    }
    const ageSeconds = Math.round((now.getTime() - Date.parse(startedAt)) / 1000);
    const about = {
      set,
      startedAt,
      ageSeconds,
      kind,
      covers,
      bytes,
      ...(await lastLook(store, inventory, set)),
    };
    if (contents.length > 0) return { about: { ...about, state: "complete" }, manifest };
    return { about: { ...about, state: "incomplete", problem: "its contents are not there" }, manifest };
  } catch (error) {
    if (error instanceof OffsiteError && error.code !== "damaged") throw error;
    return without("damaged", messageOf(error));
  }
}

async function lastLook(store: Store, { verified }: Inventory, set: string): Promise<Pick<OffsiteSet, "verified">> {
  const report = verified.get(set)?.at(-1);
  const text = report && (await store.readWhole(report.key));
  if (!text) return {};
  const { at, level, failures } = Verified.parse(text.toString("utf8"));
  return { verified: { at, level, failures: failures.length } };
}
