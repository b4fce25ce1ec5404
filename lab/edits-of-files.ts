import fs from "node:fs";
import { onComputer, realFile, removeFolder } from "./edits";
import { fileStoresOf } from "../estate/topology/stores";
import { LabError } from "./error";
import { folderKey } from "./paths";
import { Store } from "./store";
import { inWorld, own } from "./world";

/** What people and fate do to files that Lync or the product keeps. */

/** Somebody, or an antivirus program, has the file open and lets nobody else read it. */
export const openFile = (folder: string, host: string, file: string): Promise<void> =>
  onComputer(folder, host, (computer, { disk }) => {
    if (disk.stat({ host: computer.fqdn, local: file })?.kind !== "file") {
      throw new LabError(`There is no file ${file} on ${computer.fqdn}.`, 2);
    }
    computer.openFiles = [...new Set([...(computer.openFiles ?? []), folderKey(file)])];
  });

/** Without a file: all of them, as when the meetings are over. */
export const closeFiles = (folder: string, host: string, file?: string): Promise<void> =>
  onComputer(folder, host, (computer) => {
    const others = (computer.openFiles ?? []).filter((one) => file !== undefined && one !== folderKey(file));
    if (others.length > 0) computer.openFiles = others;
    else delete computer.openFiles;
  });

/** A byte in the middle of it is another one. Its size and its time are as they were. */
export async function damageFile(folder: string, host: string, file: string): Promise<void> {
  const real = await realFile(folder, host, file);
  const before = fs.statSync(real, { throwIfNoEntry: false });
  if (!before?.isFile() || before.size === 0)
    throw new LabError(`There is no file ${file} with bytes in it on ${host}.`, 2);
  const content = fs.readFileSync(real);
  const middle = Math.floor(content.length / 2);
  content[middle] = (content[middle] ?? 0) ^ 0x55;
  fs.writeFileSync(real, content);
  fs.utimesSync(real, before.atime, before.mtime);
}

/** A file store is gone, with its share and all that was in it. */
export async function loseFileStore(folder: string, store: string): Promise<void> {
  const [, , host = "", share = ""] = store.toLowerCase().split("\\");
  const lost = await inWorld(new Store(folder), (world) => {
    const isKnown = fileStoresOf(world.deployment.topology).some(
      ({ path }) => path.toLowerCase() === store.toLowerCase(),
    );
    const shared = own(world.find(host)?.shares ?? {}, share);
    if (!isKnown || !shared) throw new LabError(`There is no file store ${store} in the lab.`, 2);
    return shared.path;
  });
  await removeFolder(folder, host, lost);
  await onComputer(folder, host, (computer) => {
    Reflect.deleteProperty(computer.shares, share);
    delete computer.openFiles;
  });
}
