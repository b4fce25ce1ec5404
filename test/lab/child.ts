import fs from "node:fs";
import path from "node:path";
import { Change } from "../../estate/documents";
import { advance, createLab } from "../../lab/commands";
import type { RunOptions } from "../../hosts/host";
import { openLabHost } from "../../lab/host";
import { Store } from "../../lab/store";

/** What other processes do in tests of the lab. Not a test itself. */
const [what, folder = "", argument = "", host = "", file = ""] = process.argv.slice(2);

const ACTIONS: Record<string, (store: Store) => Promise<unknown>> = {
  async count(store) {
    for (let turn = 0; turn < Number(argument); turn++) {
      await store.transaction(async ({ sections }) => {
        const before = (sections.get("counter") as { value: number } | undefined)?.value ?? 0;
        // A gap in which a second writer would read the same value.
        await new Promise((resolve) => setImmediate(resolve));
        sections.set("counter", { value: before + 1 });
      });
      process.stdout.write(".");
    }
  },
  hold: (store) =>
    store.transaction(async ({ sections }) => {
      sections.set("counter", { value: -1 });
      process.stdout.write("holding");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }),
  async run() {
    const onProgress: RunOptions["onProgress"] = (progress) => {
      if (progress.kind === "step-started") step = { id: progress.id, before: moments };
      else process.stdout.write(`${step.id} ${String(moments - step.before)}\n`);
    };
    await (await openLabHost(folder, host)).run({ job: argument }, { onProgress });
  },
  apply: async () => (await openLabHost(folder, host)).apply(Change.parse(fs.readFileSync(file, "utf8"))),
  create: () => createLab(folder),
  async advance() {
    for (let day = 0; day < Number(argument); day++) await advance(folder, 1440);
  },
};

/** How many there have been; and the step that a run is in, with how many were before it. */
let moments = 0;
let step = { id: "", before: 0 };

/**
 * The files of the lab change by these calls only. Each is a moment at which the process may die: before it, or, where
 * it writes, with half of it written. Folders are removed file by file. The lock has a test of its own.
 */
function dieAt(moment: string): void {
  const mayDie = (file: unknown, half?: () => void): void => {
    if (what !== "count" && String(file).includes(`${path.sep}lock${path.sep}`)) return;
    for (const die of half ? [() => undefined, half] : [() => undefined]) {
      moments++;
      if (![String(moments), `${step.id}+${String(moments - step.before)}`].includes(moment)) continue;
      die();
      process.kill(process.pid, "SIGKILL");
    }
  };
  const original = { ...fs };
  fs.writeFileSync = ((file: string, content: string | Buffer, options?: fs.WriteFileOptions) => {
    const whole = Buffer.from(content as string);
    mayDie(file, () => {
      original.writeFileSync(file, whole.subarray(0, whole.length / 2), options);
    });
    original.writeFileSync(file, content, options);
  }) as typeof fs.writeFileSync;
  fs.copyFileSync = ((from: string, to: string) => {
    fs.writeFileSync(to, original.readFileSync(from));
  }) as typeof fs.copyFileSync;
  fs.rmSync = ((file: string) => {
    const stat = original.lstatSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of original.readdirSync(file)) fs.rmSync(path.join(file, name));
    mayDie(file);
    if (stat.isDirectory()) original.rmdirSync(file);
    else original.unlinkSync(file);
  }) as typeof fs.rmSync;
  for (const name of ["renameSync", "linkSync", "truncateSync"] as const) {
    const call = original[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        mayDie(args[1] ?? args[0]);
        return call(...args);
      },
    });
  }
  process.on("exit", () => {
    original.writeSync(1, ` ${String(moments)}`);
  });
}

const moment = process.env["DIE_AT"];
if (moment !== undefined) dieAt(moment);
void ACTIONS[what ?? ""]?.(new Store(folder));
