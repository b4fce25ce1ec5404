import path from "node:path";
import { Body } from "./body";
import { Folder, isFolder } from "./folder";
import type { Sections } from "./sections";

/**
 * Files that are only described: one section of the world for each folder on a drive that has some, one row for each
 * file, so that a hundred thousand files are a few texts.
 */
const PREFIX = "tree-";

/** `tree-fs01.contoso.com-d-LyncShare` */
export const treeAt = (host: string, drive: string, name: string): string =>
  `${PREFIX}${host}-${drive.toLowerCase()}-${name}`;
export function treeOf({ at }: Folder, name: string): string {
  const [, host = "", drive = ""] = at.split(path.sep);
  return treeAt(host, drive, name);
}

/** Names of folders on a drive that have described files. */
export function treesOn(sections: Sections, drive: Folder): string[] {
  const start = treeOf(drive, "");
  return sections.names().flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

export function removeTrees(sections: Sections): void {
  for (const name of sections.names()) if (name.startsWith(PREFIX)) sections.set(name, undefined);
}

/** Puts the rows into a folder on a drive. Where a real file has taken a place, it has it. */
export function readTree(sections: Sections, top: Folder, look: (folder: Folder) => void): void {
  for (const row of (sections.read(treeOf(top.drive, top.name)) ?? []) as string[]) {
    const [file = "", bytes, modified, ...seed] = row.split("\t");
    const names = file.split("\\");
    const name = names.pop() ?? "";
    let folder: Folder | undefined = top;
    for (const one of names) folder = folder && folderIn(folder, one, look);
    if (!folder || folder.get(name)) continue;
    const body = new Body({ bytes: Number(bytes), seed: seed.join("\t") });
    folder.add({ name, body, modified: Number(modified), described: true, real: false });
  }
}

function folderIn(parent: Folder, name: string, look: (folder: Folder) => void): Folder | undefined {
  const found = parent.get(name) ?? parent.add(new Folder(name, parent, false, true));
  if (!isFolder(found)) return undefined;
  look(found);
  return found;
}

/** Undefined: there is nothing to describe. */
export function rowsOf(top: Folder): string[] | undefined {
  const rows: string[] = [];
  const collect = (folder: Folder, before: string): void => {
    for (const node of folder.entries.values()) {
      if (isFolder(node)) collect(node, `${before}${node.name}\\`);
      else if (node.described) {
        rows.push([before + node.name, node.body.bytes, node.modified, node.body.seed].join("\t"));
      }
    }
  };
  collect(top, "");
  return rows.length > 0 ? rows.sort() : undefined;
}
