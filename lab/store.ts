import fs from "node:fs";
import path from "node:path";
import { locked } from "./lock";

/**
 * The world in files: one JSON file per section, read when it is asked for, written when it was changed. A transaction
 * is short, is the only one, and happens as a whole or not at all.
 */
export class Store {
  constructor(readonly folder: string) {}

  async transaction<T>(work: (sections: Sections) => Promise<T> | T): Promise<T> {
    return locked(path.join(this.folder, "lock"), async () => {
      finishCommit(this.world);
      const sections = new Sections(this.world);
      const result = await work(sections);
      sections.commit();
      return result;
    });
  }

  private get world(): string {
    return path.join(this.folder, "world");
  }
}

interface Loaded {
  value: unknown;
  /** As it lies there; undefined: it does not. */
  text: string | undefined;
}

export class Sections {
  private readonly loaded = new Map<string, Loaded>();

  constructor(private readonly folder: string) {}

  /** The value may be changed in place: what differs at the end of the transaction is written. */
  get(name: string): unknown {
    let section = this.loaded.get(name);
    if (!section) {
      const text = read(path.join(this.folder, `${name}.json`));
      section = { text, value: text === undefined ? undefined : JSON.parse(text) };
      this.loaded.set(name, section);
    }
    return section.value;
  }

  set(name: string, value: unknown): void {
    this.get(name);
    const section = this.loaded.get(name);
    if (section) section.value = value;
  }

  names(): string[] {
    if (!fs.existsSync(this.folder)) return [];
    return fs
      .readdirSync(this.folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .sort();
  }

  /** New contents first, then one record that they are complete, then the renames that anyone can finish. */
  commit(): void {
    const dirty: string[] = [];
    for (const [name, section] of this.loaded) {
      const next = section.value === undefined ? undefined : JSON.stringify(section.value, null, 1);
      if (next === undefined || next === section.text) continue;
      fs.mkdirSync(this.folder, { recursive: true });
      fs.writeFileSync(path.join(this.folder, `${name}${NEXT}`), next);
      section.text = next;
      dirty.push(name);
    }
    if (dirty.length === 0) return;
    const record = path.join(this.folder, RECORD);
    fs.writeFileSync(`${record}.tmp`, JSON.stringify(dirty));
    fs.renameSync(`${record}.tmp`, record);
    finishCommit(this.folder);
  }
}

const RECORD = "commit";
const NEXT = ".json.next";

function finishCommit(folder: string): void {
  const record = read(path.join(folder, RECORD));
  if (record === undefined) return;
  for (const name of JSON.parse(record) as string[]) {
    const next = path.join(folder, `${name}${NEXT}`);
    if (fs.existsSync(next)) fs.renameSync(next, path.join(folder, `${name}.json`));
  }
  fs.rmSync(path.join(folder, RECORD));
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
