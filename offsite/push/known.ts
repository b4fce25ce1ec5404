import type { Inventory } from "../inventory";
import { isMarked } from "../inventory";
import type { FileLine } from "../sets/contents";
import type { SetFile } from "../sets/files";

/** Where content already lies in the bucket, as the contents of earlier sets of the series say. */
export class Known {
  private readonly places = new Map<string, Place>();
  private readonly objects = new Map<string, string>();

  add({ sha256, bytes, in: object, entry, offset }: FileLine): void {
    const shared = this.objects.get(object) ?? object;
    this.objects.set(shared, shared);
    this.places.set(sha256, { bytes, in: shared, ...(entry === undefined ? {} : { entry, offset }) });
  }

  /** Only what is really there counts, and what no prune wants to delete. */
  find({ sha256, bytes }: SetFile, inventory: Inventory, avoid: ReadonlySet<string>): Place | undefined {
    const place = this.places.get(sha256);
    if (place?.bytes !== bytes) return undefined;
    const usable = inventory.objects.has(place.in) && !isMarked(inventory, place.in) && !avoid.has(place.in);
    return usable ? place : undefined;
  }
}

export interface Place {
  bytes: number;
  in: string;
  entry?: string;
  offset?: number | undefined;
}
