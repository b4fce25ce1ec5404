import { bucketLayout, Manifest, Verified } from "../estate/documents";
import { messageOf, OffsiteError } from "./error";
import { takeInventory, type Inventory, type ListedSet } from "./inventory";
import { inParallel } from "./parallel";
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
    const sets: OffsiteSet[] = [];
    await inParallel(inventory.sets.values(), TRANSFERS, async (set) => {
      sets.push(await describe(store, inventory, set, now));
    });
    sets.sort((a, b) => (a.set < b.set ? 1 : -1));
    const bytes = [...inventory.objects.values()].reduce((sum, object) => sum + object.bytes, 0);
    found.push({ series, sets, objects: inventory.objects.size, bytes, marked: inventory.marks.size });
  });
  return found.sort((a, b) => (a.series < b.series ? -1 : 1));
}

async function describe(store: Store, inventory: Inventory, listed: ListedSet, now: Date): Promise<OffsiteSet> {
  const { set, manifest, contents } = listed;
  if (!manifest) return { set, state: "incomplete", problem: "its manifest is not there" };
  try {
    const text = await store.readWhole(manifest.key);
    if (!text) return { set, state: "incomplete", problem: "its manifest has just gone" };
    const { startedAt, kind, covers, needs, bytes, ...rest } = Manifest.parse(text.toString("utf8"));
    if (rest.set !== set || rest.series !== inventory.series) throw new Error("its manifest is that of another set");
    const ageSeconds = Math.round((now.getTime() - Date.parse(startedAt)) / 1000);
    const about = {
      set,
      startedAt,
      ageSeconds,
      kind,
      covers,
      needs,
      bytes,
      ...(await lastLook(store, inventory, set)),
    };
    if (contents.length > 0) return { ...about, state: "complete" };
    return { ...about, state: "incomplete", problem: "its contents are not there" };
  } catch (error) {
    if (error instanceof OffsiteError && error.code !== "damaged") throw error;
    return { set, state: "damaged", problem: messageOf(error) };
  }
}

async function lastLook(store: Store, { verified }: Inventory, set: string): Promise<Pick<OffsiteSet, "verified">> {
  const report = verified.get(set)?.at(-1);
  const text = report && (await store.readWhole(report.key));
  if (!text) return {};
  const { at, level, failures } = Verified.parse(text.toString("utf8"));
  return { verified: { at, level, failures: failures.length } };
}
