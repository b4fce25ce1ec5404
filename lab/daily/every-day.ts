import type { Random } from "../random";
import type { World } from "../world";

/**
 * What happens by itself while time passes: called at the noon of each day, in UTC. It may change what it likes of the
 * world, and takes all chance from `random`, so that the same lab has the same history.
 */
export type EveryDay = (world: World, random: Random, day: string) => void;

export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(day).getUTCDay());

const DAY_MS = 86_400_000;
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
