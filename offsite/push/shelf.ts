import { setTimeout as delay } from "node:timers/promises";
import { OffsiteError } from "../error";
import { isMarked, takeInventory, type Inventory } from "../inventory";
import type { ObjectLine } from "../sets/contents";
import type { Keeping } from "../store/keeping";
import type { Store, StoredObject } from "../store/store";
import { freeKey } from "./plan";
import { partBytesOf, partsIn, SLAB } from "./sizes";

/** What an object must be, as this courier knows it from the bytes themselves or from what was sealed. */
export interface Expected {
  bytes: number;
  sha256: string;
  /** The hash of the hashes of its parts, where this courier has seen them all. */
  composite?: string | undefined;
  crc32?: string | undefined;
}

/** What a sender knows of what it has sent. */
export interface Sent {
  composite?: string | undefined;
  crc32?: string | undefined;
  /** Somebody else was faster. */
  exists: boolean;
}

/** A listing that is older is worth a look at the single object before many bytes are sent. */
const FRESH_MS = 1000;
const WORTH_A_LOOK = 256 * 1024;
/** Somebody else was at work here so lately that the next object may be theirs too. */
const COMPANY_MS = 30_000;
const STEP_ASIDE_MS = 300;
/** Turns of one key that a store may spoil right after they were sent, before it is not believed any more. */
const SPOILT = 3;

/** The content of one series in the bucket: what is there, what has been looked at, and where new content goes. */
export class Shelf {
  /** Keys that hold something else, or that a delete marker hides: their content is sent under the next turn. */
  readonly avoid = new Set<string>();
  private readonly checked = new Map<string, ObjectLine>();
  private listedAt = 0;
  private metAt = -Infinity;
  /** So little is to be sent that others, if there are any, send just that at this moment. */
  crowded = false;

  private constructor(
    readonly store: Store,
    readonly keeping: Keeping,
    public inventory: Inventory,
  ) {}

  static async of(store: Store, series: string, keeping: Keeping): Promise<Shelf> {
    const listedAt = performance.now();
    const shelf = new Shelf(store, keeping, await takeInventory(store, series));
    shelf.listedAt = listedAt;
    return shelf;
  }

  async refresh(): Promise<void> {
    this.listedAt = performance.now();
    this.inventory = await takeInventory(this.store, this.inventory.series);
  }

  get listedForMs(): number {
    return performance.now() - this.listedAt;
  }

  /**
   * Sees to it that the content is there, sends it where it is not, and reads back what the store has. Another courier
   * may come first at any moment; what it sent is compared like what we sent.
   */
  async deliver(
    keyOf: (turn: number) => string,
    expected: Expected,
    send: (key: string) => Promise<Sent>,
  ): Promise<{ line: ObjectLine; sent: boolean }> {
    for (let spoilt = 0; ;) {
      const { key, there } = freeKey(keyOf, expected.bytes, this.inventory, this.avoid);
      if (there || (await this.appeared(key, expected.bytes))) {
        const line = await this.check(key, expected);
        if (line) return { line, sent: false };
        continue;
      }
      const { composite, crc32, exists } = await send(key);
      if (exists) this.metAt = performance.now();
      const line = await this.check(key, { ...expected, composite, crc32 });
      if (line) return { line, sent: !exists };
      if (!exists && ++spoilt >= SPOILT) {
        throw new OffsiteError(
          "damaged",
          `${this.store.where} does not keep what it is sent: ${key} reads back differently.`,
          "Do not trust this store before it is repaired.",
        );
      }
    }
  }

  /** Reads back what the store says of an object, and keeps it as long as this set must be. Undefined: not usable. */
  async check(key: string, expected: Expected): Promise<ObjectLine | undefined> {
    const known = this.checked.get(key);
    if (known) return known;
    const found = await this.store.head(key);
    if (!found || !isSame(found, expected)) {
      this.avoid.add(key);
      this.inventory.objects.delete(key);
      return undefined;
    }
    await this.keepLonger(found);
    const line = { object: key, bytes: expected.bytes, sha256: expected.sha256, ...partsFields(found) };
    this.checked.set(key, line);
    this.inventory.objects.set(key, { key, bytes: found.bytes, modifiedAt: found.modifiedAt ?? new Date() });
    return line;
  }

  /** Objects that a set refers to and that are gone, or marked by a prune, since they were looked at. */
  async vanished(objects: readonly string[]): Promise<string[]> {
    await this.refresh();
    const gone = objects.filter((key) => !this.inventory.objects.has(key) || isMarked(this.inventory, key));
    for (const key of gone) this.checked.delete(key);
    return gone;
  }

  /** Another courier may have sent it since the listing. Where one is about, a step aside keeps both from the same. */
  private async appeared(key: string, bytes: number): Promise<boolean> {
    // Uploads in parts are seen by others while they grow, and need no such courtesy.
    const company = bytes <= SLAB && (this.crowded || performance.now() - this.metAt < COMPANY_MS);
    if (company) await delay(Math.random() * STEP_ASIDE_MS);
    else if (bytes < WORTH_A_LOOK || performance.now() - this.listedAt < FRESH_MS) return false;
    if ((await this.store.head(key)) === undefined) return false;
    this.metAt = performance.now();
    return true;
  }

  private async keepLonger({ key, version, lock, legalHold }: StoredObject): Promise<void> {
    const wanted = this.keeping.lock;
    if (wanted && (lock === undefined || lock.until < wanted.until)) {
      const mode = lock?.mode === "COMPLIANCE" ? lock.mode : wanted.mode;
      await this.store.lock(key, version, { mode, until: wanted.until });
    }
    if (this.keeping.legalHold && !legalHold) await this.store.hold(key, version, "ON");
  }
}

function isSame({ bytes, sha256, composite, crc32 }: StoredObject, expected: Expected): boolean {
  if (bytes !== expected.bytes) return false;
  if (sha256) return sha256.toString("hex") === expected.sha256;
  if (crc32 !== undefined && expected.crc32 !== undefined) return crc32 === expected.crc32;
  // Sent in other parts, or by a store that keeps no checksums: a full verification will tell.
  if (composite === undefined || expected.composite === undefined || !sameParts(composite, expected.composite))
    return true;
  return composite === expected.composite;
}

const sameParts = (a: string, b: string): boolean => a.slice(a.lastIndexOf("-")) === b.slice(b.lastIndexOf("-"));

function partsFields({ bytes, version, composite }: StoredObject): Pick<ObjectLine, "parts" | "partBytes" | "version"> {
  const parts = composite === undefined ? partsIn(bytes) : Number(composite.slice(composite.lastIndexOf("-") + 1));
  return {
    ...(composite === undefined && bytes <= SLAB ? {} : { parts }),
    ...(bytes > SLAB && parts === partsIn(bytes) ? { partBytes: partBytesOf(bytes) } : {}),
    ...(version === undefined ? {} : { version }),
  };
}
