import path from "node:path";
import type { Body } from "./body";

/** What a transaction knows of the disks: folders, and files in them, by name in lower case. */

export interface File {
  readonly name: string;
  body: Body;
  /** In milliseconds; undefined: as the real file says. */
  modified: number | undefined;
  /** It is no real file, but a row in the world. */
  described: boolean;
  /** A real file lies there, though its bytes may be older ones. */
  real: boolean;
}

export type Node = File | Folder;

export class Folder {
  readonly entries = new Map<string, Node>();
  readonly drive: Folder;
  /** The folder on the drive that it is or is in; none is above the drive itself. */
  readonly top: Folder | undefined;
  /** Of a drive: bytes of all its files, once somebody has asked. */
  used: number | undefined;

  constructor(
    readonly name: string,
    readonly parent: Folder | undefined,
    /** There is a real folder. */
    public real: boolean,
    /** What lies there is in `entries`. */
    public looked: boolean,
    /** Below the lab's folder. */
    readonly at = path.join(parent?.at ?? "", name),
  ) {
    this.drive = parent?.drive ?? this;
    this.top = parent && (parent.top ?? this);
  }

  get(name: string): Node | undefined {
    return this.entries.get(name.toLowerCase());
  }

  add<T extends Node>(node: T): T {
    this.entries.set(node.name.toLowerCase(), node);
    return node;
  }
}

export const isFolder = (node: Node | undefined): node is Folder => node instanceof Folder;
