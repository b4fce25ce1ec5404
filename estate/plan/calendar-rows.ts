import type { Calendar, PlannedJob } from "../documents";
import { durationText } from "../schedules/duration";
import { dayText } from "./words";

/** The calendar as a table: a row for each job, a column for each day. */

export interface CalendarRow {
  job: string;
  /** For each day when it starts. */
  days: readonly (readonly string[])[];
  repeats: Calendar["repeating"];
  cells: string[];
}

export function calendarRows(
  { week, repeating }: Calendar,
  jobs: readonly PlannedJob[],
): { columns: string[]; rows: CalendarRow[] } {
  const rows = jobs
    .filter(({ enabled }) => enabled)
    .map(({ name, longestGap }): CalendarRow => {
      const days = week.map(({ starts }) => starts.flatMap((one) => (one.jobs.includes(name) ? [one.at] : [])));
      const repeats = repeating.filter(({ job }) => job === name);
      const often = repeats.map(repeatText);
      return { job: name, days, repeats, cells: [...days.map((times) => [...times, ...often].join(", ")), longestGap] };
    });
  return { columns: ["Job", ...week.map(({ day }) => dayText(day)), "Longest gap"], rows };
}

export function repeatText({ everyMinutes, from, until }: Calendar["repeating"][number]): string {
  const window = until === undefined ? "" : ` ${from} to ${until}`;
  return `every ${durationText(everyMinutes)}${window}`;
}
