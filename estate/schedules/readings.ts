/**
 * What schedulers do when the clocks change, where no documentation promises anything: the one place to correct what a
 * real server shows otherwise. Microsoft calls it unspecified for Task Scheduler (knowledge base article 325413). That
 * SQL Server Agent goes by the wall, and pauses while an hour comes again, is what its community has seen.
 */
export interface Reading {
  /** A start that the clock jumps over: not made, made at the jump, or as long after it as it was planned. */
  skipped: "lost" | "at the jump" | "later";
  /** A start that the wall shows twice. */
  twice: "first" | "second";
  /** A repetition goes by the wall; or by elapsed time, for as long as declared, or until the next one begins. */
  pace: "wall" | "elapsed" | "elapsed until the next";
  /** The first start of a repetition, where the interval since the last one of the day before is not over. */
  tooSoon: "lost" | "made";
}

export type Scheduler = "task-scheduler" | "sql-agent";

/** For what runs next, and for the lab. */
export const EXPECTED: Record<Scheduler, Reading> = {
  "task-scheduler": { skipped: "later", twice: "first", pace: "elapsed until the next", tooSoon: "made" },
  "sql-agent": { skipped: "lost", twice: "first", pace: "wall", tooSoon: "made" },
};

/**
 * For promises: one of these makes the longest gap. A start that is made after all, or also, only shortens gaps, unless
 * its run holds up the next one.
 */
export const WORST: Record<Scheduler, readonly Reading[]> = {
  "task-scheduler": [
    { skipped: "lost", twice: "first", pace: "wall", tooSoon: "lost" },
    { skipped: "lost", twice: "second", pace: "wall", tooSoon: "lost" },
    { skipped: "lost", twice: "first", pace: "elapsed", tooSoon: "lost" },
    { skipped: "lost", twice: "second", pace: "elapsed", tooSoon: "lost" },
  ],
  "sql-agent": [
    { skipped: "lost", twice: "first", pace: "wall", tooSoon: "lost" },
    { skipped: "lost", twice: "second", pace: "wall", tooSoon: "lost" },
  ],
};
