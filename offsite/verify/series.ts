import { needsOf } from "../../estate/chains";
import { MANIFEST } from "../../estate/documents";
import { OffsiteError } from "../error";
import { listSets, takeInventory, type Inventory, type ListedSet } from "../inventory";
import { parseKey } from "../keys";
import { inParallel, type Slabs } from "../parallel";
import type { Store } from "../store/store";
import { affectedBy } from "./affected";
import { Expected, type ExpectedObject } from "./expected";
import { takeHistories, type Histories } from "./histories";
import { checkListing } from "./listing";
import { goodVersion, isArchived, lookAt, readObject, type Damage } from "./objects";
import { ReadProgress } from "./progress";
import type { Finding, SeriesVerdict, SetVerdict, VerifyEvent, VerifyLevel } from "./report";
import { drawSample, type SamplePlan } from "./sample";
import { readSeal, readSet, type ReadSeal, type ReadSet } from "./sets";

export interface SeriesWork {
  store: Store;
  series: string;
  level: VerifyLevel;
  sample: SamplePlan;
  /** Only these, and what they need; or all. */
  sets: readonly string[] | undefined;
  slabs: Slabs;
  transfers: number;
  tell: (event: VerifyEvent) => void;
}

/** Contents are many lines, and the processor is the same for all. */
const SETS_AT_ONCE = 4;

/** Looks at the sets of one series. Their objects are looked at once, however many sets share them. */
export class SeriesVerifier {
  private readonly expected: Expected;
  private readonly sets = new Map<string, ReadSet>();
  private readonly damages = new Map<string, Damage>();
  /** Objects that were not read although they should have been, because they lie in an archive. */
  private readonly archived = new Set<string>();
  private readonly notes: string[] = [];
  private needs: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(private readonly work: SeriesWork) {
    this.expected = new Expected(work.series);
  }

  async run(): Promise<SeriesVerdict> {
    const { store, series, level, tell } = this.work;
    const inventory = await takeInventory(store, series);
    const histories = await takeHistories(store, series);
    if (histories.unseen !== undefined) this.note(`Earlier versions cannot be looked at: ${histories.unseen}`);
    const { present, incomplete } = setsIn(inventory, histories);
    await this.readSets(present, histories);
    for (const read of this.sets.values()) this.expected.add(read);

    const objects = [...this.expected.objects.values()];
    const drawn = level === "sampled" ? drawSample([...this.expected.objects.keys()], this.work.sample) : undefined;
    const sampled = new Set(drawn?.keys);
    const isRead = ({ key }: ExpectedObject): boolean => level === "full" || sampled.has(key);
    const progress = new ReadProgress(series, objects.filter(isRead), tell);
    tell({ kind: "looked", series, sets: this.sets.size, objects: objects.length, ...progress.toRead });
    await inParallel(objects, this.work.transfers, async (object) => {
      await this.judge(object, inventory, histories, isRead(object) ? progress : undefined);
    });
    if (this.archived.size > 0) this.note(archivedNote(this.archived.size));

    const verdicts = await this.verdicts();
    return {
      series,
      sets: verdicts,
      incomplete,
      sample: drawn && {
        read: sampled.size,
        of: objects.length,
        damage: this.work.sample.damage,
        confidence: drawn.confidence,
        seed: this.work.sample.seed,
      },
      notes: this.notes,
      objectsRead: progress.objects,
      bytesRead: progress.bytes,
    };
  }

  /** With what is wanted also what it needs: without that it cannot be restored. */
  private async readSets(present: ReadonlyMap<string, ListedSet>, histories: Histories): Promise<void> {
    const { store, series, sets: wanted, transfers } = this.work;
    for (const set of wanted ?? []) if (!present.has(set)) throw noSet(store, series, set);
    const seals = new Map<string, ReadSeal>();
    await inParallel(present.values(), transfers, async (listed) => {
      seals.set(listed.set, await readSeal(store, series, listed, histories));
    });
    this.needs = needsOf([...seals.values()].flatMap(({ sealed }) => (sealed ? { ...sealed, good: true } : [])));
    const asked = new Set(wanted ?? present.keys());
    for (const set of asked) {
      for (const needed of this.needs.get(set) ?? []) {
        if (present.has(needed)) asked.add(needed);
        else seals.get(set)?.findings.push({ path: MANIFEST, message: `needs the set ${needed}, which is not there` });
      }
    }
    await inParallel(asked, SETS_AT_ONCE, async (set) => {
      const seal = seals.get(set);
      if (seal) this.sets.set(set, await readSet(store, series, seal, histories));
    });
  }

  private async judge(
    object: ExpectedObject,
    inventory: Inventory,
    histories: Histories,
    progress: ReadProgress | undefined,
  ): Promise<void> {
    const { store, slabs, level } = this.work;
    let damage = await lookAt(store, object, inventory, histories);
    // Whether other bytes stand there than before, reading tells better than a version.
    const there = inventory.objects.get(object.key)?.bytes === object.bytes;
    if (progress && there) {
      try {
        damage = await readObject(store, slabs, object);
      } catch (error) {
        if (!isArchived(error)) throw error;
        this.archived.add(object.key);
      }
    }
    progress?.done(object);
    if (!damage) return;
    const deep = level === "quick" ? undefined : slabs;
    const version = damage.onlyEntries === true ? undefined : await goodVersion(store, deep, object, histories);
    this.damages.set(object.key, { ...damage, ...(version === undefined ? {} : { version }) });
  }

  private async verdicts(): Promise<SetVerdict[]> {
    const { store, series, level, tell } = this.work;
    const verdicts: SetVerdict[] = [];
    await inParallel(this.sets.values(), SETS_AT_ONCE, async (read) => {
      const { set, sealed, contents } = read;
      const findings = [...read.findings, ...(await affectedBy(store, read, this.damages))];
      if (level === "full") findings.push(...(await this.listing(read)));
      const unread = level !== "full" || [...(contents?.objects.keys() ?? [])].some((key) => this.archived.has(key));
      verdicts.push({
        series,
        set,
        level: unread ? "present" : "hashed",
        artefacts: sealed?.manifest.artefacts.length ?? 0,
        bytes: contents?.bytes ?? 0,
        findings,
        startedAt: sealed?.manifest.startedAt,
        needs: this.needs.get(set) ?? [],
      });
    });
    const standing = await this.unchanged(verdicts);
    for (const verdict of standing) tell({ kind: "verdict", verdict });
    return standing.sort((a, b) => (a.set < b.set ? -1 : 1));
  }

  /** Where the object that holds the listing is damaged, that is told already. */
  private async listing(read: ReadSet): Promise<Finding[]> {
    const line = read.contents?.listing;
    const damage = line && this.damages.get(line.in);
    if (!line || (damage && damage.version === undefined && damage.onlyEntries !== true)) return [];
    return checkListing(this.work.store, read, line, damage?.version, (set) => this.sets.get(set));
  }

  /** A set that was pruned or carried again meanwhile looks damaged, and is not: it is judged the next time. */
  private async unchanged(verdicts: readonly SetVerdict[]): Promise<SetVerdict[]> {
    const { store, series } = this.work;
    if (verdicts.every(({ findings }) => findings.length === 0)) return [...verdicts];
    const now = await listSets(store, series);
    return verdicts.filter(({ set, findings }) => {
      const before = this.sets.get(set)?.listed;
      if (findings.length === 0 || identityOf(before) === identityOf(now.get(set))) return true;
      this.note(`${set} has changed while it was looked at, and is judged the next time.`);
      return false;
    });
  }

  private note(message: string): void {
    this.notes.push(message);
    this.work.tell({ kind: "note", series: this.work.series, message });
  }
}

/** Sets that count, or did before somebody hid or damaged something; and those that never had a manifest. */
function setsIn(
  { sets }: Inventory,
  { hidden, changed }: Histories,
): { present: Map<string, ListedSet>; incomplete: string[] } {
  const present = new Map([...sets].filter(([, { manifest }]) => manifest !== undefined));
  for (const key of hidden) {
    const parsed = parseKey(key);
    if (parsed?.kind !== "manifest" || (changed.get(key) ?? []).length === 0) continue;
    present.set(parsed.set, sets.get(parsed.set) ?? { set: parsed.set, manifest: undefined, contents: [] });
  }
  const incomplete = [...sets.keys()].filter((set) => !present.has(set)).sort();
  return { present: new Map([...present].sort(([a], [b]) => (a < b ? -1 : 1))), incomplete };
}

const identityOf = (listed: ListedSet | undefined): string =>
  [listed?.manifest, ...(listed?.contents ?? [])]
    .map((object) => (object ? `${object.key} ${object.modifiedAt.toISOString()}` : ""))
    .join("\n");

const noSet = (store: Store, series: string, set: string): OffsiteError =>
  new OffsiteError("not-found", `${store.where} has no set ${series}/${set}.`, "See what it has with offsite list.");

const archivedNote = (count: number): string =>
  `${String(count)} objects lie in an archive that must be asked for them first: they are there, and were not read.`;
