import type { FoundFile } from "./disk";
import { folderAccess, isOpen, mustHaveRoom, reach, reachAsBackup, throughShare, type Actor } from "./files";
import { below, FileError, folderKey, type Place } from "./paths";
import { mustBeFolder, namesOf, nameOf, walk, type Excluded } from "./walk";
import type { World } from "./world";

/** The program robocopy, as far as copies of file stores use it. */

export interface RobocopyCall extends Excluded {
  source: string;
  destination: string;
  /** Files in the source itself; without them the whole tree, empty folders too. */
  names?: readonly string[];
  /** Deletes what the source lacks. What is excluded is not touched. */
  mirror: boolean;
  /** Past the rights on folders and files; it takes the right to back up files. */
  backupMode: boolean;
  /** The rights on folders too. */
  security: boolean;
  retries: number;
  waitSeconds: number;
}

export interface Robocopied {
  exitCode: number;
  copied: number;
  /** There already, with the same size and time. */
  skipped: number;
  failed: number;
  bytes: number;
  waitedSeconds: number;
  /** What its log says of what failed. */
  errors: string[];
}

/** The exit code is a mask of these; 8 and above is failure. */
export const EXIT = { copied: 1, extra: 2, mismatched: 4, failed: 8, fatal: 16 } as const;

export function robocopy(world: World, actor: Actor, call: RobocopyCall): Robocopied {
  const done = { exitCode: 0, copied: 0, skipped: 0, failed: 0, bytes: 0, waitedSeconds: 0, errors: [] };
  try {
    const copying = new Copying(world, actor, call, done);
    copying.copy();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    fail(done, EXIT.fatal, error.message);
  }
  return done;
}

function fail(done: Robocopied, bit: number, message: string): void {
  done.exitCode |= bit;
  done.errors.push(message);
}

class Copying {
  private readonly from: Place;
  private readonly to: Place;
  /** What the source has, by path in lower case. */
  private readonly seen = new Set<string>();
  /** Of the source, from itself on. A file that is copied makes its folder; what is empty has still to be made. */
  private readonly folders = [""];
  /** Folders of the source of which nobody knows what is in them. */
  private readonly denied = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly actor: Actor,
    private readonly call: RobocopyCall,
    private readonly done: Robocopied,
  ) {
    const { source, destination, backupMode } = call;
    const through = backupMode ? reachAsBackup : reach;
    this.from = through(world, actor, source, "read");
    mustBeFolder(world, this.from, source);
    this.to = through(world, actor, destination, "change");
  }

  copy(): void {
    for (const file of this.found()) this.copyFile(file);
    if (this.call.names) return;
    for (const folder of this.folders) this.tryTo(folder, () => this.makeFolder(folder));
    this.lookForExtras();
  }

  private *found(): Generator<FoundFile> {
    const { world, call } = this;
    if (!call.names) {
      yield* walk(world, this.actor, this.from, {
        ...call,
        pastPermissions: call.backupMode,
        onDenied: (folder) => {
          this.denied.add(folder.toLowerCase());
          this.failed(folder, new FileError("access-denied", "access is denied"));
        },
        onFolder: (folder) => {
          this.see(folder);
          this.folders.push(folder);
        },
      });
      return;
    }
    // What is not there any more is not asked for.
    const wanted = new Set(call.names.map((name) => name.toLowerCase()));
    const isLeftOut = namesOf(call.excludeFiles);
    for (const file of world.disk.files(this.from, () => false)) {
      if (wanted.has(file.path.toLowerCase()) && !isLeftOut(file.path)) yield file;
    }
  }

  private see(path: string): void {
    this.seen.add(path.toLowerCase());
  }

  private makeFolder(folder: string): void {
    const to = below(this.to, folder);
    const there = this.world.disk.stat(to);
    if (there?.kind === "file") return this.mismatched();
    if (!there) this.world.disk.makeFolder(to);
    if (this.call.security) this.copyRights(folder);
  }

  private mismatched(): void {
    this.done.exitCode |= EXIT.mismatched;
  }

  private copyFile({ path, body, modified }: FoundFile): void {
    const { world, done } = this;
    this.see(path);
    const [from, to] = [below(this.from, path), below(this.to, path)];
    this.tryTo(path, () => {
      const there = world.disk.stat(to);
      if (there?.kind === "folder") return this.mismatched();
      if (there?.bytes === body.bytes && there.modified === modified) return void done.skipped++;
      if (isOpen(world, from)) {
        done.waitedSeconds += this.call.retries * this.call.waitSeconds;
        throw new FileError("in-use", "it is in use by another process");
      }
      mustHaveRoom(world, to, body.bytes - (there?.bytes ?? 0));
      world.disk.copy(from, to);
      done.copied++;
      done.bytes += body.bytes;
      done.exitCode |= EXIT.copied;
    });
  }

  /** Other than its files, the explicit rights of a folder; what its place gives it stays. */
  private copyRights(folder: string): void {
    const { world, call, actor } = this;
    const [from, to] = [below(this.from, folder), below(this.to, folder)];
    const entries = world.computer(from.host).access[folderKey(from.local)];
    if (!entries) return;
    throughShare(world, actor, call.destination, "full");
    const computer = world.computer(to.host);
    const inherited = folderAccess(computer, to.local);
    const added = entries.filter(({ sid, right }) => !inherited.some((one) => one.sid === sid && one.right === right));
    computer.access[folderKey(to.local)] = [...inherited, ...added];
  }

  private tryTo(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.failed(path, error);
    }
  }

  private failed(path: string, { message }: FileError): void {
    this.done.failed++;
    fail(this.done, EXIT.failed, `${path === "" ? this.call.source : path}: ${message.replace(/\.$/, "")}`);
  }

  /** What the destination has and the source has not. */
  private lookForExtras(): void {
    const { world, call, done } = this;
    const extras: string[] = [];
    const isExtra = (path: string): boolean => !this.seen.has(path.toLowerCase());
    const isFolderLeftOut = namesOf(call.excludeFolders);
    const isLeftOut = namesOf(call.excludeFiles);
    const enters = (folder: string): boolean => {
      if (isFolderLeftOut(nameOf(folder)) || this.denied.has(folder.toLowerCase())) return false;
      if (!isExtra(folder)) return true;
      extras.push(folder);
      return false;
    };
    for (const { path } of world.disk.files(this.to, enters)) {
      if (isExtra(path) && !isLeftOut(nameOf(path))) extras.push(path);
    }
    if (extras.length > 0) done.exitCode |= EXIT.extra;
    if (call.mirror) for (const path of extras) world.disk.remove(below(this.to, path));
  }
}
