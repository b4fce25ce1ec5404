import fs from "node:fs";
import path from "node:path";
import { hostLayout, type AccessEntry } from "../estate/documents";
import { ADMINISTRATORS, permits, SYSTEM, tokenOf } from "./directory";
import { own, type Computer, type World } from "./world";

/** The disks of all computers: real files below `files/<host>/<drive>`, reached by Windows paths, as an account may. */

/** Who touches something, from where, and by which kind of logon. */
export interface Actor {
  host: string;
  account: string;
  /** A network logon (a remote session) cannot log on further; a scheduled task has a batch logon, which can. */
  logon: "batch" | "network";
}

/** What Windows answers; the code is its own. */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(
    readonly code: "network-path-not-found" | "path-not-found" | "path-too-long" | "access-denied" | "disk-full",
    message: string,
  ) {
    super(message);
  }
}

/** Where a Windows path leads: the real file, and whose disk it is on. */
export interface Place {
  real: string;
  host: string;
  /** As that computer itself names it. */
  local: string;
}

/** Windows PowerShell ends here, whatever the file system takes. */
const LONGEST = 259;

/** Drive and names of a local path, as Windows takes them: dots and spaces at the end of a name are not part of it. */
function partsOf(local: string): string[] {
  const [drive = "", ...names] = local.split(/[\\/]/).filter((part) => part !== "");
  if (!/^[A-Za-z]:$/.test(drive)) throw new FileError("path-not-found", `${local} is no local path.`);
  if (local.length > LONGEST)
    throw new FileError("path-too-long", `${local} is longer than ${String(LONGEST)} characters.`);
  return [drive, ...names.map((name) => nameOf(local, name))];
}

function nameOf(local: string, name: string): string {
  const kept = name.replace(/[. ]+$/, "");
  if (kept !== "" && !/[<>:"/|?*\p{Cc}]/u.test(kept)) return kept;
  throw new FileError("path-not-found", `The name ${name} in ${local} is not valid in a path.`);
}

/** One text for each folder, however its path is written: access entries are kept by it. */
export const folderKey = (local: string): string => partsOf(local).join("\\").toLowerCase();
export const samePath = (a: string, b: string): boolean => folderKey(a) === folderKey(b);

/** The real path of a local Windows path. Names that differ in case only are the same file. */
export function realPath(world: World, host: string, local: string): string {
  const [drive = "", ...names] = partsOf(local);
  const root = path.join(world.folder, "files", host.toLowerCase(), drive.slice(0, 1).toLowerCase());
  return names.reduce((folder, name) => path.join(folder, asStored(folder, name)), root);
}

function asStored(folder: string, name: string): string {
  if (fs.existsSync(path.join(folder, name)) || !fs.existsSync(folder)) return name;
  return fs.readdirSync(folder).find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
}

/** A path as an account may use it: through the share where it is remote, then by the rights on the folder. */
export function reach(world: World, actor: Actor, windowsPath: string, need: "read" | "change"): Place {
  if (!windowsPath.startsWith("\\\\")) {
    const place = { host: actor.host, local: windowsPath, real: realPath(world, actor.host, windowsPath) };
    demand(world, actor, windowsPath, folderAccess(world.computer(actor.host), windowsPath), need);
    return place;
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
  return { host: computer.fqdn, local, real: realPath(world, computer.fqdn, local) };
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
export function freeBytes(world: World, host: string, local: string): number | undefined {
  const volume = volumeOf(world.computer(host), local);
  if (!volume) return undefined;
  const used = volume.otherBytes + sizeOf(realPath(world, host, local.slice(0, 2)));
  return Math.max(0, volume.capacityBytes - used);
}

export function volumeOf(computer: Computer, local: string): Computer["volumes"][string] | undefined {
  return computer.volumes[local.slice(0, 1).toUpperCase()];
}

/** Of a file, or of everything in a folder. */
function sizeOf(real: string): number {
  const stat = fs.statSync(real, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.size;
  return fs.readdirSync(real).reduce((sum, name) => sum + sizeOf(path.join(real, name)), 0);
}

export const joinWindows = (...parts: string[]): string =>
  parts.map((part) => part.replaceAll("/", "\\")).reduce((path, part) => `${path.replace(/\\$/, "")}\\${part}`);

/** A file in the world, on a disk that has room for it. */
export function writeOnDisk(world: World, { host, local, real }: Place, content: Buffer | string): void {
  if ((freeBytes(world, host, local) ?? 0) < Buffer.byteLength(content)) {
    throw new FileError("disk-full", `There is not enough space on the disk ${local.slice(0, 2)} of ${host}.`);
  }
  writeWhole(real, content);
}

/** What a process that was killed may leave beside a file; the next that writes it takes its place. */
export const partialOf = (name: string): string => `${name}.partial`;

/** Complete or not there: written beside and renamed. Nobody else writes it at the time: the world is locked. */
export function writeWhole(real: string, content: string | Buffer, mode = 0o644): void {
  fs.mkdirSync(path.dirname(real), { recursive: true });
  fs.writeFileSync(partialOf(real), content, { mode });
  fs.renameSync(partialOf(real), real);
}

export function readIfThere(real: string): string | undefined {
  return fs.statSync(real, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(real, "utf8") : undefined;
}

export function namesIn(real: string): string[] {
  return fs.existsSync(real) ? fs.readdirSync(real).sort() : [];
}

/** Files in a folder and below it, with forward slashes. */
export const filesIn = (real: string, below = ""): string[] =>
  namesIn(path.join(real, below)).flatMap((name) => {
    const file = below === "" ? name : `${below}/${name}`;
    return fs.statSync(path.join(real, file)).isDirectory() ? filesIn(real, file) : [file];
  });

export function removeAll(real: string): void {
  fs.rmSync(real, { recursive: true, force: true });
}
