import { needsOf } from "../../estate/chains";
import { bucketLayout, Carried } from "../../estate/documents";
import { messageOf, OffsiteError } from "../error";
import { isMarked, type Inventory } from "../inventory";
import type { Slabs } from "../parallel";
import { readContents } from "../sets/contents";
import { filesOf } from "../sets/files";
import { writeReceipt } from "../sets/receipts";
import { readSealed, setsOn, type SealedSet } from "../sets/target";
import { sha256Of } from "../store/body";
import type { Keeping } from "../store/keeping";
import type { Store } from "../store/store";
import type { DueSets } from "./due";
import { EarlierSets } from "./earlier";
import { Known } from "./known";
import { SetProgress, type PushEvent, type SetOutcome } from "./progress";
import { publish } from "./publish";
import { carryContent } from "./set";
import { Shelf } from "./shelf";

export interface SeriesWork {
  store: Store;
  target: string;
  series: string;
  copy: string;
  keeping: Keeping;
  slabs: Slabs;
  transfers: number;
  othersMs: number;
  now: () => Date;
  tell: (event: PushEvent) => void;
  /** Counts the sets of the whole push. */
  next: () => { index: number; of: number };
}

/** Carries the sets of one series, the oldest first, because later ones need earlier ones and share with them. */
export class SeriesCourier {
  private readonly known = new Known();
  private shelf: Shelf | undefined;
  private earlier: EarlierSets | undefined;

  constructor(private readonly work: SeriesWork) {}

  async carry({ carry, confirm, complete }: DueSets): Promise<SetOutcome[]> {
    const outcomes: SetOutcome[] = [];
    const there = new Set(complete);
    for (const set of [...confirm, ...carry].sort()) {
      const { series, tell, next } = this.work;
      tell({ kind: "set-started", series, set, ...next() });
      const progress = new SetProgress({ series, set }, tell);
      const ended = await this.one(set, there, progress);
      const outcome = { series, set, ...ended, objects: progress.sentObjects, bytes: progress.sentBytes };
      if (outcome.outcome !== "refused") there.add(set);
      tell({ kind: "set-ended", outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  }

  private async one(
    set: string,
    there: ReadonlySet<string>,
    progress: SetProgress,
  ): Promise<Pick<SetOutcome, "outcome" | "problem">> {
    try {
      const sealed = readSealed(this.work.target, this.work.series, set);
      if (there.has(set)) {
        await this.confirm(sealed);
        return { outcome: "already" };
      }
      for (const needed of this.needsOf(sealed, there)) if (!there.has(needed)) throw lacksNeeded(sealed, needed);
      return { outcome: await this.bring(sealed, there, progress) };
    } catch (error) {
      if (!concernsOneSet(error)) throw error;
      return { outcome: "refused", problem: messageOf(error) };
    }
  }

  private async bring(
    sealed: SealedSet,
    there: ReadonlySet<string>,
    progress: SetProgress,
  ): Promise<"carried" | "already"> {
    const { store, series, keeping, slabs, transfers, othersMs } = this.work;
    const files = await filesOf(sealed);
    const shelf = (this.shelf ??= await Shelf.of(store, series, keeping));
    const earlier = (this.earlier ??= new EarlierSets(shelf, this.known));
    await earlier.learn(sealed, files);
    for (;;) {
      const content = await carryContent({
        sealed,
        files,
        shelf,
        known: this.known,
        slabs,
        progress,
        transfers,
        othersMs,
      });
      // The last look showed whether another courier was faster.
      if (shelf.inventory.sets.get(sealed.set)?.manifest) {
        await this.confirm(sealed);
        return "already";
      }
      this.demandNeeded(sealed, shelf.inventory, there);
      if (!(await publish(shelf, sealed, content))) continue;
      earlier.carried(sealed.set);
      this.receipt(sealed, content.objects.length + 2);
      return "carried";
    }
  }

  /** What it was built on may have gone since; then another set may stand in for that. */
  private needsOf({ set, manifest }: SealedSet, there: ReadonlySet<string>): readonly string[] {
    if (manifest.needs.every((needed) => there.has(needed))) return manifest.needs;
    const { target, series } = this.work;
    const sealed = setsOn(target, series).flatMap((one) => readIfSound(target, series, one));
    return needsOf(sealed.map((one) => ({ manifest: one.manifest, good: true }))).get(set) ?? manifest.needs;
  }

  /** By the last look: a set that a prune is about to remove cannot be built upon either. */
  private demandNeeded(sealed: SealedSet, inventory: Inventory, there: ReadonlySet<string>): void {
    const { series } = this.work;
    for (const needed of this.needsOf(sealed, there)) {
      const isThere = inventory.sets.get(needed)?.manifest !== undefined;
      if (!isThere || isMarked(inventory, bucketLayout.manifest(series, needed))) throw lacksNeeded(sealed, needed);
    }
  }

  /** The set is complete there: it is the same one, and here is its receipt. */
  private async confirm(sealed: SealedSet): Promise<void> {
    const { store } = this.work;
    const { series, set } = sealed;
    const found = await store.readWhole(bucketLayout.manifest(series, set));
    if (found?.equals(sealed.sealed) !== true) {
      throw new OffsiteError(
        "refused",
        `${series}/${set}: ${store.where} has another manifest under this name, which is never overwritten.`,
        "Find out who made it. Sets of two deployments need a prefix each.",
      );
    }
    const shelf = (this.shelf ??= await Shelf.of(store, series, this.work.keeping));
    const contents = shelf.inventory.sets.get(set)?.contents.at(-1);
    let objects = 1;
    if (contents) for await (const line of readContents(store, contents.key)) if ("object" in line) objects++;
    this.receipt(sealed, objects);
  }

  private receipt({ series, set, sealed }: SealedSet, objects: number): void {
    const { store, target, copy, now } = this.work;
    writeReceipt(
      target,
      Carried.make({
        series,
        set,
        copy,
        at: now().toISOString(),
        bucket: store.reference.bucket,
        prefix: store.prefix,
        manifestSha256: sha256Of(sealed).toString("hex"),
        objects,
      }),
    );
  }
}

function readIfSound(target: string, series: string, set: string): SealedSet[] {
  try {
    return [readSealed(target, series, set)];
  } catch {
    return [];
  }
}

const lacksNeeded = ({ series, set }: SealedSet, needed: string): OffsiteError =>
  new OffsiteError(
    "refused",
    `${series}/${set}: it needs the set ${needed}, which is not offsite, or about to be pruned there.`,
    "The next full backup starts a new chain. If it is wanted there, see what its retention and those of the target keep.",
  );

/** Other sets may still be carried; where the store itself fails, nothing can. */
function concernsOneSet(error: unknown): boolean {
  if (error instanceof OffsiteError) return error.code === "damaged" || error.code === "refused";
  return error instanceof Error && "syscall" in error;
}
