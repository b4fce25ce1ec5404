import { createHash, type Hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { OffsiteError } from "../error";
import type { Slabs } from "../parallel";
import { realFile, type SetFile } from "../sets/files";
import { notAsSealed, withFile, type OpenFile } from "../sets/read";
import type { SealedSet } from "../sets/target";
import { bodyOf, crcText, rangeBody, type Body } from "../store/body";
import type { Keeping } from "../store/keeping";
import type { Store } from "../store/store";
import {
  checksumOf,
  completeUpload,
  compositeOf,
  createUpload,
  endUpload,
  openUploads,
  partsOf,
  sendPart,
  type OpenUpload,
  type Part,
} from "../store/uploads";
import type { Sent } from "./shelf";
import { partBytesOf } from "./sizes";

/**
 * Large files, in parts. The key says what the content is, and the size alone says how it is cut: so whoever finds an
 * upload of this key open can go on with it, its own from before a kill or that of another courier. The parts that have
 * arrived tell their hashes; those that are right are not sent again.
 */
export interface PartSender {
  store: Store;
  slabs: Slabs;
  keeping: Keeping;
  /** How long an upload of another must be quiet before this courier goes on in its place. */
  othersMs: number;
  onSent: (bytes: number, sent: boolean) => void;
}

interface Upload {
  key: string;
  id: string;
  /** Begun by another courier, or by this one before a kill. */
  joined: boolean;
}

interface Fed {
  parts: Part[];
  composite: string;
  crc32: string;
}

const ROUNDS = 5;

export async function sendInParts(sender: PartSender, sealed: SealedSet, file: SetFile, key: string): Promise<Sent> {
  for (let round = 0; round < ROUNDS; round++) {
    const upload = await joinOrBegin(sender, key);
    const fed = await withFile(sealed, file, (open) => new Feeder(sender, sealed, file, upload, open).feed());
    if (fed !== "gone") {
      const done = await completeUpload(sender.store, upload, fed.parts, file.bytes, fed.crc32);
      if (done === "exists") await endUpload(sender.store, upload);
      if (done !== "gone") return { ...sumsOf(fed), exists: done === "exists" };
    }
    // Completed or ended by another courier, or by us with an answer that was lost: a look at the object tells.
    if (await sender.store.head(key)) return { ...(fed === "gone" ? {} : sumsOf(fed)), exists: true };
  }
  throw new OffsiteError(
    "unreachable",
    `${key} could not be sent to ${sender.store.where}: its upload was ended ${String(ROUNDS)} times by somebody else.`,
    "See what else works on this bucket, then push again.",
  );
}

const sumsOf = ({ composite, crc32 }: Fed): Omit<Sent, "exists"> => ({ composite, crc32 });

/** The oldest upload of the key that is open, or a new one where there is none. */
async function joinOrBegin({ store, keeping }: PartSender, key: string): Promise<Upload> {
  if (!store.sender.can("list-uploads")) return { key, id: await createUpload(store, key, keeping), joined: false };
  for (;;) {
    const [oldest] = await uploadsOf(store, key);
    if (oldest) return { ...oldest, joined: true };
    const id = await createUpload(store, key, keeping);
    // Two may have begun at the same moment. Who sees one that is not younger makes room for it.
    const open = await uploadsOf(store, key);
    const own = open.find((one) => one.id === id);
    if (!open.some((one) => one.id !== id && (!own || one.startedAt <= own.startedAt)))
      return { key, id, joined: false };
    await endUpload(store, { key, id });
    await delay(Math.random() * 500);
  }
}

async function uploadsOf(store: Store, key: string): Promise<OpenUpload[]> {
  const found: OpenUpload[] = [];
  const wanted = checksumOf(store);
  for await (const upload of openUploads(store, key)) {
    if (upload.key === key && (wanted === undefined || upload.checksum === wanted)) found.push(upload);
  }
  return found.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime() || (a.id < b.id ? -1 : 1));
}

/**
 * Reads a file once from begin to end, compares it with what was sealed, and sends the parts that have not arrived.
 * Where the hashes of just these parts were sealed, each is compared with its own; else the whole is, at the end.
 */
class Feeder {
  private readonly parts = new Map<number, Part>();
  private readonly hashes: Buffer[] = [];
  private readonly whole: Hash | undefined;
  private readonly sealedParts: string | undefined;
  private differs = false;
  private crc = 0;
  /** Only for stores that compare nothing better. */
  private readonly summed: boolean;
  private readonly underWay = new Set<Promise<void>>();
  private arrived = new Map<number, Part>();
  private gone = false;
  private failure: unknown;
  /** Somebody else may feed this upload too: then we look before we send, and make way for who is faster. */
  private shared: boolean;
  /** When a part of somebody else was last seen to arrive. */
  private othersAt: number;
  private looked = false;
  private lookedAt = -Infinity;
  /** Not all of those who wait together go on together. */
  private readonly patienceMs: number;

  constructor(
    private readonly sender: PartSender,
    private readonly sealed: SealedSet,
    private readonly file: SetFile,
    private readonly upload: Upload,
    private readonly open: OpenFile,
  ) {
    const { bytes, parts } = file;
    this.sealedParts = parts?.bytes === partBytesOf(bytes) ? parts.sha256 : undefined;
    this.whole = this.sealedParts === undefined ? createHash("sha256") : undefined;
    this.summed = checksumOf(sender.store) === "CRC32";
    this.shared = upload.joined;
    this.othersAt = upload.joined ? performance.now() : -Infinity;
    this.patienceMs = sender.othersMs * (1 + Math.random());
  }

  async feed(): Promise<Fed | "gone"> {
    const { bytes } = this.file;
    const partBytes = partBytesOf(bytes);
    for (let number = 1; (number - 1) * partBytes < bytes && !this.stopped; number++) {
      const start = (number - 1) * partBytes;
      await this.part(number, start, Math.min(partBytes, bytes - start));
    }
    await Promise.all(this.underWay);
    if (this.failure !== undefined) throw this.failure as Error;
    if (this.gone) return "gone";
    if (this.differs || (this.whole && this.whole.digest("hex") !== this.file.sha256)) {
      await endUpload(this.sender.store, this.upload);
      throw notAsSealed(this.sealed, this.file);
    }
    const parts = [...this.parts.values()].sort((a, b) => a.number - b.number);
    return { parts, composite: compositeOf(this.hashes), crc32: crcText(this.crc) };
  }

  private get stopped(): boolean {
    return this.gone || this.differs || this.failure !== undefined;
  }

  private async part(number: number, start: number, bytes: number): Promise<void> {
    const slab = await this.sender.slabs.take();
    try {
      const { body, crc: sum } = await this.read(slab, start, bytes);
      const crc = crcText(sum);
      this.hashes.push(body.sha256);
      const at = (number - 1) * 64;
      if (this.sealedParts !== undefined && this.sealedParts.slice(at, at + 64) !== body.sha256.toString("hex")) {
        this.differs = true;
        this.sender.slabs.give(slab);
        return;
      }
      if (await this.hasArrived(number, body, crc)) {
        this.sender.onSent(bytes, false);
        this.sender.slabs.give(slab);
        return;
      }
      const task = this.send(number, body, crc).finally(() => {
        this.sender.slabs.give(slab);
        this.underWay.delete(task);
      });
      this.underWay.add(task);
    } catch (error) {
      this.failure ??= error;
      this.sender.slabs.give(slab);
    }
  }

  /** A part that is bigger than the buffer passes through it for its hash, and once more when it is sent. */
  private async read(slab: Buffer, start: number, bytes: number): Promise<{ body: Body; crc: number }> {
    if (bytes <= slab.length) {
      const part = slab.subarray(0, bytes);
      await this.open.fill(part, start);
      const crc = this.take(part, 0);
      return { body: bodyOf(part), crc };
    }
    const hash = createHash("sha256");
    let crc = 0;
    for (let at = 0; at < bytes; at += slab.length) {
      const piece = slab.subarray(0, Math.min(slab.length, bytes - at));
      await this.open.fill(piece, start + at);
      hash.update(piece);
      crc = this.take(piece, crc);
    }
    return { body: rangeBody(realFile(this.sealed.folder, this.file.path), start, bytes, hash.digest()), crc };
  }

  /** Into the sums of the whole file; answers with the checksum of the part so far, where one is asked for. */
  private take(piece: Buffer, crc: number): number {
    this.whole?.update(piece);
    if (!this.summed) return crc;
    this.crc = crc32(piece, this.crc);
    return crc32(piece, crc);
  }

  private async send(number: number, body: Body, crc: string): Promise<void> {
    try {
      const began = performance.now();
      const part = this.stopped ? undefined : await sendPart(this.sender.store, this.upload, number, body, crc);
      // So slow that somebody may have taken this for dead, and gone on with it.
      if (performance.now() - began > this.sender.othersMs) this.shared = true;
      if (!part) this.gone = true;
      else {
        this.parts.set(number, part);
        this.sender.onSent(body.bytes, true);
      }
    } catch (error) {
      this.failure ??= error;
    }
  }

  /** A CRC tells as much here as when the part was sent: then too the store has compared nothing better. */
  private async hasArrived(number: number, { bytes, sha256 }: Body, crc: string): Promise<boolean> {
    while (this.shared && !this.stopped) {
      await this.look();
      const part = this.arrived.get(number);
      if (part) {
        const same = part.bytes === bytes && (this.summed ? part.crc32 === crc : part.sha256?.equals(sha256) === true);
        if (same) this.parts.set(number, { ...part, sha256 });
        return same;
      }
      if (performance.now() - this.othersAt > this.patienceMs) return false;
      await delay(Math.min(LOOK_EVERY_MS, this.patienceMs / 4));
    }
    return false;
  }

  private async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < Math.min(LOOK_EVERY_MS, this.patienceMs / 4)) return;
    this.lookedAt = now;
    const parts = await partsOf(this.sender.store, this.upload);
    if (!parts) {
      this.gone = true;
      return;
    }
    const others = parts.some(({ number }) => !this.arrived.has(number) && !this.parts.has(number));
    // The first look shows what was there before: nobody need be feeding it now.
    if (others && this.looked) this.othersAt = now;
    this.looked = true;
    this.arrived = new Map(parts.map((part) => [part.number, part]));
  }
}

const LOOK_EVERY_MS = 500;
