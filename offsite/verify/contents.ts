import { bucketLayout, FILES, LISTING, MANIFEST, type Manifest } from "../../estate/documents";
import { parseKey } from "../keys";
import { readContents, type FileLine, type ObjectLine } from "../sets/contents";
import type { Store } from "../store/store";
import { Digests } from "./digests";
import { Entries, type EntryLine } from "./entries";
import type { Finding } from "./report";

/** The manifest that contents must agree with. */
export interface ReadManifest {
  manifest: Manifest;
  bytes: number;
  sha256: string;
}

/** What the contents of a set say, and how far they agree with themselves and with the manifest. */
export interface ReadContents {
  objects: Map<string, ObjectLine>;
  entries: Map<string, Entries>;
  /** The files of a file store that lie in this set; see `fileText`. */
  files: Digests;
  /** Where the listing of a file store lies. */
  listing: FileLine | undefined;
  bytes: number;
  findings: Finding[];
}

/** One text for a file of a file store, as a listing and as contents have it. */
export const fileText = (path: string, { bytes, sha256 }: { bytes: number; sha256: string }): string =>
  `${path}\n${String(bytes)}\n${sha256}`;

/** How findings name the contents themselves, whatever turn they have. */
export const CONTENTS = "contents.jsonl";

/** More of the same would tell nobody more. */
export const MOST_FINDINGS = 200;

/** Rejects with "damaged" where they are not what was sent, as far as the store itself can tell. */
export async function readSetContents(
  store: Store,
  key: string,
  version: string | undefined,
  { series, set }: { series: string; set: string },
  sealed: ReadManifest | undefined,
): Promise<ReadContents> {
  const reading = new Reading(series, set, key, sealed);
  for await (const line of readContents(store, key, version)) {
    if ("object" in line) reading.object(line);
    else reading.file(line);
  }
  return reading.end();
}

class Reading {
  private readonly read: ReadContents = {
    objects: new Map(),
    entries: new Map(),
    files: new Digests(),
    listing: undefined,
    bytes: 0,
    findings: [],
  };
  private readonly awaited: Map<string, { bytes: number; sha256: string }>;
  private readonly hasListing: boolean;

  constructor(
    private readonly series: string,
    private readonly set: string,
    private readonly key: string,
    private readonly sealed: ReadManifest | undefined,
  ) {
    this.awaited = new Map(sealed?.manifest.artefacts.map((artefact) => [artefact.path, artefact]));
    if (sealed) this.awaited.set(MANIFEST, sealed);
    this.hasListing = this.awaited.has(LISTING);
  }

  object(line: ObjectLine): void {
    const { object: key, bytes, sha256, parts, partBytes } = line;
    const parsed = parseKey(key);
    const { objects } = this.read;
    const wrong = (how: string): void => {
      this.wrong(CONTENTS, `its line about ${key} ${how}`, this.key);
    };
    if (objects.has(key)) wrong("stands there twice");
    objects.set(key, line);
    if (key === bucketLayout.manifest(this.series, this.set)) {
      if (this.sealed && (bytes !== this.sealed.bytes || sha256 !== this.sealed.sha256))
        this.wrong(MANIFEST, "is not the manifest that the contents name: its SHA-256 differs", key);
    } else if ((parsed?.kind !== "data" && parsed?.kind !== "pack") || parsed.series !== this.series) {
      wrong("names what cannot be an object of this set");
    } else if (parsed.sha256 !== sha256) {
      wrong("has another SHA-256 than the name of the object");
    } else if (parts !== undefined && partBytes !== undefined && Math.ceil(bytes / partBytes) !== parts) {
      wrong("contradicts itself about its parts");
    }
  }

  file(line: FileLine): void {
    this.read.bytes += line.bytes;
    const why = this.placeOf(line) ?? this.partOf(line);
    if (why !== undefined) this.wrong(line.path, why, line.in);
  }

  end(): ReadContents {
    for (const path of this.awaited.keys()) this.wrong(path, "is in the manifest and not in the contents", this.key);
    return this.read;
  }

  /** Why the file cannot lie where the line says. */
  private placeOf(line: FileLine): string | undefined {
    const { in: key, bytes, sha256, entry, offset } = line;
    const object = this.read.objects.get(key);
    if (!object) return "is said to lie in an object that the contents do not name";
    if (parseKey(key)?.kind !== "pack") {
      const same = object.bytes === bytes && object.sha256 === sha256 && entry === undefined && offset === undefined;
      return same ? undefined : "is not the object that it is said to be: size or SHA-256 differ";
    }
    if (entry === undefined || offset === undefined) return "has no place in the pack that is said to hold it";
    if (offset + bytes > object.bytes) return "is said to lie beyond the end of the pack that holds it";
    const entries = this.read.entries.get(key) ?? new Entries();
    this.read.entries.set(key, entries);
    entries.add({ ...line, entry, offset } satisfies EntryLine);
    return undefined;
  }

  /** Why the file cannot be one of this set. */
  private partOf(line: FileLine): string | undefined {
    const { path, bytes, sha256 } = line;
    const awaited = this.awaited.get(path);
    if (awaited) {
      this.awaited.delete(path);
      if (path === LISTING) this.read.listing = line;
      const same = awaited.bytes === bytes && awaited.sha256 === sha256;
      return same ? undefined : "the contents say another size or SHA-256 than the manifest";
    }
    if (this.hasListing && path.startsWith(`${FILES}/`)) {
      this.read.files.add(fileText(path, line));
      return undefined;
    }
    return this.sealed ? "is in the contents and not in the manifest" : undefined;
  }

  private wrong(path: string, message: string, object: string): void {
    if (this.read.findings.length < MOST_FINDINGS) this.read.findings.push({ path, message, object });
  }
}
