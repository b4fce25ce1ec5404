import { DAY, MINUTE } from "./day";
import { WINDOWS_ZONES } from "./windows-zones";

/**
 * What a clock on the wall shows. Instants are milliseconds since 1970 in UTC; a wall time is the same number as if what
 * the wall shows were UTC, so that times of day are divisions and both can be compared with what they were planned for.
 */
export interface Zone {
  /** As it was asked for, to be named in sentences. */
  name: string;
  /** How far the wall is ahead of UTC, in milliseconds. */
  offsetAt(at: number): number;
  /** Every moment at which the wall jumps, in these years of UTC. */
  changes(fromYear: number, untilYear: number): readonly Change[];
}

export interface Change {
  at: number;
  before: number;
  after: number;
}

interface Year {
  begin: number;
  end: number;
  /** At its beginning. */
  offset: number;
  changes: readonly Change[];
}

const zones = new Map<string, Zone>();

/** A zone by the name that Windows gives it, or by its IANA name. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = zoneThatIs(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Why a text is no zone, as a sentence; undefined where it is one. */
export function zoneProblem(name: string): string | undefined {
  return formatOf(name) ? undefined : unknown(name);
}

const unknown = (name: string): string =>
  `${JSON.stringify(name)} is no time zone: expected a name that Windows reports, such as "W. Europe Standard Time", ` +
  `or an IANA name, such as "Europe/Berlin".`;

function zoneThatIs(name: string): Zone {
  const format = formatOf(name);
  if (!format) throw new Error(unknown(name));
  const years = new Map<number, Year>();
  const yearOf = (year: number): Year => {
    let found = years.get(year);
    if (!found) {
      found = lookUp(format, year);
      years.set(year, found);
    }
    return found;
  };
  // Who asks for one moment asks for the next ones soon.
  let current: Year = { begin: 0, end: 0, offset: 0, changes: [] };
  return {
    name,
    offsetAt: (at) => {
      if (at < current.begin || at >= current.end) current = yearOf(new Date(at).getUTCFullYear());
      let { offset } = current;
      for (const change of current.changes) if (change.at <= at) offset = change.after;
      return offset;
    },
    changes: (from, until) =>
      Array.from({ length: until - from + 1 }, (_, index) => yearOf(from + index).changes).flat(),
  };
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  const timeZone = Object.hasOwn(WINDOWS_ZONES, name) ? WINDOWS_ZONES[name] : name;
  // A bare offset such as +01:00 has no rules: newer engines take it, and no host reports it.
  if (timeZone === undefined || !/^[A-Za-z]/.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
}

/** A week is shorter than any time that a country has kept between two changes. */
const STRIDE = 7 * DAY;

function lookUp(format: Intl.DateTimeFormat, year: number): Year {
  const begin = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const offset = readOffset(format, begin);
  const changes: Change[] = [];
  let before = offset;
  for (let low = begin; low < end; low += STRIDE) {
    const high = Math.min(low + STRIDE, end);
    const after = readOffset(format, high);
    if (after === before) continue;
    changes.push({ at: changeBetween(format, low, high, before), before, after });
    before = after;
  }
  return { begin, end, offset, changes };
}

/** To the minute: no country changes its clocks between two minutes. */
function changeBetween(format: Intl.DateTimeFormat, low: number, high: number, before: number): number {
  let [from, until] = [low / MINUTE, high / MINUTE];
  while (until - from > 1) {
    const middle = Math.floor((from + until) / 2);
    if (readOffset(format, middle * MINUTE) === before) from = middle;
    else until = middle;
  }
  return until * MINUTE;
}

function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(at)) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE + Number(seconds ?? 0) * 1000;
  return sign === "-" ? -size : size;
}

/** What the clock on the wall shows. */
export const wallAt = (zone: Zone, at: number): number => at + zone.offsetAt(at);

/** When the wall shows this: once, as a rule; never where the clock jumps over it; twice where it goes back. */
export function instantsOf(zone: Zone, wall: number): number[] {
  const [before, after] = [zone.offsetAt(wall - DAY), zone.offsetAt(wall + DAY)];
  if (before === after) return [wall - before];
  return [wall - before, wall - after].filter((at) => wallAt(zone, at) === wall).sort((a, b) => a - b);
}

/** The first moment at which the wall shows this; where the clock jumps over it, as long after the jump as planned. */
export function firstInstantOf(zone: Zone, wall: number): number {
  return instantsOf(zone, wall)[0] ?? wall - zone.offsetAt(wall - DAY);
}
