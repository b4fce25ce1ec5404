import { Schedule, type SqlAgentSchedule, type Weekday } from "../documents";
import { canonicalSchedule } from "./canonical";
import { inWeekOrder, minutesOf, timeOf, WEEK } from "./day";
import { triggersOf } from "./triggers";

/** A schedule as SQL Server Agent's, and back. It goes by the wall of its server. */

/** Sunday is the lowest bit. */
const BITS: Record<Weekday, number> = {
  sunday: 1,
  monday: 2,
  tuesday: 4,
  wednesday: 8,
  thursday: 16,
  friday: 32,
  saturday: 64,
};
const MINUTES = 4;
const HOURS = 8;

/** It began on the first day that the Agent takes, and never ends. */
export const ALWAYS = {
  enabled: true,
  activeStartDate: 19900101,
  activeEndDate: 99991231,
} as const;
const DAILY = { ...ALWAYS, freqType: 4, freqInterval: 1, freqRelativeInterval: 0, freqRecurrenceFactor: 0 } as const;
const LAST_SECOND = 235959;

/** What it cannot do, as a sentence. */
export function sqlAgentRefusal({ startWhenMissed }: { startWhenMissed: boolean }): string | undefined {
  return startWhenMissed
    ? "SQL Server Agent never makes up for a missed start: let Task Scheduler run this job, or do not ask for it."
    : undefined;
}

export function sqlAgentSchedulesOf(schedule: Schedule): SqlAgentSchedule[] {
  return triggersOf(schedule).flatMap((trigger) => {
    switch (trigger.kind) {
      case "daily":
        return [{ ...DAILY, ...once(minutesOf(trigger.at)) }];
      case "weekly": {
        const freqInterval = trigger.on.reduce((bits, day) => bits + BITS[day], 0);
        return [{ ...DAILY, freqType: 8, freqInterval, freqRecurrenceFactor: 1, ...once(minutesOf(trigger.at)) }];
      }
      case "repeating":
        return intervals(trigger.minutes, minutesOf(trigger.at), trigger.forMinutes);
      case "other":
        return [];
    }
  });
}

const once = (minute: number) =>
  ({
    freqSubdayType: 1,
    freqSubdayInterval: 0,
    activeStartTime: agentTime(minute),
    activeEndTime: LAST_SECOND,
  }) as const;

/** The Agent takes a window over midnight, but nobody says how it counts there: so it gets one for each side. */
function intervals(every: number, from: number, length: number): SqlAgentSchedule[] {
  const end = from + length;
  const afterMidnight = from + Math.ceil((1440 - from) / every) * every;
  return [
    ...interval(every, from, Math.min(end, 1440)),
    ...(afterMidnight < end ? interval(every, afterMidnight - 1440, end - 1440) : []),
  ];
}

function interval(every: number, from: number, end: number): SqlAgentSchedule[] {
  if (from + every >= end) return [{ ...DAILY, ...once(from) }];
  const hours = every % 60 === 0;
  return [
    {
      ...DAILY,
      freqSubdayType: hours ? HOURS : MINUTES,
      freqSubdayInterval: hours ? every / 60 : every,
      activeStartTime: agentTime(from),
      // One second before the end: the Agent would still start at the end itself.
      activeEndTime: agentTime(end - 1) + 59,
    },
  ];
}

const agentTime = (minute: number): number => Math.floor(minute / 60) * 10000 + (minute % 60) * 100;

/**
 * What an instance shows, in the words of a declaration; undefined where a colleague typed what these cannot say. What
 * starts at the same times is the same, however it is typed; where that is what was declared, the declaration is meant.
 */
export function scheduleOfSqlAgent(rows: readonly SqlAgentSchedule[], declared?: Schedule): Schedule | undefined {
  const there = weekOfStarts(rows);
  if (there === undefined) return undefined;
  const same = (schedule: Schedule): boolean => weekOfStarts(sqlAgentSchedulesOf(schedule)) === there;
  if (declared && same(declared)) return canonicalSchedule(declared);
  return candidates(rows)
    .flatMap((words) => {
      const said = Schedule.safeParse(words);
      return said.success ? [canonicalSchedule(said.data)] : [];
    })
    .find(same);
}

/** Every minute of a week at which something starts; undefined where a row does what no declaration can say. */
function weekOfStarts(rows: readonly SqlAgentSchedule[]): string | undefined {
  const starts = new Set<number>();
  for (const row of rows) {
    if (!isPlain(row)) return undefined;
    for (const day of daysOf(row)) {
      for (const minute of minutesOfDay(row)) starts.add(WEEK.indexOf(day) * 1440 + minute);
    }
  }
  return [...starts].sort((a, b) => a - b).join();
}

function isPlain(row: SqlAgentSchedule): boolean {
  const always = Object.entries(ALWAYS).every(([field, value]) => row[field as keyof typeof ALWAYS] === value);
  const days = row.freqType === 4 ? row.freqInterval === 1 : row.freqType === 8 && row.freqRecurrenceFactor === 1;
  const inDay = row.freqSubdayType === 1 || (stepOf(row) > 0 && row.activeStartTime < row.activeEndTime);
  return always && days && inDay && row.activeStartTime % 100 === 0;
}

export const daysOf = ({ freqType, freqInterval }: SqlAgentSchedule): readonly Weekday[] =>
  freqType === 4 ? WEEK : WEEK.filter((day) => (freqInterval & BITS[day]) !== 0);

/** Zero where it counts neither minutes nor hours. */
const stepOf = ({ freqSubdayType, freqSubdayInterval }: SqlAgentSchedule): number =>
  freqSubdayType === MINUTES ? freqSubdayInterval : freqSubdayType === HOURS ? freqSubdayInterval * 60 : 0;

const startOf = (row: SqlAgentSchedule): number => minuteOf(row.activeStartTime);
/** The minute after the last one in which it may start. */
const endOf = (row: SqlAgentSchedule): number =>
  (row.freqSubdayType === 1 ? startOf(row) : minuteOf(row.activeEndTime)) + 1;
const minuteOf = (time: number): number => Math.floor(time / 10000) * 60 + (Math.floor(time / 100) % 100);

function minutesOfDay(row: SqlAgentSchedule): number[] {
  const count = row.freqSubdayType === 1 ? 1 : Math.ceil((endOf(row) - startOf(row)) / stepOf(row));
  return Array.from({ length: count }, (_, index) => startOf(row) + index * stepOf(row));
}

function candidates(rows: readonly SqlAgentSchedule[]): unknown[] {
  const [first] = rows;
  if (!first) return [{ every: "command" }];
  const at = [...new Set(rows.map((row) => timeOf(startOf(row))))];
  const steps = new Set(rows.map(stepOf).filter((step) => step > 0));
  return [
    { every: "week", on: inWeekOrder(daysOf(first)), at },
    ...[...steps].flatMap((minutes) =>
      at.flatMap((from) => rows.map((row) => ({ every: "minutes", minutes, from, until: timeOf(endOf(row)) }))),
    ),
  ];
}
