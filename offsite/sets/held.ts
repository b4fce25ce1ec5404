import fs from "node:fs";
import path from "node:path";
import { Held, targetLayout } from "../../estate/documents";

/** Somebody said that the set must stay: a file beside the sets on the target. */
export function isHeldOn(target: string | undefined, series: string, set: string, now: string): boolean {
  if (target === undefined) return false;
  try {
    const { until } = Held.parse(fs.readFileSync(path.join(target, targetLayout.held(series, set)), "utf8"));
    return until === undefined || until > now;
  } catch (error) {
    // Where there is one that nobody can read, it must stay, and nobody knows for how long.
    return !(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"));
  }
}
