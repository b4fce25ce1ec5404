import type { TaskTrigger, Weekday } from "../estate/documents";

/** When a trigger fires, in the zone of its host: local times, so the distance in UTC changes with the season. */

/** The zones of the lab's deployments, as Windows names them and as the rest of the world does. */
const ZONES: Record<string, string> = {
  "W. Europe Standard Time": "Europe/Berlin",
  "GMT Standard Time": "Europe/London",
  "Eastern Standard Time": "America/New_York",
  "Pacific Standard Time": "America/Los_Angeles",
  "Tokyo Standard Time": "Asia/Tokyo",
  UTC: "UTC",
};

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const WEEK: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** Weeks begin on a Monday, as this day was. */
const A_MONDAY = Date.UTC(2024, 0, 1);

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(windowsZone: string): Intl.DateTimeFormat {
  let format = formats.get(windowsZone);
  if (!format) {
    const timeZone = ZONES[windowsZone];
    if (timeZone === undefined) throw new Error(`The lab does not know the time zone ${windowsZone}.`);
    const numeric = "numeric";
    const fields = {
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", ...fields });
    formats.set(windowsZone, format);
  }
  return format;
}

/** What the clock on the wall shows, as if it were UTC. */
export function localTime(windowsZone: string, at: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(windowsZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at % 1000);
}

/** The first moment at which the wall shows this; where the clock jumps over it, the same distance after the jump. */
export function fromLocal(windowsZone: string, local: number): number {
  const before = local - DAY;
  const offsets = [before, local + DAY].map((at) => localTime(windowsZone, at) - at);
  const fits = offsets.map((offset) => local - offset).filter((at) => localTime(windowsZone, at) === local);
  return fits.length > 0 ? Math.min(...fits) : local - (offsets[0] ?? 0);
}

/** The next moment after `after`; null where none comes within four years or the trigger is none of ours. */
export function nextFiring(trigger: TaskTrigger, zone: string, since: string, after: number): number | null {
  if (trigger.kind === "other") return null;
  const firstDay = Math.floor(localTime(zone, Date.parse(since)) / DAY);
  const startDay = Math.max(firstDay, Math.floor(localTime(zone, after) / DAY) - 1);
  for (let day = startDay; day < startDay + 1462; day++) {
    if (!fallsOn(trigger, day, firstDay)) continue;
    const start = fromLocal(zone, day * DAY + minutesOf(trigger.at) * MINUTE);
    if (trigger.kind !== "repeating") {
      if (start > after) return start;
      continue;
    }
    const whole = trigger.forMinutes >= 1440;
    const end = whole
      ? fromLocal(zone, (day + 1) * DAY + minutesOf(trigger.at) * MINUTE)
      : start + trigger.forMinutes * MINUTE;
    const step = trigger.minutes * MINUTE;
    const next = start > after ? start : start + (Math.floor((after - start) / step) + 1) * step;
    if (next < end) return next;
  }
  return null;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function fallsOn(trigger: Exclude<TaskTrigger, { kind: "other" }>, day: number, firstDay: number): boolean {
  if (trigger.kind === "repeating") return true;
  if (trigger.kind === "daily") return (day - firstDay) % trigger.everyDays === 0;
  const monday = A_MONDAY / DAY;
  const weekday = WEEK[(((day - monday) % 7) + 7) % 7];
  const weekOf = (one: number): number => Math.floor((one - monday) / 7);
  return (
    weekday !== undefined && trigger.on.includes(weekday) && (weekOf(day) - weekOf(firstDay)) % trigger.everyWeeks === 0
  );
}

/** The next firing of several triggers. */
export function nextOf(triggers: readonly TaskTrigger[], zone: string, since: string, after: number): number | null {
  const times = triggers.flatMap((trigger) => nextFiring(trigger, zone, since, after) ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}
