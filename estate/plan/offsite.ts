import type { CourierSource, PlannedCopy } from "../documents";
import { offsiteOf } from "../estate";
import { placeOf } from "../estate/protections";
import { joined, type Facts } from "./facts";
import { plural, retentionText, startsText } from "./words";

/** Where sets go offsite: for each copy what it carries, who does it, and how long it stays there under which lock. */
export function plannedCopies({ estate }: Facts): PlannedCopy[] {
  return offsiteOf(estate).flatMap((copy) => {
    const { name, hosts, schedule, store, credentials, verify, prune, enabled, disabledReason } = copy;
    const common = {
      ...{ name, hosts, credentials, enabled, place: placeOf(store), starts: startsText(schedule) },
      ...(verify ? { looksClosely: `${verify.level}, ${startsText(verify.schedule)}` } : {}),
      ...(prune ? { removes: `${startsText(prune.schedule)}, as ${prune.credentials}` } : {}),
      ...(disabledReason === undefined ? {} : { disabledReason }),
    };
    return copy.sources.map((source) => ({
      ...common,
      sets: source.series === "all" ? `all of ${source.target.name}` : joined(source.series),
      retention: source.keep ? retentionText(source.keep) : "everything",
      lock: lockText(source),
    }));
  });
}

function lockText({ lock, legalHold }: CourierSource): string {
  const text = lock ? `${lock.mode} for ${plural(lock.days, "day", "days")}` : undefined;
  return joined([text, legalHold ? "legal hold" : undefined]) || "no";
}
