import type { Hours } from "../../estate/documents";
import { DAY, MINUTE, minutesOf, minutesUntil, windowMinutes } from "../../estate/schedules/day";
import { wallAt, zoneOf } from "../../estate/schedules/zone";
import type { World } from "../world";

/** The run hours of robocopy, by the clock of the computer that it runs on. */

/** Milliseconds until they begin; 0 while they last. */
export function untilHours(world: World, host: string, hours: Hours): number {
  const wall = wallOn(world, host);
  const minute = Math.floor((wall % DAY) / MINUTE);
  const minutes = minutesUntil(hours, minute);
  return minutes === 0 ? 0 : minutes * MINUTE - (wall % MINUTE);
}

/** Milliseconds that pass outside of them while it copies for so long, from a moment at which they last. */
export function pausesIn(world: World, host: string, hours: Hours, copyingMs: number): number {
  const length = windowMinutes(hours.from, hours.until) * MINUTE;
  const begun = (wallOn(world, host) - minutesOf(hours.from) * MINUTE) % DAY;
  return Math.ceil(Math.max(0, copyingMs + begun - length) / length) * (DAY - length);
}

const wallOn = (world: World, host: string): number =>
  wallAt(zoneOf(world.computer(host).timeZone), Date.parse(world.clock.now));
