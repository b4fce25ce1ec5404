import fs from "node:fs";
import type { StoreReference } from "../../../estate/documents";
import type { Store } from "../../../offsite/store/store";
import { gather } from "./courier";
import type { Random } from "./random";
import type { S3Server } from "./store";

/** What disks, and hands, do to a bucket: below the server, so that it notices nothing, or through it. */
export const DAMAGES = ["flip", "truncate", "swap", "swap bytes", "stale copy", "delete", "hide"] as const;
export type DamageKind = (typeof DAMAGES)[number];

export interface Done {
  kind: DamageKind;
  /** What must be named. */
  keys: string[];
  undo: () => Promise<void>;
}

export interface Victim {
  server: S3Server;
  reference: StoreReference;
  store: Store;
}

export async function damage(
  { server, reference, store }: Victim,
  kind: DamageKind,
  key: string,
  other: string,
  random: Random,
): Promise<Done> {
  const fileOf = (one: string): string => server.fileOf(reference.bucket, store.prefix + one);
  const [file, second] = [fileOf(key), fileOf(other)];
  const bytes = fs.readFileSync(file);
  const putBack = async (): Promise<void> => {
    const versions = await gather(store.versions(key));
    for (const { version, key: found } of versions) if (found === key) await store.remove(key, version);
    await store.put(key, bytes);
  };
  const rewrite = (content: Buffer): (() => Promise<void>) => {
    writeInPlace(file, content);
    return () => Promise.resolve(writeInPlace(file, bytes));
  };
  switch (kind) {
    case "flip": {
      const flipped = Buffer.from(bytes);
      const at = random.below(bytes.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      return { kind, keys: [key], undo: rewrite(flipped) };
    }
    case "truncate":
      return { kind, keys: [key], undo: rewrite(bytes.subarray(0, random.below(bytes.length))) };
    case "swap": {
      swapFiles(file, second);
      return { kind, keys: [key, other], undo: () => Promise.resolve(swapFiles(file, second)) };
    }
    case "swap bytes": {
      const others = fs.readFileSync(second);
      writeInPlace(file, others);
      writeInPlace(second, bytes);
      const undo = (): Promise<void> => {
        writeInPlace(file, bytes);
        return Promise.resolve(writeInPlace(second, others));
      };
      return { kind, keys: [key, other], undo };
    }
    case "stale copy": {
      const [before] = await gather(store.versions(key));
      await store.put(key, fs.readFileSync(second), { replace: true });
      const [after] = await gather(store.versions(key));
      const undo = before?.version === after?.version ? putBack : () => store.remove(key, after?.version);
      return { kind, keys: [key], undo };
    }
    case "delete": {
      const [newest] = await gather(store.versions(key));
      await store.remove(key, newest?.version);
      return { kind, keys: [key], undo: putBack };
    }
    case "hide":
      await store.remove(key);
      return { kind, keys: [key], undo: putBack };
  }
}

/** What the server noted beside the bytes stays as it is. */
function writeInPlace(file: string, content: Buffer): void {
  const handle = fs.openSync(file, "r+");
  fs.ftruncateSync(handle, 0);
  fs.writeSync(handle, content, 0, content.length, 0);
  fs.closeSync(handle);
}

/** With all that the server noted beside them. */
function swapFiles(one: string, other: string): void {
  fs.renameSync(one, `${one}.swapped`);
  fs.renameSync(other, one);
  fs.renameSync(`${one}.swapped`, other);
}
