import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The repository: tests run in it. */
export const ROOT = process.cwd();

/** A plain JavaScript file of tools/, seen through the interface that a test needs of it. */
export function tool<T>(file: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript beside the compiled program
  return require(path.join(ROOT, "tools", file)) as T;
}

export interface Step {
  detail: (text: string) => void;
  done: (result?: string) => void;
  failed: (result?: string) => void;
}

export interface Report {
  begin: (what: string, expect?: string) => Step;
  note: (text: string) => void;
  error: (text: string) => void;
}

/** A report that keeps what it was told. */
export function silentReport(): Report & { lines: string[] } {
  const lines: string[] = [];
  const add = (text?: string) => void (text !== undefined && lines.push(text));
  return {
    lines,
    note: add,
    error: add,
    begin: (what) => (add(what), { detail: () => undefined, done: add, failed: add }),
  };
}

export async function inScratch(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-tools-"));
  try {
    await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function write(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** A program on PATH that prints one line. */
export function fakeProgram(folder: string, name: string, line: string): void {
  fs.mkdirSync(folder, { recursive: true });
  if (process.platform === "win32") fs.writeFileSync(path.join(folder, `${name}.cmd`), `@echo ${line}\r\n`);
  else fs.writeFileSync(path.join(folder, name), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
}
