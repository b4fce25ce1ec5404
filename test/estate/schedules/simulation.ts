import type { Schedule, Weekday } from "../../../estate/documents";

/**
 * Schedulers on a calendar that is written out minute by minute, from what the engine's calendar shows. Slow and plain,
 * and without a line of what it stands against.
 */

/** What a scheduler may do where nobody says what it does. */
export interface Behaviour {
  skipped: "never" | "after the jump" | "later";
  twice: "first" | "second" | "both";
  repeats: "by the wall" | "for its hours" | "until the next";
  /** The first start of a repetition, where the last one is less than the interval ago. */
  hasty: "made" | "left out";
}

const WEEKDAYS: readonly Weekday[] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const DAY = 1440;

export class Calendar {
  /** Minutes since 1970 of its first moment, and of what the wall shows then. */
  private readonly begin: number;
  private readonly firstWall: number;
  private readonly wall: Int32Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;

  constructor(
    zone: string,
    start: string,
    private readonly days: number,
  ) {
    this.begin = Date.parse(start) / 60_000;
    const minutes = days * DAY;
    this.wall = offsets(zone, this.begin, days);
    for (let minute = 0; minute < minutes; minute++) this.wall[minute] = (this.wall[minute] ?? 0) + this.begin + minute;
    this.firstWall = Math.floor((this.wall[0] ?? 0) / DAY) * DAY;
    this.first = new Int32Array(minutes + 3 * DAY).fill(-1);
    this.last = new Int32Array(minutes + 3 * DAY).fill(-1);
    for (let minute = 0; minute < minutes; minute++) {
      const index = (this.wall[minute] ?? 0) - this.firstWall;
      if (this.first[index] === -1) this.first[index] = minute;
      this.last[index] = minute;
    }
  }

  /** Every minute in which the schedule starts something, in order; without the edges, where a part of a day is missing. */
  starts(schedule: Schedule, behaviour: Behaviour): number[] {
    const found: number[] = [];
    for (let day = 1; day < this.days - 2; day++) found.push(...this.startsOfDay(schedule, day, behaviour));
    return found.filter((minute) => minute >= 3 * DAY && minute < (this.days - 4) * DAY).sort((a, b) => a - b);
  }

  private startsOfDay(schedule: Schedule, day: number, behaviour: Behaviour): number[] {
    switch (schedule.every) {
      case "command":
        return [];
      case "day":
        return schedule.at.flatMap((time) => this.moments(day * DAY + minuteOf(time), behaviour));
      case "week":
        return schedule.on.some((on) => WEEKDAYS.indexOf(on) === new Date(this.dateOf(day)).getUTCDay())
          ? schedule.at.flatMap((time) => this.moments(day * DAY + minuteOf(time), behaviour))
          : [];
      case "run":
        return this.repetition(day * DAY + 720, schedule.lookEveryMinutes, DAY, behaviour);
      case "minutes": {
        const from = minuteOf(schedule.from);
        const until = schedule.until === undefined ? from : minuteOf(schedule.until);
        return this.repetition(
          day * DAY + from,
          schedule.minutes,
          until > from ? until - from : until - from + DAY,
          behaviour,
        );
      }
    }
  }

  private dateOf = (day: number): number => (this.firstWall + day * DAY) * 60_000;

  private repetition(anchor: number, every: number, length: number, behaviour: Behaviour): number[] {
    let planned = 0;
    while (planned + every < length) planned += every;
    const hasty = DAY - planned < every && behaviour.hasty === "left out";
    const found: number[] = [];
    if (behaviour.repeats === "by the wall") {
      for (let step = hasty ? every : 0; step < length; step += every)
        found.push(...this.moments(anchor + step, behaviour));
      return found;
    }
    const next = this.moments(anchor + DAY, behaviour)[0] ?? this.moments(anchor + 2 * DAY, behaviour)[0] ?? Infinity;
    for (const moment of this.moments(anchor, behaviour)) {
      const whole = length === DAY && behaviour.repeats === "until the next";
      const end = whole ? next : Math.min(next, moment + length);
      for (let step = hasty ? every : 0; moment + step < end; step += every) found.push(moment + step);
    }
    return found;
  }

  /** When a start that is planned for this minute on the wall is made. */
  private moments(index: number, { skipped, twice }: Behaviour): number[] {
    const [first = -1, last = -1] = [this.first[index], this.last[index]];
    if (first === -1) {
      let after = index;
      while ((this.first[after] ?? 0) === -1) after++;
      const jump = this.first[after] ?? 0;
      const planned = index - ((this.wall[jump - 1] ?? 0) + 1 - this.firstWall);
      return { never: [], "after the jump": [jump], later: [jump + planned] }[skipped];
    }
    return { first: [first], second: [last], both: first === last ? [first] : [first, last] }[twice];
  }
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Of each minute: a day at once, or half an hour at once where the day is not as long as others. */
function offsets(zone: string, begin: number, days: number): Int32Array {
  const format = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  const offsetAt = (minute: number): number =>
    Date.parse(`${format.format((begin + minute) * 60_000).replace(" ", "T")}Z`) / 60_000 - begin - minute;
  const found = new Int32Array(days * DAY);
  for (let day = 0; day < days * DAY; day += DAY) {
    const offset = offsetAt(day);
    if (offsetAt(day + DAY) === offset) found.fill(offset, day, day + DAY);
    else for (let half = day; half < day + DAY; half += 30) found.fill(offsetAt(half), half, half + 30);
  }
  return found;
}

/** Moments at which anything starts, in order. */
export function union(lists: readonly (readonly number[])[]): number[] {
  const moments = Int32Array.from(lists.flat()).sort();
  return [...moments].filter((moment, index) => moment !== moments[index - 1]);
}

/** The longest time from one moment to the next, or to the one after so many more. */
export function longestGap(moments: readonly number[], missed = 0): number {
  let longest = 0;
  for (let index = missed + 1; index < moments.length; index++) {
    longest = Math.max(longest, (moments[index] ?? 0) - (moments[index - missed - 1] ?? 0));
  }
  return longest;
}
