import { hostLayout, type AccessEntry } from "../estate/documents";
import { ADMINISTRATORS, BACKUP_OPERATORS, isMember, permits, SYSTEM } from "./directory";
import { FileError, folderKey, joinWindows, type Place } from "./paths";
import { own, type Computer, type World } from "./world";

/** The disks as an account may use them: through shares, by rights, as far as there is room. */

/** Who touches something, from where, and by which kind of logon. */
export interface Actor {
  host: string;
  account: string;
  /** A network logon (a remote session) cannot log on further; a scheduled task has a batch logon, which can. */
  logon: "batch" | "network";
}

/** A path as an account may use it: through the share where it is remote, then by the rights on the folder. */
export function reach(world: World, actor: Actor, windowsPath: string, need: "read" | "change"): Place {
  const place = throughShare(world, actor, windowsPath, need);
  demand(world, actor, windowsPath, folderAccess(world.computer(place.host), place.local), need);
  return place;
}

/** As reach, past the rights on folders, which takes the right to back up files. A share still admits whom it admits. */
export function reachAsBackup(world: World, actor: Actor, windowsPath: string, need: "read" | "change"): Place {
  if (![BACKUP_OPERATORS, "Domain Admins"].some((group) => isMember(world.directory, actor.account, group))) {
    throw new FileError(
      "access-denied",
      `${actor.account} does not have the rights to back up and to restore files, which backup mode takes: make it a member of Backup Operators, on this computer and on the file server.`,
    );
  }
  return throughShare(world, actor, windowsPath, need);
}

export function throughShare(world: World, actor: Actor, windowsPath: string, need: AccessEntry["right"]): Place {
  if (!windowsPath.startsWith("\\\\")) return { host: actor.host, local: windowsPath };
  const [server = "", shareName = "", ...rest] = windowsPath.slice(2).split("\\");
  const here = world.computer(actor.host);
  const computer = world.find(server);
  if (!computer?.reachable || !here.reachable) {
    throw new FileError("network-path-not-found", `The network path ${windowsPath} was not found from ${actor.host}.`);
  }
  if (actor.logon === "network") {
    throw new FileError(
      "access-denied",
      `Access to ${windowsPath} is denied: a remote session on ${actor.host} cannot log on to ${server} in turn.`,
    );
  }
  const share = own(computer.shares, shareName.toLowerCase());
  if (!share) throw new FileError("network-path-not-found", `There is no share ${shareName} on ${server}.`);
  const local = joinWindows(share.path, ...rest);
  demand(world, actor, windowsPath, share.access, need);
  return { host: computer.fqdn, local };
}

/** Whether the account may read what is in a folder. */
export const mayRead = (world: World, { account }: Actor, { host, local }: Place): boolean =>
  permits(world.directory, account, folderAccess(world.computer(host), local), "read");

/** Nobody else reads a file that somebody has open. */
export const isOpen = (world: World, { host, local }: Place): boolean =>
  world.computer(host).openFiles?.includes(local.toLowerCase()) === true;

export function mustNotBeOpen(world: World, place: Place, path: string): void {
  if (isOpen(world, place)) throw new FileError("in-use", `${path} is in use by another process.`);
}

function demand(
  world: World,
  { account, host }: Actor,
  where: string,
  entries: readonly AccessEntry[],
  need: AccessEntry["right"],
): void {
  if (permits(world.directory, account, entries, need)) return;
  throw new FileError("access-denied", `Access to ${where} is denied to ${account} on ${host}.`);
}

/** The entries of the nearest folder that has some. The product's own folder is open to the jobs that run there. */
export function folderAccess(computer: Computer, local: string): AccessEntry[] {
  for (let folder = folderKey(local); folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("\\")))) {
    const entries = computer.access[folder];
    if (entries) return entries;
    if (folder === PRODUCT_FOLDER) return [{ account: "Authenticated Users", sid: "S-1-5-11", right: "change" }];
  }
  return [ADMINISTRATORS, SYSTEM];
}
const PRODUCT_FOLDER = folderKey(hostLayout.data);

/** Free bytes of the volume that a path is on; undefined where there is no such volume. */
export function freeBytes(world: World, place: Place): number | undefined {
  const volume = volumeOf(world.computer(place.host), place.local);
  if (!volume) return undefined;
  return Math.max(0, volume.capacityBytes - volume.otherBytes - world.disk.usedBytes(place));
}

export function volumeOf(computer: Computer, local: string): Computer["volumes"][string] | undefined {
  return computer.volumes[local.slice(0, 1).toUpperCase()];
}

/** A file on a disk that has room for it. */
export function writeOnDisk(world: World, place: Place, content: Buffer | string): void {
  mustHaveRoom(world, place, Buffer.byteLength(content));
  world.disk.write(place, content);
}

export function mustHaveRoom(world: World, place: Place, bytes: number): void {
  if ((freeBytes(world, place) ?? 0) >= bytes) return;
  throw new FileError(
    "disk-full",
    `There is not enough space on the disk ${place.local.slice(0, 2)} of ${place.host}.`,
  );
}
