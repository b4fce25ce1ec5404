import { z } from "zod";

/** SQL Server Agent writes a date as 20260301 and a time as 20000 (02:00:00). */
const AgentDate = z
  .int()
  .refine((date) => isDate(date), "expected a date as a number, such as 20260301")
  .describe("A date as a number, such as 20260301");
const AgentTime = z
  .int()
  .min(0)
  .refine((time) => time <= 235959 && time % 10000 <= 5959 && time % 100 <= 59, "expected a time such as 20000")
  .describe("A time of day as a number: 20000 is 02:00:00");

function isDate(date: number): boolean {
  const text = String(date).replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A schedule as SQL Server Agent has it, so that what a colleague made there can be shown as it is. */
export const SqlAgentSchedule = z
  .strictObject({
    enabled: z.boolean(),
    freqType: z
      .literal([1, 4, 8, 16, 32, 64, 128])
      .describe(
        "1 once, 4 daily, 8 weekly, 16 and 32 monthly, 64 when the Agent starts, 128 when the computer is idle",
      ),
    freqInterval: z
      .int()
      .min(0)
      .describe("Daily: every so many days. Weekly: the days as bits, Sunday 1 to Saturday 64"),
    freqSubdayType: z.literal([0, 1, 2, 4, 8]).describe("1 at a time of day, 2 seconds, 4 minutes, 8 hours"),
    freqSubdayInterval: z.int().min(0).describe("Every so many seconds, minutes or hours"),
    freqRelativeInterval: z.int().min(0).describe("Monthly by weekday: which one of the month"),
    freqRecurrenceFactor: z.int().min(0).describe("Weekly or monthly: every so many weeks or months"),
    activeStartDate: AgentDate,
    activeEndDate: AgentDate,
    activeStartTime: AgentTime,
    activeEndTime: AgentTime.describe("The last moment of the day at which it may start"),
  })
  .describe("A row of msdb.dbo.sysschedules, as sp_add_schedule takes it");
export type SqlAgentSchedule = z.infer<typeof SqlAgentSchedule>;
