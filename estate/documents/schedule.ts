import { z } from "zod";
import { Name, TimeOfDay } from "./common";

export const Weekday = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
export type Weekday = z.infer<typeof Weekday>;

const distinct = <T>(list: readonly T[]): boolean => new Set(list).size === list.length;
const Times = z.array(TimeOfDay).min(1).max(24).refine(distinct, "names a time twice");
const Days = z.array(Weekday).min(1).max(7).refine(distinct, "names a day twice");

/** One vocabulary for Task Scheduler and SQL Server Agent. The time zone is a fact of the host. */
export const Schedule = z.discriminatedUnion("every", [
  z.strictObject({ every: z.literal("day"), at: Times }),
  z.strictObject({ every: z.literal("week"), on: Days, at: Times }),
  z.strictObject({
    every: z.literal("minutes"),
    minutes: z.int().min(1).max(1440),
    from: TimeOfDay.default("00:00").describe("Start of the window, each day"),
    until: TimeOfDay.optional().describe("End of the window; without it the window is the whole day"),
  }),
  z.strictObject({
    every: z.literal("run"),
    of: z.union([z.literal("all"), z.array(Name).min(1)]).describe("Jobs whose new sets this one looks for"),
    lookEveryMinutes: z.int().min(1).max(1440).default(15).describe("No scheduler starts a task on another computer"),
  }),
  z.strictObject({ every: z.literal("command").describe("Runs only when it is asked to") }),
]);
export type Schedule = z.infer<typeof Schedule>;

export const Hours = z
  .strictObject({ from: TimeOfDay, until: TimeOfDay.describe("Of the next day, where it is the earlier") })
  .refine(({ from, until }) => from !== until, "begin and end at the same time: without them it is the whole day");
export type Hours = z.infer<typeof Hours>;

/** How many sets each rule keeps; days and weeks are those of UTC. A set is kept as long as one rule wants it. */
export const Retention = z
  .strictObject({
    last: z.int().min(1).max(1000).default(3).describe("The newest sets of the series; each log counts as one"),
    daily: z.int().min(0).max(3660).default(0),
    weekly: z.int().min(0).max(520).default(0),
    monthly: z.int().min(0).max(240).default(0),
    yearly: z.int().min(0).max(100).default(0),
    withinDays: z
      .int()
      .min(1)
      .max(3660)
      .optional()
      .describe(
        "Every set of so many days before the newest good one: with log backups, each moment of them can be restored",
      ),
    maximumAgeDays: z
      .int()
      .min(1)
      .max(36600)
      .optional()
      .describe("Sets older than this are removed even where a rule would keep them, the newest good set excepted"),
  })
  .describe("What is kept near the hosts");
export type Retention = z.infer<typeof Retention>;
