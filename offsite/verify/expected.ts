import { bucketLayout } from "../../estate/documents";
import type { ObjectLine } from "../sets/contents";
import { CONTENTS } from "./contents";
import type { Entries } from "./entries";
import type { ReadSet } from "./sets";

/** An object of a series, with all that sets say of it. */
export interface ExpectedObject {
  key: string;
  bytes: number;
  sha256: string;
  /** As they were sent, where the bucket keeps versions. */
  versions: string[];
  sets: string[];
  entries: Entries | undefined;
}

/** What the sets of a series need: each object once, however many sets share it. */
export class Expected {
  readonly objects = new Map<string, ExpectedObject>();

  constructor(private readonly series: string) {}

  add(read: ReadSet): void {
    const { set, contents } = read;
    if (!contents) return;
    for (const line of contents.objects.values()) {
      // A manifest is read whole anyway.
      if (line.object === bucketLayout.manifest(this.series, set)) continue;
      const known = this.of(line);
      known.sets.push(set);
      if (line.version !== undefined && !known.versions.includes(line.version)) known.versions.push(line.version);
      if (known.bytes !== line.bytes) {
        const message = `says that ${line.object} has ${String(line.bytes)} bytes; other sets say ${String(known.bytes)}`;
        read.findings.push({ path: CONTENTS, message, object: line.object });
      }
      const entries = contents.entries.get(line.object);
      if (!entries) continue;
      if (known.entries) known.entries.addAll(entries);
      else known.entries = entries;
      contents.entries.delete(line.object);
    }
  }

  private of({ object: key, bytes, sha256 }: ObjectLine): ExpectedObject {
    const known = this.objects.get(key);
    if (known) return known;
    const first: ExpectedObject = { key, bytes, sha256, versions: [], sets: [], entries: undefined };
    this.objects.set(key, first);
    return first;
  }
}
