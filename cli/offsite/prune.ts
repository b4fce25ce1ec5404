import { bucketLayout, type Retention } from "../../estate/documents";
import { many } from "../../offsite/error";
import { prune } from "../../offsite/prune/prune";
import {
  removalsOf,
  summaryOf,
  type PruneEvent,
  type PruneReport,
  type RemovalReport,
  type SeriesReport,
} from "../../offsite/prune/report";
import type { Store } from "../../offsite/store/store";
import { answer, CliError, colours, sizeText, table } from "../output";
import { DAMAGED } from "./exit";
import type { StoreCommand } from "./options";
import { ProgressLine } from "./progress";
import { withStore } from "./store";

export interface PruneCommand extends StoreCommand {
  keep: Retention;
  series?: string[];
  target?: string;
  dryRun?: boolean;
  wait?: boolean;
  waitMinutes?: number;
}

/** Removes what no set needs that is to be kept; or explains, set by set, what it would do. */
export async function pruneOffsite(command: PruneCommand): Promise<void> {
  const { keep, series, target, waitMinutes, transfers } = command;
  const source = { series: series ?? ("all" as const), keep, ...(target === undefined ? {} : { target }) };
  const line = new ProgressLine();
  const report = await withStore(command, async (store) => {
    if (series) await refuseUnknown(store, series);
    return prune(store, [source], {
      dryRun: command.dryRun === true,
      wait: command.wait === true,
      onEvent: (event) => {
        tell(line, event);
      },
      ...(waitMinutes === undefined ? {} : { waitMinutes }),
      ...(transfers === undefined ? {} : { transfers }),
    });
  }).finally(() => {
    line.clear();
  });
  answer(command, report, () => reportText(report));
  const refused = removalsOf(report, "refused");
  if (refused.length > 0) {
    const [first] = refused;
    throw new CliError(
      `${many(refused.length, "object")} could not be removed, ${first?.key ?? ""} for one: ${first?.why ?? ""}. ` +
        "See what these credentials may do (offsite policy pruner), then prune again.",
    );
  }
  const blocked = report.series.flatMap((one) => one.blocked.map((why) => `${one.series}/${why}`));
  if (blocked.length > 0) {
    throw new CliError(
      `Nobody can say what these sets need, so no content of their series goes: ${blocked.join("; ")}. See offsite verify.`,
      DAMAGED,
    );
  }
}

async function refuseUnknown(store: Store, series: readonly string[]): Promise<void> {
  const present = await store.names(bucketLayout.allSeries);
  const unknown = series.find((one) => !present.includes(one));
  if (unknown !== undefined) throw new CliError(`${store.where} has no series ${unknown}.`, 2);
}

function tell(line: ProgressLine, event: PruneEvent): void {
  if (event.kind === "waiting") line.note(`What is marked may go after ${event.until}; waiting for that …`);
  else line.show(`${event.report.series}: ${many(event.report.decisions.length, "set")} looked at`);
}

const reportText = (report: PruneReport): string =>
  [...report.series.map((one) => seriesText(one, report.dryRun)), summaryOf(report)].join("\n\n");

function seriesText({ series, decisions, removals, young }: SeriesReport, dryRun: boolean): string {
  const rows = decisions.map(({ set, keep, reasons }) => [
    keep ? colours.green("stays") : colours.red("goes"),
    set,
    reasons.join("; "),
  ]);
  return [
    colours.bold(series),
    ...(rows.length > 0 ? [table(["", "set", "why"], rows)] : []),
    ...groupsOf(removals).map((group) => groupText(group, dryRun)),
    ...(young.objects > 0
      ? [`${objectsText(young.objects, young.bytes)} no set needs, and too young to be judged: a push may need them`]
      : []),
  ].join("\n");
}

/** Thousands of files may go for one and the same reason; each by its key stands in the JSON. */
function groupsOf(removals: readonly RemovalReport[]): RemovalReport[][] {
  const groups = new Map<string, RemovalReport[]>();
  for (const one of removals) {
    const name = [one.state, one.why, one.until?.slice(0, MINUTE)].join(" ");
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return [...groups.values()];
}

const MINUTE = "2026-01-01T00:00".length;

function groupText(group: readonly RemovalReport[], dryRun: boolean): string {
  const [first] = group;
  if (!first) return "";
  const bytes = group.reduce((sum, one) => sum + one.bytes, 0);
  const would = dryRun && (first.state === "removed" || first.state === "marked") ? "would be " : "";
  const when = first.until === undefined ? "" : `; may go after ${first.until}`;
  return `${objectsText(group.length, bytes)} ${would}${first.state} (${first.why})${when}`;
}

const objectsText = (objects: number, bytes: number): string => `${many(objects, "object")}, ${sizeText(bytes)},`;
