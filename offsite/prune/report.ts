import type { RetentionDecision } from "../../estate/retention";
import { many } from "../error";

export type RemovalState =
  /** Gone; in a dry run: would go now. */
  | "removed"
  /** Marked now; in a dry run: would be marked. It goes when no push can still be using it. */
  | "marked"
  /** Marked before, and waiting. */
  | "waiting"
  /** The store keeps it. */
  | "locked"
  /** The store did not let it go, and says nothing of a lock. */
  | "refused"
  /** Due, and left for the next time. */
  | "left";

export interface RemovalReport {
  key: string;
  /** Of all its versions. */
  bytes: number;
  state: RemovalState;
  /** Why it goes; or why it does not yet. */
  why: string;
  /** When what is marked may go. */
  until?: string;
}

export interface SeriesReport {
  series: string;
  /** Every set, newest first, with the reasons why it stays or goes. */
  decisions: RetentionDecision[];
  removals: RemovalReport[];
  /** Why no content is removed at all: sets that nobody can read. */
  blocked: string[];
  /** Content that no set needs, and that is too young to be judged. */
  young: { objects: number; bytes: number };
}

export interface PruneReport {
  dryRun: boolean;
  series: SeriesReport[];
  requests: number;
  retries: number;
}

export type PruneEvent = { kind: "looked"; report: SeriesReport } | { kind: "waiting"; until: string };

export const removalsOf = (report: PruneReport, ...states: RemovalState[]): RemovalReport[] =>
  report.series.flatMap(({ removals }) =>
    removals.filter(({ state }) => states.length === 0 || states.includes(state)),
  );

/** One sentence for a person. */
export function summaryOf(report: PruneReport): string {
  const sum = (...states: RemovalState[]): string => {
    const found = removalsOf(report, ...states);
    return `${many(found.length, "object")} (${many(
      found.reduce((bytes, one) => bytes + one.bytes, 0),
      "byte",
    )})`;
  };
  const sets = report.series.flatMap(({ decisions }) => decisions);
  const going = sets.filter(({ keep }) => !keep).length;
  const parts = [
    `${many(sets.length, "set")} looked at, ${many(going, "set")} not wanted any more`,
    `${sum("removed")} ${report.dryRun ? "would be removed" : "removed"}`,
    `${sum("marked")} ${report.dryRun ? "would be marked" : "marked"}`,
    ...(removalsOf(report, "waiting", "left").length > 0 ? [`${sum("waiting", "left")} waiting`] : []),
    ...(removalsOf(report, "locked").length > 0 ? [`${sum("locked")} locked by the store`] : []),
    ...(removalsOf(report, "refused").length > 0 ? [`${sum("refused")} refused by the store`] : []),
  ];
  const blocked = report.series.filter((one) => one.blocked.length > 0).map(({ series }) => series);
  return `${parts.join("; ")}.${blocked.length > 0 ? ` No content of ${blocked.join(", ")} is removed, because it has sets that nobody can read.` : ""}`;
}
