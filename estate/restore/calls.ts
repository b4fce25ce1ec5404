import { targetLayout } from "../documents";
import {
  callOf,
  fileParameters,
  MOST_MOVED,
  moveParameters,
  RECOVER,
  RESTORE_LOG,
  RESTORE_LOG_TO,
  restoreStatement,
  STRIPES,
  type Stripes,
} from "../sql";
import { isFull, type Link } from "./links";
import type { Chain } from "./plan";

/** A chain as the statements that restore it, in order. */

/** A file of the database, as the instance that was backed up had it. */
export interface DatabaseFile {
  logical: string;
  path: string;
  isLog: boolean;
}

export interface Placing {
  /** The name under which it is restored. */
  database: string;
  /** The folder of the target, as the service account of the destination reaches it. */
  target: string;
  /** Where its files go; without it, where they were. */
  moves?: readonly { logical: string; path: string }[];
  /** Past the database of that name. */
  replaces?: boolean;
}

export interface RestoreCall {
  id: string;
  title: string;
  /** The link that it restores; none: it opens the database. */
  link?: Link;
  call: ReturnType<typeof callOf>;
}

export function restoreCalls(chain: Chain, placing: Placing): RestoreCall[] {
  const { database } = placing;
  const restores = chain.links.map((link, index): RestoreCall => ({
    id: `restore-${String(index + 1)}`,
    title: `Restore the ${link.kind} backup in the set ${link.set}`,
    link,
    call: callFor(chain, link, placing),
  }));
  return [...restores, { id: "recover", title: `Open ${database}`, call: callOf(RECOVER, { database }) }];
}

/** As the service account of the destination opens them. */
export const filesOf = ({ series, set, files }: Link, target: string): string[] =>
  files.map((path) => [target, ...`${targetLayout.set(series, set)}/${path}`.split("/")].join("\\"));

/** The moment stands with every log: none is rolled past it, whatever its own time says. */
function callFor(
  { stop }: Chain,
  link: Link,
  { database, target, moves = [], replaces = false }: Placing,
): RestoreCall["call"] {
  const files = filesOf(link, target);
  const count = STRIPES.find((one) => one === files.length);
  if (count === undefined) throw new Error(`no statement restores ${String(files.length)} files at once`);
  const devices = Object.fromEntries(fileParameters(count).map((name, index) => [name, files[index] ?? ""]));
  if (link.kind === "log") {
    const parameters = { database, ...devices };
    return stop === undefined
      ? callOf(RESTORE_LOG, parameters)
      : callOf(RESTORE_LOG_TO, { ...parameters, moment: stop });
  }
  // Files are placed once, by the full backup.
  return isFull(link)
    ? fullCall(count, { database, devices, moves, replaces })
    : fullCall(count, { database, devices });
}

interface Full {
  database: string;
  devices: Record<string, string>;
  moves?: readonly { logical: string; path: string }[];
  replaces?: boolean;
}

function fullCall(files: Stripes, { database, devices, moves = [], replaces = false }: Full): RestoreCall["call"] {
  if (moves.length > MOST_MOVED) {
    throw new Error(
      `${database} has ${String(moves.length)} files, and the statements move no more than ${String(MOST_MOVED)}: restore it by hand, or where its files were`,
    );
  }
  const moved = moveParameters(moves.length).flatMap(({ logical, path }, index): [string, string][] => [
    [logical, moves[index]?.logical ?? ""],
    [path, moves[index]?.path ?? ""],
  ]);
  return callOf(restoreStatement({ files, moved: moves.length, replaces }), {
    database,
    ...devices,
    ...Object.fromEntries(moved),
  });
}

/** Named by the database, so that they meet no other's; what Windows does not take in a name becomes `_`. */
export function movesTo(
  files: readonly DatabaseFile[],
  database: string,
  folders: { data: string; log: string },
): { logical: string; path: string }[] {
  const stem = database.replace(/[<>:"/\\|?*]/g, "_");
  return files.map(({ logical, isLog }, index) => {
    const isFirst = files.findIndex((file) => file.isLog === isLog) === index;
    const [folder, end] = isLog ? [folders.log, "_log.ldf"] : [folders.data, isFirst ? ".mdf" : ".ndf"];
    const number = isFirst ? "" : `_${String(index + 1)}`;
    return { logical, path: `${folder.replace(/\\+$/, "")}\\${stem}${number}${end}` };
  });
}
