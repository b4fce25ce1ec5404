import type { Schedule } from "../documents";
import { inWeekOrder, WEEK, windowMinutes } from "./day";

/** One text for each meaning: times in order, days in the order of the week, no end where the window is the whole day. */
export function canonicalSchedule(schedule: Schedule): Schedule {
  switch (schedule.every) {
    case "day":
      return { ...schedule, at: [...schedule.at].sort() };
    case "week":
      return inWeekOrder(schedule.on).length === WEEK.length
        ? { every: "day", at: [...schedule.at].sort() }
        : { ...schedule, on: inWeekOrder(schedule.on), at: [...schedule.at].sort() };
    case "minutes": {
      const { until, ...rest } = schedule;
      return until === undefined || windowMinutes(schedule.from, until) === 1440 ? rest : schedule;
    }
    case "run":
      return schedule.of === "all" ? schedule : { ...schedule, of: [...schedule.of].sort() };
    case "command":
      return schedule;
  }
}
