import fs from "node:fs";
import path from "node:path";
import { Body } from "./body";
import type { Changes } from "./commit";
import { Drives, FILES } from "./drives";
import { isFolder, type File, type Folder, type Node } from "./folder";
import { FileError, type Place } from "./paths";
import type { Sections } from "./sections";
import { rowsOf, treeOf } from "./trees";

export interface Stat {
  kind: "file" | "folder";
  bytes: number;
  /** In milliseconds; 0 of a folder. */
  modified: number;
}

export interface FoundFile {
  /** From the folder on, with forward slashes. */
  path: string;
  body: Body;
  modified: number;
}

export interface Description {
  bytes: number;
  modified: number;
  seed: string;
}

/**
 * The disks of all computers, as one transaction sees them: read as far as somebody asks, changed in memory, and
 * written when it ends. A file is a real one, or is only described: path, size, time and a seed, from which its bytes
 * are made whenever somebody reads them.
 */
export class Disk {
  private readonly drives: Drives;
  /** What is to be done in the end, by path below the lab's folder. */
  private readonly written = new Map<string, { folder: Folder; file: File }>();
  private readonly made = new Map<string, Folder>();
  private readonly removed = new Set<string>();
  /** Folders on drives whose rows have changed, by their section. */
  private readonly described = new Map<string, { drive: Folder; name: string }>();

  constructor(
    private readonly lab: string,
    private readonly sections: Sections,
  ) {
    this.drives = new Drives(lab, sections);
  }

  stat(place: Place): Stat | undefined {
    const found = this.drives.find(place);
    if (!found) return undefined;
    const { folder, node } = found;
    if (isFolder(node)) return { kind: "folder", bytes: 0, modified: 0 };
    return { kind: "file", bytes: node.body.bytes, modified: this.modified(folder, node) };
  }

  has(place: Place): boolean {
    return this.drives.find(place) !== undefined;
  }

  /** What is in a folder, in order; nothing where there is none. */
  names(place: Place): string[] {
    const node = this.drives.find(place)?.node;
    return isFolder(node) ? this.in(node).map(({ name }) => name) : [];
  }

  /** The files in a folder and below it, in order, of those folders that are entered. */
  *files(place: Place, enters: (folder: string) => boolean = () => true): Generator<FoundFile> {
    const node = this.drives.find(place)?.node;
    if (isFolder(node)) yield* this.filesIn(node, "", enters);
  }

  private *filesIn(folder: Folder, before: string, enters: (folder: string) => boolean): Generator<FoundFile> {
    for (const node of this.in(folder)) {
      const path = before + node.name;
      if (!isFolder(node)) yield { path, body: node.body, modified: this.modified(folder, node) };
      else if (enters(path)) yield* this.filesIn(node, `${path}/`, enters);
    }
  }

  /** The bytes of a file; undefined where there is none. */
  body(place: Place): Body | undefined {
    const node = this.drives.find(place)?.node;
    return isFolder(node) ? undefined : node?.body;
  }

  text(place: Place): string | undefined {
    return this.body(place)?.read().toString("utf8");
  }

  /** By all files on the drive that a place is on. */
  usedBytes(place: Place): number {
    const [drive] = this.drives.start(place);
    drive.used ??= this.bytesIn(drive);
    return drive.used;
  }

  /** Where the real file is, or would be, for whoever looks from outside. */
  realPath(place: Place): string {
    const [drive, names] = this.drives.start(place);
    let node: Node | undefined = drive;
    const stored = names.map((name) => {
      node = isFolder(node) ? this.drives.look(node).get(name) : undefined;
      return node?.name ?? name;
    });
    return path.join(this.lab, drive.at, ...stored);
  }

  /** Makes the folders above it as well. */
  write(place: Place, content: Buffer | string): Body {
    const body = new Body({ content: Buffer.isBuffer(content) ? content : Buffer.from(content) });
    this.put(place, { body, modified: this.now(), described: false });
    return body;
  }

  /** A file that is there although nothing of it is written. */
  describe(place: Place, { bytes, modified, seed }: Description): void {
    this.put(place, { body: new Body({ bytes, seed }), modified, described: true });
  }

  makeFolder(place: Place): void {
    const folder = this.drives.folderAt(...this.drives.start(place), place);
    if (!folder.real) this.made.set(folder.at, folder);
  }

  /** A file, or a folder with all that is in it, each with its time. What is only described stays so. */
  copy(from: Place, to: Place): void {
    const copyNode = (folder: Folder, node: Node, local: string): void => {
      const place = { host: to.host, local };
      if (!isFolder(node)) return this.put(place, { ...node, modified: this.modified(folder, node) });
      this.makeFolder(place);
      for (const one of this.in(node)) copyNode(node, one, `${local}\\${one.name}`);
    };
    const { folder, node } = this.found(from);
    copyNode(folder, node, to.local);
  }

  rename(from: Place, to: Place): void {
    this.copy(from, to);
    this.remove(from);
  }

  /** A file, or a folder with all that is in it; nothing where there is none. */
  remove(place: Place): void {
    const found = this.drives.find(place);
    if (!found) return;
    const { folder, node } = found;
    if (folder === node) throw new FileError("access-denied", `${place.local} of ${place.host} cannot be removed.`);
    this.count(folder, node, -1);
    this.forget(folder, node);
    folder.entries.delete(node.name.toLowerCase());
    // As long as something was in it, that made it.
    if (!folder.real) this.made.set(folder.at, folder);
  }

  /** Makes real files of what is only described, at a place and below it. */
  materialise(place: Place): void {
    const make = (folder: Folder, node: Node): void => {
      if (isFolder(node)) {
        for (const one of this.in(node)) make(node, one);
      } else if (node.described) {
        this.redescribe(folder);
        node.described = false;
        this.written.set(path.join(folder.at, node.name), { folder, file: node });
      }
    };
    const [drive] = this.drives.start(place);
    const start = treeOf(drive, "");
    const isDescribed = [...this.sections.names(), ...this.described.keys()].some((name) => name.startsWith(start));
    const found = isDescribed ? this.drives.find(place) : undefined;
    if (found) make(found.folder, found.node);
  }

  /** Nothing is on any disk any more. */
  clear(): void {
    for (const pending of [this.written, this.made, this.removed, this.described]) pending.clear();
    if (fs.existsSync(path.join(this.lab, FILES))) this.removed.add(FILES);
    this.drives.clear();
  }

  private in(folder: Folder): Node[] {
    return [...this.drives.look(folder).entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private found(place: Place): { folder: Folder; node: Node } {
    const found = this.drives.find(place);
    if (!found) throw new FileError("path-not-found", `There is no ${place.local} on ${place.host}.`);
    return found;
  }

  private modified(folder: Folder, file: File): number {
    file.modified ??= Math.round(fs.statSync(path.join(this.lab, folder.at, file.name)).mtimeMs);
    return file.modified;
  }

  private now(): number {
    return Date.parse((this.sections.get("clock") as { now: string }).now);
  }

  private put(place: Place, { body, modified, described }: Pick<File, "body" | "modified" | "described">): void {
    const [drive, names] = this.drives.start(place);
    const name = names.at(-1);
    const folder = this.drives.folderAt(drive, names.slice(0, -1), place);
    const old = name === undefined ? folder : this.drives.look(folder).get(name);
    if (name === undefined || isFolder(old)) {
      throw new FileError("access-denied", `${place.local} on ${place.host} is a folder.`);
    }
    // Right on a drive, nothing is described.
    const row = described && folder.top !== undefined;
    const file = { name: old?.name ?? name, body, modified, described: row, real: !row && old?.real === true };
    if (old) {
      this.count(folder, old, -1);
      this.forget(folder, { ...old, real: old.real && row });
    }
    if (row) this.redescribe(folder);
    else this.written.set(path.join(folder.at, file.name), { folder, file });
    this.count(folder, folder.add(file), 1);
  }

  /** What was to be done for it and below it need not be done any more. */
  private forget(folder: Folder, node: Node): void {
    const at = path.join(folder.at, node.name);
    if (isFolder(node)) {
      for (const one of node.entries.values()) this.forget(node, one);
      this.made.delete(at);
    } else {
      this.written.delete(at);
      if (node.described) this.redescribe(folder);
    }
    if (node.real) this.removed.add(at);
  }

  private redescribe({ drive, top }: Folder): void {
    if (top) this.described.set(treeOf(drive, top.name), { drive, name: top.name });
  }

  private count({ drive }: Folder, node: Node, times: 1 | -1): void {
    if (drive.used !== undefined) drive.used += times * (isFolder(node) ? this.bytesIn(node) : node.body.bytes);
  }

  private bytesIn(folder: Folder): number {
    let bytes = 0;
    for (const node of this.drives.look(folder).entries.values()) {
      bytes += isFolder(node) ? this.bytesIn(node) : node.body.bytes;
    }
    return bytes;
  }

  collect(changes: Changes): void {
    for (const [at, { file }] of this.written) {
      changes.writes.set(at, (real) => {
        file.body.writeTo(real);
        const time = (file.modified ?? 0) / 1000;
        fs.utimesSync(real, time, time);
      });
    }
    for (const at of this.made.keys()) changes.folders.add(at);
    for (const at of this.removed) changes.removals.add(at);
    for (const [section, { drive, name }] of this.described) {
      const top = drive.get(name);
      this.sections.set(section, isFolder(top) && top.name === name ? rowsOf(top) : undefined);
    }
  }

  /** What was to be done is done. */
  settle(): void {
    for (const [at, { folder, file }] of this.written) {
      file.body = file.body.lyingAt(path.join(this.lab, at));
      file.real = true;
      makeReal(folder);
    }
    for (const folder of this.made.values()) makeReal(folder);
    for (const pending of [this.written, this.made, this.removed, this.described]) pending.clear();
  }
}

function makeReal(folder: Folder): void {
  for (let one: Folder | undefined = folder; one && !one.real; one = one.parent) one.real = true;
}
