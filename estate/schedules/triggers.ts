import { Schedule, type TaskTrigger } from "../documents";
import { canonicalSchedule } from "./canonical";
import { inWeekOrder, minutesOf, timeOf, windowMinutes } from "./day";

/** A schedule as Task Scheduler's triggers, and back. The zone is the host's; nothing here knows a date. */

export function triggersOf(schedule: Schedule): TaskTrigger[] {
  const canonical = canonicalSchedule(schedule);
  switch (canonical.every) {
    case "day":
      return canonical.at.map((at) => ({ kind: "daily", at, everyDays: 1 }));
    case "week":
      return canonical.at.map((at) => ({ kind: "weekly", at, on: canonical.on, everyWeeks: 1 }));
    case "minutes":
      return [
        {
          kind: "repeating",
          at: canonical.from,
          minutes: canonical.minutes,
          forMinutes: canonical.until === undefined ? 1440 : windowMinutes(canonical.from, canonical.until),
        },
      ];
    case "run":
      // In some zones the clocks change at midnight, and a repetition that could not begin would be lost; nowhere at noon.
      return [{ kind: "repeating", at: "12:00", minutes: canonical.lookEveryMinutes, forMinutes: 1440 }];
    case "command":
      return [];
  }
}

/**
 * What a host shows, in the words of a declaration; undefined where a colleague typed what these cannot say. Several
 * declarations look alike there (looking for runs is one of every few minutes): where the triggers are those of the
 * declared one, that one is meant.
 */
export function scheduleOf(triggers: readonly TaskTrigger[], declared?: Schedule): Schedule | undefined {
  if (declared && sameTriggers(triggers, triggersOf(declared))) return canonicalSchedule(declared);
  const said = Schedule.safeParse(inWords(triggers));
  return said.success ? said.data : undefined;
}

const sameTriggers = (some: readonly TaskTrigger[], others: readonly TaskTrigger[]): boolean => {
  const texts = (triggers: readonly TaskTrigger[]): string => triggers.map(triggerText).sort().join("\n");
  return some.every((trigger) => trigger.kind !== "other") && texts(some) === texts(others);
};

function inWords(triggers: readonly TaskTrigger[]): Schedule | undefined {
  const [first] = triggers;
  if (!first) return { every: "command" };
  if (first.kind === "repeating") {
    if (triggers.length > 1) return undefined;
    const whole = first.forMinutes === 1440;
    return canonicalSchedule({
      every: "minutes",
      minutes: first.minutes,
      from: first.at,
      ...(whole ? {} : { until: timeOf(minutesOf(first.at) + first.forMinutes) }),
    });
  }
  const at = triggers.flatMap((trigger) => ("at" in trigger ? [trigger.at] : []));
  if (new Set(at).size !== triggers.length) return undefined;
  if (triggers.every((trigger) => trigger.kind === "daily" && trigger.everyDays === 1)) {
    return canonicalSchedule({ every: "day", at });
  }
  if (first.kind !== "weekly") return undefined;
  const days = inWeekOrder(first.on).join();
  const alike = triggers.every(
    (trigger) => trigger.kind === "weekly" && trigger.everyWeeks === 1 && inWeekOrder(trigger.on).join() === days,
  );
  return alike ? canonicalSchedule({ every: "week", on: first.on, at }) : undefined;
}

/** What a person reads where a trigger cannot be said in a declaration. */
export function triggerText(trigger: TaskTrigger): string {
  switch (trigger.kind) {
    case "daily":
      return `every ${trigger.everyDays === 1 ? "day" : `${String(trigger.everyDays)} days`} at ${trigger.at}`;
    case "weekly": {
      const weeks = trigger.everyWeeks === 1 ? "" : ` of every ${String(trigger.everyWeeks)} weeks`;
      return `${inWeekOrder(trigger.on).join(", ")}${weeks} at ${trigger.at}`;
    }
    case "repeating":
      return `every ${String(trigger.minutes)} min for ${String(trigger.forMinutes)} min from ${trigger.at}`;
    case "other":
      return trigger.text;
  }
}
