import type { Verified, VerifyLevel } from "../../estate/documents";
import { many } from "../error";

export type { VerifyLevel };

/** What is wrong with a set: with which file of it, and with which object. */
export type Finding = Verified["failures"][number];

export interface SetVerdict {
  series: string;
  set: string;
  /** What holds for the whole set. */
  level: "present" | "hashed";
  /** Its artefacts, as its manifest has them, and the bytes of all its files. */
  artefacts: number;
  bytes: number;
  findings: Finding[];
  /** When its run began, by its manifest; undefined where that cannot be read. */
  startedAt: string | undefined;
  /** Sets that must be restored before it, as things stand now. */
  needs: readonly string[];
}

export interface SeriesVerdict {
  series: string;
  sets: SetVerdict[];
  /** Sets that have contents and no manifest: a push that was interrupted, or a manifest that somebody has deleted. */
  incomplete: string[];
  sample: Verified["sample"];
  /** What is odd, and no damage. */
  notes: string[];
  objectsRead: number;
  bytesRead: number;
}

export interface VerifyReport {
  at: string;
  level: VerifyLevel;
  series: SeriesVerdict[];
  requests: number;
  retries: number;
}

export type VerifyEvent =
  | { kind: "looked"; series: string; sets: number; objects: number; toRead: number; bytes: number }
  | {
      kind: "moved";
      series: string;
      bytes: number;
      of: number;
      objects: number;
      ofObjects: number;
      bytesPerSecond: number;
      secondsLeft: number | undefined;
    }
  | { kind: "verdict"; verdict: SetVerdict }
  | { kind: "note"; series: string; message: string };

export const verdictsOf = (report: VerifyReport): SetVerdict[] => report.series.flatMap(({ sets }) => sets);

/** With an earlier version that holds the right bytes, nothing is lost: fetch finds it. */
export const isRecoverable = ({ version }: Finding): boolean => version !== undefined;

/** One sentence for a person. */
export function summaryOf(report: VerifyReport): string {
  const sets = verdictsOf(report);
  const damaged = sets.filter(({ findings }) => findings.length > 0);
  const lost = damaged.filter(({ findings }) => !findings.every(isRecoverable));
  const incomplete = report.series.reduce((sum, one) => sum + one.incomplete.length, 0);
  const read = report.series.reduce((sum, one) => sum + one.objectsRead, 0);
  const looked = `${many(sets.length, "set")} looked at (${report.level}, ${many(read, "object")} read): `;
  const verdict =
    damaged.length === 0
      ? "nothing is wrong"
      : `${many(damaged.length, "set")} damaged` +
        (lost.length < damaged.length ? `, ${String(damaged.length - lost.length)} of them recoverable` : "");
  return `${looked}${verdict}${incomplete > 0 ? `; ${many(incomplete, "set")} without a manifest` : ""}.`;
}
