import { rowOf, type ProtectedBy } from "./catalogue";
import {
  coverKey,
  type Datum,
  type ExternalProtection,
  type ProtectingJob,
  type Protection,
  type Scope,
  type Waiver,
} from "./documents";
import type { Obligation } from "./obligations";

/** Which obligation is discharged by what. What is not is a gap, with its name and the line to add. */

/**
 * covered: by a job, or by an external tool with fresh evidence. stale: by an external tool whose evidence is old or
 * missing. waived: left open on purpose, until a day that has not passed. gap: by nothing.
 */
export type CoverageState = "covered" | "stale" | "waived" | "gap";

export interface CoverageRow {
  obligation: Obligation;
  state: CoverageState;
  /** The protections that this rests on. */
  by: string[];
  /** Why it is so, in words; for a gap also what does not count and why. */
  says: string[];
  /** For a gap: what to add to the estate. */
  add?: string;
}

export interface Coverage {
  rows: CoverageRow[];
  /** Protections that discharge no obligation: a scope that is misspelt, or one that is gone. */
  idle: string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const isLog = (datum: Datum): boolean => rowOf(datum).arises.per === "log";

export function coverageOf(
  obligations: readonly Obligation[],
  protections: readonly Protection[],
  now: string,
): Coverage {
  const index = protectionIndex(protections);
  const used = new Set<string>();
  const rows = obligations.map((obligation) => {
    const candidates = candidatesFor(obligation, index);
    for (const { name } of candidates) used.add(name);
    return judge(obligation, candidates, now);
  });
  return { rows, idle: protections.map(({ name }) => name).filter((name) => !used.has(name)) };
}

/** By datum and scope, and by datum alone for what counts everywhere: one look for each obligation. */
export type ProtectionIndex = Map<string, Protection[]>;

export function protectionIndex(protections: readonly Protection[]): ProtectionIndex {
  const index: ProtectionIndex = new Map();
  const add = (key: string, protection: Protection): void => {
    const known = index.get(key);
    if (known) known.push(protection);
    else index.set(key, [protection]);
  };
  for (const protection of protections) for (const key of keysOf(protection)) add(key, protection);
  return index;
}

function keysOf(protection: Protection): Set<string> {
  if (protection.by === "job") return new Set(protection.covers.map(coverKey));
  const { data, scopes } = protection;
  if (scopes === "all") return new Set(data);
  return new Set(data.flatMap((datum) => scopes.map((scope) => coverKey({ datum, scope }))));
}

export const candidatesFor = ({ key, datum }: Obligation, index: ProtectionIndex): Protection[] => [
  ...(index.get(key) ?? []),
  ...(index.get(datum) ?? []),
];

/** What one protection does for an obligation. */
export interface Finding {
  state: CoverageState;
  by: string;
  says: string;
}

/** The strongest first: a job beats an external tool, fresh evidence beats old, and anything beats a waiver. */
const STRENGTH: readonly CoverageState[] = ["covered", "stale", "waived", "gap"];

function judge(obligation: Obligation, candidates: readonly Protection[], now: string): CoverageRow {
  const findings = candidates.map((protection) => findingOf(obligation, protection, now));
  for (const state of STRENGTH) {
    const counting = findings.filter((finding) => finding.state === state);
    if (counting.length === 0) continue;
    const says = counting.map((finding) => finding.says);
    if (state === "gap") break;
    return { obligation, state, by: counting.map(({ by }) => by), says };
  }
  const says = findings.map((finding) => finding.says);
  return {
    obligation,
    state: "gap",
    by: [],
    says: says.length > 0 ? says : ["nothing protects it"],
    add: lineToAdd(obligation),
  };
}

export function findingOf(obligation: Obligation, protection: Protection, now: string): Finding {
  switch (protection.by) {
    case "job":
      return { by: protection.name, ...judgeJob(obligation, protection) };
    case "external":
      return { by: protection.name, ...judgeExternal(protection, now) };
    case "waiver":
      return { by: protection.name, ...judgeWaiver(protection, now) };
  }
}

function judgeJob({ datum }: Obligation, job: ProtectingJob): Omit<Finding, "by"> {
  const refuse = (why: string): Omit<Finding, "by"> => ({ state: "gap", says: `${job.name} does not count: ${why}` });
  if (!job.enabled)
    return refuse(`it is disabled${job.disabledReason === undefined ? "" : ` (${job.disabledReason})`}`);
  if (job.schedule.every === "command") return refuse("it runs only when it is asked to");
  const log = isLog(datum);
  if (log && job.setKind !== "log") return refuse(`a ${job.setKind} backup leaves the log as it is`);
  if (!log && (job.setKind === "log" || job.setKind === "differential")) {
    return refuse(`a ${job.setKind} backup restores nothing without a full one`);
  }
  return { state: "covered", says: `the job ${job.name}` };
}

function judgeExternal(external: ExternalProtection, now: string): Omit<Finding, "by"> {
  const { name, tool, owner, rpoHours, lastSuccess, lastRestoreTest, restoreTestGoodForDays } = external;
  const who = `${tool} of ${owner} (${name})`;
  const stale: string[] = [];
  const success = ageOf(lastSuccess, now);
  if (success === undefined) stale.push("no success of it is recorded");
  else if (success > rpoHours * HOUR) {
    stale.push(`its last success, ${String(lastSuccess)}, is older than the ${String(rpoHours)} h that it promises`);
  }
  const test = ageOf(lastRestoreTest, now);
  if (test === undefined) stale.push("no restore test of it is recorded");
  else if (test > restoreTestGoodForDays * DAY) {
    stale.push(
      `its last restore test, ${String(lastRestoreTest)}, is older than ${String(restoreTestGoodForDays)} days`,
    );
  }
  if (stale.length === 0) return { state: "covered", says: who };
  return { state: "stale", says: `${who}: ${stale.join("; ")}` };
}

function judgeWaiver({ name, reason, owner, until }: Waiver, now: string): Omit<Finding, "by"> {
  const over = Date.parse(now) >= Date.parse(until) + DAY;
  if (!over) return { state: "waived", says: `${owner} waived it until ${until}: ${reason}` };
  return { state: "gap", says: `${name} does not count: ${owner} waived it until ${until}, and that is over` };
}

/** A day counts from its first moment. Evidence from the future counts as none: a clock or a hand was wrong. */
function ageOf(evidence: string | undefined, now: string): number | undefined {
  if (evidence === undefined) return undefined;
  const age = Date.parse(now) - Date.parse(evidence);
  return age < 0 ? undefined : age;
}

/** What to write into the estate, as far as the topology knows it. */
export function lineToAdd({ datum, scope }: Obligation): string {
  const [by] = rowOf(datum).protectedBy;
  return LINES[by](datum, scope);
}

const quoted = (text: string): string => JSON.stringify(text);
const poolOf = (scope: Scope): string => (scope.of === "pool" ? quoted(scope.pool) : "…");

const LINES: Record<ProtectedBy, (datum: Datum, scope: Scope) => string> = {
  configuration: () => "configuration: { … }",
  userData: (_, scope) => `userData: { pools: [${poolOf(scope)}], … }`,
  responseGroups: (_, scope) => `responseGroups: { pools: [${poolOf(scope)}], … }`,
  persistentChat: (_, scope) =>
    scope.of === "database" ? `persistentChat: { instance: ${quoted(scope.instance)}, … }` : "persistentChat: { … }",
  fileStores: (_, scope) =>
    scope.of === "store"
      ? `fileStores: [{ path: ${quoted(scope.path)}, … }]`
      : `fileStores: the store of ${poolOf(scope)}, without leaving its audio out`,
  sql: (datum, scope) => {
    if (scope.of === "instance") return `sql: [{ instance: ${quoted(scope.instance)}, … }]`;
    if (scope.of !== "database") return "sql: [{ … }]";
    const schedule = isLog(datum) ? "log: { … }" : "full: { … }";
    return `sql: [{ instance: ${quoted(scope.instance)}, databases: [${quoted(scope.database)}], ${schedule} }]`;
  },
  external: (datum) =>
    `external: [{ data: [${quoted(datum)}], tool: "…", owner: "…", rpoHours: 24, lastSuccess: "…", lastRestoreTest: "…" }]`,
};
