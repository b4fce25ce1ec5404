import path from "node:path";
import { RunId } from "../../estate/documents";
import { many } from "../../offsite/error";
import { fetchSet, type FetchEvent, type FetchReport } from "../../offsite/fetch/fetch";
import { listOffsite } from "../../offsite/list";
import type { Store } from "../../offsite/store/store";
import { answer, CliError, sizeText } from "../output";
import { names, type StoreCommand } from "./options";
import { movedText, ProgressLine } from "./progress";
import { withStore } from "./store";

export interface FetchCommand extends StoreCommand {
  to: string;
  manifestSha256?: string;
}

/** Brings a set back, or some files of it. */
export async function fetchOffsite(
  series: string,
  named: string,
  files: readonly string[],
  command: FetchCommand,
): Promise<void> {
  names(series);
  if (named !== NEWEST && !RunId.safeParse(named).success) {
    throw new CliError(`${named} is no name of a set: it is a UTC time as offsite list shows it, or ${NEWEST}.`, 2);
  }
  const line = new ProgressLine();
  const { set, report } = await withStore(command, async (store) => {
    const set = named === NEWEST ? await newestOf(store, series) : named;
    const report = await fetchSet(store, series, set, {
      destination: path.resolve(command.to),
      onEvent: (event) => {
        tell(line, `${series}/${set}`, event);
      },
      ...(files.length > 0 ? { files } : {}),
      ...(command.transfers === undefined ? {} : { transfers: command.transfers }),
      ...(command.manifestSha256 === undefined ? {} : { manifestSha256: command.manifestSha256 }),
    });
    return { set, report };
  }).finally(() => {
    line.clear();
  });
  const destination = path.resolve(command.to);
  answer(command, { series, set, destination, ...report }, () => reportText(series, set, command.to, report));
}

const NEWEST = "newest";

/** The newest set that is complete: what is still being carried does not count. */
async function newestOf(store: Store, series: string): Promise<string> {
  const [found] = await listOffsite(store, { series: [series] });
  const newest = found?.sets.find(({ state }) => state === "complete");
  if (newest) return newest.set;
  throw new CliError(`${store.where} has no complete set of ${series}. See what it has with offsite list.`, 2);
}

function tell(line: ProgressLine, name: string, event: FetchEvent): void {
  switch (event.kind) {
    case "planned":
      line.show(`${name}: ${sizeText(event.bytes)} to fetch`);
      return;
    case "fetched": {
      const { bytes, of, secondsLeft } = event;
      const rate = secondsLeft === undefined || secondsLeft <= 0 ? 0 : (of.bytes - bytes) / secondsLeft;
      line.show(`${name}: ${movedText(bytes, of.bytes, rate, secondsLeft)}`);
      return;
    }
    case "note":
      line.note(`${name}: ${event.message}`);
  }
}

function reportText(
  series: string,
  set: string,
  to: string,
  { needs, files, bytes, placedBefore }: FetchReport,
): string {
  const before = placedBefore > 0 ? `, ${String(placedBefore)} of them there already` : "";
  const others = needs.map((needed) => `  offsite fetch ${series} ${needed} --to FOLDER`);
  return [
    `${series}/${set} is in ${to}: ${many(files, "file")}, ${sizeText(bytes)}${before}; every byte was compared with its SHA-256.`,
    ...(others.length > 0 ? ["To restore it, these sets are needed too, each in a folder of its own:", ...others] : []),
  ].join("\n");
}
