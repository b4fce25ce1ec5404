import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  ARTEFACT_PARTS,
  FILES,
  LISTING,
  Manifest,
  MANIFEST,
  runId,
  targetLayout,
  type Artefact,
  type Datum,
  type ListingLine,
  type Scope,
} from "../../../estate/documents";
import { Random } from "./random";

/** Targets with realistic sets: exports, SQL backups, file stores in generations. The same seed makes the same bytes. */

const DAY = 86_400_000;
const FIRST = Date.parse("2026-03-01T01:00:00.000Z");

export interface MadeSet {
  series: string;
  set: string;
  folder: string;
}

interface ArtefactPlan {
  path: string;
  bytes: number;
  datum: Datum;
  scope: Scope;
  format: Artefact["format"];
}

export class SetMaker {
  private readonly made = new Map<string, number>();
  private readonly stores = new Map<string, FileStore>();
  readonly all: MadeSet[] = [];
  /** As the hash step does; earlier releases sealed nothing of parts. */
  sealsParts = true;

  constructor(
    readonly target: string,
    readonly seed = "sets",
  ) {}

  static temporary(seed?: string): SetMaker {
    return new SetMaker(fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-target-")), seed);
  }

  remove(): void {
    fs.rmSync(this.target, { recursive: true, force: true });
  }

  /** As if nothing had been carried: without receipts. */
  forget(): void {
    for (const series of this.made.keys()) {
      fs.rmSync(path.join(this.target, targetLayout.side(series)), { recursive: true, force: true });
    }
  }

  /** What the cmdlets export: a few ZIP files, one of them of some megabytes. */
  exports(series = "configuration", megabytes = 2.8): MadeSet {
    const deployment = { of: "deployment" } as const;
    return this.seal(series, "full", [], (folder, random) =>
      [
        { path: "Config.zip", bytes: Math.round(megabytes * 1e6), datum: "configuration" },
        { path: "LisConfig.zip", bytes: 20_000 + random.below(9000), datum: "locations" },
        { path: "Policies.xml", bytes: 60_000 + random.below(9000), datum: "configuration" },
        { path: "empty.txt", bytes: 0, datum: "configuration" },
      ].map((plan) => this.artefact(folder, random, { ...plan, scope: deployment, format: "file" } as ArtefactPlan)),
    );
  }

  /** Database backups: as large as one likes, written in pieces. */
  sql(series: string, sizes: readonly number[]): MadeSet {
    return this.seal(series, "full", [], (folder, random) =>
      sizes.map((bytes, index) =>
        this.artefact(folder, random, {
          path: `LcsLog${String(index)}.bak`,
          bytes,
          datum: "archiving",
          scope: { of: "database", instance: "sql01.contoso.com", database: "LcsLog" },
          format: "bak",
        }),
      ),
    );
  }

  /** A backup of a database or of its log, from one point of the log to another, and what it was built on. */
  chained(
    series: string,
    kind: "full" | "log",
    [first, last]: readonly [number, number],
    needs: readonly MadeSet[],
  ): MadeSet {
    const scope = { of: "database", instance: "sql01.contoso.com", database: "LcsLog" } as const;
    return this.seal(
      series,
      kind,
      needs.map(({ set }) => set),
      (folder, random) => [
        {
          ...this.artefact(folder, random, {
            path: "LcsLog.bak",
            bytes: 5000,
            datum: "archiving",
            scope,
            format: "bak",
          }),
          facts: { "first-lsn": String(first), "last-lsn": String(last), "recovery-fork": "A" },
        },
      ],
    );
  }

  /** The next generation of a file store: a set of what is new or changed, and the listing of everything. */
  fileStore(series: string, change: Partial<Generation> = {}): MadeSet {
    const store = this.stores.get(series) ?? new FileStore();
    this.stores.set(series, store);
    const full = change.full ?? store.files.size === 0;
    const plan = { add: 0, change: 0, remove: 0, size: smallSize, ...change };
    let needs: string[] = [];
    const scope = { of: "store", path: String.raw`\\contoso.com\dfs\lync` } as const;
    return this.seal(
      series,
      full ? "full" : "incremental",
      () => needs,
      (folder, random, set) => {
        const written = store.advance(random, plan, full, set);
        for (const [file, content] of written) {
          const real = path.join(folder, FILES, ...file.split("/"));
          fs.mkdirSync(path.dirname(real), { recursive: true });
          fs.writeFileSync(real, content());
        }
        const lines = [...store.files].map(
          ([file, { sha256, ...rest }]) => ({ path: file, ...rest, sha256 }) satisfies ListingLine,
        );
        needs = [...new Set(lines.map((line) => line.set))].filter((one) => one !== set).sort();
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
        fs.writeFileSync(path.join(folder, LISTING), text);
        return [
          describe(folder, {
            path: LISTING,
            bytes: Buffer.byteLength(text),
            datum: "file-store",
            scope,
            format: "jsonl",
          }),
        ];
      },
    );
  }

  /** The same files once more, as where an earlier state came back. */
  again({ series, folder: from }: MadeSet): MadeSet {
    const { artefacts } = Manifest.parse(fs.readFileSync(path.join(from, MANIFEST), "utf8"));
    return this.seal(series, "full", [], (folder) => {
      for (const artefact of artefacts)
        fs.copyFileSync(path.join(from, artefact.path), path.join(folder, artefact.path));
      return artefacts;
    });
  }

  private artefact(folder: string, random: Random, plan: ArtefactPlan): Artefact {
    const real = path.join(folder, plan.path);
    fs.mkdirSync(path.dirname(real), { recursive: true });
    const handle = fs.openSync(real, "w");
    const hash = createHash("sha256");
    const parts: string[] = [];
    for (let left = plan.bytes; left > 0; left -= ARTEFACT_PARTS.bytes) {
      const part = random.bytes(Math.min(left, ARTEFACT_PARTS.bytes));
      hash.update(part);
      if (this.sealsParts) parts.push(createHash("sha256").update(part).digest("hex"));
      fs.writeSync(handle, part);
    }
    fs.closeSync(handle);
    const sealed = parts.length > 1 ? { parts: { bytes: ARTEFACT_PARTS.bytes, sha256: parts.join("") } } : {};
    return { ...plan, sha256: hash.digest("hex"), ...sealed, facts: {} };
  }

  private seal(
    series: string,
    kind: Manifest["kind"],
    needs: readonly string[] | (() => readonly string[]),
    write: (folder: string, random: Random, set: string) => Artefact[],
  ): MadeSet {
    const generation = this.made.get(series) ?? 0;
    this.made.set(series, generation + 1);
    const startedAt = new Date(FIRST + generation * DAY).toISOString();
    const token = createHash("sha256")
      .update(`${this.seed} ${series} ${String(generation)}`)
      .digest("hex");
    const set = runId(startedAt, token.slice(0, 8));
    const folder = path.join(this.target, targetLayout.set(series, set));
    fs.mkdirSync(folder, { recursive: true });
    const artefacts = write(folder, new Random(`${this.seed} ${series} ${String(generation)}`), set);
    const manifest = Manifest.make({
      set,
      series,
      job: series,
      jobHash: token,
      kind,
      owner: { project: "test", stack: "test", name: series },
      host: "fe01.contoso.com",
      account: String.raw`CONTOSO\lync-backup$`,
      trigger: "schedule",
      startedAt,
      sealedAt: new Date(Date.parse(startedAt) + 60_000).toISOString(),
      product: "lync2013",
      deployment: "contoso",
      covers: artefacts.slice(0, 1).map(({ datum, scope }) => ({ datum, scope })),
      artefacts,
      bytes: artefacts.reduce((sum, { bytes }) => sum + bytes, 0),
      needs: [...(typeof needs === "function" ? needs() : needs)],
      tool: { name: "LyncBackup", version: "1.0.0" },
    });
    fs.writeFileSync(path.join(this.target, targetLayout.manifest(series, set)), Manifest.write(manifest));
    const sealed = { series, set, folder };
    this.all.push(sealed);
    return sealed;
  }
}

export interface Generation {
  /** Files that are new, that are changed, and that are gone. */
  add: number;
  change: number;
  remove: number;
  /** Takes every file anew, though most have not changed. */
  full: boolean;
  size: (random: Random) => number;
}

/** 0.8 to 60 kB, 20 on average: what people upload to meetings and what the product keeps beside it. */
export const smallSize = (random: Random): number => Math.floor(800 + 59_200 * random.number() ** 2);

interface StoredFile {
  bytes: number;
  modifiedAt: string;
  sha256: string;
  set: string;
}

const FOLDERS = [
  "1-WebServices-1/CollabMetadata",
  "1-WebServices-1/CollabContent/Besprechung für München",
  "1-WebServices-1/CollabContent/слайды",
  "1-ApplicationServer-1/AppServerFiles/RGS/AS",
  "1-ApplicationServer-1/AppServerFiles/CPS",
  "1-UserServices-1/MeetingFiles/[drafts]",
];

/** What a file store holds, by name; contents are made again from the names they were first written under. */
class FileStore {
  readonly files = new Map<string, StoredFile>();
  private readonly contents = new Map<string, () => Buffer>();
  private count = 0;

  advance(random: Random, plan: Omit<Generation, "full">, full: boolean, set: string): Map<string, () => Buffer> {
    const written = new Map<string, () => Buffer>();
    const write = (file: string): void => {
      const seed = `${set} ${file}`;
      const bytes = plan.size(random);
      const content = (): Buffer => new Random(seed).bytes(bytes);
      const sha256 = createHash("sha256").update(content()).digest("hex");
      this.files.set(file, { bytes, modifiedAt: "2026-02-28T12:00:00.000Z", sha256, set });
      this.contents.set(file, content);
      written.set(file, content);
    };
    const present = [...this.files.keys()];
    for (let turn = 0; turn < plan.remove && present.length > 0; turn++) {
      const [gone = ""] = present.splice(random.below(present.length), 1);
      this.files.delete(gone);
      this.contents.delete(gone);
    }
    for (let turn = 0; turn < Math.min(plan.change, present.length); turn++) write(random.pick(present));
    for (let turn = 0; turn < plan.add; turn++) {
      const folder = `${random.pick(FOLDERS)}/${String(random.below(50))}`;
      write(
        `${folder}/${String(this.count++)} ${random.pick(["notes.txt", "whiteboard.xml", "präsentation #1.pptx"])}`,
      );
    }
    if (full) {
      for (const [file, known] of this.files) {
        this.files.set(file, { ...known, set });
        const content = this.contents.get(file);
        if (content) written.set(file, content);
      }
    }
    return written;
  }
}

function describe(folder: string, plan: ArtefactPlan): Artefact {
  const sha256 = createHash("sha256")
    .update(fs.readFileSync(path.join(folder, plan.path)))
    .digest("hex");
  return { ...plan, sha256, facts: {} };
}
