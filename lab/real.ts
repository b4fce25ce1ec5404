import fs from "node:fs";
import path from "node:path";

/** Files of this computer: what the lab keeps its world in. */

/** Complete or not there: written beside and renamed. Nobody else writes it at the time. */
export function writeWhole(real: string, content: string, mode = 0o644): void {
  fs.mkdirSync(path.dirname(real), { recursive: true });
  fs.writeFileSync(`${real}.partial`, content, { mode });
  fs.renameSync(`${real}.partial`, real);
}

/** Undefined: it is not there. */
export function readIfThere(real: string): string | undefined {
  try {
    return fs.readFileSync(real, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function namesIn(real: string): string[] {
  return fs.existsSync(real) ? fs.readdirSync(real).sort() : [];
}

export function removeAll(real: string): void {
  fs.rmSync(real, { recursive: true, force: true });
}
