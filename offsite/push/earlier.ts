import { bucketLayout, Manifest } from "../../estate/documents";
import { OffsiteError } from "../error";
import { readDocument } from "../store/documents";
import type { ListedObject } from "../store/listing";
import type { Store } from "../store/store";
import { readContents, type FileLine } from "../sets/contents";
import type { SetFile } from "../sets/files";
import type { SealedSet } from "../sets/target";
import type { Known } from "./known";
import { planOf } from "./plan";
import type { Shelf } from "./shelf";

/**
 * What earlier sets of the series carried already: those that this one needs, the newest one before it, and those that
 * that one needs. Their contents are read where that is less than what it can save; what a set that was interrupted
 * has published already always is.
 */
export class EarlierSets {
  private readonly read = new Set<string>();

  constructor(
    private readonly shelf: Shelf,
    private readonly known: Known,
  ) {}

  /** A set that this courier has just carried is known line by line. */
  carried(set: string): void {
    this.read.add(set);
  }

  async learn({ series, set, manifest }: SealedSet, files: readonly SetFile[]): Promise<void> {
    await this.learnFrom(set);
    const { inventory, avoid } = this.shelf;
    const { packs, singles } = planOf(series, files, inventory, this.known, avoid);
    if (packs.length === 0 && singles.length === 0) return;
    // A single object is found by its name; only packs must be looked into.
    const small = packs.flat().reduce((sum, { bytes }) => sum + bytes, 0);
    const candidates = await this.candidates(set, manifest.needs);
    const contents = candidates.map((one) => this.contentsOf(one)?.bytes ?? 0).reduce((sum, bytes) => sum + bytes, 0);
    if (contents < small) for (const one of candidates) await this.learnFrom(one);
  }

  private async candidates(set: string, needs: readonly string[]): Promise<string[]> {
    const { inventory, store } = this.shelf;
    const complete = [...inventory.sets.values()].filter(({ manifest }) => manifest).map((one) => one.set);
    const previous = complete
      .filter((one) => one < set)
      .sort()
      .at(-1);
    const all = new Set(needs);
    if (previous !== undefined) {
      all.add(previous);
      for (const one of await needsOf(store, inventory.series, previous)) all.add(one);
    }
    return [...all].filter((one) => !this.read.has(one) && this.contentsOf(one));
  }

  private contentsOf(set: string): ListedObject | undefined {
    return this.shelf.inventory.sets.get(set)?.contents.at(-1);
  }

  private async learnFrom(set: string): Promise<void> {
    const contents = this.contentsOf(set);
    if (!contents || this.read.has(set)) return;
    this.read.add(set);
    try {
      const lines: FileLine[] = [];
      for await (const line of readContents(this.shelf.store, contents.key)) if ("path" in line) lines.push(line);
      // Not before the last one: only then it is known that they are what was sent.
      for (const line of lines) this.known.add(line);
    } catch (error) {
      // What is damaged is sent again. To find damage is the work of verify.
      if (!(error instanceof OffsiteError && ["damaged", "not-found"].includes(error.code))) throw error;
    }
  }
}

/** A manifest that is gone, or that nobody can read, tells of nothing that could be saved. */
const needsOf = async (store: Store, series: string, set: string): Promise<readonly string[]> =>
  (await readDocument(store, bucketLayout.manifest(series, set), Manifest))?.needs ?? [];
