import { rowOf, type ProtectedBy } from "./catalogue";
import {
  coverKey,
  scopeKey,
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

/** What coverage looks at in a job: not when its sets arrive, only what they hold. */
export type CoveringJob = Pick<
  ProtectingJob,
  "by" | "name" | "series" | "covers" | "setKind" | "enabled" | "disabledReason" | "schedule"
>;
export type Covering = CoveringJob | ExternalProtection | Waiver;

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
  protections: readonly Covering[],
  now: string,
): Coverage {
  const index = protectionIndex(protections);
  const used = new Set<string>();
  const rows = obligations.map((obligation) => {
    const candidates = candidatesFor(obligation, index);
    for (const { name } of candidates) used.add(name);
    for (const name of beginningsOf(obligation, candidates, index)) used.add(name);
    return judge(obligation, candidates, index, now);
  });
  return { rows, idle: protections.map(({ name }) => name).filter((name) => !used.has(name)) };
}

/** One look for each obligation, and one for what its log begins with. */
export interface ProtectionIndex<P extends Covering = Protection> {
  /** By datum and scope, and by datum alone for what counts everywhere. */
  byKey: ReadonlyMap<string, readonly P[]>;
  /** The jobs that make full backups of a database in a series: a log has no beginning before one. */
  beginnings: ReadonlyMap<string, readonly string[]>;
}

export function protectionIndex<P extends Covering>(protections: readonly P[]): ProtectionIndex<P> {
  const byKey = new Map<string, P[]>();
  const beginnings = new Map<string, string[]>();
  for (const protection of protections) {
    for (const key of keysOf(protection)) addTo(byKey, key, protection);
    if (protection.by !== "job" || protection.setKind !== "full" || whyIdle(protection) !== undefined) continue;
    const scopes = new Set(protection.covers.map(({ scope }) => chainKey(protection, scope)));
    for (const key of scopes) addTo(beginnings, key, protection.name);
  }
  return { byKey, beginnings };
}

function addTo<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const known = lists.get(key);
  if (known) known.push(one);
  else lists.set(key, [one]);
}

const chainKey = ({ series }: CoveringJob, scope: Scope): string => `${series} ${scopeKey(scope)}`;

const beginningsOf = (
  { datum, scope }: Obligation,
  candidates: readonly Covering[],
  { beginnings }: ProtectionIndex<Covering>,
): string[] =>
  isLog(datum)
    ? candidates.flatMap((one) => (one.by === "job" ? (beginnings.get(chainKey(one, scope)) ?? []) : []))
    : [];

function keysOf(protection: Covering): Set<string> {
  if (protection.by === "job") return new Set(protection.covers.map(coverKey));
  const { data, scopes } = protection;
  if (scopes === "all") return new Set(data);
  return new Set(data.flatMap((datum) => scopes.map((scope) => coverKey({ datum, scope }))));
}

export const candidatesFor = <P extends Covering>({ key, datum }: Obligation, index: ProtectionIndex<P>): P[] => [
  ...(index.byKey.get(key) ?? []),
  ...(index.byKey.get(datum) ?? []),
];

/** What one protection does for an obligation. */
export interface Finding {
  state: CoverageState;
  by: string;
  says: string;
}

/** The strongest first: a job beats an external tool, fresh evidence beats old, and anything beats a waiver. */
const STRENGTH: readonly CoverageState[] = ["covered", "stale", "waived", "gap"];

function judge(
  obligation: Obligation,
  candidates: readonly Covering[],
  index: ProtectionIndex<Covering>,
  now: string,
): CoverageRow {
  const findings = candidates.map((protection) => findingOf(obligation, protection, index, now));
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

export function findingOf(
  obligation: Obligation,
  protection: Covering,
  index: ProtectionIndex<Covering>,
  now: string,
): Finding {
  switch (protection.by) {
    case "job":
      return { by: protection.name, ...judgeJob(obligation, protection, index) };
    case "external":
      return { by: protection.name, ...judgeExternal(protection, now) };
    case "waiver":
      return { by: protection.name, ...judgeWaiver(protection, now) };
  }
}

function judgeJob(
  { datum, scope }: Obligation,
  job: CoveringJob,
  index: ProtectionIndex<Covering>,
): Omit<Finding, "by"> {
  const why = whyIdle(job) ?? (isLog(datum) ? whyNoLog(job, scope, index) : whyNoData(job));
  if (why !== undefined) return { state: "gap", says: `${job.name} does not count: ${why}` };
  return { state: "covered", says: `the job ${job.name}` };
}

function whyIdle({ enabled, disabledReason, schedule }: CoveringJob): string | undefined {
  if (!enabled) return `it is disabled${disabledReason === undefined ? "" : ` (${disabledReason})`}`;
  return schedule.every === "command" ? "it runs only when it is asked to" : undefined;
}

function whyNoLog(job: CoveringJob, scope: Scope, { beginnings }: ProtectionIndex<Covering>): string | undefined {
  if (job.setKind !== "log") return `a ${job.setKind} backup leaves the log as it is`;
  if (beginnings.has(chainKey(job, scope))) return undefined;
  return `no job makes full backups of the database in the series ${job.series}, so that the log has no beginning`;
}

const whyNoData = ({ setKind }: CoveringJob): string | undefined =>
  setKind === "log" || setKind === "differential"
    ? `a ${setKind} backup restores nothing without a full one`
    : undefined;

function judgeExternal(external: ExternalProtection, now: string): Omit<Finding, "by"> {
  const { name, tool, owner, rpoHours, lastSuccess, lastRestoreTest, restoreTestGoodForDays, expires } = external;
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
  if (expires !== undefined && Date.parse(now) >= Date.parse(expires))
    stale.push(`it no longer holds since ${expires}`);
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
const instanceOf = (scope: Scope): string =>
  scope.of === "database" || scope.of === "instance" ? quoted(scope.instance) : "…";

const LINES: Record<ProtectedBy, (datum: Datum, scope: Scope) => string> = {
  configuration: () => "configuration: { … }",
  userData: (_, scope) => `userData: [{ pool: ${poolOf(scope)}, … }]`,
  responseGroups: (_, scope) => `responseGroups: [{ pool: ${poolOf(scope)}, … }]`,
  persistentChat: (_, scope) => `persistentChat: [{ instance: ${instanceOf(scope)}, … }]`,
  fileStores: (datum, scope) =>
    scope.of === "store"
      ? `fileStores: [{ store: ${quoted(scope.path)}, … }]`
      : `fileStores: [{ ${datum === "call-park-music" ? "callParkPools" : "announcementPools"}: [${poolOf(scope)}], … }]`,
  sql: (datum, scope) => {
    const databases = scope.of === "database" ? `databases: { names: [${quoted(scope.database)}] }, ` : "";
    return `sql: [{ instance: ${instanceOf(scope)}, ${databases}${isLog(datum) ? "log: {}, " : ""}… }]`;
  },
  external: (datum) =>
    `external: [{ data: [${quoted(datum)}], tool: "…", owner: "…", rpoHours: 24, lastSuccess: "…", lastRestoreTest: "…" }]`,
};
