import type { StepKind } from "../../estate/documents";
import type { Place } from "../paths";
import type { World } from "../world";
import type { Execution } from "./execution";

/** What takes how long on the simulated clock. The numbers are of a middling deployment; nothing here is measured. */

/** Milliseconds that a step takes before anything is moved; with forEach, for each item. */
export const CALL_MS: Readonly<Record<StepKind, number>> = {
  guard: 20,
  // A session with the management tools, and the way to the store.
  cmdlet: 4_000,
  sql: 300,
  chain: 50,
  robocopy: 1_000,
  inventory: 500,
  check: 100,
  hash: 100,
  publish: 500,
  seal: 200,
  retain: 300,
  courier: 2_000,
  service: 10_000,
  wait: 0,
  confirm: 0,
  observe: 100,
  assemble: 500,
  verify: 500,
};

const BYTES_PER_SECOND = {
  /** What a cmdlet exports, as it is written. */
  export: 2_000_000,
  disk: 150_000_000,
  site: 100_000_000,
  betweenSites: 10_000_000,
};
type Way = keyof typeof BYTES_PER_SECOND;

/** The step that is being performed takes longer by so many milliseconds. */
export function spend(execution: Execution, milliseconds: number): void {
  execution.spentMs += milliseconds;
}

export function spendOn(execution: Execution, way: Way, bytes: number): void {
  spendOnCopy(execution, way, bytes);
}

/** By what bytes come from one computer to the other. */
export function wayBetween(world: World, from: Place, to: Place): Way {
  const [one, other] = [world.computer(from.host), world.computer(to.host)];
  if (one.fqdn === other.fqdn) return "disk";
  return one.site === other.site ? "site" : "betweenSites";
}

/** A file more, whatever its size. */
const FILE_MS = { listed: 0.2, copied: 4, hashed: 0.5 };

export function spendOnFiles(execution: Execution, what: keyof typeof FILE_MS, files: number, threads = 1): void {
  spend(execution, (files * FILE_MS[what]) / threads);
}

/** As spendOn, and no faster than somebody allows. */
export function spendOnCopy(execution: Execution, way: Way, bytes: number, megabitsPerSecond = Infinity): void {
  spend(execution, (bytes / Math.min(BYTES_PER_SECOND[way], (megabitsPerSecond * 1_000_000) / 8)) * 1000);
}
