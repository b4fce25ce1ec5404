import type { Timetable } from "../../../estate/schedules";
import { union } from "./simulation";

interface Outage {
  from: number;
  until: number;
}

/** What starts when the host goes down now and then and runs last as long as they like, within what is assumed. */
export function livedThrough(
  timetables: readonly Timetable[],
  planned: readonly (readonly number[])[],
  assumed: { missedStarts: number; downMinutes: number | undefined },
  seed: number,
): number[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  /** As much as there may be, half of the time. */
  const upTo = (most: number): number => (random() < 0.5 ? most : Math.floor(random() * (most + 1)));

  const outages: Outage[] = [];
  const moments = union(planned);
  let calm = 0;
  moments.forEach((from, index) => {
    const missed = random() < 0.1 ? upTo(assumed.missedStarts) : 0;
    const next = moments[index + missed];
    if (missed === 0 || next === undefined || from < calm) return;
    const until = from + upTo(Math.min(next - 1 - from, assumed.downMinutes ?? Infinity));
    outages.push({ from, until });
    // Long enough for any job to start again, though a run holds it up.
    calm = until + 10 * 1440;
  });

  const started = timetables.flatMap((timetable, job) => {
    const { made, missed } = sorted(planned[job] ?? [], outages);
    const due = madeUp(timetable) ? [...made, ...missed.map(({ until }) => until + 10)] : made;
    const runs: number[] = [];
    let runningUntil = -Infinity;
    for (const at of due.sort((a, b) => a - b)) {
      if (at < runningUntil) continue;
      runs.push(at);
      runningUntil = at + upTo(timetable.runMinutes ?? 0);
    }
    return runs;
  });
  return union([started]);
}

const madeUp = ({ schedule, by: scheduler, startWhenMissed }: Timetable): boolean =>
  startWhenMissed === true && scheduler !== "sql-agent" && schedule.every !== "minutes";

/** Which starts are made, and which outages made others impossible. */
function sorted(starts: readonly number[], outages: readonly Outage[]): { made: number[]; missed: Outage[] } {
  const made: number[] = [];
  const missed = new Set<Outage>();
  let index = 0;
  for (const at of starts) {
    while ((outages[index]?.until ?? Infinity) < at) index++;
    const outage = outages[index];
    if (outage && outage.from <= at) missed.add(outage);
    else made.push(at);
  }
  return { made, missed: [...missed] };
}
