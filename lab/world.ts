import fs from "node:fs";
import path from "node:path";
import type { AccessEntry, Owner, Product, TaskState } from "../estate/documents";
import { HostError } from "../hosts/host";
import { LabError } from "./error";
import type { Deployment } from "./deployment";
import type { Directory } from "./directory";
import type { Disk } from "./disk";
import type { Certificate } from "./model/certificates";
import type { Sections } from "./sections";
import type { Store, Transaction } from "./store";

/** The sections of the world, with their types. */

export interface Clock {
  now: string;
  /** The last day whose life has happened. */
  day?: string;
  /** What happens by chance follows from it. */
  seed?: string;
  /** Names of runs end in it, so that they sort in the order in which they began, also while the clock stands still. */
  runs: number;
}

export interface Computer {
  fqdn: string;
  site: string;
  /** As Windows names it. */
  timeZone: string;
  domain: string | null;
  operatingSystem: string;
  powershell: string;
  lync: { product: Product; version: string; pool: string | null } | null;
  /** lync-backup itself is installed on it, with Node.js: what carries sets offsite. */
  courier?: true;
  /** Lync's own, by name. */
  services?: Record<string, "running" | "stopped">;
  /** Those of the computer itself. */
  certificates?: Certificate[];
  /** By network. What runs on it goes on without. */
  reachable: boolean;
  /** Real time that each call takes. */
  delayMs: number;
  /** What runs on it takes so many times as long. */
  load?: number;
  /** It is off, and cannot be reached for that reason. */
  off?: true;
  volumes: Record<string, Volume>;
  /** By name in lower case, like all names below. */
  shares: Record<string, Share>;
  /** Explicit entries of folders, by local path in lower case; what is below inherits. */
  access: Record<string, AccessEntry[]>;
  /** Files that somebody has open and lets nobody else read, by local path in lower case. */
  openFiles?: string[];
  /** By name in lower case: lab/faults.ts. */
  brokenCmdlets?: Record<string, "refuse" | "hang" | "half">;
  tasks: Record<string, Task>;
}

export interface Volume {
  capacityBytes: number;
  /** By files that the lab does not keep. */
  otherBytes: number;
  encryption: "bitlocker" | "efs" | "none" | "unknown";
}

export interface Share {
  name: string;
  path: string;
  access: AccessEntry[];
}

export type Task = Omit<TaskState, "account" | "nextRunAt"> & {
  /** Accounts are kept by identifier: a name in it is what was typed. */
  account: { name: string; sid: string | null };
  /** In the task's description; null: made by hand. */
  owner: Owner | null;
  /** Days and weeks are counted from here. */
  since: string;
  /** Triggers up to here have had their turn. */
  considered: string;
  /** When a start that was missed is made up for. */
  makesUpAt?: string;
};

/** A world to begin with. */
export interface LabDeployment {
  clock: Clock;
  directory: Directory;
  deployment: Deployment;
  computers: Computer[];
  parts: Record<string, unknown>;
}

export class World {
  private readonly sections: Sections;
  readonly disk: Disk;

  constructor(
    readonly folder: string,
    private readonly transaction: Transaction,
  ) {
    this.sections = transaction.sections;
    this.disk = transaction.disk;
  }

  /** What was done so far stays, even if the rest fails. */
  keep(): void {
    this.transaction.keep();
  }

  get clock(): Clock {
    return this.section("clock") as Clock;
  }

  get directory(): Directory {
    return this.section("directory") as Directory;
  }

  get deployment(): Deployment {
    return this.section("deployment") as Deployment;
  }

  /** Scheduled runs that have not ended, by their names. What there is to know of them, the interpreter knows. */
  get underway(): Record<string, object> {
    if (this.sections.get("underway") === undefined) this.sections.set("underway", {});
    return this.section("underway") as Record<string, object>;
  }

  computers(): string[] {
    return this.sections.names().flatMap((name) => (name.startsWith(HOST) ? [name.slice(HOST.length)] : []));
  }

  find(fqdn: string): Computer | undefined {
    return this.sections.get(`${HOST}${fqdn.toLowerCase()}`) as Computer | undefined;
  }

  computer(fqdn: string): Computer {
    const computer = this.find(fqdn);
    if (!computer) {
      const known = this.computers().join(", ");
      throw new HostError("unreachable", fqdn, "there is no such computer in the lab.", `It has ${known}.`);
    }
    return computer;
  }

  /** With this, and with nothing that was there before. */
  fill({ clock, directory, deployment, computers, parts }: LabDeployment): void {
    for (const name of this.sections.names()) this.sections.set(name, undefined);
    this.sections.set("clock", clock);
    this.sections.set("directory", directory);
    this.sections.set("deployment", deployment);
    for (const computer of computers) this.sections.set(`${HOST}${computer.fqdn}`, computer);
    for (const [name, part] of Object.entries(parts)) this.sections.set(name, part);
  }

  /** A part of the model that has a section of its own: see lab/model. It may be changed in place. */
  part(name: string): unknown {
    return this.sections.get(name);
  }

  /** Names of parts that begin alike. */
  parts(prefix: string): string[] {
    return this.sections.names().filter((name) => name.startsWith(prefix));
  }

  keepPart(name: string, value: unknown): void {
    this.sections.set(name, value);
  }

  private section(name: string): unknown {
    const value = this.sections.get(name);
    if (value === undefined)
      throw new LabError(`The lab in ${this.folder} lacks ${name}. Reset it: npm run lync-backup -- lab reset`);
    return value;
  }
}

const HOST = "host-";

/** What was put into a record, and nothing that every object has: a job may be called `constructor`. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** What makes a folder a lab; written last. */
export const labMark = (folder: string): string => path.join(folder, "lab.json");

export function labExists(folder: string): boolean {
  return fs.existsSync(labMark(folder));
}

export class NoLabError extends LabError {
  override readonly name = "NoLabError";
  constructor(folder: string) {
    super(`There is no lab in ${path.resolve(folder)}. Make one: npm run lync-backup -- lab create`);
  }
}

/** One short transaction on the world. */
export async function inWorld<T>(store: Store, work: (world: World) => Promise<T> | T): Promise<T> {
  if (!store.isOpen && !labExists(store.folder)) throw new NoLabError(store.folder);
  return store.transaction((transaction) => work(new World(store.folder, transaction)));
}
