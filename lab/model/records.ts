import { createHash } from "node:crypto";

/** What SQL Server alone keeps: archived messages, call detail records, quality of calls. Counted, not spelled out. */

export interface Records {
  /** By day, such as 2026-03-01: how many of each kind. */
  days: Record<string, Record<string, number>>;
}

export const emptyRecords = (): Records => ({ days: {} });

export function addRecords({ days }: Records, day: string, counts: Readonly<Record<string, number>>): void {
  const found = (days[day] ??= {});
  for (const [kind, count] of Object.entries(counts)) found[kind] = (found[kind] ?? 0) + count;
}

/** What is in it, as a number and a text to compare. */
export function summary({ days }: Records): { rows: number; digest: string } {
  const rows = Object.values(days)
    .flatMap(Object.values<number>)
    .reduce((sum, count) => sum + count, 0);
  return {
    rows,
    digest: createHash("sha256")
      .update(JSON.stringify(Object.entries(days).sort()))
      .digest("hex"),
  };
}
