import { allDatabases, servingCopy, type DatabaseName } from "../model/databases";
import { addRecords } from "../model/records";
import { daysAfter, isWeekend, type EveryDay } from "./every-day";

/** What is recorded of each day, and for how many days it is kept; without a number, for ever. */
const RECORDED: Partial<Record<DatabaseName, { kinds: readonly string[]; keptDays?: number }>> = {
  LcsLog: { kinds: ["messages", "conferences"] },
  LcsCDR: { kinds: ["rows"], keptDays: 60 },
  QoEMetrics: { kinds: ["rows"], keptDays: 60 },
  mgccomp: { kinds: ["rows"] },
};

/** Messages are archived, calls recorded: less at weekends, and nothing where no copy of the database serves. */
export const records: EveryDay = (world, random, day) => {
  const most = isWeekend(day) ? 20 : 200;
  for (const database of allDatabases(world)) {
    const { name, contents } = database;
    const recorded = RECORDED[name];
    if (!recorded || !contents || !("days" in contents) || servingCopy(world, database) === undefined) continue;
    const { kinds, keptDays } = recorded;
    addRecords(contents, day, Object.fromEntries(kinds.map((kind) => [kind, random.below(most)])));
    if (keptDays === undefined) continue;
    const first = daysAfter(day, -keptDays);
    for (const one of Object.keys(contents.days)) if (one < first) Reflect.deleteProperty(contents.days, one);
  }
};
