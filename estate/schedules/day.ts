import type { Weekday } from "../documents";

/** Times of day, days and weeks, where no zone matters. A day is its number since 1970-01-01, as in UTC. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 1440 * MINUTE;
export const WEEK: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** Weeks begin on a Monday, as this day was. */
const A_MONDAY = Date.UTC(2024, 0, 1) / DAY;

export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

export const timeOf = (minutes: number): string => {
  const inDay = minutes % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
};

/** From one time of day to another, over midnight where the second is the earlier. */
export function windowMinutes(from: string, until: string): number {
  const length = minutesOf(until) - minutesOf(from);
  return length > 0 ? length : length + 1440;
}

/** Till it is so late; 0 in the window itself. */
export function minutesUntil({ from, until }: { from: string; until: string }, minute: number): number {
  const begun = (minute - minutesOf(from) + 1440) % 1440;
  return begun < windowMinutes(from, until) ? 0 : 1440 - begun;
}

export const inWeekOrder = (days: readonly Weekday[]): Weekday[] => WEEK.filter((day) => days.includes(day));

export const weekOf = (day: number): number => Math.floor((day - A_MONDAY) / 7);
/** Monday is 0, as in WEEK. */
export const weekdayOf = (day: number): number => day - A_MONDAY - 7 * weekOf(day);
/** The day itself, or the first Monday after it. */
export const mondayFrom = (day: number): number => day + ((7 - weekdayOf(day)) % 7);

/** What a wall shows: 2026-03-28, 02:30, or both. */
export const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
export const timeOfWall = (wall: number): string => new Date(wall).toISOString().slice(11, 16);
export const wallText = (wall: number): string => `${dateOf(wall)} ${timeOfWall(wall)}`;
