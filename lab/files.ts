import { hostLayout, type AccessEntry } from "../estate/documents";
import { ADMINISTRATORS, permits, SYSTEM, tokenOf } from "./directory";
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
  if (!windowsPath.startsWith("\\\\")) {
    demand(world, actor, windowsPath, folderAccess(world.computer(actor.host), windowsPath), need);
    return { host: actor.host, local: windowsPath };
  }
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
  demand(world, actor, windowsPath, folderAccess(computer, local), need);
  return { host: computer.fqdn, local };
}

function demand(
  world: World,
  { account, host }: Actor,
  where: string,
  entries: readonly AccessEntry[],
  need: "read" | "change",
): void {
  if (permits(entries, tokenOf(world.directory, account), need)) return;
  throw new FileError("access-denied", `Access to ${where} is denied to ${account} on ${host}.`);
}

/** The entries of the nearest folder that has some. The product's own folder is open to the jobs that run there. */
function folderAccess(computer: Computer, local: string): AccessEntry[] {
  const parts = folderKey(local).split("\\");
  for (let count = parts.length; count > 0; count--) {
    const folder = parts.slice(0, count).join("\\");
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
