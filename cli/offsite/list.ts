import { listOffsite, pointOf, type OffsiteSeries, type OffsiteSet } from "../../offsite/list";
import { ageText, answer, CliError, colours, sizeText, table } from "../output";
import { DAMAGED } from "./exit";
import type { StoreCommand } from "./options";
import { withStore } from "./store";

export interface ListCommand extends StoreCommand {
  series?: string[];
  age?: boolean;
}

/** What is offsite. With `age` only how old the newest verified set of each series is: a restore would bring that. */
export async function listOffsiteSets(command: ListCommand): Promise<void> {
  const { series } = command;
  const found = await withStore(command, async (store, now) => {
    const listed = await listOffsite(store, { now: now(), ...(series ? { series } : {}) });
    const nothing = listed.find(({ sets, objects }) => sets.length === 0 && objects === 0);
    if (series && nothing) throw new CliError(`${store.where} has no series ${nothing.series}.`, 2);
    return listed;
  });
  if (command.age === true) showAges(found, command);
  else answer(command, found, () => found.map(seriesText).join("\n\n") || NOTHING);
  const damaged = found.flatMap((one) =>
    one.sets.filter(({ state }) => state === "damaged").map(({ set }) => `${one.series}/${set}`),
  );
  if (damaged.length > 0) {
    throw new CliError(`The manifest of ${damaged.join(", ")} cannot be read: see offsite verify.`, DAMAGED);
  }
}

const NOTHING = "There is no set offsite.";
const isComplete = ({ state }: OffsiteSet): boolean => state === "complete";

function showAges(found: readonly OffsiteSeries[], command: ListCommand): void {
  const ages = found.map((one) => {
    const newest = one.sets.find(isComplete);
    const point = pointOf(one);
    const verified = one.sets.find(({ set }) => set === point?.set);
    return { series: one.series, newest, point, ageSeconds: verified?.ageSeconds };
  });
  const facts = ages.map(({ series, newest, point, ageSeconds }) => ({
    series,
    recoveryPoint: point ? { ...point, ageSeconds } : null,
    set: newest?.set,
    startedAt: newest?.startedAt,
    ageSeconds: newest?.ageSeconds,
    verified: newest?.verified,
  }));
  const rows = ages.map(({ series, newest, point, ageSeconds }) => [
    series,
    point && ageSeconds !== undefined ? ageText(ageSeconds * 1000) : colours.red("none"),
    point?.set ?? "",
    ...(newest ? [newest.set, ageOf(newest), verifiedText(newest)] : [colours.red("no complete set"), "", ""]),
  ]);
  const heads = ["series", "recovery point", "of the verified set", "newest set", "age", "verified"];
  answer(command, facts, () => (rows.length === 0 ? NOTHING : table(heads, rows)));
}

function seriesText({ series, sets, objects, bytes, marked }: OffsiteSeries): string {
  const waiting = marked > 0 ? `, ${String(marked)} marked by a prune` : "";
  return [
    `${colours.bold(series)}  ${String(objects)} objects, ${sizeText(bytes)}${waiting}`,
    table(
      ["set", "age", "kind", "artefacts", "state", "verified"],
      sets.map((set) => [
        set.set,
        ageOf(set),
        set.kind ?? "",
        set.bytes === undefined ? "" : sizeText(set.bytes),
        isComplete(set) ? "complete" : colours.red(`${set.state}: ${set.problem ?? ""}`),
        verifiedText(set),
      ]),
    ),
  ].join("\n");
}

const ageOf = ({ ageSeconds }: OffsiteSet): string => (ageSeconds === undefined ? "" : ageText(ageSeconds * 1000));

function verifiedText({ verified }: OffsiteSet): string {
  if (!verified) return "never";
  const { at, level, failures } = verified;
  return failures > 0 ? colours.red(`${at.slice(0, 10)}: ${String(failures)} failures`) : `${at.slice(0, 10)} ${level}`;
}
