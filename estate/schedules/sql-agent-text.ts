import type { SqlAgentSchedule } from "../documents";
import { ALWAYS, daysOf } from "./sql-agent";

/** What a person reads where a schedule cannot be said in a declaration. */
export function sqlAgentText(row: SqlAgentSchedule): string {
  const times =
    row.freqSubdayType <= 1
      ? ` at ${clock(row.activeStartTime)}`
      : ` every ${String(row.freqSubdayInterval)} ${UNITS[row.freqSubdayType]} ` +
        `from ${clock(row.activeStartTime)} to ${clock(row.activeEndTime)}`;
  return [
    `${dayText(row)}${row.freqType >= 64 ? "" : times}`,
    ...(row.activeStartDate === ALWAYS.activeStartDate ? [] : [`from ${date(row.activeStartDate)} on`]),
    ...(row.activeEndDate === ALWAYS.activeEndDate ? [] : [`until ${date(row.activeEndDate)}`]),
    ...(row.enabled ? [] : ["disabled"]),
  ].join(", ");
}

const UNITS: Record<SqlAgentSchedule["freqSubdayType"], string> = { 0: "", 1: "", 2: "s", 4: "min", 8: "h" };

function dayText(row: SqlAgentSchedule): string {
  const every = (count: number, unit: string): string => (count === 1 ? unit : `${String(count)} ${unit}s`);
  switch (row.freqType) {
    case 1:
      return `once, on ${date(row.activeStartDate)},`;
    case 4:
      return `every ${every(row.freqInterval, "day")}`;
    case 8:
      return `${daysOf(row).join(", ")} of every ${every(row.freqRecurrenceFactor, "week")}`;
    case 16:
      return `on day ${String(row.freqInterval)} of every ${every(row.freqRecurrenceFactor, "month")}`;
    case 32:
      return `on a weekday of every ${every(row.freqRecurrenceFactor, "month")}`;
    case 64:
      return "when SQL Server Agent starts";
    case 128:
      return "when the computer is idle";
  }
}

const clock = (time: number): string =>
  String(time)
    .padStart(6, "0")
    .replace(/(..)(..)(..)/, "$1:$2:$3");
const date = (number: number): string => String(number).replace(/^(....)(..)(..)$/, "$1-$2-$3");
