import { DATABASES, rowOf } from "../catalogue";
import { candidatesFor, findingOf, type Finding, type ProtectionIndex } from "../coverage";
import { coverKey, type Datum, type ExternalProtection, type ProtectingJob, type Protection } from "../documents";
import type { Obligation } from "../obligations";
import type { Places } from "./places";

/** What an obligation can be restored from. */

/** Jobs whose sets are points of recovery, and the jobs without whose sets these are worth nothing. */
export interface Source {
  points: readonly ProtectingJob[];
  basis: readonly ProtectingJob[];
  /** What must be known before these points count. */
  missing?: string;
}

export interface Protectors {
  sources: Source[];
  /** Jobs whose sets can be restored by themselves, or with older ones of the same job. */
  full: ProtectingJob[];
  /** Those of other tools whose evidence is fresh. */
  externals: ExternalProtection[];
  /** Those whose evidence is old or missing, with the reason. */
  stale: { external: ExternalProtection; says: string }[];
  /** Both: what only their owners can tell is known of neither. */
  others: ExternalProtection[];
  /** Where nothing else protects it: why that is so, in words. */
  nothing: string;
}

/** The log with which SQL Server restores a datum to any moment. What comes back by import has none. */
const LOG_OF = new Map<Datum, Datum>(
  DATABASES.flatMap(({ data, log, restoredBy }): [Datum, Datum][] =>
    data !== undefined && log !== undefined && restoredBy === "sql" ? [[data, log]] : [],
  ),
);
export const hasLog = (datum: Datum): boolean => LOG_OF.has(datum);

export const recoveryUnknown = (database: string): string =>
  `the recovery model of ${database}, which discovery records: only in full recovery can its log be backed up`;

export function protectorsOf(obligation: Obligation, index: ProtectionIndex, places: Places, now: string): Protectors {
  const candidates = candidatesFor(obligation, index);
  const findings = candidates.map((protection) => ({ protection, ...findingOf(obligation, protection, index, now) }));
  const full = findings.flatMap(({ protection, state }) =>
    protection.by === "job" && state === "covered" ? [protection] : [],
  );
  const externals = ofOthers(findings);
  return {
    full,
    sources: sourcesOf(full, dependents(obligation, candidates, index, places)).map((source) =>
      doubted(source, obligation, places),
    ),
    externals: externals.filter(({ state }) => state === "covered").map(({ protection }) => protection),
    stale: externals
      .filter(({ state }) => state === "stale")
      .map(({ protection, says }) => ({ external: protection, says })),
    others: externals.map(({ protection }) => protection),
    nothing: findings.map(({ says }) => says).join("; ") || "nothing protects it",
  };
}

type Judged = Finding & { protection: Protection };

const ofOthers = (findings: readonly Judged[]): (Finding & { protection: ExternalProtection })[] =>
  findings.flatMap(({ protection, ...finding }) => (protection.by === "external" ? [{ ...finding, protection }] : []));

/** Differential and log jobs: worth something beside a full one of their series. */
function dependents(
  { datum, scope }: Obligation,
  candidates: readonly Protection[],
  index: ProtectionIndex,
  places: Places,
): ProtectingJob[] {
  const log = places.databaseIn(scope)?.recovery === "simple" ? undefined : LOG_OF.get(datum);
  const logs = log === undefined ? [] : (index.byKey.get(coverKey({ datum: log, scope })) ?? []);
  return [...candidates, ...logs].flatMap((protection) =>
    protection.by === "job" &&
    (protection.setKind === "differential" || (protection.setKind === "log" && logs.includes(protection))) &&
    protection.enabled &&
    protection.schedule.every !== "command"
      ? [protection]
      : [],
  );
}

function doubted(source: Source, { scope }: Obligation, places: Places): Source {
  if (scope.of !== "database" || places.databaseIn(scope)?.recovery === "full") return source;
  const needsLog = source.points.some(({ setKind }) => setKind === "log");
  return needsLog ? { ...source, missing: recoveryUnknown(scope.database) } : source;
}

/** Each job by itself; and all that add to one series together, because a point of any of them is one. */
function sourcesOf(full: readonly ProtectingJob[], dependent: readonly ProtectingJob[]): Source[] {
  const alone = full.map((job): Source => ({ points: [job], basis: [] }));
  const beside = dependent.flatMap((job): Source[] => {
    const basis = full.filter(({ series, setKind }) => series === job.series && setKind !== "copy-only");
    return basis.length === 0 ? [] : [{ points: [job], basis }];
  });
  const together = [...new Set(beside.flatMap(({ points }) => points.map(({ series }) => series)))].map(
    (series): Source => {
      const points = [...full, ...dependent].filter((job) => job.series === series);
      return { points, basis: [] };
    },
  );
  return [...alone, ...beside, ...together.filter(({ points }) => new Set(points.map(({ zone }) => zone)).size === 1)];
}

/** Whether a datum is the log of another, and nothing that could be lost by itself. */
export const isLog = (datum: Datum): boolean => rowOf(datum).arises.per === "log";
