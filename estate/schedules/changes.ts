import { DAY, mondayFrom } from "./day";
import type { Change, Zone } from "./zone";

/** Which weeks of a zone differ: schedules repeat every week, so only a change of the clocks makes one unlike another. */

export interface Years {
  from: number;
  until: number;
}

/** The first Monday with a week without a change before it, and so many days after it. */
export function ordinaryMonday(zone: Zone, years: Years, days: number): number | undefined {
  let monday = mondayFrom(Date.UTC(years.from, 0, 10) / DAY);
  for (const { at } of zone.changes(years.from, years.until)) {
    if (at > (monday + days) * DAY) break;
    monday = mondayFrom(Math.floor(at / DAY) + 10);
  }
  return monday + days < Date.UTC(years.until + 1, 0, 1) / DAY ? monday : undefined;
}

const known = new Map<string, readonly Change[]>();

/** The first of all changes that look alike: at the same time of the week, equally far, with the same so many days around. */
export function unlikeChanges(zone: Zone, years: Years, days: number): readonly Change[] {
  const key = [zone.name, years.from, years.until, days].join();
  let unlike = known.get(key);
  if (!unlike) {
    unlike = firstOfEach(zone.changes(years.from, years.until), days * DAY);
    known.set(key, unlike);
  }
  return unlike;
}

function firstOfEach(changes: readonly Change[], radius: number): Change[] {
  const seen = new Set<string>();
  return changes.filter((change) => {
    const near = changes.filter(({ at }) => Math.abs(at - change.at) <= radius);
    const inWeek = (change.at + change.before) % (7 * DAY);
    const look = [inWeek, ...near.map(({ at, before, after }) => `${at - change.at} ${after - before}`)].join();
    return !seen.has(look) && seen.add(look);
  });
}
