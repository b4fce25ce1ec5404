import fs from "node:fs";
import path from "node:path";
import type { Changes } from "./commit";
import { readIfThere } from "./real";

const FOLDER = "world";
const END = ".json";

interface Loaded {
  value: unknown;
  /** As it lies there; undefined: it does not. */
  text: string | undefined;
  /** Somebody may have changed it. */
  mayDiffer: boolean;
}

/** The world in files: one JSON file per section, read when it is asked for, written when it was changed. */
export class Sections {
  private readonly loaded = new Map<string, Loaded>();
  private listed: string[] | undefined;

  constructor(private readonly lab: string) {}

  /** The value may be changed in place: what differs at the end of the transaction is written. */
  get(name: string): unknown {
    const section = this.section(name);
    section.mayDiffer = true;
    return section.value;
  }

  /** For whoever changes nothing in it: large ones are not compared for nothing. */
  read(name: string): unknown {
    return this.section(name).value;
  }

  /** Undefined: there shall be none. */
  set(name: string, value: unknown): void {
    Object.assign(this.section(name), { value, mayDiffer: true });
    this.listed = undefined;
  }

  names(): readonly string[] {
    this.listed ??= this.list();
    return this.listed;
  }

  private list(): string[] {
    const folder = path.join(this.lab, FOLDER);
    const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(END)) : [];
    const names = new Set(files.map((name) => name.slice(0, -END.length)));
    for (const [name, { value }] of this.loaded) {
      if (value === undefined) names.delete(name);
      else names.add(name);
    }
    return [...names].sort();
  }

  private section(name: string): Loaded {
    let section = this.loaded.get(name);
    if (!section) {
      const text = readIfThere(path.join(this.lab, fileOf(name)));
      section = { text, value: text === undefined ? undefined : JSON.parse(text), mayDiffer: false };
      this.loaded.set(name, section);
    }
    return section;
  }

  collect({ writes, removals }: Changes): void {
    for (const [name, section] of this.loaded) {
      if (!section.mayDiffer) continue;
      const next = section.value === undefined ? undefined : JSON.stringify(section.value, null, 1);
      if (next === section.text) continue;
      if (next === undefined) removals.add(fileOf(name));
      else
        writes.set(fileOf(name), (file) => {
          fs.writeFileSync(file, next);
        });
      section.text = next;
    }
  }
}

const fileOf = (name: string): string => path.join(FOLDER, `${name}${END}`);
