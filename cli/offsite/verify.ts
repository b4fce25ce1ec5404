import {
  isRecoverable,
  summaryOf,
  verdictsOf,
  type Finding,
  type SeriesVerdict,
  type SetVerdict,
  type VerifyEvent,
  type VerifyLevel,
  type VerifyReport,
} from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { answer, CliError, colours, sizeText } from "../output";
import { DAMAGED } from "./exit";
import type { StoreCommand } from "./options";
import { movedText, ProgressLine } from "./progress";
import { withStore } from "./store";

export interface VerifyCommand extends StoreCommand {
  quick?: boolean;
  full?: boolean;
  sample?: boolean;
  damage?: number;
  confidence?: number;
  seed?: string;
  series?: string[];
  set?: string[];
  record: boolean;
}

/** Looks at what is offsite. Damage ends in an exit code of its own: it is an answer, and bad news. */
export async function verifyOffsite(command: VerifyCommand): Promise<void> {
  const { series, set, transfers, record } = command;
  if (set && series?.length !== 1) throw new CliError("--set names sets of one series: name that with --series.", 2);
  const line = new ProgressLine();
  const report = await withStore(command, (store, now) =>
    verify(store, {
      now,
      level: levelOf(command),
      record,
      sample: sampleOf(command),
      onEvent: (event) => {
        tell(line, event);
      },
      ...(series ? { series } : {}),
      ...(set ? { sets: set } : {}),
      ...(transfers === undefined ? {} : { transfers }),
    }),
  ).finally(() => {
    line.clear();
  });
  answer(command, report, () => reportText(report));
  if (verdictsOf(report).some(({ findings }) => findings.length > 0)) {
    throw new CliError(
      "Sets are damaged offsite. Carry them again while the target has them, and find the cause.",
      DAMAGED,
    );
  }
}

function levelOf({ full, sample, damage, confidence, seed }: VerifyCommand): VerifyLevel {
  if (full === true) return "full";
  const forSample = [damage, confidence, seed].some((option) => option !== undefined);
  return sample === true || forSample ? "sampled" : "quick";
}

const sampleOf = ({
  damage,
  confidence,
  seed,
}: VerifyCommand): { damage?: number; confidence?: number; seed?: string } => ({
  ...(damage === undefined ? {} : { damage }),
  ...(confidence === undefined ? {} : { confidence }),
  ...(seed === undefined ? {} : { seed }),
});

function tell(line: ProgressLine, event: VerifyEvent): void {
  switch (event.kind) {
    case "looked":
      line.show(`${event.series}: ${String(event.sets)} sets; ${sizeText(event.bytes)} to read`);
      return;
    case "moved":
      line.show(`${event.series}: ${movedText(event.bytes, event.of, event.bytesPerSecond, event.secondsLeft)}`);
      return;
    case "note":
      line.note(`${event.series}: ${event.message}`);
      return;
    case "verdict":
      line.show(`${event.verdict.series}/${event.verdict.set}: looked at`);
  }
}

const reportText = (report: VerifyReport): string =>
  [...report.series.flatMap(seriesText), summaryOf(report)].join("\n");

function seriesText({ series, sets, incomplete, sample }: SeriesVerdict): string[] {
  const promise = sample && [
    `${series}: read ${String(sample.read)} of ${String(sample.of)} objects. If ${percent(sample.damage)} of them were damaged, ` +
      `this would have met one with a probability of ${percent(sample.confidence)} (--seed ${sample.seed} draws the same).`,
  ];
  const unfinished = incomplete.map(
    (set) => `${colours.dim("·")} ${series}/${set}  has no manifest, so it is no set (yet)`,
  );
  return [...sets.flatMap(setText), ...unfinished, ...(promise ?? [])];
}

const percent = (value: number): string => `${String(Number((value * 100).toFixed(2)))} %`;

function setText({ series, set, level, bytes, findings }: SetVerdict): string[] {
  const how = level === "hashed" ? "every byte is right" : "everything is there";
  if (findings.length === 0) return [`${colours.green("✓")} ${series}/${set}  ${sizeText(bytes)}, ${how}`];
  return [
    `${colours.red("✗")} ${series}/${set}  ${findings.every(isRecoverable) ? "damaged, and recoverable" : "damaged"}`,
    ...findings.map((finding) => `    ${findingText(finding)}`),
  ];
}

function findingText(finding: Finding): string {
  const { path, message, object, version } = finding;
  const where = object === undefined ? "" : ` [${object}]`;
  const advice = version === undefined ? "" : ` Version ${version} is right: fetch takes it.`;
  return `${path}: ${message}${where}${advice}`;
}
