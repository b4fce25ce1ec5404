import fs from "node:fs";
import path from "node:path";
import { Held, targetLayout } from "../../estate/documents";

/** Somebody said that the set must stay: a file beside the sets on the target. */
export function isHeldOn(target: string | undefined, series: string, set: string, now: string): boolean {
  const file = target === undefined ? undefined : path.join(target, targetLayout.held(series, set));
  if (file === undefined || !fs.existsSync(file)) return false;
  try {
    const { until } = Held.parse(fs.readFileSync(file, "utf8"));
    return until === undefined || until > now;
  } catch {
    // It must stay, and nobody can read for how long.
    return true;
  }
}
