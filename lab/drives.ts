import fs from "node:fs";
import path from "node:path";
import { Body } from "./body";
import { Folder, isFolder, type Node } from "./folder";
import { FileError, partsOf, type Place } from "./paths";
import type { Sections } from "./sections";
import { readTree, removeTrees, treesOn } from "./trees";

/** Real files lie below `files/<computer>/<drive>`. */
export const FILES = "files";

/** The folders and files of all disks, each folder read when somebody looks into it. */
export class Drives {
  private readonly drives = new Map<string, Folder>();

  constructor(
    readonly lab: string,
    readonly sections: Sections,
  ) {}

  /** Where a path begins: the drive, and the names that lead on from there. */
  start({ host, local }: Place): [drive: Folder, names: readonly string[]] {
    const { drive: letter, names } = partsOf(local);
    const key = `${host}/${letter.slice(0, 1)}`.toLowerCase();
    let drive = this.drives.get(key);
    if (!drive) {
      const at = path.join(FILES, ...key.split("/"));
      drive = new Folder(letter, undefined, fs.existsSync(path.join(this.lab, at)), false, at);
      this.drives.set(key, drive);
    }
    return [drive, names];
  }

  /** What is there, and the folder that it is in; a drive is in itself. */
  find(place: Place): { folder: Folder; node: Node } | undefined {
    const [drive, names] = this.start(place);
    let [folder, node]: [Folder, Node | undefined] = [drive, drive];
    for (const name of names) {
      if (!isFolder(node)) return undefined;
      folder = node;
      node = this.look(folder).get(name);
    }
    return node && { folder, node };
  }

  /** The folder of these names, made where it is missing. */
  folderAt(drive: Folder, names: readonly string[], { host, local }: Place): Folder {
    let folder = drive;
    for (const name of names) {
      const found = this.look(folder).get(name) ?? folder.add(new Folder(name, folder, false, true));
      if (!isFolder(found)) throw new FileError("path-not-found", `${name} in ${local} on ${host} is a file.`);
      folder = found;
    }
    return folder;
  }

  /** A folder, with all that is in it. */
  look(folder: Folder): Folder {
    if (folder.looked) return folder;
    folder.looked = true;
    if (folder.real) this.readFolder(folder);
    if (!folder.parent) {
      for (const name of treesOn(this.sections, folder)) {
        if (!folder.get(name)) folder.add(new Folder(name, folder, false, false));
      }
    }
    if (folder.top === folder) readTree(this.sections, folder, (one) => this.look(one));
    return folder;
  }

  private readFolder(folder: Folder): void {
    for (const entry of fs.readdirSync(path.join(this.lab, folder.at), { withFileTypes: true })) {
      const { name } = entry;
      // Of names that differ in case only, Windows has one.
      if (folder.get(name)) continue;
      const at = path.join(this.lab, folder.at, name);
      if (entry.isDirectory()) folder.add(new Folder(name, folder, true, false));
      else folder.add({ name, body: new Body({ at }), modified: undefined, described: false, real: true });
    }
  }

  /** Nothing is on any of them. */
  clear(): void {
    this.drives.clear();
    removeTrees(this.sections);
  }
}
