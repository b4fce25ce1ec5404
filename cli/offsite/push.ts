import type { CourierSource } from "../../estate/documents";
import { push, summaryOf, type PushReport } from "../../offsite/push/push";
import type { PushEvent, SetOutcome } from "../../offsite/push/progress";
import { answer, CliError, colours, sizeText } from "../output";
import type { StoreCommand } from "./options";
import { movedText, ProgressLine, timeText } from "./progress";
import { withStore } from "./store";

export interface PushCommand
  extends StoreCommand, Pick<CourierSource, "keep" | "lock" | "storageClass" | "encryption"> {
  target: string;
  series?: string[];
  copy: string;
  legalHold?: boolean;
}

/** Carries every sealed set of a target that is not offsite yet. */
export async function pushOffsite(command: PushCommand): Promise<void> {
  const { target, series, copy, transfers, keep, lock, storageClass, encryption } = command;
  const source = {
    ...{ target, series: series ?? ("all" as const), legalHold: command.legalHold === true },
    ...(keep ? { keep } : {}),
    ...(lock ? { lock } : {}),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(encryption ? { encryption } : {}),
  };
  const line = new ProgressLine();
  const began = performance.now();
  const report = await withStore(command, (store) =>
    push(store, [source], {
      copy,
      onEvent: (event) => {
        tell(line, event);
      },
      ...(transfers === undefined ? {} : { transfers }),
    }),
  ).finally(() => {
    line.clear();
  });
  answer(command, report, () => reportText(report, (performance.now() - began) / 1000));
  const problems = report.sets.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new CliError(problems.join("\n"));
}

function tell(line: ProgressLine, event: PushEvent): void {
  switch (event.kind) {
    case "set-started":
      line.show(`${event.series}/${event.set}: set ${String(event.index)} of ${String(event.of)}`);
      return;
    case "planned":
      line.show(
        `${event.series}/${event.set}: ${sizeText(event.bytes)} to send, ${sizeText(event.sharedBytes)} there already`,
      );
      return;
    case "moved":
      line.show(
        `${event.series}/${event.set}: ${movedText(event.bytes, event.of, event.bytesPerSecond, event.secondsLeft)}`,
      );
      return;
    case "note":
      line.note(`${event.series}/${event.set}: ${event.message}`);
      return;
    case "set-ended":
      line.show(`${event.outcome.series}/${event.outcome.set}: ${event.outcome.outcome}`);
  }
}

function reportText(report: PushReport, seconds: number): string {
  const sets = [...report.sets].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const rate =
    report.bytes === 0
      ? ""
      : ` ${sizeText(report.bytes)} in ${timeText(seconds)}, ${sizeText(Math.round(report.bytes / seconds))}/s.`;
  const { ended, left } = report.swept;
  return [
    ...sets.map(setText),
    `${summaryOf(report)}${rate}`,
    ...(ended.length > 0 ? [`Ended ${String(ended.length)} uploads that nobody would have completed.`] : []),
    ...(left.length > 0 ? [`Left ${String(left.length)} uploads that another courier may be at.`] : []),
  ].join("\n");
}

const nameOf = ({ series, set }: SetOutcome): string => `${series}/${set}`;

function setText(outcome: SetOutcome): string {
  switch (outcome.outcome) {
    case "carried":
      return `${colours.green("✓")} ${nameOf(outcome)}  ${sizeText(outcome.bytes)} sent`;
    case "already":
      return `${colours.dim("·")} ${nameOf(outcome)}  offsite already`;
    case "refused":
      return `${colours.red("✗")} ${nameOf(outcome)}  refused, see below`;
  }
}
