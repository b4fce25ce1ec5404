import type { CopyPath, ProtectingJob } from "../documents";
import { durationText, worstGap, type Gap, type GapQuestion } from "../schedules";
import { DELAY } from "../schedules/timetable";
import { zoneOf } from "../schedules/zone";
import { mostStartsIn, spanOf, startsInWeek, WEEK } from "./pattern";
import type { Term } from "./verdict";

/** What passes between the end of a run and the moment at which its set counts offsite. */

/** The clock of the estate, and how many starts are taken to be missed. */
export type Circumstances = Omit<GapQuestion, "timetables" | "zone">;

/** The terms of a way, with what was assumed about clocks and schedulers; or why there is no end to it. */
export type Way = { terms: Term[]; assumed: readonly string[] } | { never: string };

/** From the seal to the end of the verification offsite. */
export function deliveryOf(job: ProtectingJob, copy: CopyPath, given: Circumstances): Way {
  const pass = passOf(job, copy, given);
  if ("never" in pass) return pass;
  const { gap, sets } = pass;
  const many = sets > 1 ? ` (${String(sets)} sets)` : "";
  const terms: Term[] = [
    { label: gap.kind === "look" ? "until the look" : "until the courier", amount: waitFor(job, copy, pass, given) },
    { label: `courier${many}`, amount: sets * copy.minutes },
    { label: "verification", amount: copy.verifyMinutes },
  ];
  return { terms: terms.filter(({ amount }) => amount > 0), assumed: gap.assumptions };
}

/** The longest time between two passes of the courier, and how many sets of a job a pass finds then at most. */
interface Pass {
  gap: Gap;
  /** Where no clock changes. */
  nominal: number;
  sets: number;
}

/** The more sets a pass finds, the longer it takes; and what should start meanwhile does not, so that more wait. */
function passOf(job: ProtectingJob, copy: CopyPath, given: Circumstances): Pass | { never: string } {
  const { schedule, startWhenMissed, zone, minutes } = copy;
  const starts = startsInWeek(job.schedule);
  if (starts.length * minutes >= WEEK) {
    const never = `the courier of ${copy.copy} never catches up: the sets that ${job.name} makes in a week take`;
    return { never: `${never} ${durationText(starts.length * minutes)} to carry` };
  }
  const late = latenessOf(job, starts, given);
  for (let sets = 1; ;) {
    const timetables = [{ schedule, startWhenMissed, runMinutes: sets * minutes }];
    const gap = worstGap({ ...given, timetables, zone });
    const ordinary = worstGap({ ...given, timetables, zone: "UTC" });
    if (gap.kind === "never" || ordinary.kind === "never") return { never: `the courier of ${copy.copy} ${gap.text}` };
    const found = setsIn(starts, gap.minutes, ordinary.minutes, late);
    if (found <= sets) return { gap, nominal: ordinary.minutes, sets };
    sets = found;
  }
}

/** An hour more where clocks go back is another set only where sets come more often than the courier. */
function setsIn(starts: readonly number[], gap: number, nominal: number, late: number): number {
  const extra = gap - nominal;
  const isMore = extra > 60 || spanOf(starts, 1, "shortest") < nominal;
  return mostStartsIn(starts, (isMore ? gap : nominal) + late);
}

/** What is made up for comes so much later at most, and its set waits beside those of the starts that follow. */
function latenessOf(
  { startWhenMissed }: ProtectingJob,
  starts: readonly number[],
  { missedStarts = 0, downMinutes = Infinity }: Circumstances,
): number {
  if (missedStarts === 0 || !startWhenMissed || starts.length === 0) return 0;
  return Math.min(downMinutes + DELAY, spanOf(starts, 1, "longest"));
}

/**
 * Where both keep to times of day on one clock, the wait from the end of the run to the courier is known; otherwise, and
 * where what was missed is made up for at any time, a set may be sealed just after the courier looked.
 */
function waitFor(
  job: ProtectingJob,
  copy: CopyPath,
  { gap, nominal, sets }: Pass,
  { from, missedStarts = 0 }: Circumstances,
): number {
  const timed = [job.schedule, copy.schedule].every(({ every }) => every === "day" || every === "week");
  if (!timed || job.zone !== copy.zone) return gap.minutes;
  if (missedStarts > 0 && (job.startWhenMissed || copy.startWhenMissed)) return gap.minutes;
  const courier = startsInWeek(copy.schedule);
  if (sets * copy.minutes > spanOf(courier, 1, "shortest")) return gap.minutes;
  const year = Number(from.slice(0, 4));
  const slack = zoneOf(job.zone).changes(year, year + 1).length > 0 ? 60 : 0;
  // A pass that a change of the clocks leaves out makes one wait longer; which one, only even passes tell.
  const uneven = spanOf(courier, 1, "shortest") !== spanOf(courier, 1, "longest");
  if (slack > 0 && uneven) return gap.minutes;
  const waits = startsInWeek(job.schedule).flatMap((start) =>
    waitsFrom(start + job.minutes, courier, slack, missedStarts),
  );
  return Math.min(gap.minutes, Math.max(...waits) + gap.minutes - nominal);
}

/** A run may end so much later by the wall, where the clock changes while it goes on; then it may miss the courier. */
function waitsFrom(sealed: number, courier: readonly number[], slack: number, missedStarts: number): number[] {
  const next = (after: number, missed: number): number => {
    const inWeek = after % WEEK;
    const nth = courier.filter((at) => at < inWeek).length + missed;
    return Math.floor(nth / courier.length) * WEEK + (courier[nth % courier.length] ?? 0) - inWeek;
  };
  const first = next(sealed, 0);
  const due = next(sealed, missedStarts);
  return first >= slack ? [due] : [due, next(sealed + first + 1, missedStarts) + 1];
}
